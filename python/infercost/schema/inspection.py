"""`infercost bill inspect --format json`: what an export is, what it holds, and what it cannot say.

Keys are only ever added. Money is a decimal string in the currency beside it; null is unknown.
"""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import Field

from infercost.schema.strict import Strict


class InspectedMonth(Strict):
    """One month of one payer in one currency. Costs that the format has no column for are null."""

    month: str  # 2026-10
    payer: str | None
    currency: str | None
    rows: int
    billed_cost: Decimal | None
    effective_cost: Decimal | None
    unblended_cost: Decimal | None
    amortized_cost: Decimal | None
    inference_rows: int
    inference_effective_cost: Decimal | None
    use_start: datetime
    covered_hours: int  # from the first use to the end of the last
    complete: bool  # over, as far as the export can tell
    closed: bool  # every row carries an invoice id, or is said to be no estimate


class MissingColumn(Strict):
    """A column that is not there, and what is lost without it."""

    column: str
    files: int  # that are without it
    loses: str
    needed: bool  # nothing can be said without it


class Aside(Strict):
    """Rows that are no charges, by reason."""

    reason: str
    rows: int


class Unread(Strict):
    """A delivery or a file that lies there and is not read."""

    name: str
    month: str | None
    reason: str


class Inspection(Strict):
    """The whole answer. `rows` = charges + rows set aside, over all months."""

    schema_version: Literal[1] = Field(default=1, alias="schema")
    format: str
    files: tuple[str, ...]
    containers: tuple[str, ...]  # csv, parquet, json
    size_bytes: int
    headers: int  # different ones among the files: columns come and go
    columns: int  # of all headers together
    rows: int
    charges: int
    set_aside: tuple[Aside, ...]
    months: tuple[InspectedMonth, ...]
    missing: tuple[MissingColumn, ...]
    unread: tuple[Unread, ...]
    warnings: tuple[str, ...]
