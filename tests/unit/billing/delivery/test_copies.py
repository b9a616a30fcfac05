"""A bill that lies there twice counts once, or is refused where nothing tells which of the two is to be read."""

import time
from decimal import Decimal
from pathlib import Path

import pytest

from infercost.billing.audit import Tally
from infercost.billing.bill import read_bill
from infercost.billing.delivery.copies import find_copies
from infercost.billing.delivery.file import File
from infercost.schema.errors import InputError
from unit.billing.make_exports import Row, focus, without, write_csv, write_parquet


def rows(count: int, **more: str) -> list[Row]:
    return [focus(ResourceId=f"arn:{number}", BilledCost=f"0.{number + 1}", **more) for number in range(count)]


def copies(*written: Path) -> set[str]:
    """The files that are left out."""
    files = {str(file) for file in written}
    return files - set(read_bill(sorted(files)).files)


def test_the_same_text_packed_and_plain(tmp_path: Path) -> None:
    plain, packed = write_csv(tmp_path / "a.csv", rows(9)), write_csv(tmp_path / "a.csv.gz", rows(9))
    other = write_csv(tmp_path / "b.csv", rows(9, SubAccountId="7"))
    third = write_csv(tmp_path / "c.csv.gz", rows(9))
    assert copies(plain, packed, other, third) == {str(packed), str(third)}


def test_the_same_parquet_file(tmp_path: Path) -> None:
    one, two = write_parquet(tmp_path / "a", rows(9)), write_parquet(tmp_path / "b", rows(9))
    assert copies(one, two) == {str(two)}


@pytest.mark.parametrize("fewer", [("Tags",), ("ListCost", "x_Operation")])
def test_a_narrower_export_of_the_same_month(tmp_path: Path, fewer: tuple[str, ...]) -> None:
    wide, narrow = write_csv(tmp_path / "a.csv", rows(200)), write_csv(tmp_path / "b.csv", without(rows(200), *fewer))
    with pytest.raises(InputError, match=r"a\.csv and .*b\.csv hold the same sums, so every charge would count twice"):
        copies(wide, narrow)


def test_a_few_rows_with_the_same_sums_are_no_copies(tmp_path: Path) -> None:
    assert not copies(write_csv(tmp_path / "a.csv", rows(3)), write_csv(tmp_path / "b.csv", without(rows(3), "Tags")))


def test_days_on_which_the_same_is_used(tmp_path: Path) -> None:
    """Every file is read once more, and not once for each other file."""
    days = [
        write_csv(tmp_path / f"{day}.csv", rows(5, ChargePeriodStart=f"2026-10-{day:02}T00:00:00Z"))
        for day in range(1, 31)
    ]
    assert not copies(*days)


def test_many_days_on_which_the_same_is_used_are_compared_quickly(tmp_path: Path) -> None:
    for number in range(200):
        write_csv(tmp_path / f"{number}.csv", [focus(ResourceId=f"arn:{number}")])
    read = [File.at(str(file)) for file in sorted(tmp_path.iterdir())]
    one = Decimal(1)
    tallies = [
        Tally(file.name, "2026-10", "1", "USD", "Usage", 1, one, one, ("billed_cost", "effective_cost"))
        for file in read
    ]
    started = time.process_time()
    assert find_copies(tallies, read) == {}
    assert time.process_time() - started < 2


def test_sums_that_differ_by_the_noise_of_doubles(tmp_path: Path) -> None:
    plain = write_csv(tmp_path / "a.csv", rows(9))
    dearer = write_csv(tmp_path / "b.csv", [focus(BilledCost=str(Decimal(row["BilledCost"]) + 1)) for row in rows(9)])
    assert not copies(plain, dearer)
    with pytest.raises(InputError, match="hold the same sums"):
        copies(plain, write_parquet(tmp_path / "c", rows(9)))
