"""The file: its types and cells, what is read from it again, and what is refused."""

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from infercost.billing.bill import read_bill
from infercost.billing.focus import write
from infercost.billing.focus.columns import focus_columns
from infercost.schema.charges import MONEY, TIME
from infercost.schema.errors import IncompleteError, UsageError
from unit.billing.focus.charges import PLAN, charge, messy_account, table

SUFFIXES = ("parquet", "csv")
# What of a charge FOCUS carries both ways, exactly.
CARRIED = (
    *(
        "billing_account_id",
        "billing_account_name",
        "sub_account_id",
        "sub_account_name",
        "invoice_id",
        "invoice_issuer_name",
    ),
    *("publisher_name", "billing_period_start", "charge_period_start", "charge_period_end", "charge_category"),
    *("charge_class", "service_code", "service_name", "usage_type", "operation", "region_id", "resource_id", "tags"),
    *("charge_description", "quantity", "unit", "billed_cost", "effective_cost", "billing_currency"),
    *("commitment_discount_id", "commitment_discount_status"),
    *("kind", "pattern", "component", "meter", "meter_factor", "model", "token_class", "tier", "scope"),
)


def again(charges: pl.DataFrame, path: Path) -> pl.DataFrame:
    """The charges, written and read by our own reader."""
    write(charges, path)
    return read_bill([str(path)]).charges


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_account_from_focus_is_read_again_as_it_was(tmp_path: Path, as_focus: pl.DataFrame, suffix: str) -> None:
    # A purchase of a plan gets its quantity, which the demo's export leaves out and FOCUS does not.
    uncounted = pl.col("commitment_discount_id").is_not_null() & pl.col("quantity").is_null()
    rows = again(as_focus, tmp_path / f"focus.{suffix}")
    counted = as_focus.with_columns(
        pl.when(uncounted)
        .then(pl.col("billed_cost") + pl.col("effective_cost"))
        .otherwise("quantity")
        .alias("quantity"),
        pl.when(uncounted).then("billing_currency").otherwise("unit").alias("unit"),
    )
    assert as_focus.filter(uncounted).height > 700
    assert_same(rows, counted)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_account_from_cur_is_read_again_as_focus_has_it(
    tmp_path: Path, as_focus: pl.DataFrame, as_cur: pl.DataFrame, suffix: str
) -> None:
    rows = again(as_cur, tmp_path / f"focus.{suffix}")
    used = ("usage_type", "resource_id", "tags", "unit", "charge_category", "commitment_discount_status", "kind")
    costs = pl.col("quantity", "billed_cost", "effective_cost", "list_cost").sum()

    def sums(charges: pl.DataFrame) -> dict[object, object]:
        groups = charges.filter(pl.col("commitment_discount_status").ne_missing(pl.lit("Unused")))
        groups = groups.filter(charge_category="Usage").group_by(used).agg(costs)
        return {row[: len(used)]: row[len(used) :] for row in groups.iter_rows()}

    assert sums(rows) == sums(as_focus)
    assert rows["billed_cost"].sum() == as_cur["billed_cost"].sum()
    assert rows["effective_cost"].sum() == as_cur["effective_cost"].sum()


def test_what_was_read_again_is_written_as_before(tmp_path: Path) -> None:
    once = again(messy_account(tmp_path), tmp_path / "once.parquet")
    assert_same(again(once, tmp_path / "twice.csv"), once)


def assert_same(rows: pl.DataFrame, expected: pl.DataFrame) -> None:
    order = [name for name in CARRIED if name not in {"quantity", "meter_factor"}]
    left, right = (frame.select(CARRIED).sort(order, nulls_last=True) for frame in (rows, expected))
    for name in CARRIED:
        assert left[name].equals(right[name], null_equal=True), name


def test_parquet_holds_exact_decimals_moments_and_text(tmp_path: Path) -> None:
    write(table(charge("Usage", "0.000000000000000001", "1", tags='{"team":"risk"}')), tmp_path / "focus.parquet")
    types = pl.read_parquet_schema(tmp_path / "focus.parquet")
    assert list(types) == list(focus_columns())
    for name, dtype in types.items():
        if name.endswith(("Cost", "Quantity", "UnitPrice")):
            assert dtype == MONEY, name
        elif "Period" in name:
            assert dtype == TIME, name
        else:
            assert dtype == pl.String, name
    row = pl.read_parquet(tmp_path / "focus.parquet").row(0, named=True)
    assert str(row["BilledCost"]) == "1E-18"
    assert json.loads(row["Tags"]) == {"team": "risk"}


def cells(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_csv_holds_plain_digits_utc_and_whole_ids(tmp_path: Path) -> None:
    charges = messy_account(tmp_path)
    write(charges, tmp_path / "focus.csv")
    rows = cells(tmp_path / "focus.csv")
    for row in rows:
        for name, text in row.items():
            if name.endswith(("Cost", "Quantity", "UnitPrice")):
                assert re.fullmatch(r"(-?(0|[1-9]\d*)(\.\d*[1-9])?)?", text), (name, text)
            elif "Period" in name:
                assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text), (name, text)
    assert {row["BillingAccountId"] for row in rows} == {"012345678901"}
    assert {row["SubAccountId"] for row in rows} == {"000000000042"}
    assert "0.0000004" in {row["BilledCost"] for row in rows}


HOSTILE = ('=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1+1", " =1", "\n=1", "\uff1d1+1", "\uff0d1")
TEXTS = ("sub_account_name", "invoice_id", "charge_description", "resource_id", "usage_type", "iam_principal", "model")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_csv_is_a_formula_and_parquet_keeps_what_was_billed(tmp_path: Path, text: str) -> None:
    charges = table(charge("Usage", "-1", "-1", **dict.fromkeys(TEXTS, text)))
    result = write(charges, tmp_path / "focus.csv")
    (row,) = cells(tmp_path / "focus.csv")
    quoted = [value for value in row.values() if value == f"'{text}"]
    assert len(quoted) == len(TEXTS)
    assert not [
        value for value in row.values() if value.lstrip()[:1] in set("=+@-\uff1d\uff0b\uff0d\uff20") and value != "-1"
    ]
    assert row["BilledCost"] == "-1"
    (note,) = result.notes
    assert note.startswith(f"{len(TEXTS)} cells start like a formula of a spreadsheet and have an apostrophe")
    assert write(charges, tmp_path / "focus.parquet").notes == ()
    assert pl.read_parquet(tmp_path / "focus.parquet")["ChargeDescription"].to_list() == [text]


def test_commas_quotes_and_lines_in_a_name_stay_in_their_cell(tmp_path: Path) -> None:
    text = 'a "quoted", name\nin two lines; ünïcode \U0001f600'
    write(table(charge("Usage", "1", "1", charge_description=text, tags='{"team":"a,\\"b\\""}')), tmp_path / "f.csv")
    (row,) = cells(tmp_path / "f.csv")
    assert row["ChargeDescription"] == text
    assert json.loads(row["Tags"]) == {"team": 'a,"b"'}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_charges_that_are_scanned_are_written_alike(tmp_path: Path, as_cur: pl.DataFrame, suffix: str) -> None:
    as_cur.write_parquet(tmp_path / "charges.parquet")
    result = write(pl.scan_parquet(tmp_path / "charges.parquet"), tmp_path / f"lazy.{suffix}")
    write(as_cur, tmp_path / f"eager.{suffix}")
    assert (tmp_path / f"lazy.{suffix}").read_bytes() == (tmp_path / f"eager.{suffix}").read_bytes()
    assert result.files == (tmp_path / f"lazy.{suffix}",)
    negations = as_cur.filter(line_item_type="SavingsPlanNegation").height
    unused = as_cur.filter((pl.col("line_item_type") == "SavingsPlanRecurringFee") & (pl.col("effective_cost") != 0))
    assert result.rows == as_cur.height - negations + unused.height


def test_nothing_to_write_is_a_file_with_a_header(tmp_path: Path) -> None:
    for suffix in SUFFIXES:
        assert write(table(), tmp_path / f"none.{suffix}").rows == 0
    assert (tmp_path / "none.csv").read_text().count("\n") == 1
    assert pl.read_parquet(tmp_path / "none.parquet").shape == (0, len(focus_columns()))


MISSING = {
    "charge_period_end": "1 charges have no ChargePeriodEnd .*line_item_usage_end_date",
    "billing_account_id": "no BillingAccountId .*bill_payer_account_id",
    "billing_currency": "no BillingCurrency .*line_item_currency_code",
    "charge_category": "no ChargeCategory .*line_item_line_item_type",
}


@pytest.mark.parametrize("column", MISSING)
def test_what_focus_never_leaves_out_is_asked_for(tmp_path: Path, column: str) -> None:
    with pytest.raises(IncompleteError, match=MISSING[column]):
        write(table(charge("Usage", "1", "1", **{column: None}), charge("Usage", "1", "1")), tmp_path / "focus.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_charge_of_no_service_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(IncompleteError, match=r"no ServiceName .*line_item_product_code"):
        write(table(charge("Tax", "1", "1", service_code=None, service_name=None)), tmp_path / "focus.csv")


def test_a_category_that_focus_does_not_have_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(IncompleteError, match="no ChargeCategory that FOCUS knows"):
        write(table(charge(None, "1", "1", charge_category="Refund")), tmp_path / "focus.csv")


@pytest.mark.parametrize("name", ["focus.xlsx", "focus", "focus.csv.gz"])
def test_another_suffix_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"written as \.parquet or \.csv"):
        write(table(), tmp_path / name)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere/focus\.csv: cannot be written: No such file or directory"):
        write(table(), tmp_path / "nowhere/focus.csv")


def test_an_older_file_is_replaced_only_by_a_whole_one(tmp_path: Path) -> None:
    path = tmp_path / "focus.csv"
    write(table(charge("Usage", "1", "1")), path)
    before = path.read_bytes()
    with pytest.raises(IncompleteError):
        write(table(charge("Usage", "1", "1", charge_period_end=None)), path)
    assert path.read_bytes() == before
    write(table(charge("Usage", "2", "2")), path)
    assert [row["BilledCost"] for row in cells(path)] == ["2"]
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_loses_money_is_never_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check itself: rows are dropped on their way into the file."""
    sink: Callable[..., None] = pl.LazyFrame.sink_parquet

    def losing(rows: pl.LazyFrame, file: Path, **options: str) -> None:
        sink(rows.slice(1), file, **options)

    monkeypatch.setattr(pl.LazyFrame, "sink_parquet", losing)
    charges = table(charge("Usage", "1", "1"), charge("Usage", "2.5", "2.5"), charge("Fee", "1", "0", resource_id=PLAN))
    with pytest.raises(
        IncompleteError, match=r"does not add up to the bill: BilledCost 3\.5.* where 4\.5.* was billed"
    ):
        write(charges, tmp_path / "focus.parquet")
    assert list(tmp_path.iterdir()) == []
