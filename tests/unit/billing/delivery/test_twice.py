"""The same month from two exports is refused; two payers side by side are not."""

from pathlib import Path

import polars as pl
import pytest

from infercost.billing.delivery.deliver import Delivered, deliver
from infercost.billing.delivery.twice import refuse_twice
from infercost.schema.errors import InputError
from unit.billing.delivery.make_deliveries import EXPORT_ARN, export_keys, export_manifest, export_manifest_keys, put


def rows(*found: tuple[str, str, str | None]) -> pl.DataFrame:
    return pl.DataFrame(found, ["source_file", "month", "billing_account_id"], orient="row")


def two_exports(root: Path) -> tuple[Delivered, str, str]:
    first = put(root, "old/BILLING_PERIOD=2026-10/a.parquet")
    second = put(root, "new/data/BILLING_PERIOD=2026-10/a.parquet")
    with deliver([str(root)]) as delivered:
        return delivered, str(first), str(second)


def test_one_payer_from_two_exports(tmp_path: Path) -> None:
    delivered, old, new = two_exports(tmp_path)
    with pytest.raises(InputError) as caught:
        refuse_twice(delivered, rows((old, "2026-10", "1"), (new, "2026-10", "1")))
    assert str(caught.value).startswith(f"{new} and {old} belong to two exports, and both charge 1 for 2026-10: ")


def test_two_payers_or_two_months(tmp_path: Path) -> None:
    delivered, old, new = two_exports(tmp_path)
    refuse_twice(delivered, rows((old, "2026-10", "1"), (new, "2026-10", "2"), (new, "2026-10", None)))
    refuse_twice(delivered, rows((old, "2026-09", "1"), (new, "2026-10", "1")))


def test_files_of_one_export(tmp_path: Path) -> None:
    keys = export_keys("2026-10", "x", 2)
    files = [str(put(tmp_path, key)) for key in keys]
    put(tmp_path, export_manifest_keys("2026-10", "x")[0], export_manifest("x", keys))
    with deliver([str(tmp_path)]) as delivered:
        assert set(delivered.exports.values()) == {EXPORT_ARN}
        refuse_twice(delivered, rows(*((file, "2026-10", "1") for file in files)))


def test_a_stray_file_beside_an_export(tmp_path: Path) -> None:
    partition = str(put(tmp_path, "data/BILLING_PERIOD=2026-10/a.parquet"))
    stray = str(put(tmp_path, "b.parquet"))
    with deliver([str(tmp_path)]) as delivered, pytest.raises(InputError, match="belong to two exports"):
        refuse_twice(delivered, rows((partition, "2026-10", "1"), (stray, "2026-10", "1")))
