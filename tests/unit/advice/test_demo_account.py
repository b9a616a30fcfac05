"""The demo account, but for its largest workload: what its owners would be told."""

from decimal import Decimal
from pathlib import Path

import pytest

from infercost import advice
from infercost.billing.bill import read_bill
from infercost.demo import write_demo
from infercost.prices.book import PriceBook
from infercost.schema.analysis import Analysis
from infercost.schema.config import Config
from infercost.schema.selection import Selection
from infercost.workloads import discover

NAMES = (
    "nightly-scoring",
    "insurance-documents",
    "dashboard-classifier",
    "product-tagger",
    "media-analysis",
    "chat-assistant",
    "custom-model",
)


@pytest.fixture(scope="module")
def analysis(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    folder: Path = tmp_path_factory.mktemp("demo") / "account"
    write_demo(folder)
    bill = read_bill([str(folder / "bill")])
    config = Config.load(folder / "infercost.toml")
    workloads = discover(bill, config, folder)
    chosen = Selection.parse([f"workload:{name}" for name in NAMES])
    book = PriceBook.shipped().with_bill(bill.charges)
    return advice.analyze(bill, workloads, book, config.assumptions, select=chosen)


@pytest.mark.parametrize(
    ("name", "action", "best"),
    [
        ("nightly-scoring", "SwitchServingPattern", "batch transform"),
        ("insurance-documents", "SwitchServingPattern", "async, 0.."),
        ("dashboard-classifier", "SwitchServingPattern", "serverless"),
        ("product-tagger", "Delete", "nothing"),
        ("media-analysis", "UseBatchInference", "amazon.nova-lite-v1:0 in batch"),
    ],
)
def test_what_is_told_to_change(analysis: Analysis, name: str, action: str, best: str) -> None:
    [found] = [one for one in analysis.recommendations if name in one.workload_ids]
    assert found.action_type == action
    assert found.recommended_resource_summary.startswith(best)
    assert found.savings_low > Decimal("0.4") * found.current_monthly_cost  # far from a tie


def test_what_is_told_to_stay(analysis: Analysis) -> None:
    kept = {one.workload_id: one for one in analysis.kept}
    assert set(kept) == {"chat-assistant", "custom-model"}
    assert "109.1 million" in kept["custom-model"].reason
    assert ("batch", "someone waits for the answer") in [
        (one.deployment, one.reason) for one in kept["chat-assistant"].rejected_alternatives
    ]


def test_traffic_and_bill_tell_the_same_quantities(analysis: Analysis) -> None:
    worst = analysis.backtest_worst_pct
    assert worst is not None
    assert worst < 0.1


def test_the_bill_prices_what_it_holds_and_the_list_what_is_recommended_beyond_it(analysis: Analysis) -> None:
    assert set(analysis.price_shares) == {"bill", "inferred-equal", "list"}
    assert sum(analysis.price_shares.values()) == pytest.approx(Decimal(100), abs=Decimal("0.2"))
    assert analysis.price_shares["bill"] > 90
    assert analysis.reconciliation.difference == 0
