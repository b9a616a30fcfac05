"""Parquet that AWS did not write: other types for the same things, and things that are none of them."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from infercost.billing.bill import read_bill
from infercost.schema.errors import InputError
from unit.billing.make_exports import cur, write_parquet

COST, START, TAGS = "line_item_unblended_cost", "line_item_usage_start_date", "resource_tags"
PAIRS = pl.List(pl.Struct({"key": pl.String, "value": pl.String}))


def export(folder: Path, *columns: pl.Series | pl.Expr) -> str:
    """Three rows with some columns as another program writes them."""
    file = write_parquet(folder / "a.parquet", [cur(), cur(), cur()])
    pl.read_parquet(file).with_columns(columns).write_parquet(file)
    return str(file)


@pytest.mark.parametrize("dtype", [pl.Binary, pl.Categorical])
def test_text_of_another_type_is_text(tmp_path: Path, dtype: pl.DataType) -> None:
    plain = read_bill([export(tmp_path)]).charges
    assert read_bill([export(tmp_path, pl.col(pl.String).cast(dtype))]).charges.equals(plain)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    file = export(tmp_path, pl.Series("line_item_usage_type", [b"a", b"\xff", b"c"]))
    with pytest.raises(InputError, match=r"a\.parquet: .*utf8"):
        read_bill([file])


@pytest.mark.parametrize(
    "dtype", [pl.Decimal(20, 2), pl.Decimal(38, 0), pl.Decimal(38, 30), pl.Float32, pl.Int64, pl.UInt8, pl.String]
)
def test_amounts_of_any_type(tmp_path: Path, dtype: pl.DataType) -> None:
    assert read_bill([export(tmp_path, pl.Series(COST, [1, 2, 4]).cast(dtype))]).export_total == 7


@pytest.mark.parametrize("amount", [Decimal("1e16"), Decimal(-99999999999999999999)])
def test_an_amount_that_nobody_can_owe(tmp_path: Path, amount: Decimal) -> None:
    given = pl.Series(COST, [Decimal(1), amount, amount], dtype=pl.Decimal(38, 2))
    with pytest.raises(InputError, match=rf"a\.parquet: column {COST}, row 2: Decimal\('{amount:f}"):
        read_bill([export(tmp_path, given)])


@pytest.mark.parametrize(
    "dtype",
    [
        *(pl.Datetime("ns"), pl.Datetime("ms", "UTC"), pl.Datetime("us", "Europe/Berlin"), pl.Datetime("ns", "GMT")),
        *(pl.Date(), pl.String()),
    ],
)
def test_times_of_any_type(tmp_path: Path, dtype: pl.DataType) -> None:
    given = pl.Series(START, [dt.datetime(2026, 10, 31)] * 3)  # noqa: DTZ001 -- its zone is what differs
    zone = dtype.time_zone if isinstance(dtype, pl.Datetime) else None
    column = given.dt.replace_time_zone("UTC").dt.convert_time_zone(zone) if zone else given
    starts = read_bill([export(tmp_path, column.cast(dtype))]).charges["charge_period_start"]
    assert set(starts) == {dt.datetime(2026, 10, 31, tzinfo=dt.UTC)}


@pytest.mark.parametrize(
    "tags",
    [
        pl.Series(TAGS, [[{"key": "user_team", "value": "risk"}, {"key": "user_app", "value": None}]] * 3, dtype=PAIRS),
        pl.Series(TAGS, [{"user_team": "risk", "user_app": None}] * 3),
        pl.Series(TAGS, ['{"user_team": "risk"}'] * 3, dtype=pl.Categorical),
        pl.Series(TAGS, [b'{"user_team": "risk"}'] * 3),
    ],
    ids=["pairs", "struct", "categorical", "bytes"],
)
def test_tags_of_any_type(tmp_path: Path, tags: pl.Series) -> None:
    assert set(read_bill([export(tmp_path, tags)]).charges["tags"]) == {'{"team":"risk"}'}


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (pl.Series(TAGS, [["a", "b"]] * 3), "where maps are expected"),
        (pl.Series("line_item_currency_code", [["USD"]] * 3), "where texts are expected"),
        (pl.Series("line_item_resource_id", [{"arn": "a"}] * 3), "where texts are expected"),
        (pl.Series(START, [1793404800] * 3), "where times are expected"),
        (pl.Series("#row of the file", [1] * 3), "column already exists"),
    ],
    ids=["tags", "list", "struct", "epoch", "our-own-name"],
)
def test_a_column_that_cannot_be_what_its_name_says(tmp_path: Path, column: pl.Series, said: str) -> None:
    with pytest.raises(InputError, match=r"a\.parquet: ") as caught:
        read_bill([export(tmp_path, column)])
    assert said in str(caught.value)
