"""The demo account as legacy CUR: gzip CSV with slashes, and Parquet as AWS writes it for Athena."""

import functools
from pathlib import Path

from accounts import cur2
from unit.billing.legacy_exports import as_legacy, as_snake, write_snake
from unit.billing.make_exports import write_csv


def write_legacy_csv(directory: Path) -> Path:
    """One chunk of one assembly; returns its folder."""
    file = directory / "infercost-demo/20261001-20261101/infercost-demo-00001.csv.gz"
    return write_csv(file, as_legacy(_rows())).parent


def write_legacy_parquet(directory: Path) -> Path:
    """The layout of the Athena integration; returns its folder."""
    file = directory / "infercost-demo/infercost-demo/year=2026/month=10/infercost-demo-00001.snappy.parquet"
    return write_snake(file, as_snake(_rows())).parent


@functools.cache
def _rows() -> list[cur2.Row]:
    """Every line item has every column, as in the CSV of CUR 2.0."""
    return [dict.fromkeys(cur2.COLUMNS, "") | row for row in cur2.rows()]
