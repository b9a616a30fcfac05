"""What of a bill is recognised: a share of what its usage costs."""

from decimal import Decimal
from pathlib import Path

import pytest

from infercost.advice.summary import summary_of
from infercost.billing.bill import read_bill
from unit.billing.make_exports import Row, cur, write_csv

ODD = {"line_item_usage_type": "USE1-Hocus:ml.pocus.9xlarge"}
CREDIT = {"line_item_line_item_type": "Credit", "line_item_unblended_cost": "-1"}


@pytest.mark.parametrize(
    ("rows", "recognised"),
    [
        ([cur(), cur(**ODD, line_item_unblended_cost="0.5"), cur(**CREDIT)], Decimal(75)),
        ([cur(**ODD), cur(**CREDIT)], Decimal(0)),
        ([cur(**CREDIT)], Decimal(100)),
        ([cur(**ODD, line_item_unblended_cost="0")], None),
        ([cur(line_item_unblended_cost="-1"), cur(**ODD)], None),
    ],
    ids=["beside a credit", "nothing but a credit", "no usage", "for nothing", "usage below zero"],
)
def test_recognised_is_a_share_of_usage_or_unknown(tmp_path: Path, rows: list[Row], recognised: Decimal | None) -> None:
    bill = read_bill([str(write_csv(tmp_path / "a.csv", rows))])
    assert summary_of(bill).recognised_pct == recognised
