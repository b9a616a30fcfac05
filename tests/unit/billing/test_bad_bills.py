"""Damaged, foreign and hostile files: one clear message that names file and place, and the right exit code."""

import errno
import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from infercost.billing.bill import read_bill
from infercost.schema.errors import IncompleteError, InfercostError, InputError
from unit.billing.make_exports import Row, cur, focus, without, write_csv, write_parquet


def refused(kind: type[InfercostError], *paths: Path) -> str:
    with pytest.raises(kind) as caught:
        read_bill([str(path) for path in paths])
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "nowhere.csv: no such file" in refused(InputError, tmp_path / "nowhere.csv")


def test_no_path_at_all() -> None:
    with pytest.raises(InputError, match="no bill given"):
        read_bill([])


def test_an_empty_path_is_not_the_folder_one_stands_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_csv(tmp_path / "a.csv", [focus()])
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="no bill given"):
        read_bill([""])


def closed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes away the right to look into a folder: whoever runs the tests may be allowed everything."""

    def refuse(path: str | Path) -> object:
        if Path(path) == folder or folder in Path(path).parents:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path)

    real = os.scandir
    monkeypatch.setattr(os, "scandir", refuse)


def test_a_folder_in_the_bill_that_may_not_be_read_is_no_empty_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_csv(tmp_path / "a.csv", [focus()])
    write_csv(tmp_path / "september" / "b.csv", [focus()])
    closed(tmp_path / "september", monkeypatch)
    assert "september: cannot be read: Permission denied" in refused(InputError, tmp_path)


def test_a_path_that_is_too_long(tmp_path: Path) -> None:
    assert "cannot be read: File name too long" in refused(InputError, tmp_path / ("x" * 5000))


def test_a_folder_with_manifests_only(tmp_path: Path) -> None:
    (tmp_path / "Manifest.json").write_text("{}")
    assert "holds no data files" in refused(InputError, tmp_path)


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").touch()
    assert "a.csv: the file is empty" in refused(InputError, tmp_path)


def test_an_empty_gzip_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b""))
    assert "a.csv.gz" in refused(InputError, tmp_path)


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_a_header_without_rows(tmp_path: Path, name: str) -> None:
    file = write_csv(tmp_path / name, [focus()])
    text = ",".join(focus()) + "\r\n"
    file.write_bytes(gzip.compress(text.encode()) if name.endswith("gz") else text.encode())
    assert f"{name}: there is a header and not a single row" in refused(InputError, file)


def test_a_parquet_file_without_rows(tmp_path: Path) -> None:
    file = write_parquet(tmp_path / "a.parquet", [focus()])
    pl.read_parquet(file).clear().write_parquet(file)
    assert "not a single row" in refused(InputError, file)


@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
def test_a_truncated_gzip_file(tmp_path: Path, share: float) -> None:
    rows = [focus(ResourceId=f"arn:{number * 7919 % 10007}") for number in range(2000)]
    file = write_csv(tmp_path / "a.csv.gz", rows)
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * share)])
    assert "a.csv.gz: a truncated or damaged gzip file" in refused(InputError, file)


@pytest.mark.parametrize("keep", [0.1, 0.6, 0.99])
def test_a_truncated_parquet_file(tmp_path: Path, keep: float) -> None:
    file = write_parquet(tmp_path / "a.parquet", [focus()] * 100)
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * keep)])
    assert "a.parquet" in refused(InputError, file)


def test_a_parquet_file_with_a_damaged_page_beside_a_good_one(tmp_path: Path) -> None:
    write_parquet(tmp_path / "a.parquet", [focus()])
    file = write_parquet(tmp_path / "b.parquet", [focus(ResourceId=f"arn:{number}") for number in range(500)])
    content = bytearray(file.read_bytes())
    content[200 : len(content) // 2] = b"\xff" * (len(content) // 2 - 200)
    file.write_bytes(content)
    assert "b.parquet" in refused(InputError, tmp_path)


def test_text_that_is_not_utf8(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [focus(), focus(ChargeDescription="Zürich")])
    file.write_bytes(file.read_text().encode("latin-1"))
    assert "a.csv: not text in UTF-8: line 3" in refused(InputError, file)


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_text_that_is_not_utf8_far_into_a_file(tmp_path: Path, name: str) -> None:
    file = write_csv(tmp_path / name, [focus()] * 2000 + [focus(ChargeDescription="Zuerich")])
    opened = gzip.decompress(file.read_bytes()) if name.endswith("gz") else file.read_bytes()
    broken = opened.replace(b"Zuerich", b"Z\xfcrich")
    file.write_bytes(gzip.compress(broken) if name.endswith("gz") else broken)
    assert f"{name}: not text in UTF-8: line 2002" in refused(InputError, file)


def test_text_that_is_not_utf8_in_a_truncated_gzip_file(tmp_path: Path) -> None:
    text = b"Z\xfcrich," + os.urandom(3000).hex().encode()
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(text)[:1000])
    assert "a.csv.gz: " in refused(InputError, tmp_path / "a.csv.gz")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le"])
def test_text_in_utf_16(tmp_path: Path, encoding: str) -> None:
    file = write_csv(tmp_path / "a.csv", [focus()])
    file.write_bytes(file.read_text().encode(encoding))
    said = {"utf-16": "text in UTF-16, not in UTF-8"}.get(encoding, "its header holds NUL bytes")
    assert f"a.csv: {said}" in refused(InputError, file) or f"a.csv: not text: {said}" in refused(InputError, file)


def test_a_parquet_file_in_gzip(tmp_path: Path) -> None:
    file = write_parquet(tmp_path / "a.parquet", [focus()])
    file.write_bytes(gzip.compress(file.read_bytes()))
    assert "a.parquet: a Parquet file packed with gzip: unpack it" in refused(InputError, file)


def test_a_row_that_is_cut_short(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [focus(), focus()])
    file.write_bytes(file.read_bytes()[:-60])
    assert "a.csv: row 2 has " in refused(InputError, file)


def test_a_column_that_stands_twice(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [focus()])
    file.write_text(file.read_text().replace("ServiceName", "BilledCost", 1))
    assert "'BilledCost' stands twice" in refused(InputError, file)


def test_two_formats_in_one_folder(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [focus()])
    write_csv(tmp_path / "b.csv", [cur()])
    message = refused(InputError, tmp_path)
    assert f"CUR 2.0 (1 file, such as {tmp_path}/b.csv) and FOCUS 1.2 (1 file, such as {tmp_path}/a.csv)" in message
    assert "Formats are not mixed: name the files of one of them only, best of CUR 2.0. " in message


def test_csv_and_parquet_of_one_export(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [focus()])
    write_parquet(tmp_path / "a.parquet", [focus()])
    assert "hold the same sums" in refused(InputError, tmp_path)


def test_two_deliveries_of_one_month(tmp_path: Path) -> None:
    for run in ("20261101T000000-aa", "20261102T000000-bb"):
        write_csv(tmp_path / "data/BILLING_PERIOD=2026-10" / run / "a-00001.csv.gz", [focus(BilledCost="1")])
    message = refused(InputError, tmp_path)
    assert "20261101T000000-aa, 20261102T000000-bb" in message


def test_a_foreign_csv_shows_how_it_starts(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,colour\napple,red\n")
    assert "no known billing format; its header starts with 'name', 'colour'" in refused(InputError, tmp_path)


def test_a_binary_file_is_not_printed_whole(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"\0" * 100_000)
    assert len(refused(InputError, tmp_path / "a.csv")) < 600


def test_a_damaged_zip(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 and no more")
    assert "a damaged ZIP archive" in refused(InputError, tmp_path)


def test_cost_explorer_is_seen_even_among_manifests(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"GroupDefinitions": [], "ResultsByTime": []}))
    assert "this answer of Cost Explorer is not grouped" in refused(IncompleteError, tmp_path)


@pytest.mark.parametrize("text", ["{", "[1, 2", '{"a": nope}', "[" * 100_000])
def test_a_broken_json_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    assert "not a JSON document" in refused(InputError, tmp_path / "a.json")


@pytest.mark.parametrize("column", ["BilledCost", "EffectiveCost", "BillingCurrency", "ChargeCategory"])
def test_a_missing_column_of_focus(tmp_path: Path, column: str) -> None:
    message = refused(IncompleteError, write_csv(tmp_path / "a.csv", without([focus()], column)))
    assert f"the column {column} is missing, which is needed for " in message


@pytest.mark.parametrize(
    "column",
    [
        *("line_item_unblended_cost", "line_item_usage_type", "line_item_line_item_type"),
        *("line_item_usage_start_date", "line_item_usage_account_id"),
    ],
)
def test_a_missing_column_of_cur(tmp_path: Path, column: str) -> None:
    message = refused(IncompleteError, write_csv(tmp_path / "a.csv", without([cur()], column)))
    assert f"the column {column} is missing, which is needed for " in message


@pytest.mark.parametrize(
    ("line_item_type", "column"),
    [
        ("SavingsPlanCoveredUsage", "savings_plan_savings_plan_effective_cost"),
        ("SavingsPlanRecurringFee", "savings_plan_used_commitment"),
        ("DiscountedUsage", "reservation_effective_cost"),
        ("RIFee", "reservation_unused_recurring_fee"),
    ],
)
def test_a_column_that_only_some_lines_need(tmp_path: Path, line_item_type: str, column: str) -> None:
    plain = without([cur(), cur()], column)
    assert read_bill([str(write_csv(tmp_path / "plain.csv", plain))]).rows == 2
    rows = without([cur(), cur(line_item_line_item_type=line_item_type)], column)
    assert f"the column {column} is missing" in refused(IncompleteError, write_csv(tmp_path / "a.csv", rows))


@pytest.mark.parametrize("make", [focus, cur])
@pytest.mark.parametrize("value", ["abc", "NaN", "Infinity", "1,5", ""])
def test_a_cost_that_is_no_amount_is_placed(tmp_path: Path, make: Callable[..., Row], value: str) -> None:
    column = "BilledCost" if make is focus else "line_item_unblended_cost"
    file = write_csv(tmp_path / "a.csv.gz", [make(), make(), make(**{column: value})])
    said = repr(value) if value else "nothing stands there, where an amount is needed"
    assert f"a.csv.gz: column {column}, row 3: {said}" in refused(InputError, file)


EC2 = {"x_ServiceCode": "AmazonEC2", "ServiceName": "EC2", "x_UsageType": "EBS"}


@pytest.mark.parametrize(
    ("other", "column", "value"),
    [
        *[(other, "EffectiveCost", value) for other in ({}, EC2) for value in ("x", "")],
        *[({}, column, "1..2") for column in ("ListCost", "PricingQuantity")],  # read of charges only
    ],
)
def test_another_amount_that_is_none_is_placed(tmp_path: Path, other: Row, column: str, value: str) -> None:
    write_csv(tmp_path / "a.csv", [focus()])
    file = write_csv(tmp_path / "b.csv", [focus(), focus(**other | {column: value})])
    said = repr(value) if value else "nothing stands there, where an amount is needed"
    assert f"b.csv: column {column}, row 2: {said}" in refused(InputError, tmp_path / "a.csv", file)


@pytest.mark.parametrize("value", ["nan", "inf"])
def test_a_double_that_is_no_amount_is_placed(tmp_path: Path, value: str) -> None:
    file = write_parquet(tmp_path / "a.parquet", [focus(), focus(BilledCost=value)])
    assert f"a.parquet: column BilledCost, row 2: {value}" in refused(InputError, file)
    file = write_parquet(tmp_path / "a.parquet", [focus(), focus(EffectiveCost=value)])
    assert f"a.parquet: column EffectiveCost, row 2: {value}" in refused(InputError, file)


@pytest.mark.parametrize("value", ["soon", "2026-10-31T00:00:00+02:00", ""])
def test_a_time_that_is_none_is_placed(tmp_path: Path, value: str) -> None:
    file = write_csv(tmp_path / "a.csv", [focus(), focus(ChargePeriodStart=value)])
    assert "a.csv: column ChargePeriodStart, row 2: " in refused(InputError, file)


def test_a_column_of_the_wrong_type(tmp_path: Path) -> None:
    file = write_parquet(tmp_path / "a.parquet", [focus()])
    pl.read_parquet(file).with_columns(pl.lit(value=True).alias("EffectiveCost")).write_parquet(file)
    assert "EffectiveCost is of type Boolean, where amounts are expected" in refused(InputError, file)


@pytest.mark.parametrize("tags", ["not json", "[1]", '{"a":', "[" * 50_000])
def test_tags_that_are_no_object(tmp_path: Path, tags: str) -> None:
    write_csv(tmp_path / "a.csv", [focus(BilledCost="9")])
    file = write_csv(tmp_path / "b.csv", [focus(Tags=tags)])
    assert "b.csv: tags are no JSON object: " in refused(InputError, tmp_path / "a.csv", file)


@pytest.mark.parametrize(("make", "start"), [(focus, "ChargePeriodStart"), (cur, "line_item_usage_start_date")])
def test_a_charge_that_ends_before_it_starts(tmp_path: Path, make: Callable[..., Row], start: str) -> None:
    rows = [make(), make(**{start: "9999-12-31T23:00:00Z"})]
    for file in (write_csv(tmp_path / "a.csv", rows), write_parquet(tmp_path / "a.parquet", rows)):
        said = f"{file.name}: row 2: a charge period ends before its start: from 9999-12-31 23:00 to 2026-"
        assert said in refused(InputError, file)


@pytest.mark.parametrize("make", [focus, cur])
@pytest.mark.parametrize("quantity", ["1000000000", "-1000000000000000"])
def test_a_quantity_that_nobody_can_have_used(tmp_path: Path, make: Callable[..., Row], quantity: str) -> None:
    column = "PricingQuantity" if make is focus else "line_item_usage_amount"
    file = write_csv(tmp_path / "a.csv", [make(), make(**{column: quantity})])
    message = refused(InputError, file)
    assert f"a.csv: row 2: {quantity} Hrs of 'USE1-Host:ml.g5.xlarge' in one row" in message


@pytest.mark.parametrize("rows_end", ["\r", "\r\n", "\n"])
def test_a_header_that_ends_as_old_macs_wrote_it(tmp_path: Path, rows_end: str) -> None:
    header, *rows = write_csv(tmp_path / "a.csv", [focus(), focus()]).read_text().splitlines()
    (tmp_path / "a.csv").write_bytes((header + "\r" + rows_end.join([*rows, ""])).encode())
    assert "a.csv: its header ends with a carriage return alone" in refused(InputError, tmp_path)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_time_of_parquet_that_no_calendar_has(tmp_path: Path) -> None:
    file = write_parquet(tmp_path / "a.parquet", [focus()])
    wild = pl.Series([2**62], dtype=pl.Int64).cast(pl.Datetime("ms")).alias("BillingPeriodStart")
    pl.read_parquet(file).with_columns(wild).write_parquet(file)
    assert "a.parquet: " in refused(InputError, file)
