"""What an export comes to: its rows and costs by month, owner and kind, and a way to its charges."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping

import polars as pl

from infercost.billing.audit import Tally
from infercost.billing.delivery.newest import SetAside
from infercost.billing.reading.source import SOURCE_FILE

# The views of cost, as CHARGES calls them.
VIEWS = ("billed_cost", "effective_cost", "unblended_cost", "amortized_cost")
# How totals are told apart.
TOTAL_KEYS = ("billing_period_start", "billing_account_id", "billing_currency")
_OTHER_SERVICE = "other service"
# What the sums of an export are told apart by.
SUM_KEYS = (
    *(SOURCE_FILE, "billing_account_id", "sub_account_id", "service_code", "service_name", "billing_currency"),
    *("charge_category", "line_item_type", "billing_period_start", "set_aside", "grain", "is_outside"),
    *("kind", "is_charge"),
)


@dataclasses.dataclass(frozen=True)
class Export:
    """An export, surveyed, audited and reconciled.

    Attributes:
        format: "FOCUS 1.2", "CUR 2.0", ...
        files: the files that count.
        sums: SUM_KEYS, and rows, costs and starts as `survey.ADDED` adds them: all rows of all files that count.
        tallies: the audit's totals of the same.
        set_aside: rows of files that do not count, by reason.
        warnings: what the export leaves unknown, in words.
        deliveries_set_aside: deliveries and files that lie there and are not read.
        charges: gives the charges of a month, or of all (None), part by part: `charges.COLUMNS`.
    """

    format: str
    files: tuple[str, ...]
    sums: pl.DataFrame
    tallies: tuple[Tally, ...]
    set_aside: Mapping[str, int]
    warnings: tuple[str, ...]
    charges: Callable[[str | None], Iterator[pl.DataFrame]]
    deliveries_set_aside: tuple[SetAside, ...] = ()

    @property
    def rows(self) -> int:
        """All rows of all files: charges and what is set aside."""
        return int(self.sums["rows"].sum()) + sum(self.set_aside.values())

    def rows_aside(self, first: pl.Expr | None = None) -> dict[str, int]:
        """Returns the rows that are no charges, each under one reason, in alphabetical order.

        Args:
            first: a reason that goes before those of the export, such as another month; null where there is none.
        """
        other = pl.when(~pl.col("is_charge")).then(pl.lit(_OTHER_SERVICE))
        reason = pl.coalesce(*([] if first is None else [first]), "set_aside", other)
        counts = self.sums.group_by(reason.alias("reason")).agg(pl.col("rows").sum()).drop_nulls("reason")
        return dict(sorted((dict(counts.iter_rows()) | dict(self.set_aside)).items()))

    def totals(self) -> pl.DataFrame:
        """Returns rows and VIEWS of all that counts, charges or not, by TOTAL_KEYS; a view that is missing is null."""
        counted = self.sums.filter(pl.col("set_aside").is_null())
        views = [pl.when(pl.col(view).count() > 0).then(pl.col(view).sum()).alias(view) for view in VIEWS]
        return counted.group_by(TOTAL_KEYS).agg(pl.col("rows").sum(), *views).sort(TOTAL_KEYS, nulls_last=True)
