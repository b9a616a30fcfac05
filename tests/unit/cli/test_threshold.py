"""What `--fail-on` accepts and when it is crossed."""

from decimal import Decimal

import pytest

from infercost.cli.threshold import Threshold
from infercost.schema.analysis import Totals
from infercost.schema.errors import UsageError

TOTALS = Totals(
    monthly_cost=Decimal(900),
    estimated_monthly_savings=Decimal("500.00"),
    savings_low=Decimal(1),
    savings_high=Decimal(999),
)


@pytest.mark.parametrize(
    ("text", "crossed"),
    [
        ("savings>=500", True),
        ("savings>500", False),
        ("savings>499.99", True),
        (" savings >= 500.01 ", False),
        ("monthly_cost>899", True),
        ("monthly_cost>=900", True),
        ("monthly_cost>900", False),
    ],
)
def test_a_bound_is_crossed_by_the_expected_total(text: str, crossed: bool) -> None:  # noqa: FBT001 -- an expected value
    assert Threshold.parse(text).crossed(TOTALS) is crossed


@pytest.mark.parametrize(
    "text", ["savings", "savings=5", "savings>=-5", "savings>=5 USD", "saving>=5", "savings>=1e3", "5"]
)
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="give 'savings>=500' or 'monthly_cost>20000'"):
        Threshold.parse(text)
