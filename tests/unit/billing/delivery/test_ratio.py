"""Bombs are refused in no time, bills never, and the bound can be lifted."""

import gzip
import random
from pathlib import Path

import pytest

from infercost.billing.bill import read_bill
from infercost.billing.delivery.file import File
from infercost.billing.delivery.ratio import check_gzip
from infercost.schema.errors import InputError, UsageError

MANY = 70 << 20  # bytes; just above what is let through at any ratio


def check(path: Path) -> None:
    check_gzip(File.at(path), path.stat().st_size)


def lie(packed: bytes) -> bytes:
    """Claims to unpack to very little."""
    return packed[:-4] + (1000).to_bytes(4, "little")


def noise(size: int) -> bytes:
    return random.Random(7).randbytes(size)  # noqa: S311 -- no secret


BOMB = gzip.compress(b"a,b\n" + b"0" * MANY, 9)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(BOMB, id="plain"),
        pytest.param(lie(BOMB), id="lies about its size"),
        pytest.param(BOMB * 2 + gzip.compress(b"end"), id="of several parts"),
        pytest.param(gzip.compress(noise(20_000)) + BOMB, id="behind ordinary bytes"),
        pytest.param(gzip.compress(noise(30_000)) + BOMB + gzip.compress(noise(30_000)), id="between ordinary bytes"),
    ],
)
def test_a_bomb(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.csv.gz"
    file.write_bytes(content)
    with pytest.raises(InputError, match=rf"a\.csv\.gz: {len(content):,} bytes that unpack to \S+ or more"):
        check(file)


def test_the_bound_can_be_lifted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.csv.gz"
    file.write_bytes(lie(BOMB))
    monkeypatch.setenv("INFERCOST_MAX_COMPRESSION_RATIO", "1100")
    check(file)
    monkeypatch.setenv("INFERCOST_MAX_COMPRESSION_RATIO", "900.5")
    with pytest.raises(InputError, match=r"to a higher ratio than 900\.5"):
        check(file)


@pytest.mark.parametrize("ratio", ["", "much", "0", "nan", "-3"])
def test_a_bound_that_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ratio: str) -> None:
    file = tmp_path / "a.csv.gz"
    file.write_bytes(BOMB)
    monkeypatch.setenv("INFERCOST_MAX_COMPRESSION_RATIO", ratio)
    with pytest.raises(UsageError, match="INFERCOST_MAX_COMPRESSION_RATIO="):
        check(file)


def test_a_file_that_is_cut_short_is_none_whatever_its_last_bytes_say(tmp_path: Path) -> None:
    file = tmp_path / "a.csv.gz"
    file.write_bytes(gzip.compress(noise(80_000).hex().encode())[:-12] + b"\xff" * 4)
    check(file)
    with pytest.raises(InputError, match="a truncated or damaged gzip file"):
        read_bill([str(file)])


def test_little_is_harmless_however_well_it_packs(tmp_path: Path) -> None:
    file = tmp_path / "a.csv.gz"
    file.write_bytes(gzip.compress(b"0" * (60 << 20)))
    check(file)


def test_the_most_monotonous_bill_is_no_bomb(tmp_path: Path) -> None:
    """One row of 900 bytes, over and over, with nothing but its hour changed."""
    row = ",".join(["2026-10-{day:02}T{hour:02}:00:00Z", *(f"value-{number}" for number in range(100))]) + "\n"
    month = "".join(row.format(day=day, hour=hour) for day in range(1, 32) for hour in range(24)).encode()
    text = month * (MANY // len(month) + 1)
    file = tmp_path / "a.csv.gz"
    file.write_bytes(gzip.compress(text, 6))
    assert len(text) > MANY > 60 * file.stat().st_size
    check(file)
