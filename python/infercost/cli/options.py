"""The options that several commands share."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from infercost.schema.selection import Selection
    from infercost.schema.workload import Workload

Bill = Annotated[
    list[str],
    typer.Argument(
        metavar="BILL", help="Billing exports of AWS: files, globs, folders or s3://bucket/prefix.", show_default=False
    ),
]
TrafficPaths = Annotated[
    list[Path] | None,
    typer.Option("--traffic", metavar="PATH", help="Traces or rates of workloads; repeat for more."),
]
ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="infercost.toml: what the owner knows about the workloads."),
]
Month = Annotated[
    str | None, typer.Option(metavar="YYYY-MM", help="The month to look at; default: the newest complete one.")
]
Select = Annotated[
    list[str] | None,
    typer.Option(
        "--select",
        metavar="TERM",
        help="Only these workloads: account:ID, tag:KEY=VALUE, workload:GLOB or service:NAME; repeat for more.",
    ),
]
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


def check_selected(selection: "Selection", workloads: "Sequence[Workload]") -> None:
    """Refuses a selection of nothing: the workloads that there are stand in the message, or the services."""
    from infercost.schema.errors import UsageError

    services = selection.of("service")
    if services and not any(services.matches(workload) for workload in workloads):
        known = ", ".join(sorted({name for one in workloads for name in (one.service, *one.product_codes)})) or "none"
        raise UsageError(f"no workload matches --select service; the services and their product codes are: {known}")
    if selection and not any(selection.matches(workload) for workload in workloads):
        known = ", ".join(sorted({workload.name for workload in workloads})) or "none"
        raise UsageError(f"no workload matches --select; the workloads are: {known}")
