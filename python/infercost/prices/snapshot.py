"""The price list that ships with the package: dated rows, each with its source. docs/prices.md has the rule."""

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from infercost.schema.evidence import Evidence

TABLES = ("instances.csv", "serverless.csv", "tokens.csv", "model_units.csv")


@dataclass(frozen=True)
class Row:
    """One listed price. `region` is a region, or `geo:us` and the like for an inference profile."""

    key: str
    region: str
    unit: str
    price_usd: Decimal
    as_of: str
    confidence: str
    evidence: Evidence
    source: str

    @property
    def layer(self) -> str:
        """`list` for prices that AWS published, or billed to somebody; `inferred` for those derived from EC2's."""
        return "inferred" if self.confidence.startswith("inferred") else "list"


@cache
def rows() -> tuple[Row, ...]:
    """Every row of the snapshot."""
    folder = files("infercost.prices") / "data"
    # a table's header is the fields of Row, which mypy cannot know of a CSV; a test remakes and compares every table
    return tuple(
        Row(**fields | {"price_usd": Decimal(fields["price_usd"]), "evidence": Evidence(fields["evidence"])})  # type: ignore[arg-type]
        for table in TABLES
        for fields in csv.DictReader((folder / table).read_text(encoding="utf-8").splitlines())
    )
