"""One account in every format costs the same, uses the same, and belongs to the same."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from accounts.cur2 import write_cur2_csv, write_cur2_parquet
from accounts.focus import write_focus_1_0
from accounts.legacy import write_legacy_csv, write_legacy_parquet
from infercost.billing.bill import Bill, read_bill
from infercost.demo.write import write_demo
from infercost.schema.config import Config
from infercost.workloads import Dimension, View, discover, spending

WRITERS: dict[str, Callable[[Path], Path]] = {
    "CUR 2.0 in CSV": write_cur2_csv,
    "CUR 2.0 in Parquet": write_cur2_parquet,
    "legacy CUR": write_legacy_csv,
    "legacy CUR (Athena)": write_legacy_parquet,
    "FOCUS 1.0": write_focus_1_0,
}
# What every one of them tells, whatever it calls it.
SAME = (
    *("billing_account_id", "sub_account_id", "billing_period_start", "charge_period_start", "charge_period_end"),
    *("service_code", "service_name", "usage_type", "operation", "region_id", "resource_id", "tags", "unit"),
    *("kind", "pattern", "meter", "instance_type", "model", "token_class", "tier", "scope"),
)


@pytest.fixture(scope="module")
def in_focus_1_2(tmp_path_factory: pytest.TempPathFactory) -> Bill:
    folder = tmp_path_factory.mktemp("demo")
    write_demo(folder / "demo")
    return read_bill([str(folder / "demo/bill")])


@pytest.fixture(scope="module", params=WRITERS)
def bill(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Bill:
    read = read_bill([str(WRITERS[request.param](tmp_path_factory.mktemp("account")))])
    assert request.param.startswith(read.format)
    return read


def inference(bill: Bill) -> list[tuple[object, ...]]:
    """Every charge of inference, with its money to 9 digits: Parquet holds doubles."""
    charges = bill.charges.filter(pl.col("kind") == "inference", pl.col("charge_category") == "Usage")
    money = pl.col("quantity", "effective_cost", "list_cost").round(9)
    return sorted(charges.select(*SAME, money).iter_rows(), key=str)


def test_inference_is_the_same_charge_by_charge(bill: Bill, in_focus_1_2: Bill) -> None:
    found, expected = inference(bill), inference(in_focus_1_2)
    assert len(found) == len(expected) > 1000
    assert found == expected


def test_what_is_spent_is_the_same(bill: Bill, in_focus_1_2: Bill) -> None:
    assert spent(bill) == spent(in_focus_1_2)
    assert abs(bill.charges_total - in_focus_1_2.charges_total) < Decimal("0.000001")
    assert (bill.covered_hours, bill.month, bill.payers) == (744, in_focus_1_2.month, in_focus_1_2.payers)


def test_what_inference_is_billed_is_the_same_though_cur_takes_covered_usage_back_elsewhere(
    bill: Bill, in_focus_1_2: Bill
) -> None:
    found, expected = (
        spending(one, discover(one, Config.parse({}, "infercost.toml"), Path()), View(Dimension.read("workload")))
        for one in (bill, in_focus_1_2)
    )
    assert round(found.billed_cost, 6) == round(expected.billed_cost, 6) == Decimal("56432.703983")
    assert round(found.effective_cost, 6) == round(expected.effective_cost, 6)


def spent(bill: Bill) -> dict[tuple[str, str], Decimal]:
    """Effective cost by service and kind, commitments apart: CUR and FOCUS book their fees differently."""
    groups = bill.spend.group_by("service_code", "kind").agg(pl.col("effective_cost").sum())
    return {(code, kind): round(cost, 6) for code, kind, cost in groups.iter_rows() if cost}
