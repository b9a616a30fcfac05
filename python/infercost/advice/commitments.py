"""Savings Plans, reservations and provisioned throughput: what is held, and what of it is used."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

import polars as pl

from infercost.advice import eligible
from infercost.schema.analysis import Commitment

_HUNDRED = Decimal(100)
_CENT = Decimal("0.01")
_TERM = r"(?i)[16]-?_?month"
_MACHINE_LEARNING = re.compile(r"machine ?learning|sagemaker", re.IGNORECASE)
_NO_LIST: Final = "the export does not say what the covered usage costs on demand"
_DESCRIBE: Final = {
    "Savings Plan": "aws savingsplans describe-savings-plans --savings-plan-ids {id}",
    "reservation": "aws ec2 describe-reserved-instances --reserved-instances-ids {id}",
    "provisioned throughput": "aws bedrock get-provisioned-model-throughput --provisioned-model-id {id}",
}


@dataclass(frozen=True)
class _Family:
    """A kind of commitment, and the usage that it can pay for."""

    name: str
    described: str  # a key of _DESCRIBE
    base: str
    usage: Callable[[pl.DataFrame], pl.DataFrame]
    fee: str  # the line item type of its fee in CUR
    whole: bool  # whether all that it covers is among the charges


_PLAN_FEE: Final = "SavingsPlanRecurringFee"
_SAGEMAKER = _Family(
    *("SageMaker Savings Plan", "Savings Plan", eligible.SAGEMAKER, eligible.by_sagemaker_plans),
    fee=_PLAN_FEE,
    whole=True,
)
_COMPUTE = _Family(
    *("Compute Savings Plan", "Savings Plan", eligible.ACCELERATORS, eligible.on_ec2), fee=_PLAN_FEE, whole=False
)
# One of accelerators covers sizes of the same family only, which are accelerators too.
_RESERVED = _Family(*("reservation", "reservation", eligible.ACCELERATORS, eligible.on_ec2), fee="RIFee", whole=True)


def held(charges: pl.DataFrame) -> tuple[Commitment, ...]:
    """The commitments that pay for machine learning in this bill."""
    plans = (_discount(charges, identity, mine, family) for identity, mine, family in _discounts(charges))
    return (*plans, *_provisioned(charges))


def left_out(charges: pl.DataFrame) -> tuple[str, ...]:
    """How many commitments of the bill are not among those held, in words; none where there are none."""
    count = charges["commitment_discount_id"].drop_nulls().n_unique() - sum(1 for _ in _discounts(charges))
    if not count:
        return ()
    what = "1 Savings Plan or reservation covers" if count == 1 else f"{count} Savings Plans and reservations cover"
    why = "Compute plans do not pay for SageMaker [SP-1], and no plan pays for Bedrock [SP-3]"
    return (f"{what} no machine learning and stay unlisted: {why}",)


def unused(charges: pl.DataFrame) -> Decimal:
    """What SageMaker Savings Plans cost without being used: a row of its own (FOCUS), or what a fee leaves (CUR)."""
    plans = [mine for _, mine, family in _discounts(charges) if family is _SAGEMAKER]
    return sum((_unused(mine) for mine in plans), Decimal(0))


def _discounts(charges: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame, _Family]]:
    """Every plan and reservation with its rows, but for those that have nothing to do with machine learning."""
    named = charges.filter(pl.col("commitment_discount_id").is_not_null()).sort("commitment_discount_id")
    for (identity,), mine in named.partition_by("commitment_discount_id", as_dict=True, maintain_order=True).items():
        family = _family(str(identity), mine)
        if family is _SAGEMAKER or not family.usage(mine).is_empty():
            yield str(identity), mine, family


def _family(identity: str, mine: pl.DataFrame) -> _Family:
    if "reserved-instances" in identity:
        return _RESERVED
    names = pl.concat([mine["service_code"], mine["service_name"]]).drop_nulls().unique()
    return _SAGEMAKER if any(_MACHINE_LEARNING.search(name) for name in names) else _COMPUTE


def _discount(charges: pl.DataFrame, identity: str, mine: pl.DataFrame, family: _Family) -> Commitment:
    paid = _paid(mine, family)
    coverage, no_coverage = _coverage(charges, mine, family)
    net_savings, no_savings = _net_savings(mine, paid, family)
    end, no_end = _end(mine, family.described, identity)
    reasons = {"utilisation": paid.unknown, "coverage": no_coverage, "net_savings": no_savings, "end": no_end}
    return Commitment(
        kind=f"{family.name} {_tail(identity)}",
        hourly=paid.hourly,
        coverage=coverage,
        utilisation=None if paid.used is None or paid.committed is None else _percent(paid.used, paid.committed),
        end=end,
        commitment_id=identity,
        committed=paid.committed,
        used=paid.used,
        unused=None if paid.used is None or paid.committed is None else paid.committed - paid.used,
        net_savings=net_savings,
        base=family.base,
        unknown={key: reason for key, reason in reasons.items() if reason is not None},
    )


def _coverage(charges: pl.DataFrame, mine: pl.DataFrame, family: _Family) -> tuple[Decimal | None, str | None]:
    """Per cent of what it can pay for that it pays for, by list cost, or why that is not known."""
    paid_for = family.usage(mine)
    if family.whole and paid_for.height < _covered(mine).height:
        return None, "usage that it covers is not recognised, and so neither is all that it can pay for"
    listed, every = _list_cost(paid_for), _list_cost(family.usage(charges))
    return (None, _NO_LIST) if listed is None or every is None else (_percent(listed, every), None)


def _net_savings(mine: pl.DataFrame, paid: "_Paid", family: _Family) -> tuple[Decimal | None, str | None]:
    """What covered usage costs on demand, less its cost and that of what nothing used; or why that is not known.

    All that a whole family covers counts by the commitment's id, whether its usage type is recognised or not.
    """
    covered = _covered(mine)
    listed = _list_cost(covered)
    if not family.whole or paid.unknown is not None:
        return None, None
    if covered.is_empty() and paid.used:
        return None, "the usage that it covers is not in this export"
    return (None, _NO_LIST) if listed is None else (listed - _used(mine) - _unused(mine), None)


@dataclass(frozen=True)
class _Paid:
    """Over the period of the bill; `unknown` says why nothing is known."""

    committed: Decimal | None = None
    used: Decimal | None = None
    hourly: Decimal | None = None
    unknown: str | None = None


def _paid(mine: pl.DataFrame, family: _Family) -> _Paid:
    """What was committed to and used: the fee's own columns, else what covered usage and unused rest cost.

    CUR has a fee for each period with its commitment and what of it was used. FOCUS has no such columns, but a row for
    all that was not used; where none is there, nothing was left. The fee of a reservation costs what was not used.
    """
    fees = mine.filter(line_item_type=family.fee)
    if fees.height and not fees["commitment_cost"].null_count() and not fees["commitment_used_cost"].null_count():
        committed = _sum(fees, "commitment_cost")
        return _Paid(committed, _sum(fees, "commitment_used_cost"), _per_hour(committed, fees))
    if not family.whole:
        return _Paid(unknown="it pays for other usage too, which is not machine learning")
    if mine["line_item_type"].drop_nulls().len() and fees.is_empty():
        return _Paid(unknown="its fee is not in this export: it belongs to another account")
    spread = mine.filter(pl.col("charge_category") == "Usage") if fees.is_empty() else mine
    used, rest = _used(mine), _unused(mine)
    if _sum(fees, "billed_cost") > used + rest + _CENT:
        return _Paid(unknown="its fee is more than its usage and its rest in this export: some of it is used elsewhere")
    return _Paid(used + rest, used, _per_hour(used + rest, spread))


def _covered(mine: pl.DataFrame) -> pl.DataFrame:
    return mine.filter(pl.col("charge_category") == "Usage", pl.col("kind") != "commitment")


def _used(mine: pl.DataFrame) -> Decimal:
    return _sum(_covered(mine), "effective_cost")


def _unused(mine: pl.DataFrame) -> Decimal:
    """What nothing used: a row of usage of its own in FOCUS, where a purchase has none of it, and on the fee in CUR."""
    rest = (pl.col("charge_category") == "Usage") | pl.col("line_item_type").is_not_null()
    return _sum(mine.filter(pl.col("kind") == "commitment", rest), "effective_cost")


def _provisioned(charges: pl.DataFrame) -> Iterator[Commitment]:
    """Model units with a term; without one they can be given back any hour [PT-1]."""
    units = charges.filter(pl.col("component") == "model-units", pl.col("usage_type").str.contains(_TERM))
    for (usage_type, resource), rows in (
        units.sort("usage_type", "resource_id", nulls_last=True)
        .partition_by("usage_type", "resource_id", as_dict=True, maintain_order=True)
        .items()
    ):
        committed = _sum(rows, "effective_cost")
        name = usage_type if resource is None else f"{_tail(str(resource))}, {usage_type}"
        end, no_end = _end(rows, "provisioned throughput", str(resource or "ID"))
        reasons = {
            "utilisation": "model units are billed whether tokens go through or not; CloudWatch has what went through",
            "coverage": "model units cover whatever goes to them",
            "end": no_end,
        }
        yield Commitment(
            kind=f"provisioned throughput {name}",
            hourly=_per_hour(committed, rows),
            coverage=None,
            utilisation=None,
            end=end,
            commitment_id=resource,
            committed=committed,
            unknown={key: reason for key, reason in reasons.items() if reason is not None},
        )


def _end(mine: pl.DataFrame, described: str, identity: str) -> tuple[datetime | None, str | None]:
    """When it ends, or why that is not known and how to find out."""
    ends = mine["commitment_end"].drop_nulls().unique()
    if ends.len() == 1:
        return ends[0], None
    why = "the export does not say" if ends.is_empty() else "rows of the export name different ends"
    return None, f"{why}; {_DESCRIBE[described].format(id=_tail(identity))}"


def _tail(identity: str) -> str:
    return identity.rsplit("/", 1)[-1]


def _per_hour(cost: Decimal, rows: pl.DataFrame) -> Decimal | None:
    hours = _hours(rows)
    return (cost / hours).quantize(Decimal("0.0001")) if hours else None


def _hours(rows: pl.DataFrame) -> Decimal | None:
    """Hours in which there are rows, each counted once; None where a row does not say when it ends."""
    periods = rows.select(start="charge_period_start", end="charge_period_end").unique().sort("start", "end")
    if periods.is_empty() or periods["end"].null_count():
        return None
    reached = periods.with_columns(before=pl.col("end").cum_max().shift(1).fill_null(pl.col("start")))
    new = pl.col("end") - pl.max_horizontal("start", "before")
    span = reached.select(new.filter(new > timedelta(0)).sum()).item()
    return Decimal(span // timedelta(seconds=1)) / 3600 if isinstance(span, timedelta) else None


def _list_cost(rows: pl.DataFrame) -> Decimal | None:
    return None if rows["list_cost"].null_count() else _sum(rows, "list_cost")


def _percent(part: Decimal, whole: Decimal) -> Decimal | None:
    return (part / whole * _HUNDRED).quantize(Decimal("0.1")) if whole else None


def _sum(rows: pl.DataFrame, column: str) -> Decimal:
    return Decimal(rows[column].sum() or 0)
