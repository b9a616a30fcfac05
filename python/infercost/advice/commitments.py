"""Savings Plans and provisioned throughput: what is held, and what a saving would only strand."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

import polars as pl

from infercost.schema.analysis import Commitment
from infercost.schema.uncounted import uncounted_meters
from infercost.schema.workload import Workload

# Patterns whose instances a SageMaker Savings Plan pays for [SP-1]; serverless and Bedrock are not among them [SP-3].
_PLAN_PATTERNS = frozenset({"real-time", "async", "batch-transform"})
_HUNDRED = Decimal(100)


def held(charges: pl.DataFrame, covered_hours: int) -> tuple[Commitment, ...]:
    """The commitments that the bill shows, from what they paid for and what they left unused."""
    return (*_plans(charges, covered_hours), *_provisioned(charges))


def eligible(charges: pl.DataFrame) -> pl.DataFrame:
    """Usage that a SageMaker Savings Plan pays for: instances of serving, training and development [SP-1]."""
    return charges.filter(
        pl.col("charge_category") == "Usage",
        pl.col("service_code") == "AmazonSageMaker",
        pl.col("kind").is_in(["inference", "training", "development"]),
        pl.col("component") == "instance",
    )


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


def _plans(charges: pl.DataFrame, covered_hours: int) -> Iterator[Commitment]:
    ids = charges["commitment_discount_id"].drop_nulls().unique().sort()
    for one in ids:
        mine = charges.filter(pl.col("commitment_discount_id") == one)
        used = _sum(mine.filter(_is_used()), "effective_cost")
        unused = _sum(mine.filter(_is_unused()), "effective_cost")
        paid = used + unused
        yield Commitment(
            kind=f"Savings Plan {str(one).rsplit('/', 1)[-1]}",
            hourly=(paid / covered_hours).quantize(Decimal("0.0001")) if covered_hours else None,
            coverage=_coverage(charges, mine),
            utilisation=_percent(used, paid),
            end=None,
        )


def _coverage(charges: pl.DataFrame, mine: pl.DataFrame) -> Decimal | None:
    """Covered share of the eligible usage, at list prices; unknown where the export has none."""
    every = eligible(charges)
    if every["list_cost"].null_count():
        return None
    return _percent(_sum(eligible(mine), "list_cost"), _sum(every, "list_cost"))


def _is_used() -> pl.Expr:
    return (pl.col("charge_category") == "Usage") & (pl.col("kind") != "commitment")


def _is_unused() -> pl.Expr:
    return (pl.col("kind") == "commitment") & (pl.col("charge_category") == "Usage")


def _provisioned(charges: pl.DataFrame) -> Iterator[Commitment]:
    """Model units with a term; without one they can be given back any hour [PT-1]."""
    units = charges.filter(
        pl.col("component") == "model-units", pl.col("usage_type").str.contains(r"(?i)[16]-?_?month")
    )
    for (usage_type,), rows in units.partition_by("usage_type", as_dict=True, maintain_order=True).items():
        hours = Decimal(0) if uncounted_meters(rows) else _sum(rows, "quantity")
        cost = _sum(rows, "effective_cost")
        hourly = (cost / hours).quantize(Decimal("0.0001")) if hours else None
        yield Commitment(
            kind=f"provisioned throughput {usage_type}", hourly=hourly, coverage=None, utilisation=None, end=None
        )


def _percent(part: Decimal, whole: Decimal) -> Decimal | None:
    return (part / whole * _HUNDRED).quantize(Decimal("0.1")) if whole else None


def _sum(charges: pl.DataFrame, column: str) -> Decimal:
    return Decimal(charges[column].sum() or 0)
