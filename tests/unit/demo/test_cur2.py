"""The helper that writes the demo account as CUR 2.0 says the same as the FOCUS export of the demo."""

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from accounts.cur2 import MAPS, write_cur2_csv, write_cur2_parquet
from infercost.demo.write import bill, workloads


@pytest.fixture(scope="module")
def line_items(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    folder = write_cur2_csv(tmp_path_factory.mktemp("cur2"))
    return pl.read_csv(folder / "infercost-demo-00001.csv.gz", infer_schema=False)


def total(line_items: pl.DataFrame, column: str) -> Decimal:
    return sum((Decimal(cell) for cell in line_items[column].drop_nulls()), Decimal(0))


def of_type(line_items: pl.DataFrame, name: str) -> pl.DataFrame:
    return line_items.filter(pl.col("line_item_line_item_type") == name)


def test_unblended_cost_is_what_is_billed(line_items: pl.DataFrame) -> None:
    billed = sum((charge.billed for charge in bill(workloads())), Decimal(0))
    assert total(line_items, "line_item_unblended_cost") == billed


def test_amortised_cost_is_the_effective_cost(line_items: pl.DataFrame) -> None:
    plain = line_items.filter(~pl.col("line_item_line_item_type").str.starts_with("SavingsPlan"))
    covered, fees = of_type(line_items, "SavingsPlanCoveredUsage"), of_type(line_items, "SavingsPlanRecurringFee")
    amortised = (
        total(plain, "line_item_unblended_cost")
        + total(covered, "savings_plan_savings_plan_effective_cost")
        + total(fees, "savings_plan_total_commitment_to_date")
        - total(fees, "savings_plan_used_commitment")
    )
    assert amortised == sum((charge.effective for charge in bill(workloads())), Decimal(0))


def test_a_negation_takes_covered_usage_back_and_repeats_its_quantity(line_items: pl.DataFrame) -> None:
    covered, negated = of_type(line_items, "SavingsPlanCoveredUsage"), of_type(line_items, "SavingsPlanNegation")
    assert covered.height == negated.height == 744
    assert total(covered, "line_item_unblended_cost") == -total(negated, "line_item_unblended_cost") > 0
    assert total(covered, "line_item_usage_amount") == total(negated, "line_item_usage_amount")


def test_parquet_has_maps_and_the_same_rows(line_items: pl.DataFrame, tmp_path: Path) -> None:
    frame = pl.read_parquet(write_cur2_parquet(tmp_path) / "infercost-demo-00001.snappy.parquet")
    assert frame.height == line_items.height
    assert {frame.schema[name] for name in MAPS} == {pl.Map(pl.String, pl.String)}
    assert frame["line_item_unblended_cost"].sum() == pytest.approx(
        float(total(line_items, "line_item_unblended_cost")), abs=1e-6
    )
