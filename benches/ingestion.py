"""Reading a bill, beside the bare query for the same totals. Each run is a process of its own, for its memory."""

import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import polars as pl

from benches import exports, process
from benches.table import Line, Section
from infercost.billing.bill import read_bill

_RUNS = 5


class Totals(NamedTuple):
    """What both have to find."""

    rows: int
    billed: Decimal


def measure() -> list[Section]:
    """One section per format."""
    with tempfile.TemporaryDirectory() as folder:
        return [
            _section("FOCUS 1.2, csv.gz", exports.write_focus(Path(folder))),
            _section("CUR 2.0, Parquet", exports.write_cur2(Path(folder))),
        ]


def _section(title: str, file: Path) -> Section:
    bare, bare_found = _runs("bare", file)
    ours, ours_found = _runs("ours", file)
    if bare_found != ours_found:
        raise SystemExit(f"{title}: read_bill found {ours_found}, the bare query {bare_found}")
    rows = int(bare_found.split()[0])
    lines = (
        _line("bare polars query", bare, rows, "cost by service, unchecked"),
        _line("infercost, read_bill", ours, rows, "audited and reconciled"),
    )
    return Section(f"Ingestion: {title}, {file.stat().st_size / 1e6:.1f} MB", lines, reference=lines[0])


def _line(what: str, runs: list[tuple[float, float]], rows: int, remark: str) -> Line:
    return Line(what, tuple(seconds for seconds, _ in runs), rows, "rows", max(peak_mb for _, peak_mb in runs), remark)


def _runs(reader: str, file: Path) -> tuple[list[tuple[float, float]], str]:
    """Seconds and peak memory of each run, and the totals, which are the same in all."""
    runs, found = [], ""
    for _ in range(_RUNS):
        done = process.run(sys.executable, "-m", "benches.ingestion", reader, str(file))
        seconds, _, found = done.stdout.strip().partition(" ")
        runs.append((float(seconds), done.peak_mb))
    return runs, found


def ours(file: Path) -> Totals:
    """As `infercost analyze` does it."""
    bill = read_bill([str(file)])
    return Totals(bill.rows, bill.charges_total)


def bare(file: Path) -> Totals:
    """The least that gives the totals, and checks nothing."""
    if file.suffix == ".gz":
        rows, cost = pl.scan_csv(file, infer_schema=False), "BilledCost"
        names = ("x_ServiceCode", "SubAccountId", "ChargeCategory")
    else:
        rows, cost = pl.scan_parquet(file), "line_item_unblended_cost"
        names = ("line_item_product_code", "line_item_usage_account_id", "line_item_line_item_type")
    billed = pl.col(cost).cast(pl.Decimal(38, 18)).sum()
    found = rows.group_by(names).agg(pl.len().alias("rows"), billed).collect(engine="streaming")
    return Totals(int(found["rows"].sum()), Decimal(str(found[cost].sum())))


def _main(reader: str, file: str) -> None:
    read: Callable[[Path], Totals] = {"ours": ours, "bare": bare}[reader]
    begin = time.perf_counter()
    found = read(Path(file))
    print(time.perf_counter() - begin, found.rows, f"{found.billed:.2f}")


if __name__ == "__main__":
    _main(*sys.argv[1:])
