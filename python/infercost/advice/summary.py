"""The bill in figures: where the machine learning money goes."""

from collections.abc import Iterator
from decimal import Decimal

import polars as pl

from infercost.billing.bill import Bill
from infercost.billing.classify import nearest
from infercost.schema.analysis import NO_ACCOUNT, BillSummary, Period, Reconciliation, Spend, UnrecognisedSpend

# What makes up the cost of the ML services; accelerators on EC2 are another service's, plans are paid for all of them.
_ML_SERVICES = ("inference", "related", "training", "development", "unrecognised")
_HUNDRED = Decimal(100)


def period_of(bill: Bill) -> Period:
    """The month, and how much of it is there."""
    return Period(start=bill.period_start, end=bill.period_end, covered_hours=bill.covered_hours, closed=bill.closed)


def reconciliation_of(bill: Bill) -> Reconciliation:
    """The export's own total against that of the charges."""
    return Reconciliation(
        export_total=bill.export_total,
        charges_total=bill.charges_total,
        difference=bill.export_total - bill.charges_total,
    )


def summary_of(bill: Bill) -> BillSummary:
    """Adds up the bill by what it was spent on."""
    spend, charges = bill.spend, bill.charges
    known = spend.filter(pl.col("kind").is_in(_ML_SERVICES))
    return BillSummary(
        format=bill.format,
        files=len(bill.files),
        rows=bill.rows,
        payers=bill.payers,
        currency=bill.currency,
        billed_cost=_sum(spend, "billed_cost"),
        effective_cost=_sum(spend),
        inference_effective_cost=_sum(spend.filter(pl.col("kind") == "inference")),
        by_account=_by(known, "sub_account_id", NO_ACCOUNT),
        related_not_inference=_by(_named(charges.filter(pl.col("kind") == "related")), "usage_type", "other"),
        training=_by(charges.filter(pl.col("kind") == "training"), "usage_type", "other"),
        self_managed_accelerators=_by(charges.filter(pl.col("kind") == "self-managed"), "usage_type", "other"),
        unrecognised=tuple(_unrecognised(charges.filter(pl.col("kind") == "unrecognised"))),
        recognised_pct=_recognised(known.filter(charge_category="Usage")),
        services=_by(spend.with_columns(service=pl.coalesce("service_name", "service_code")), "service", "other"),
        development=_by(charges.filter(pl.col("kind") == "development"), "usage_type", "other"),
        set_aside=bill.aside,
        unread=bill.unread,
    )


def _recognised(usage: pl.DataFrame) -> Decimal | None:
    """Per cent of what the ML services' usage costs of which we know what it is; all of nothing.

    Credits and tax are of neither part: they would make a share of it less than none. None where shares tell nothing.
    """
    unrecognised = usage.filter(kind="unrecognised")
    if unrecognised.is_empty():
        return _HUNDRED
    part, whole = _sum(unrecognised), _sum(usage)
    if not 0 <= part <= whole or not whole:
        return None
    return (_HUNDRED - part / whole * _HUNDRED).quantize(Decimal("0.01"))


def _by(rows: pl.DataFrame, column: str, nameless: str) -> tuple[Spend, ...]:
    """Effective cost by a column, from the largest; what costs nothing is left out."""
    sums = (
        rows.group_by(pl.col(column).fill_null(nameless))
        .agg(pl.col("effective_cost").sum())
        .filter(pl.col("effective_cost") != 0)
        .sort("effective_cost", column, descending=[True, False])
    )
    return tuple(Spend(name=str(name), cost=Decimal(cost)) for name, cost in sums.iter_rows())


def _named(rows: pl.DataFrame) -> pl.DataFrame:
    """Tax, credits and the like by what they are: the usage type that some of them carry names what was used."""
    is_use = pl.col("charge_category") == "Usage"
    return rows.with_columns(usage_type=pl.when(is_use).then("usage_type").otherwise("charge_category"))


def _unrecognised(rows: pl.DataFrame) -> Iterator[UnrecognisedSpend]:
    """By usage type and service, from the largest cost. What costs nothing is listed too: nobody knows what it is."""
    service = pl.coalesce("service_code", "service_name").alias("service")
    sums = (
        rows.group_by("usage_type", service)
        .agg(pl.col("effective_cost").sum(), pl.len().alias("rows"))
        .sort("effective_cost", "usage_type", "service", descending=[True, False, False])
    )
    for usage_type, sold_by, cost, count in sums.iter_rows():
        relative = nearest(sold_by, usage_type)
        like = "like nothing known" if relative is None else f"nearest known: {relative}"
        yield UnrecognisedSpend(
            name=usage_type or "no usage type",
            cost=cost,
            detail=f"{sold_by or 'no service'}, {count:,} row{'' if count == 1 else 's'}, {like}",
            service=sold_by,
            rows=count,
            nearest=relative,
        )


def _sum(rows: pl.DataFrame, column: str = "effective_cost") -> Decimal:
    return Decimal(rows[column].sum() or 0)
