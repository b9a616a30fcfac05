"""What lies behind a path: links, pipes, globs and signs of globs."""

import os
from pathlib import Path

import pytest

from infercost.billing.delivery.listing import list_entries
from infercost.schema.errors import InputError
from unit.billing.delivery.make_deliveries import put


def names(*paths: Path) -> set[str]:
    return {entry.file.name for entry in list_entries([str(path) for path in paths])}


def test_a_link_to_a_folder_is_followed_and_a_ring_is_walked_once(tmp_path: Path) -> None:
    put(tmp_path, "elsewhere/a.csv")
    (tmp_path / "bills").mkdir()
    (tmp_path / "bills" / "2026-10").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "back").symlink_to(tmp_path / "bills")
    assert names(tmp_path / "bills") == {str(tmp_path / "bills/2026-10/a.csv")}


def test_the_same_file_under_two_paths_counts_once(tmp_path: Path) -> None:
    file = put(tmp_path, "a.csv")
    (tmp_path / "b.csv").symlink_to(file)
    assert len(names(tmp_path)) == 1
    assert len(names(tmp_path, file, tmp_path / "*.csv", tmp_path / "." / "a.csv")) == 1


def test_a_link_to_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").symlink_to(tmp_path / "gone.csv")
    for path in (tmp_path, tmp_path / "a.csv", tmp_path / "*.csv"):
        with pytest.raises(InputError, match=r"a\.csv: a link to nothing"):
            names(path)


def test_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    for path in (tmp_path, tmp_path / "a.csv"):
        with pytest.raises(InputError, match=r"a\.csv: .* no file that can be read twice, such as a pipe"):
            names(path)
