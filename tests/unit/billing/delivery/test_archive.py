"""ZIP archives: read without being unpacked, their files named, and everything odd about them refused."""

import contextlib
import gzip
import os
import signal
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from infercost.billing.bill import read_bill
from infercost.billing.delivery.deliver import deliver
from infercost.schema.errors import InfercostError, InputError, UsageError
from unit.billing.make_exports import focus, write_csv, write_parquet


def csv_text(folder: Path, *numbers: int) -> bytes:
    return write_csv(folder / "made.csv", [focus(ResourceId=f"arn:{number}") for number in numbers]).read_bytes()


def pack(file: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file


def refused(file: Path, kind: type[InfercostError] = InputError) -> str:
    with pytest.raises(kind) as caught, deliver([str(file)]):
        pass
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_a_packed_bill_says_the_same_as_the_plain_one(tmp_path: Path, method: int) -> None:
    text = csv_text(tmp_path, *range(500))
    file = pack(tmp_path / "bill.csv.zip", {"bill.csv": text}, method)
    packed = read_bill([str(file)])
    assert packed.files == (f"{file}!bill.csv",)
    assert_frame_equal(packed.charges, read_bill([str(tmp_path / "made.csv")]).charges)


def test_every_file_in_an_archive_is_one_of_the_export(tmp_path: Path) -> None:
    parquet = write_parquet(tmp_path / "c", [focus(ResourceId="arn:3", BilledCost="3")]).read_bytes()
    file = pack(
        tmp_path / "bills.zip",
        {
            "a.csv": csv_text(tmp_path, 1),
            "deep/b.csv.gz": gzip.compress(csv_text(tmp_path, 2)),
            "deep/c.parquet": parquet,
            "deep/notes.json": b"{}",
            "__MACOSX/._a.csv": b"fork",
            "deep/": b"",
        },
    )
    bill = read_bill([str(file)])
    assert set(bill.files) == {f"{file}!a.csv", f"{file}!deep/b.csv.gz", f"{file}!deep/c.parquet"}
    assert set(bill.charges["resource_id"]) == {"arn:1", "arn:2", "arn:3"}


@pytest.mark.parametrize("manifest", ["cur/daily-Manifest.json", "daily-RedshiftManifest.json"])
def test_a_folder_of_deliveries_that_somebody_packed_is_to_be_unpacked(tmp_path: Path, manifest: str) -> None:
    rows = csv_text(tmp_path, 1)
    file = pack(tmp_path / "cur.zip", {"cur/aaa/a.csv": rows, "cur/bbb/a.csv": rows, manifest: b"{}"})
    said = refused(file)
    assert said.startswith(f"{file}!{manifest}: a manifest, so this archive is a folder of deliveries")
    assert said.endswith("could count a month twice: unpack it and name the folder")


def test_a_bill_unpacked_beside_its_archive_counts_once(tmp_path: Path) -> None:
    file = pack(tmp_path / "a.csv.zip", {"a.csv": csv_text(tmp_path / "b", 1, 2)})
    bill = read_bill([str(tmp_path)])
    assert bill.rows == 2
    assert any(f"{tmp_path / 'b' / 'made.csv'} is left out" in warning for warning in bill.warnings), bill.warnings
    assert bill.files == (f"{file}!a.csv",)


def test_the_spool_is_gone_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "spool"))
    (tmp_path / "spool").mkdir()
    file = pack(tmp_path / "a.zip", {"a.csv": csv_text(tmp_path, 1)})
    with deliver([str(file)]) as found:
        (laid,) = found.files
        assert Path(laid.place).is_file()
        assert list((tmp_path / "spool").iterdir())
    assert not list((tmp_path / "spool").iterdir())
    with contextlib.suppress(KeyboardInterrupt), deliver([str(file)]):
        raise KeyboardInterrupt
    assert not list((tmp_path / "spool").iterdir())


def test_the_spool_is_gone_after_ctrl_c(tmp_path: Path) -> None:
    text = csv_text(tmp_path, 1)
    file = pack(tmp_path / "a.zip", {"a.csv": text})
    (tmp_path / "spool").mkdir()
    code = (
        "import time\n"
        "from infercost.billing.delivery.deliver import deliver\n"
        f"with deliver([{str(file)!r}]):\n"
        "    print('laid down', flush=True)\n"
        "    time.sleep(60)\n"
    )
    environment = os.environ | {"TMPDIR": str(tmp_path / "spool"), "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        running.stdout.readline()
        assert list((tmp_path / "spool").iterdir())
        running.send_signal(signal.SIGINT)
    assert not list((tmp_path / "spool").iterdir())


def test_no_room_for_the_spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = pack(tmp_path / "a.zip", {"a.csv": csv_text(tmp_path, *range(100))}, zipfile.ZIP_STORED)
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full here")
    spool = tmp_path / "spool"
    spool.mkdir()
    real = Path.open

    def opened(path: Path, *given: str, **more: str) -> object:
        return real(full, "wb") if spool in path.parents else real(path, *given, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(tempfile, "tempdir", str(spool))
    monkeypatch.setattr(Path, "open", opened)
    assert "make room, or set TMPDIR" in refused(file, UsageError)


def flip(content: bytes, place: int, bit: int = 1) -> bytes:
    changed = bytearray(content)
    changed[place] ^= bit
    return bytes(changed)


def test_an_encrypted_archive(tmp_path: Path) -> None:
    file = pack(tmp_path / "a.zip", {"a.csv": csv_text(tmp_path, 1)})
    content = file.read_bytes()
    directory = content.rindex(b"PK\x01\x02")
    file.write_bytes(flip(flip(content, 6), directory + 8))
    assert refused(file).endswith("a.zip!a.csv: encrypted: unpack it first")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_packed_in_another_way(tmp_path: Path, method: int) -> None:
    file = pack(tmp_path / "a.zip", {"a.csv": csv_text(tmp_path, 1)}, method)
    assert f"a.zip!a.csv: packed by ZIP's method {method}, which is not read: unpack it first" in refused(file)


def test_an_archive_in_an_archive(tmp_path: Path) -> None:
    inner = pack(tmp_path / "inner", {"a.csv": csv_text(tmp_path, 1)}).read_bytes()
    file = pack(tmp_path / "outer.zip", {"inner.zip": inner})
    with pytest.raises(InputError, match=r"outer\.zip!inner\.zip: a ZIP archive in another one: unpack the outer one"):
        read_bill([str(file)])


def test_an_archive_without_data(tmp_path: Path) -> None:
    assert "the archive holds no data files" in refused(pack(tmp_path / "a.zip", {"README.md": b"hello"}))


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_archive(tmp_path: Path, keep: float) -> None:
    file = pack(tmp_path / "a.zip", {"a.csv": csv_text(tmp_path, *range(100))})
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * keep)])
    assert "a.zip: a damaged ZIP archive" in refused(file)


def test_a_file_in_an_archive_with_a_wrong_checksum(tmp_path: Path) -> None:
    file = pack(tmp_path / "a.zip", {"a.csv": csv_text(tmp_path, *range(5000))})
    content = file.read_bytes()
    file.write_bytes(flip(content, content.rindex(b"PK\x01\x02") + 16))
    with pytest.raises(InputError, match=r"a\.zip!a\.csv: a truncated or damaged gzip file"):
        read_bill([str(file)])


def test_files_that_overlap(tmp_path: Path) -> None:
    """The better ZIP bombs: thousands of names for the same packed bytes."""
    file = pack(tmp_path / "a.zip", {"a.csv": csv_text(tmp_path, *range(200))})
    content = file.read_bytes()
    start, end = content.rindex(b"PK\x01\x02"), content.rindex(b"PK\x05\x06")
    entry, closing = content[start:end], bytearray(content[end:])
    copies = [entry.replace(b"a.csv", f"{letter}.csv".encode()) for letter in "abcdef"]
    struct.pack_into("<HHI", closing, 8, 6, 6, sum(map(len, copies)))
    file.write_bytes(content[:start] + b"".join(copies) + bytes(closing))
    assert "files in it overlap" in refused(file)


def test_a_zip_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = pack(tmp_path / "a.zip", {"a.csv": b"a" * (70 << 20)})
    said = refused(file)
    assert "a.zip!a.csv: " in said
    assert "no bill packs so well" in said
    monkeypatch.setenv("INFERCOST_MAX_COMPRESSION_RATIO", "2000")
    with deliver([str(file)]) as found:
        assert len(found.files) == 1
