"""`infercost schema`: the JSON Schema of what infercost reads and writes."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from infercost.schema.strict import Strict

EXAMPLE = """\b
Example:
  infercost schema scenario > scenario.schema.json"""

Name = Annotated[
    Literal["scenario", "config", "analysis", "spending", "outcome"],
    typer.Argument(metavar="NAME", help="scenario, config, analysis, spending or outcome.", show_default=False),
]


def schema(name: Name) -> None:
    """Prints the JSON Schema of a file format.

    scenario and config (infercost.toml) are read, analysis, spending (of workloads) and outcome are written.
    """
    import json

    from infercost.cli import output as out

    out.write(json.dumps(_schema(name), indent=2) + "\n", None)


def _schema(name: str) -> dict[str, Any]:
    from infercost.schema.analysis import Analysis
    from infercost.schema.config import Config
    from infercost.schema.outcome import Outcome
    from infercost.schema.scenario import Scenario
    from infercost.schema.spending import Spending

    read: dict[str, type[Strict]] = {"scenario": Scenario, "config": Config}
    written: dict[str, type[Strict]] = {"analysis": Analysis, "spending": Spending, "outcome": Outcome}
    body = read[name].model_json_schema() if name in read else written[name].model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **body}
