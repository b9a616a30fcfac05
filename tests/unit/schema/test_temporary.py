"""A temporary folder leaves nothing behind."""

import tempfile
from pathlib import Path

import pytest

from infercost.schema.temporary import temporary_folder


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_it_is_there_for_its_user_alone_and_gone_with_all_it_holds(temporary: Path) -> None:
    with temporary_folder() as folder:
        (folder / "rows.parquet").write_bytes(b"rows")
        assert folder.parent == temporary
        assert folder.stat().st_mode & 0o777 == 0o700
    assert list(temporary.iterdir()) == []


def test_ctrl_c_just_when_it_is_made(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Path.mkdir

    def interrupted(folder: Path, mode: int = 0o777) -> None:
        made(folder, mode)
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "mkdir", interrupted)
    with pytest.raises(KeyboardInterrupt), temporary_folder():
        pass
    assert list(temporary.iterdir()) == []
