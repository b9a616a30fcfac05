"""Amounts and times: what is read exactly, and what is refused."""

import datetime as dt
from decimal import Decimal, InvalidOperation, localcontext
from typing import Literal

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from infercost.billing.reading.cells import Cell, moment
from infercost.billing.reading.money import money

SCALE = Decimal(1).scaleb(-18)


def read(cell: Cell, values: pl.Series) -> tuple[object, bool]:
    frame = values.to_frame().select(cell.value.alias("value"), cell.unreadable.alias("unreadable"))
    value, unreadable = frame.row(0)
    assert unreadable is not None
    return value, unreadable


def read_text(text: str | None) -> tuple[object, bool]:
    return read(money(pl.col("a"), pl.String()), pl.Series("a", [text], dtype=pl.String))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.5", "1.5"),
        ("-0.000000000000000001", "-1e-18"),
        ("4e-07", "4e-7"),
        ("1.25E+2", "125"),
        ("0E-30", "0"),
        ("+3", "3"),
        ("00012.50", "12.5"),
        ("1.000000000000000000000", "1"),
        ("9999999999999999.5", "9999999999999999.5"),
        ("0.0033131520188332117", "0.003313152018833212"),
        ("6e-19", "1e-18"),
        ("1e-40", "0"),
    ],
)
def test_text_is_read_to_18_digits(text: str, value: str) -> None:
    assert read_text(text) == (Decimal(value), False)


@pytest.mark.parametrize("text", ["", "NULL", "null", "None", None])
def test_nothing_is_null_and_readable(text: str | None) -> None:
    assert read_text(text) == (None, False)


@pytest.mark.parametrize(
    "text",
    [
        *("nan", "NaN", "inf", "-Infinity", "abc", "1,5", "1,000", "1_000", " 1", "1 ", "$1", "0x10", "--1", "1e", "-"),
        *("1e40", "1e16", "-10000000000000000", "999999999999999999999999999999", "\u0661"),
    ],
)
def test_what_is_no_amount_or_too_large_is_unreadable(text: str) -> None:
    assert read_text(text)[1]


@given(
    st.one_of(
        st.from_regex(r"[+-]?[0-9]{0,22}(\.[0-9]{0,20})?([eE][+-]?[0-9]{1,2})?", fullmatch=True),
        st.text(alphabet="0123456789.eE+-", max_size=12),
    )
)
@example("1e-18")
@example("0.10e-17")
def test_text_is_read_as_decimal_reads_it_or_refused(text: str) -> None:
    value, unreadable = read_text(text)
    try:
        with localcontext(prec=60):
            expected = Decimal(text).quantize(SCALE)
    except InvalidOperation:
        assert unreadable or text == ""
        return
    # Refusing a number with more zeros than it needs would be a pity; reading another number would be a fault.
    assert unreadable or value == expected
    assert not unreadable or abs(expected) >= 10**16 or len(text) > 18


@given(st.floats(min_value=-1e6, max_value=1e6))
def test_a_double_is_within_its_own_precision(value: float) -> None:
    found, unreadable = read(money(pl.col("a"), pl.Float64()), pl.Series("a", [value]))
    assert not unreadable
    assert isinstance(found, Decimal)
    assert abs(found - Decimal(value)) <= Decimal("1e-9")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), 1e16, -1e300])
def test_a_double_that_is_no_amount_is_unreadable(value: float) -> None:
    assert read(money(pl.col("a"), pl.Float64()), pl.Series("a", [value]))[1]


def test_decimals_and_whole_numbers_are_exact() -> None:
    decimal = pl.Series("a", [Decimal("0.123456")], dtype=pl.Decimal(20, 6))
    assert read(money(pl.col("a"), decimal.dtype), decimal) == (Decimal("0.123456"), False)
    assert read(money(pl.col("a"), pl.Int64()), pl.Series("a", [7])) == (Decimal(7), False)
    too_large = pl.Series("a", [Decimal("1e16")], dtype=pl.Decimal(38, 2))
    assert read(money(pl.col("a"), too_large.dtype), too_large)[1]


OCTOBER = dt.datetime(2026, 10, 1, 13, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "text",
    [
        *("2026-10-01T13:30:00Z", "2026-10-01 13:30:00", "2026-10-01T13:30:00.000Z", "2026-10-01 13:30:00.123456"),
        *("2026-10-01 13:30:00+00:00", "2026-10-01 13:30:00+00", "2026-10-01 13:30:00 UTC"),
    ],
)
def test_times_are_utc_however_they_are_spelled(text: str) -> None:
    assert read(moment(pl.col("a"), pl.String()), pl.Series("a", [text])) == (OCTOBER, False)


@pytest.mark.parametrize(
    "text", ["2026-10-01T13:30:00+02:00", "2026-10-01 13:30:00+02", "01.10.2026", "2026-13-01", "soon", "1790861400"]
)
def test_what_is_no_time_in_utc_is_unreadable(text: str) -> None:
    assert read(moment(pl.col("a"), pl.String()), pl.Series("a", [text]))[1]


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "Europe/Berlin"])
def test_timestamps_of_any_unit_become_utc(unit: Literal["ms", "us", "ns"], zone: str | None) -> None:
    values = pl.Series("a", [OCTOBER]).cast(pl.Datetime(unit, "UTC"))
    values = values.dt.convert_time_zone(zone) if zone else values.dt.replace_time_zone(None)
    assert read(moment(pl.col("a"), values.dtype), values) == (OCTOBER, False)


def test_a_date_is_its_first_instant() -> None:
    assert read(moment(pl.col("a"), pl.String()), pl.Series("a", ["2026-10-01"]))[0] == OCTOBER.replace(
        hour=0, minute=0
    )
    assert read(moment(pl.col("a"), pl.Date()), pl.Series("a", [dt.date(2026, 10, 1)]))[0] == OCTOBER.replace(
        hour=0, minute=0
    )
