"""The independent totals: what happens when our own table says something else."""

import ast
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

import infercost.billing.audit
import infercost.billing.bill
from infercost.billing.audit import tally_files
from infercost.billing.bill import read_bill
from infercost.billing.delivery.file import File
from infercost.billing.formats.cur_2_0 import Cur20
from infercost.billing.formats.format import Format
from infercost.billing.reading.columns import Columns
from infercost.billing.reading.source import Source
from infercost.schema.errors import IncompleteError
from unit.billing.make_exports import Row, cur, focus, write_csv, write_parquet

TAX = {"ChargeCategory": "Tax", "x_UsageType": "", "BilledCost": "0.25"}


def test_files_are_summed_by_month_and_category(tmp_path: Path) -> None:
    rows = [focus(), focus(BilledCost="-4e-07"), focus(**TAX), focus(BillingPeriodStart="2026-09-01T00:00:00Z")]
    as_csv, as_parquet = write_csv(tmp_path / "a.csv.gz", rows), write_parquet(tmp_path / "a.parquet", rows)
    for file in (as_csv, as_parquet):
        assert {(tally.month, tally.category): (tally.rows, tally.cost) for tally in tally_files([File.at(file)])} == {
            ("2026-10", "Usage"): (2, Decimal("1.4999996")),
            ("2026-10", "Tax"): (1, Decimal("0.25")),
            ("2026-09", "Usage"): (1, Decimal("1.5")),
        }


def test_the_audit_knows_neither_formats_nor_classification() -> None:
    tree = ast.parse(Path(infercost.billing.audit.__file__).read_text())
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name for name in imported if name and name.startswith("infercost")} == {
        "infercost.billing.delivery.file",
        "infercost.billing.reading.head",
        "infercost.schema.errors",
        "infercost.schema.progress",
    }


@pytest.mark.parametrize("cost", ["1.5", "0"])
@pytest.mark.parametrize("write", [write_csv, write_parquet])
def test_a_row_dropped_by_the_focus_reader_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path, list[Row]], Path], cost: str
) -> None:
    whole = infercost.billing.bill._rows

    def drops_a_row(its_format: Format, source: Source) -> pl.LazyFrame:
        return whole(its_format, source).filter(pl.col("charge_category") != "Tax")

    monkeypatch.setattr(infercost.billing.bill, "_rows", drops_a_row)
    write(tmp_path / "a", [focus()])
    file = write(tmp_path / "b", [focus(), focus(**TAX | {"BilledCost": cost})])
    with pytest.raises(IncompleteError, match=r"starts in .*b \(FOCUS 1\.2\), in charges of the kind Tax: .* 1 rows"):
        read_bill([str(tmp_path / "a"), str(file)])


def test_a_cost_changed_by_the_cur_reader_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Cur20.fields

    def reads_too_little(reader: Cur20, columns: Columns) -> dict[str, pl.Expr]:
        fields = whole(reader, columns)
        less = pl.when(fields["line_item_type"] == "Credit").then(fields["billed_cost"] - Decimal("0.006"))
        return fields | {"billed_cost": less.otherwise(fields["billed_cost"])}

    monkeypatch.setattr(Cur20, "fields", reads_too_little)
    file = write_csv(tmp_path / "a.csv", [cur(), cur(line_item_line_item_type="Credit")])
    with pytest.raises(IncompleteError, match=r"in charges of the kind Credit: the file has 1 rows of 1\.5"):
        read_bill([str(file)])
