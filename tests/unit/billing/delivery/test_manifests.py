"""Exactly the files of the newest complete manifest of each month, whatever of a bucket was copied, and how."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from infercost.billing.delivery.deliver import deliver
from infercost.schema.errors import IncompleteError, InputError
from unit.billing.delivery.make_deliveries import (
    athena_keys,
    export_keys,
    export_manifest,
    export_manifest_keys,
    legacy_keys,
    legacy_manifest,
    legacy_manifest_keys,
    put,
)

OLD, NEW = "20261102T010203Z", "20261103T010203Z"


def delivered(*paths: Path, month: str | None = None) -> tuple[set[str], list[tuple[str, str | None, str]], list[str]]:
    with deliver([str(path) for path in paths], month=month) as found:
        aside = [(name, of_month, reason) for name, of_month, reason in map(_fields, found.set_aside)]
        return {file.name for file in found.files}, aside, list(found.warnings)


def _fields(aside: object) -> tuple[str, str | None, str]:
    return aside.name, aside.month, aside.reason  # type: ignore[attr-defined]


def put_legacy(root: Path, month: str, assembly: str, files: int = 2, *, current: bool = True) -> list[str]:
    keys = legacy_keys(month, assembly, files)
    own = legacy_manifest_keys(month, assembly)
    for key in keys:
        put(root, key)
    for key in own if current else own[1:]:
        put(root, key, legacy_manifest(month, assembly, keys))
    return keys


def paths_of(root: Path, keys: Sequence[str]) -> set[str]:
    return {str(root / key) for key in keys}


def test_the_newest_assembly_of_a_legacy_cur(tmp_path: Path) -> None:
    put_legacy(tmp_path, "2026-10", OLD, 3)
    newest = put_legacy(tmp_path, "2026-10", NEW, 2)
    files, aside, warnings = delivered(tmp_path)
    assert files == paths_of(tmp_path, newest)
    assert aside == [(OLD, "2026-10", f"older than {NEW}, which restates the month")]
    assert not warnings


def test_a_newer_assembly_than_the_month_points_to(tmp_path: Path) -> None:
    put_legacy(tmp_path, "2026-10", OLD)
    newest = put_legacy(tmp_path, "2026-10", NEW, current=False)
    assert delivered(tmp_path)[0] == paths_of(tmp_path, newest)


def test_months_are_chosen_each_by_itself(tmp_path: Path) -> None:
    october = put_legacy(tmp_path, "2026-10", NEW)
    september = put_legacy(tmp_path, "2026-09", OLD)
    assert delivered(tmp_path)[0] == paths_of(tmp_path, october + september)


def test_what_a_refresh_left_behind_is_not_read(tmp_path: Path) -> None:
    keys = legacy_keys("2026-10", None, 3)
    for key in keys:
        put(tmp_path, key)
    put(tmp_path, legacy_manifest_keys("2026-10", NEW)[0], legacy_manifest("2026-10", NEW, keys[:2]))
    files, aside, _ = delivered(tmp_path)
    assert files == paths_of(tmp_path, keys[:2])
    assert aside == [(str(tmp_path / keys[2]), "2026-10", "in no manifest")]


def test_old_assemblies_have_ids_without_a_time_and_the_month_says_which_one_counts(tmp_path: Path) -> None:
    first, second = "ffffffff-0000-4000-8000-000000000000", "00000000-ffff-4000-8000-000000000000"
    put_legacy(tmp_path, "2019-10", second, current=False)
    current = put_legacy(tmp_path, "2019-10", first)
    later = put_legacy(tmp_path, "2019-10", "12345678-ffff-4000-8000-000000000000", current=False)
    os.utime(tmp_path / later[0], (2e9, 2e9))
    files, _, warnings = delivered(tmp_path)
    assert files == paths_of(tmp_path, current)
    assert not warnings


def test_without_the_months_own_manifest_the_time_of_the_files_tells_and_is_named(tmp_path: Path) -> None:
    ids = ["ffffffff-0000-4000-8000-000000000000", "00000000-ffff-4000-8000-000000000000"]
    newer, older = (put_legacy(tmp_path, "2019-10", assembly, current=False) for assembly in ids)
    for when, assembly in ((1.6e9, ids[0]), (1.5e9, ids[1])):
        os.utime(tmp_path / legacy_manifest_keys("2019-10", assembly)[1], (when, when))
    files, _, warnings = delivered(tmp_path)
    assert files == paths_of(tmp_path, newer) != paths_of(tmp_path, older)
    assert warnings == [f"2019-10: that {ids[0]} is its newest delivery is told by the time of the manifests alone"]
    os.utime(tmp_path / legacy_manifest_keys("2019-10", ids[1])[1], (1.6e9, 1.6e9))
    with pytest.raises(InputError, match="two deliveries of 2019-10, and nothing tells which one is newer"):
        delivered(tmp_path)


def test_a_missing_file_makes_way_for_an_older_complete_delivery(tmp_path: Path) -> None:
    older = put_legacy(tmp_path, "2026-10", OLD)
    newest = put_legacy(tmp_path, "2026-10", NEW)
    (tmp_path / newest[1]).unlink()
    files, aside, warnings = delivered(tmp_path)
    assert files == paths_of(tmp_path, older)
    manifest = tmp_path / legacy_manifest_keys("2026-10", NEW)[0]
    lacks = f"names {newest[1]}, which is not there"
    assert warnings == [f"{manifest}: the manifest {lacks}: 2026-10 is read from the older delivery {OLD} instead"]
    assert aside == [(NEW, "2026-10", f"incomplete: its manifest {lacks}")]


def test_a_missing_file_without_another_delivery(tmp_path: Path) -> None:
    newest = put_legacy(tmp_path, "2026-10", NEW)
    put_legacy(tmp_path, "2026-09", OLD)
    (tmp_path / newest[0]).unlink()
    with pytest.raises(IncompleteError, match=r"daily-Manifest\.json: the manifest names .*daily-00001") as caught:
        delivered(tmp_path)
    assert newest[0] in str(caught.value)
    assert "no other delivery of 2026-10 is complete" in str(caught.value)


def test_a_file_of_an_older_assembly_does_not_stand_in_for_a_missing_one(tmp_path: Path) -> None:
    """Parts have the same names in every assembly and month; without its manifest an old one can't be told."""
    older = put_legacy(tmp_path, "2026-10", OLD)
    newest = put_legacy(tmp_path, "2026-10", NEW)
    for key in (legacy_manifest_keys("2026-10", OLD)[1], newest[0]):
        (tmp_path / key).unlink()
    assert (tmp_path / older[0]).exists()
    with pytest.raises(IncompleteError, match="which is not there"):
        delivered(tmp_path)


def test_the_same_month_of_another_year_does_not_stand_in(tmp_path: Path) -> None:
    for month in ("2025-10", "2026-10"):
        (key,) = athena_keys(month)
        put(tmp_path, legacy_manifest_keys(month, NEW)[0], legacy_manifest(month, NEW, [key]))
    put(tmp_path, athena_keys("2025-10")[0])
    with pytest.raises(IncompleteError, match=r"year=2026/month=10/daily-00001\.snappy\.parquet, which is not there"):
        delivered(tmp_path)


def test_a_legacy_cur_for_athena(tmp_path: Path) -> None:
    for month in ("2026-09", "2026-10"):
        keys = athena_keys(month)
        put(tmp_path, keys[0])
        put(tmp_path, legacy_manifest_keys(month, NEW)[0], legacy_manifest(month, NEW, keys))
    put(tmp_path, "cur/daily/daily/year=2026/month=9/left-behind.snappy.parquet")
    files, aside, _ = delivered(tmp_path)
    assert files == paths_of(tmp_path, athena_keys("2026-09") + athena_keys("2026-10"))
    assert [(month, reason) for _, month, reason in aside] == [("2026-09", "in no manifest")]


@pytest.mark.parametrize("execution", ["2026-11-03T01:02:03.456Z-5d2f", "5d2f7c6e-0000-4000-8000-000000000000", None])
def test_a_data_export(tmp_path: Path, execution: str | None) -> None:
    keys = export_keys("2026-10", execution)
    for key in [*keys, "exports/daily/data/BILLING_PERIOD=2026-10/left/daily-00001.csv.gz"]:
        put(tmp_path, key)
    put(tmp_path, export_manifest_keys("2026-10", "x")[0], export_manifest("5d2f", keys))
    files, aside, _ = delivered(tmp_path)
    assert files == paths_of(tmp_path, keys)
    assert [(month, reason) for _, month, reason in aside] == [("2026-10", "in no manifest")]


def test_the_newest_execution_is_told_by_the_time_in_the_folder_of_its_files(tmp_path: Path) -> None:
    for second, execution in enumerate(("ffff", "0000")):
        folder = f"2026-11-0{second + 1}T01:02:03.456Z-{execution}"
        keys = export_keys("2026-10", folder)
        for key in keys:
            put(tmp_path, key)
        put(tmp_path, export_manifest_keys("2026-10", folder)[1], export_manifest(execution, keys))
    assert delivered(tmp_path)[0] == paths_of(tmp_path, keys)


def test_data_files_may_be_objects(tmp_path: Path) -> None:
    keys = export_keys("2026-10", None)
    for key in keys:
        put(tmp_path, key)
    manifest = json.dumps({"executionId": "a", "dataFiles": [{"s3Uri": f"s3://b/{keys[0]}"}, {"key": keys[1]}]})
    put(tmp_path, export_manifest_keys("2026-10", "a")[0], manifest)
    assert delivered(tmp_path)[0] == paths_of(tmp_path, keys)


def test_a_month_copied_into_one_flat_folder(tmp_path: Path) -> None:
    keys = legacy_keys("2026-10", NEW)
    for key in keys:
        put(tmp_path / "october", Path(key).name)
    put(tmp_path / "october", "daily-Manifest.json", legacy_manifest("2026-10", NEW, keys))
    put(tmp_path / "october" / "before", Path(keys[0]).name)
    files, aside, _ = delivered(tmp_path)
    assert files == {str(tmp_path / "october" / Path(key).name) for key in keys}
    assert aside == [(str(tmp_path / "october" / "before" / "daily-00001.csv.gz"), None, "in no manifest")]


def test_flat_folders_of_several_months(tmp_path: Path) -> None:
    for month in ("2026-09", "2026-10"):
        keys = legacy_keys(month, NEW)
        for key in keys:
            put(tmp_path / month, Path(key).name)
        put(tmp_path / month, "daily-Manifest.json", legacy_manifest(month, NEW, keys))
    assert len(delivered(tmp_path)[0]) == 4
    (tmp_path / "2026-10" / "daily-00002.csv.gz").unlink()
    with pytest.raises(IncompleteError, match="which is not there"):
        delivered(tmp_path)


def test_two_downloads_of_one_delivery_are_read_once(tmp_path: Path) -> None:
    for root in ("a", "b"):
        keys = put_legacy(tmp_path / root, "2026-10", NEW)
    files, aside, _ = delivered(tmp_path)
    assert files in (paths_of(tmp_path / "a", keys), paths_of(tmp_path / "b", keys))
    assert aside == [(NEW, "2026-10", "the same delivery once more")]


def test_two_downloads_of_an_export_that_overwrites_itself(tmp_path: Path) -> None:
    """Ids without a time: which one is newer is told by the files' times, and that is said."""
    keys = export_keys("2026-10", None)
    for when, root in enumerate(("monday", "tuesday"), start=1):
        for key in keys:
            put(tmp_path / root, key)
        manifest = put(tmp_path / root, export_manifest_keys("2026-10", "x")[0], export_manifest(root, keys))
        os.utime(manifest, (when, when))
    files, aside, warnings = delivered(tmp_path)
    assert files == paths_of(tmp_path / "tuesday", keys)
    assert aside == [("monday", "2026-10", "older than tuesday, which restates the month")]
    assert warnings == ["2026-10: that tuesday is its newest delivery is told by the time of the manifests alone"]


def test_keys_of_a_report_without_a_prefix(tmp_path: Path) -> None:
    """AWS begins them with a slash, and a copy has none."""
    keys = legacy_keys("2026-10", NEW)
    for key in keys:
        put(tmp_path, key)
    slashed = [f"/{key}" for key in keys[:1]] + [f"cur//{key}" for key in keys[1:]]
    put(tmp_path, legacy_manifest_keys("2026-10", NEW)[0], legacy_manifest("2026-10", NEW, slashed))
    assert delivered(tmp_path)[0] == paths_of(tmp_path, keys)


def test_very_many_deliveries(tmp_path: Path) -> None:
    """Two years of assemblies, three a day: found by the folder around a file, not by looking at all of its name."""
    keys = [key for minute in range(60) for key in put_legacy(tmp_path, "2026-10", f"20261103T01{minute:02}03Z", 20)]
    assert delivered(tmp_path)[0] == paths_of(tmp_path, keys[-20:])


def test_a_month_without_its_manifest_is_read_beside_one_that_has_it(tmp_path: Path) -> None:
    october = put_legacy(tmp_path, "2026-10", NEW)
    september = legacy_keys("2026-09", OLD)
    for key in september:
        put(tmp_path, key)
    assert delivered(tmp_path)[0] == paths_of(tmp_path, october + september)


@pytest.mark.parametrize("keys", [legacy_keys, export_keys])
def test_several_deliveries_without_manifests(tmp_path: Path, keys: object) -> None:
    for assembly in (OLD, NEW):
        for key in keys("2026-10", assembly):  # type: ignore[operator]
            put(tmp_path, key)
    with pytest.raises(InputError, match=rf"several deliveries of 2026-10 \({OLD}, {NEW}\)"):
        delivered(tmp_path)


def test_padded_and_unpadded_months_are_one_month(tmp_path: Path) -> None:
    put(tmp_path, "year=2026/month=9/a.parquet")
    put(tmp_path, "year=2026/month=09/a.parquet")
    with pytest.raises(InputError, match=r"several deliveries of 2026-09 \(month=09, month=9\)"):
        delivered(tmp_path)


def test_partitions_below_a_month_are_no_deliveries(tmp_path: Path) -> None:
    for account in ("1", "2"):
        put(tmp_path, f"BILLING_PERIOD=2026-10/account={account}/a.parquet")
    assert len(delivered(tmp_path)[0]) == 2


def test_one_month_asked_for(tmp_path: Path) -> None:
    october, september = put_legacy(tmp_path, "2026-10", NEW), put_legacy(tmp_path, "2026-09", OLD)
    files, aside, _ = delivered(tmp_path, month="2026-09")
    assert files == paths_of(tmp_path, september)
    assert aside == [("012345678901:daily", "2026-10", "another month than 2026-09")]
    assert delivered(tmp_path, month="2020-01")[0] == paths_of(tmp_path, october + september)


def test_an_incomplete_month_that_is_not_asked_for(tmp_path: Path) -> None:
    october, september = put_legacy(tmp_path, "2026-10", NEW), put_legacy(tmp_path, "2026-09", OLD)
    (tmp_path / october[0]).unlink()
    assert delivered(tmp_path, month="2026-09")[0] == paths_of(tmp_path, september)


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ('{"reportKeys": ["cur/../../etc/passwd"]}', r"names 'cur/../../etc/passwd', which is no file of an export"),
        ('{"reportKeys": ["a\\\\b.csv"]}', "no file of an export"),
        ('{"dataFiles": ["s3://bucket/"]}', "names 's3://bucket/'"),
        ('{"dataFiles": [{"other": "a"}]}', "names ''"),
        ('{"reportKeys": "a.csv"}', "reportKeys: Input should be a valid array"),
        ('{"reportKeys": [1]}', r"reportKeys\.0: Input should be a valid string"),
        ('{"reportKeys": ["a.csv"], "billingPeriod": 7}', "billingPeriod: Input should be"),
        ('{"reportKeys": ["a.csv"]', "Invalid JSON"),
        ('["reportKeys"]', "not a manifest that can be read"),
        ('{"reportKeys": ["a.csv"], "billingPeriod": {"start": "yesterday"}}', "names no billing period"),
        ('{"reportKeys": ["a.csv"], "x": ' + "[" * 5000 + "]" * 5000 + "}", "Invalid JSON: recursion limit"),
    ],
)
def test_a_manifest_that_cannot_be_followed(tmp_path: Path, manifest: str, said: str) -> None:
    put(tmp_path, "a.csv")
    put(tmp_path, "a-Manifest.json", manifest)
    with pytest.raises(InputError, match=said) as caught:
        delivered(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path}/a-Manifest.json: ")
    assert len(str(caught.value)) < 400


def test_a_manifest_of_very_many_files(tmp_path: Path) -> None:
    keys = legacy_keys("2026-10", NEW, 100_000)
    put(tmp_path, keys[0])
    put(tmp_path, legacy_manifest_keys("2026-10", NEW)[0], legacy_manifest("2026-10", NEW, keys))
    with pytest.raises(IncompleteError, match=r"daily-00002\.csv\.gz, which is not there"):
        delivered(tmp_path)


def test_an_empty_delivery_makes_way(tmp_path: Path) -> None:
    older = put_legacy(tmp_path, "2026-10", OLD, current=False)
    put(tmp_path, legacy_manifest_keys("2026-10", NEW)[0], legacy_manifest("2026-10", NEW, []))
    files, _, warnings = delivered(tmp_path)
    assert files == paths_of(tmp_path, older)
    assert "the manifest names no file: 2026-10 is read from the older delivery" in warnings[0]


def test_other_documents_are_passed_over(tmp_path: Path) -> None:
    file = put(tmp_path, "a.csv")
    put(tmp_path, "package.json", '{"name": "reportKeys"}')
    put(tmp_path, "broken.json", "{")
    assert delivered(tmp_path) == ({str(file)}, [], [])


def test_what_aws_leaves_beside_an_export(tmp_path: Path) -> None:
    file = put(tmp_path, "data/0001_part")  # as Athena writes tables: no extension
    for name in ("aws-programmatic-access-test-object", "create-table.sql", "a.csv.metadata", "crawler.yml"):
        put(tmp_path, name, "test")
    assert delivered(tmp_path) == ({str(file)}, [], [])
