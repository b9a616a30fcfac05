"""The slow obvious way from charges to FOCUS's money: one row after the other, with nothing but dictionaries."""

from collections import defaultdict
from decimal import Decimal
from typing import Any, NamedTuple

Charge = dict[str, Any]


class Booked(NamedTuple):
    """What money a row of FOCUS carries, and whose."""

    invoice: tuple[object, ...]
    plan: str | None
    start: object
    category: str
    status: str | None
    billed: Decimal
    effective: Decimal
    list: Decimal
    contracted: Decimal


def book(charges: list[Charge]) -> list[Booked]:
    """Returns the rows, in no order that matters."""
    rows = []
    hours: dict[tuple[Any, ...], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for charge in charges:
        kind = charge["line_item_type"]
        hour = (*_bill(charge), charge["commitment_discount_id"], charge["charge_period_start"])
        if kind == "SavingsPlanNegation":
            hours[hour][0] += charge["billed_cost"]
            hours[hour][1] += charge["effective_cost"]
        elif kind == "SavingsPlanCoveredUsage":
            hours[hour][0] += charge["billed_cost"]
            rows.append(_row(charge, billed_cost=Decimal(0)))
        elif kind in {"SavingsPlanRecurringFee", "RIFee"}:
            rows.append(_row(charge, effective_cost=Decimal(0)))
            if charge["effective_cost"] != 0:
                unused = {"charge_category": "Usage", "commitment_discount_status": "Unused"}
                nothing = dict.fromkeys(("billed_cost", "list_cost", "contracted_cost"), Decimal(0))
                rows.append(_row(charge, **unused, **nothing))
        else:
            rows.append(_row(charge))
    return rows + _left_over(hours)


def _left_over(hours: dict[tuple[Any, ...], list[Decimal]]) -> list[Booked]:
    rows = []
    noise: dict[tuple[Any, ...], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for (*bill, plan, start), (billed, effective) in hours.items():
        if max(abs(billed), abs(effective)) >= Decimal("0.005"):
            rows.append(Booked(tuple(bill), plan, start, "Adjustment", None, billed, effective, billed, billed))
        else:
            noise[*bill, plan][0] += billed
            noise[*bill, plan][1] += effective
    for (*bill, plan), (billed, effective) in noise.items():
        if billed or effective:
            rows.append(Booked(tuple(bill), plan, bill[-1], "Adjustment", None, billed, effective, billed, billed))
    return rows


def _row(charge: Charge, **changed: Any) -> Booked:  # noqa: ANN401 -- any column
    new = charge | changed
    return Booked(
        _bill(new),
        new["commitment_discount_id"],
        new["charge_period_start"],
        new["charge_category"],
        new["commitment_discount_status"],
        new["billed_cost"],
        new["effective_cost"],
        _list(new),
        _contracted(new),
    )


def _list(row: Charge) -> Decimal:
    if row["line_item_type"] is not None and row["charge_category"] not in {"Usage", "Purchase"}:
        return row["billed_cost"]  # type: ignore[no-any-return]
    if row["list_cost"] is not None:
        return row["list_cost"]  # type: ignore[no-any-return]
    if row["commitment_discount_status"] == "Used":
        return _covered(row)
    return row["billed_cost"] if row["unblended_cost"] is None else row["unblended_cost"]  # type: ignore[no-any-return]


def _contracted(row: Charge) -> Decimal:
    if row["line_item_type"] is not None and row["charge_category"] not in {"Usage", "Purchase"}:
        return row["billed_cost"]  # type: ignore[no-any-return]
    if row["contracted_cost"] is not None:
        return row["contracted_cost"]  # type: ignore[no-any-return]
    return _covered(row) if row["commitment_discount_status"] == "Used" else row["billed_cost"]


def _covered(row: Charge) -> Decimal:
    by_plan = row["line_item_type"] == "SavingsPlanCoveredUsage" and row["unblended_cost"] is not None
    return row["unblended_cost"] if by_plan else row["effective_cost"]  # type: ignore[no-any-return]


def _bill(charge: Charge) -> tuple[object, ...]:
    return tuple(
        charge[name] for name in ("billing_account_id", "invoice_id", "billing_currency", "billing_period_start")
    )
