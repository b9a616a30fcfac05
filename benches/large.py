"""A large export, beside the bare query for the same result in polars and in DuckDB: whole processes in turn.

python -m benches.large [--rows 20_000_000] [--csv-rows 1_000_000] [--runs 3] [--cache FOLDER]
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl
from rich.console import Console

from benches import process
from benches.large_export import Size, export
from benches.process import Process
from benches.table import Line, Section, render

ROWS, CSV_ROWS = 20_000_000, 1_000_000
_MONTHS, _FILES = 3, 12
_RUNS = 3
_CACHE = Path(tempfile.gettempdir()) / "infercost-bench"
_TOLERANCE = 1e-9  # of a sum of doubles, in whatever order
_TARGETS = "ours to stay within 1.25 x polars, 0.7 x DuckDB, 400 MB"

# Month, payer, currency, line item type -> rows, unblended and net cost.
Totals = dict[tuple[str, ...], tuple[float, ...]]


def measure(rows: int = ROWS, csv_rows: int = CSV_ROWS, runs: int = _RUNS, cache: Path = _CACHE) -> list[Section]:
    """One section per container. All have to come to the same result."""
    return [
        _section(Size(rows, _MONTHS, _FILES, "parquet"), ("large_polars", "large_duckdb"), runs, cache),
        _section(Size(csv_rows, 1, 1, "csv.gz"), ("large_polars",), runs, cache),
    ]


def _section(size: Size, peers: Sequence[str], runs: int, cache: Path) -> Section:
    folder = export(size, cache)
    done: dict[str, list[Process]] = {name: [] for name in ("ours", *peers)}
    with tempfile.TemporaryDirectory() as output:
        for _ in range(runs):  # taking turns: a machine that slows down slows all of them
            for name, its_runs in done.items():
                its_runs.append(_run(name, folder, Path(output) / f"{name}.parquet"))
        _agree({name: _found(name, its_runs[-1], Path(output) / f"{name}.parquet") for name, its_runs in done.items()})
    lines = [
        Line(
            {"ours": "infercost bill convert", "large_polars": "bare polars", "large_duckdb": "bare DuckDB"}[name],
            tuple(run.seconds for run in its_runs),
            size.rows,
            "rows",
            max(run.peak_mb for run in its_runs),
            "audited, reconciled, classified" if name == "ours" else "unchecked",
        )
        for name, its_runs in done.items()
    ]
    megabytes = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
    title = f"Large export: CUR 2.0, {size.container}, {size.files} files, {megabytes:,.0f} MB"
    return Section(title, tuple(lines), reference=lines[1], remark=_TARGETS if size.container == "parquet" else "")


def _run(name: str, folder: Path, output: Path) -> Process:
    if name == "ours":
        infercost = str(Path(sys.executable).with_name("infercost"))
        return process.run(infercost, "bill", "convert", str(folder), "--output", str(output))
    return process.run(sys.executable, "-m", f"benches.{name}", str(folder), str(output))


def _found(name: str, run: Process, output: Path) -> tuple[int, float, Totals]:
    """Rows that were kept and their net cost, and the totals of the export."""
    kept = pl.scan_parquet(output).select(pl.len(), pl.col("billed_cost").cast(pl.Float64).sum()).collect().row(0)
    if name == "ours":
        tallies = json.loads(pl.read_parquet_metadata(output)["infercost"])["tallies"]
        found: Totals = {}
        for _, *key, rows, cost, net, _ in tallies:
            more = found.get(tuple(key), (0.0, 0.0, 0.0))
            found[tuple(key)] = tuple(map(sum, zip(more, (rows, float(cost), float(net)), strict=True)))
        return *kept, found
    return *kept, {tuple(key): (rows, cost, net) for *key, rows, cost, net in json.loads(run.stdout)}


def _agree(found: Mapping[str, tuple[int, float, Totals]]) -> None:
    """Refuses to compare what is not the same.

    Raises:
        SystemExit: two came to different results.
    """
    ours = found["ours"]
    for name, (kept, billed, totals) in found.items():
        same = (kept, totals.keys()) == (ours[0], ours[2].keys()) and _close((billed,), (ours[1],))
        if not same or not all(_close(totals[key], ours[2][key]) for key in totals):
            raise SystemExit(f"{name} came to another result than we: {kept} rows of {billed}, {ours[0]} of {ours[1]}")


def _close(one: Sequence[float], other: Sequence[float]) -> bool:
    return all(abs(a - b) <= _TOLERANCE * max(abs(a), abs(b), 1) for a, b in zip(one, other, strict=True))


def main() -> None:
    """Measures, and prints a table."""
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=ROWS)
    options.add_argument("--csv-rows", type=int, default=CSV_ROWS)
    options.add_argument("--runs", type=int, default=_RUNS)
    options.add_argument("--cache", type=Path, default=_CACHE)
    given = options.parse_args()
    console = Console()
    console.width = max(console.width, 160)
    console.print(render(measure(given.rows, given.csv_rows, given.runs, given.cache)))


if __name__ == "__main__":
    main()
