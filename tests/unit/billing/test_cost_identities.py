"""What must hold of costs whatever was used: nothing is lost by spreading it, and the cash comes back."""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infercost.billing.bill import Bill, read_bill
from unit.billing.commitments import Terms, reservation, savings_plan
from unit.billing.make_exports import Row, cur, write_csv

TINY = Decimal("1e-15")  # divisions are rounded at the 18th digit
prices = st.decimals(min_value=0, max_value=20, places=4)
shares = st.lists(st.decimals(min_value=0, max_value=1, places=3), min_size=1, max_size=12)
terms = st.builds(Terms, upfront=prices, recurring=prices, paid=st.sampled_from([Decimal(1), Decimal("0.87")]))


def read(rows: Iterable[Row]) -> Bill:
    with tempfile.TemporaryDirectory() as folder:
        return read_bill([str(write_csv(Path(folder) / "a.csv", list(rows)))])


def total(bill: Bill, column: str) -> Decimal:
    return sum(bill.charges[column], Decimal(0))


@pytest.mark.parametrize("write", [savings_plan, reservation])
@given(terms=terms, used=shares)
@settings(max_examples=12)
def test_over_its_term_a_commitment_costs_what_is_paid_for_it(
    write: Callable[[Terms, Sequence[Decimal]], Iterable[Row]], terms: Terms, used: Sequence[Decimal]
) -> None:
    bill = read(write(terms, used))
    paid = terms.hourly * len(used)
    assert abs(total(bill, "unblended_cost") - paid) <= TINY
    assert abs(total(bill, "amortized_cost") - paid) <= TINY
    assert abs(total(bill, "billed_cost") - paid * terms.paid) <= TINY
    assert abs(total(bill, "effective_cost") - paid * terms.paid) <= TINY


@pytest.mark.parametrize(
    ("write", "spread", "advance"),
    [
        (savings_plan, "savings_plan_amortized_upfront_commitment_for_billing_period", "SavingsPlanUpfrontFee"),
        (reservation, "reservation_amortized_upfront_fee_for_billing_period", "Fee"),
    ],
)
@given(terms=terms, used=shares)
@settings(max_examples=8)
def test_the_true_up_of_cudos_leads_back_from_amortised_to_unblended(
    write: Callable[[Terms, Sequence[Decimal]], Iterable[Row]],
    spread: str,
    advance: str,
    terms: Terms,
    used: Sequence[Decimal],
) -> None:
    rows = [*write(terms, used), cur(line_item_line_item_type="Tax", line_item_unblended_cost="3")]
    rows = [dict.fromkeys(rows[0], "") | row for row in rows]
    bill = read(rows)
    upfront = sum((Decimal(row[spread] or 0) for row in rows), Decimal(0))
    paid_ahead = sum(bill.charges.filter(line_item_type=advance)["unblended_cost"], Decimal(0))
    assert abs(total(bill, "amortized_cost") - upfront + paid_ahead - total(bill, "unblended_cost")) <= TINY


def test_a_commitment_halfway_costs_its_hours_and_not_what_was_paid_ahead() -> None:
    rows = list(savings_plan(Terms(Decimal(2), Decimal(1)), [Decimal("0.5"), Decimal(0)]))
    bill = read(rows[:-3])  # the first hour only
    assert (total(bill, "unblended_cost"), total(bill, "amortized_cost")) == (Decimal(5), Decimal(3))
    unused = bill.charges.filter(pl.col("line_item_type") == "SavingsPlanRecurringFee")
    assert unused["effective_cost"].to_list() == [Decimal("1.5")]
