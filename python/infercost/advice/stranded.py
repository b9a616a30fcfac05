"""What a saving would only strand: the part of a commitment that is paid all the same."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

import polars as pl

from infercost.schema.workload import Workload

# Patterns whose instances a SageMaker Savings Plan pays for [SP-1]; serverless and Bedrock are not among them [SP-3].
_PLAN_PATTERNS = frozenset({"real-time", "async", "batch-transform"})


def covered_by_period(workload: Workload) -> Mapping[tuple[datetime, datetime], Decimal]:
    """What commitments pay of a workload, by charge period."""
    covered = workload.charges.filter(pl.col("commitment_discount_id").is_not_null())
    sums = covered.group_by("charge_period_start", "charge_period_end").agg(pl.col("effective_cost").sum())
    return {(start, end): Decimal(cost) for start, end, cost in sums.sort("charge_period_start").iter_rows()}


def stranded(
    workload: Workload, pattern: str | None, after_by_hour: Mapping[int, Decimal], first_hour: datetime
) -> Decimal:
    """The part of a saving over the covered period that frees a commitment which is paid all the same.

    In each period the commitment first pays for the new deployment, if its pattern is one that plans pay for. Whether
    the rest would find other usage in the same hour is not counted on: a saving must not be hoped for.

    Args:
        workload: with its charges.
        pattern: of the new deployment, None where nothing is left.
        after_by_hour: its cost in each hour of the period, on the scale of the bill.
        first_hour: of use in the bill: hour 0.
    """
    lost = Decimal(0)
    for (start, end), paid in covered_by_period(workload).items():
        after = Decimal(0)
        if pattern in _PLAN_PATTERNS:
            first = (start - first_hour) // timedelta(hours=1)
            last = max(first + 1, -(-(end - first_hour) // timedelta(hours=1)))
            after = sum((after_by_hour.get(hour, Decimal(0)) for hour in range(first, last)), Decimal(0))
        lost += max(Decimal(0), paid - after)
    return lost
