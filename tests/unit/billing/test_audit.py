"""The independent totals: they agree with a slow twin on any export, and find out what our own table gets wrong."""

import ast
import gzip
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import infercost.billing.audit
import infercost.billing.export.charges
import infercost.billing.export.open
import infercost.billing.export.survey
from infercost.billing.bill import read_bill
from infercost.billing.delivery.file import File
from infercost.billing.export.mapping import Mapped
from infercost.billing.formats.cur_2_0 import Cur20
from infercost.billing.reading.columns import Columns
from infercost.schema.errors import IncompleteError, InputError
from unit.billing.make_exports import Row, cur, focus, write_csv, write_parquet
from unit.billing.slow_audit import Sum, slow_sums
from unit.billing.tallies import tally_files

TAX = {"ChargeCategory": "Tax", "x_UsageType": "", "BilledCost": "0.25"}


def quick_sums(file: Path) -> dict[tuple[str, str | None, str | None, str | None], Sum]:
    return {
        (tally.month, tally.payer, tally.currency, tally.category): Sum(tally.rows, tally.cost, tally.net_cost)
        for tally in tally_files([File.at(file)])
    }


def test_files_are_summed_by_month_payer_currency_and_category(tmp_path: Path) -> None:
    rows = [focus(), focus(BilledCost="-4e-07"), focus(**TAX), focus(BillingPeriodStart="2026-09-01T00:00:00Z")]
    as_csv, as_parquet = write_csv(tmp_path / "a.csv.gz", rows), write_parquet(tmp_path / "a.parquet", rows)
    for file in (as_csv, as_parquet):
        assert quick_sums(file) == {
            ("2026-10", "012345678901", "USD", "Usage"): (2, Decimal("1.4999996"), Decimal(3)),
            ("2026-10", "012345678901", "USD", "Tax"): (1, Decimal("0.25"), Decimal("1.5")),
            ("2026-09", "012345678901", "USD", "Usage"): (1, Decimal("1.5"), Decimal("1.5")),
        }


def test_the_audit_knows_neither_formats_nor_classification() -> None:
    tree = ast.parse(Path(infercost.billing.audit.__file__).read_text())
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name for name in imported if name and name.startswith("infercost")} == {
        "infercost.billing.delivery.file",
        "infercost.schema.errors",
    }


NAMES = st.text(alphabet='ab ,"\n\r\u00e9\u2028;|', max_size=6)
NOTHING = st.sampled_from(["", "NULL", "null"])
AMOUNTS = st.one_of(
    st.decimals(-1_000_000, 1_000_000, places=10).map(str),
    st.sampled_from(["0", "-0.0", "4e-07", "1.5E+3", "0.123456789012345678", "99999999999.5", "+3", "007"]),
)
CELLS = {
    "bill_payer_account_id": st.one_of(st.sampled_from(["012345678901", "000000000042"]), NOTHING),
    "line_item_currency_code": st.one_of(st.sampled_from(["USD", "EUR"]), NOTHING),
    "pricing_currency": st.sampled_from(["", "USD"]),
    "bill_billing_period_start_date": st.sampled_from(["2026-10-01T00:00:00Z", "2026-09-01T00:00:00.000Z"]),
    "line_item_line_item_type": st.one_of(st.sampled_from(["Usage", "Tax", "EdpDiscount"]), NAMES, NOTHING),
    "line_item_unblended_cost": AMOUNTS,
    "line_item_net_unblended_cost": st.one_of(AMOUNTS, NOTHING),
    "line_item_line_item_description": NAMES,
    "resource_tags": NAMES,
}
LEFT_OUT = ("bill_payer_account_id", "line_item_currency_code", "pricing_currency", "line_item_net_unblended_cost")


@given(
    st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=30),
    st.sets(st.sampled_from(LEFT_OUT)),
    st.permutations(sorted(CELLS)),
    st.sampled_from(["a.csv", "a.csv.gz"]),
)
@settings(max_examples=150)
def test_any_csv_is_summed_as_by_the_slow_twin(rows: list[Row], without: set[str], order: list[str], name: str) -> None:
    columns = [column for column in order if column not in without]
    with tempfile.TemporaryDirectory() as folder:
        file = write_csv(Path(folder) / name, [{column: row[column] for column in columns} for row in rows])
        assert quick_sums(file) == slow_sums(file)


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["Usage", "Tax", "EdpDiscount", None]),
            st.floats(-1e6, 1e6),
            st.one_of(st.none(), st.floats(-1e-3, 1e9)),
            st.sampled_from(["USD", "EUR", None]),
        ),
        min_size=1,
        max_size=30,
    ),
    in_legacy_names=st.booleans(),
)
@settings(max_examples=100)
def test_any_parquet_is_summed_as_by_the_slow_twin_but_for_the_noise_of_doubles(
    rows: list[tuple[str | None, float, float | None, str | None]], *, in_legacy_names: bool
) -> None:
    names = ("line_item_line_item_type", "line_item_unblended_cost", "line_item_net_unblended_cost")
    schema = dict(zip(names, (pl.String, pl.Float64, pl.Float64), strict=True)) | {"line_item_currency_code": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        line_item_usage_start_date=pl.lit("2026-10-05 00:00:00").str.to_datetime(time_unit="ms")
    )
    if in_legacy_names:
        frame = frame.rename({"line_item_unblended_cost": "lineItem/UnblendedCost"})
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.parquet"
        frame.write_parquet(file)
        quick, slow = quick_sums(file), slow_sums(file)
    noise = sum(abs(Decimal(amount)) for row in rows for amount in row[1:3] if amount) * Decimal(2) ** -52
    assert {key: found.rows for key, found in quick.items()} == {key: found.rows for key, found in slow.items()}
    for key, (_, cost, net) in slow.items():
        assert abs(quick[key].cost - cost) <= noise + len(rows) * Decimal("1e-12")
        assert abs(quick[key].net - net) <= noise + len(rows) * Decimal("1e-12")


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("zipped", [False, True])
def test_every_row_that_the_slow_twin_finds_too_short_or_too_long_is_refused(
    tmp_path: Path, line_end: str, *, zipped: bool
) -> None:
    header = "line_item_line_item_type,line_item_usage_start_date,line_item_unblended_cost,a,b"
    sound = "Usage,2026-10-01,1,,"
    for number, row in enumerate(
        (
            *("Usage,2026-10-01,1,", "Usage,2026-10-01,1", "Usage", "Usage,2026-10-01,1,,,", "Usage,2026-10-01,1,,,x"),
            *('Usage,2026-10-01,1,"a,b"', 'Usage,2026-10-01,1,"a\nb"', 'Usage,2026-10-01,1,"a,""b"",c",d,e,f'),
        )
    ):
        text = line_end.join([header, *[sound] * 50, row, *[sound] * 50, ""])
        file = tmp_path / f"{number}.csv"
        file.write_bytes(gzip.compress(text.encode()) if zipped else text.encode())
        with pytest.raises(ValueError, match=r"row 51 has \d+ fields") as slow:
            slow_sums(file)
        with pytest.raises(InputError) as quick:
            tally_files([File.at(file)])
        assert str(slow.value) in str(quick.value), row


def test_blank_lines_are_no_rows(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [cur(), cur()])
    file.write_text("\n".join([*file.read_text().splitlines(), "", "", ""]))
    assert quick_sums(file) == slow_sums(file)
    assert read_bill([str(file)]).rows == 2


@pytest.mark.parametrize("cost", ["1.5", "0"])
@pytest.mark.parametrize("write", [write_csv, write_parquet])
def test_a_row_dropped_by_the_survey_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path, list[Row]], Path], cost: str
) -> None:
    whole = infercost.billing.export.charges.put_aside

    def drops_tax(rows: pl.LazyFrame, mapped: Mapped, place: Path) -> pl.LazyFrame:
        return whole(rows.filter(pl.col("ChargeCategory") != "Tax"), mapped, place)

    monkeypatch.setattr(infercost.billing.export.survey, "put_aside", drops_tax)
    write(tmp_path / "a", [focus()])
    file = write(tmp_path / "b", [focus(), focus(**TAX | {"BilledCost": cost})])
    with pytest.raises(IncompleteError, match=r"starts in .*b \(FOCUS 1\.2\), in charges of the kind Tax, 2026-10"):
        read_bill([str(tmp_path / "a"), str(file)])


@pytest.mark.parametrize("write", [write_csv, write_parquet])
def test_a_charge_that_is_counted_and_not_taken_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path, list[Row]], Path]
) -> None:
    whole = infercost.billing.export.charges.read_charges

    def drops_the_last(place: Path, wanted: pl.Expr | None) -> list[pl.DataFrame]:
        return [rows.head(rows.height - 1) for rows in whole(place, wanted)]

    monkeypatch.setattr(infercost.billing.export.open, "read_charges", drops_the_last)
    with pytest.raises(IncompleteError, match=r"2 rows of 3\.0* were counted, 1 rows of 1\.50* were taken"):
        read_bill([str(write(tmp_path / "a", [focus(), focus()]))])


@pytest.mark.parametrize("column", ["unblended_cost", "billed_cost"])
def test_a_cost_changed_by_the_cur_reader_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, column: str
) -> None:
    whole = Cur20.fields

    def reads_too_little(reader: Cur20, columns: Columns) -> dict[str, pl.Expr]:
        fields = whole(reader, columns)
        less = pl.when(fields["line_item_type"] == "Credit").then(fields[column] - Decimal("0.006"))
        return fields | {column: less.otherwise(fields[column])}

    monkeypatch.setattr(Cur20, "fields", reads_too_little)
    file = write_csv(tmp_path / "a.csv", [cur(), cur(line_item_line_item_type="Credit")])
    said = rf"a\.csv \(CUR 2\.0\), in charges of the kind Credit, 2026-10, .* a {column.replace('_', ' ')} of 1\.5"
    with pytest.raises(IncompleteError, match=said):
        read_bill([str(file)])
