"""A file is known by its name, wherever its bytes lie."""

from collections.abc import Callable
from pathlib import Path

import pytest

from infercost.billing.delivery.file import File
from infercost.billing.formats import open_sources
from infercost.billing.reading.source import SOURCE_FILE
from unit.billing.make_exports import Row, focus, write_csv, write_parquet


@pytest.mark.parametrize("write", [write_csv, write_parquet])
def test_rows_name_the_file_and_not_the_place(tmp_path: Path, write: Callable[[Path, list[Row]], Path]) -> None:
    unpacked = File("bill.zip!a.csv", str(write(tmp_path / "spool" / "0", [focus()])))
    plain = File.at(write(tmp_path / "b", [focus(), focus()]))
    _, (source,) = open_sources([unpacked, plain])
    counted = source.rows().group_by(SOURCE_FILE).len().collect()
    assert dict(counted.iter_rows()) == {"bill.zip!a.csv": 1, str(tmp_path / "b"): 2}
