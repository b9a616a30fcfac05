"""The options that several commands share."""

from pathlib import Path
from typing import Annotated, Literal

import typer

ScenarioFile = Annotated[Path, typer.Argument(metavar="SCENARIO", help="A scenario, TOML or JSON.")]
ResultFormat = Annotated[Literal["table", "json"], typer.Option("--format", help="Of the result.")]
OutputFile = Annotated[
    Path | None,
    typer.Option("--output", metavar="FILE", help="Write here instead of to stdout; replaced only when complete."),
]
ExchangeRate = Annotated[
    str | None,
    typer.Option(
        "--fx",
        metavar="RATE@DATE",
        help="Of a bill that is not in USD: USD for one unit of its currency and the day of that rate.",
    ),
]
