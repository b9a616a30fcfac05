"""What `infercost bill inspect` prints is whole at any width."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from infercost.report.inspection import render
from infercost.report.paper import Paper
from infercost.schema.inspection import InspectedMonth, Inspection

LARGE = Decimal("1016575373.51")


def month(payer: str | None, currency: str) -> InspectedMonth:
    return InspectedMonth(
        month="2026-10",
        payer=payer,
        currency=currency,
        rows=2_061_312,
        billed_cost=LARGE,
        effective_cost=LARGE + 1,
        unblended_cost=LARGE + 2,
        amortized_cost=LARGE + 3,
        inference_rows=1,
        inference_effective_cost=LARGE + 4,
        use_start=datetime(2026, 10, 1, tzinfo=UTC),
        covered_hours=744,
        complete=True,
        closed=False,
    )


@pytest.mark.parametrize("columns", [60, 80, 100, 140])
def test_no_digit_is_cut_whatever_the_width(columns: int) -> None:
    found = Inspection(
        format="CUR 2.0",
        files=("a.csv",),
        containers=("csv",),
        size_bytes=1,
        headers=1,
        columns=47,
        rows=4_122_624,
        charges=4_122_624,
        set_aside=(),
        months=(month("000941672358", "USD"), month(None, "INR")),
        missing=(),
        unread=(),
        warnings=(),
    )
    printed = render(found, Paper(columns))
    assert max(map(len, printed.splitlines())) <= columns
    words = printed.split()
    for more in range(5):
        assert words.count(f"{LARGE + more:,}") == 2
    assert words.count("2,061,312") == 2
    assert {"000941672358", "USD", "INR", "unknown"} <= set(words)
    assert "complete, not known to be closed" in " ".join(words)
