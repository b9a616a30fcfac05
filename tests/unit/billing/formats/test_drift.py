"""Columns come and go from month to month and file to file: each header is read for what it has."""

import itertools
from decimal import Decimal
from pathlib import Path
from typing import Literal

import polars as pl
import pytest

from infercost.billing.bill import read_bill
from infercost.billing.reading.cells import moment
from unit.billing.formats.reading import fields_of
from unit.billing.legacy_exports import legacy, snake, write_snake
from unit.billing.make_exports import Row, cur, without, write_csv, write_parquet


def hour(number: int, **given: str) -> Row:
    return cur(
        line_item_usage_start_date=f"2026-10-31T{number:02}:00:00Z",
        line_item_usage_end_date=f"2026-10-31T{number + 1:02}:00:00Z",
        **given,
    )


def test_files_of_one_month_may_differ_in_every_optional_column(tmp_path: Path) -> None:
    rows = [
        hour(0),
        without([hour(1)], "line_item_resource_id", "reservation_effective_cost")[0],
        hour(2) | {"line_item_net_unblended_cost": "1.2"},
        dict(reversed(hour(3).items())),
        without([hour(4)], "product_region_code")[0] | {"product_region": "us-east-1"},
        without([hour(5)], "resource_tags")[0] | {"tags": '{"team":"risk"}'},
    ]
    files = [write_parquet(tmp_path / f"{number}.parquet", [row]) for number, row in enumerate(rows)]
    bill = read_bill([str(tmp_path)])
    assert (bill.rows, len(bill.files), bill.charges["billed_cost"].sum()) == (6, len(files), Decimal("8.7"))
    charges = bill.charges.sort("charge_period_start")
    assert charges["region_id"].to_list() == ["us-east-1"] * 6
    assert [value is None for value in charges["resource_id"]] == [False, True, False, False, False, False]
    assert charges["tags"].to_list()[-1] == '{"team":"risk"}'
    assert len([warning for warning in bill.warnings if "line_item_resource_id is missing" in warning]) == 1


def test_tag_columns_of_legacy_cur_may_appear_in_a_later_chunk(tmp_path: Path) -> None:
    first = legacy(line_item_usage_start_date="2026-10-31T00:00:00Z", resource_tags="{}")
    second = legacy(line_item_usage_start_date="2026-10-31T01:00:00Z", resource_tags='{"user_team":"risk"}')
    write_csv(tmp_path / "1.csv.gz", [first])
    write_csv(tmp_path / "2.csv.gz", [second])
    assert read_bill([str(tmp_path)]).charges["tags"].to_list() == [None, '{"team":"risk"}']


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "Europe/Berlin"])
def test_months_may_differ_in_the_type_of_their_times(
    tmp_path: Path, unit: Literal["ms", "us", "ns"], zone: str | None
) -> None:
    plain = pl.read_parquet(write_snake(tmp_path / "1.parquet", [snake()]))
    times = pl.col("line_item_usage_start_date", "line_item_usage_end_date").dt.offset_by("1h")
    zoned = times.dt.replace_time_zone("UTC").dt.convert_time_zone(zone) if zone else times
    plain.with_columns(zoned.dt.cast_time_unit(unit)).write_parquet(tmp_path / "2.parquet")
    bill = read_bill([str(tmp_path)])
    assert bill.charges["charge_period_start"].dt.strftime("%H:%M %Z").to_list() == ["00:00 UTC", "01:00 UTC"]
    assert bill.covered_hours == 2


def test_dates_and_columns_without_any_value_are_read(tmp_path: Path) -> None:
    frame = pl.read_parquet(write_snake(tmp_path / "a.parquet", [snake()])).with_columns(
        pl.col("bill_billing_period_start_date").dt.date(),
        pl.lit(None).alias("line_item_resource_id"),
        pl.lit(None).alias("savings_plan_savings_plan_a_r_n"),
        pl.lit(None).alias("resource_tags_user_empty"),
    )
    assert frame.schema["line_item_resource_id"] == pl.Null
    frame.write_parquet(tmp_path / "a.parquet")
    bill = read_bill([str(tmp_path / "a.parquet")])
    assert bill.charges.select("resource_id", "commitment_discount_id").row(0) == (None, None)
    assert bill.charges["tags"].item() == '{"app":"fraud","team":"risk"}'
    assert any("line_item_resource_id is missing" in warning for warning in bill.warnings)


@pytest.mark.parametrize("nothing", ["", "NULL", "null"])
def test_nothing_is_nothing_however_it_is_spelled(tmp_path: Path, nothing: str) -> None:
    optional = [
        *("line_item_resource_id", "line_item_operation", "pricing_public_on_demand_cost", "line_item_usage_end_date"),
        *("bill_invoice_id", "savings_plan_savings_plan_a_r_n", "reservation_effective_cost", "resource_tags"),
    ]
    row = fields_of(write_csv(tmp_path / "a.csv", [cur(**dict.fromkeys(optional, nothing))]))
    read = (
        "resource_id",
        "operation",
        "list_cost",
        "charge_period_end",
        "invoice_id",
        "commitment_discount_id",
        "tags",
    )
    assert row.select(read).row(0) == (None,) * len(read)
    assert row["unreadable"].item() is False


def test_any_two_orders_of_columns_are_one_table(tmp_path: Path) -> None:
    row = cur()
    for number, names in enumerate(itertools.islice(itertools.permutations(sorted(row)), 0, 40_000, 10_000)):
        write_csv(tmp_path / f"{number}.csv", [{name: hour(number)[name] for name in names}])
    assert read_bill([str(tmp_path)]).charges_total == Decimal(6)


def test_times_of_a_converter_with_python_s_spelling_are_read() -> None:
    values = pl.Series("a", ["2026-10-01 00:00:00+00:00", "None", "2026-10-01T00:00:00.000Z"])
    cell = moment(pl.col("a"), pl.String())
    frame = values.to_frame().select(value=cell.value, bad=cell.unreadable)
    assert frame["bad"].to_list() == [False] * 3
    assert frame["value"].null_count() == 1
