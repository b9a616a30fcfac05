"""The generator of the benchmark, small: what we make of it is what polars and the slow twin make of it."""

import sys
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from infercost.billing.bill import read_bill
from infercost.billing.convert import convert
from unit.billing.slow_audit import Key, Sum, slow_sums

sys.path.insert(0, str(Path(__file__).parents[3]))

numpy = pytest.importorskip("numpy", reason="of the group `bench`")

from benches.large_export import COLUMNS, Size, write  # noqa: E402
from benches.large_result import CODES  # noqa: E402

ROWS = 3000


@pytest.fixture(scope="module", params=["parquet", "csv.gz"])
def export(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    for number in range(2):
        write(Size(ROWS, months=2, files=2, container=request.param), folder, number)
    return folder


def test_it_has_the_columns_of_a_cur_and_maps(export: Path) -> None:
    assert len(COLUMNS) == 112
    files = sorted(file for file in export.rglob("*.parquet"))
    for file in files:
        schema = pl.read_parquet_schema(file)
        assert schema["resource_tags"] == schema["product"] == pl.Map(pl.String, pl.String)
        assert pl.read_parquet(file)["identity_line_item_id"].str.len_chars().unique().to_list() == [52]


def test_it_is_read_as_the_slow_twin_and_polars_read_it(export: Path, tmp_path: Path) -> None:
    files = sorted(file for file in export.rglob("*") if file.is_file())
    expected: dict[Key, Sum] = {}
    for file in files:
        expected |= slow_sums(file)
    done = convert([str(export)], tmp_path / "kept.parquet")
    totals = {f"{row['billing_period_start']:%Y-%m}": row for row in done.totals.iter_rows(named=True)}
    for month in ("2026-08", "2026-09"):
        of_month = [found for key, found in expected.items() if key[0] == month]
        assert totals[month]["rows"] == sum(found.rows for found in of_month) == ROWS / 2
        assert abs(totals[month]["unblended_cost"] - sum(found.cost for found in of_month)) < Decimal("1e-6")
        assert abs(totals[month]["billed_cost"] - sum(found.net for found in of_month)) < Decimal("1e-6")
    is_text = files[0].name.endswith(".gz")
    rows = pl.concat([pl.read_csv(file, infer_schema=False) if is_text else pl.read_parquet(file) for file in files])
    code, meter = pl.col("line_item_product_code"), pl.col("line_item_usage_type")
    wanted = code.is_in(CODES) | meter.str.contains("MP:.*Token|Requests-Tier1$")
    kept = rows.filter(wanted)
    assert done.charges == kept.height > 0
    names = {"Amazon SageMaker", "Amazon Bedrock", "Claude 3.5 Sonnet (Amazon Bedrock Edition)"}
    assert names <= set(pl.read_parquet(tmp_path / "kept.parquet")["service_name"])
    assert "Datadog Pro" in read_bill([str(export)]).spend["service_name"].to_list()
