"""Charges of a group summed by all that its figures look at: few rows, whatever the length of the bill."""

from typing import Any, Final

import polars as pl

# One row of the sums: the columns below, `quantity`, `effective_cost`, `billed_cost`, and `lacking`: whether a
# quantity is unknown.
Part = dict[str, Any]

_FACETS: Final = (
    "sub_account_id",
    "region_id",
    "component",
    "pattern",
    "instance_type",
    "memory_mb",
    "model",
    "token_class",
    "meter_factor",
)


def parts_of(charges: pl.DataFrame, group: str, *flags: str) -> dict[int, list[Part]]:
    """The parts of each group, from the dearest to the cheapest.

    Args:
        charges: columns of CHARGES and CLASSIFICATION, `group` and the flags.
        group: the column that numbers the groups.
        flags: columns of Booleans that the figures look at, too.
    """
    facets = (*_FACETS, *flags)
    # a correction of FOCUS may change a cost and no quantity: its empty quantity is none
    lacking = pl.col("quantity").is_null() & pl.col("charge_class").ne_missing("Correction")
    # CUR bills what a Savings Plan covers and takes it back on a row of the plan; FOCUS never bills it
    billed = pl.when(pl.col("line_item_type").eq_missing("SavingsPlanCoveredUsage")).then(0).otherwise("billed_cost")
    sums = (
        charges.group_by(group, *facets)
        .agg(
            pl.col("quantity", "effective_cost").sum(),
            billed.sum().alias("billed_cost"),
            lacking.any().alias("lacking"),
        )
        .sort("effective_cost", *facets, descending=[True, *(False for _ in facets)])
    )
    found: dict[int, list[Part]] = {}
    for row in sums.iter_rows(named=True):
        found.setdefault(row[group], []).append(row)
    return found
