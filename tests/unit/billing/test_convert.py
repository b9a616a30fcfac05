"""An export that was kept: read again it says the same, whatever it was."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from infercost.billing.bill import Bill, read_bill
from infercost.billing.convert import convert
from infercost.schema.errors import IncompleteError, InputError, UsageError
from unit.billing.make_exports import Row, cur, focus, write_csv, write_parquet

EC2 = {"line_item_product_code": "AmazonEC2", "line_item_usage_type": "BoxUsage:t3.micro", "product": ""}
SEPTEMBER = {
    "bill_billing_period_start_date": "2026-09-01T00:00:00Z",
    "line_item_usage_start_date": "2026-09-28T00:00:00Z",
    "line_item_usage_end_date": "2026-09-28T01:00:00Z",
}
MIXED = [
    cur(),
    cur(line_item_unblended_cost="0.123456789", resource_tags='{"user_team": "Zo\u00eb \u2028 \\u0007"}'),
    cur(line_item_line_item_type="Tax", line_item_usage_type="", line_item_unblended_cost="-0.3"),
    cur(line_item_line_item_type="Novelty"),
    cur(**EC2),
    cur(**EC2, line_item_operation="EKSPod-EC2"),
    cur(**SEPTEMBER),
    cur(**SEPTEMBER, **EC2, bill_invoice_id=""),
    cur(bill_payer_account_id="000000000007"),
]


def same(one: Bill, other: Bill) -> None:
    for name, value in vars(one).items():
        if isinstance(value, pl.DataFrame):
            assert_frame_equal(value, getattr(other, name))
        else:
            assert value == getattr(other, name), name


@pytest.mark.parametrize("write", [write_csv, write_parquet])
@pytest.mark.parametrize("month", [None, "2026-09", "2026-10"])
def test_charges_that_were_kept_make_the_same_bill(
    tmp_path: Path, write: Callable[[Path, list[Row]], Path], month: str | None
) -> None:
    for number, rows in enumerate((MIXED, MIXED[:3], [cur(**SEPTEMBER, line_item_resource_id="arn:x")])):
        write(tmp_path / f"export/{number}", rows)
    paths = [str(tmp_path / "export")]
    done = convert(paths, tmp_path / "kept.parquet")
    assert done.rows == done.charges + sum(done.set_aside.values()) == len(MIXED) + 4
    same(read_bill([str(tmp_path / "kept.parquet")], month=month), read_bill(paths, month=month))


def test_focus_that_was_kept_makes_the_same_bill(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv.gz", [focus(), focus(x_ServiceCode="AmazonEC2", ServiceName="EC2")])
    convert([str(file)], tmp_path / "kept.parquet")
    same(read_bill([str(tmp_path / "kept.parquet")]), read_bill([str(file)]))


def test_what_was_kept_can_be_kept_again_and_written_as_focus(tmp_path: Path) -> None:
    file = write_parquet(tmp_path / "a.parquet", MIXED)
    convert([str(file)], tmp_path / "b.parquet")
    convert([str(tmp_path / "b.parquet")], tmp_path / "c.parquet")
    same(read_bill([str(tmp_path / "c.parquet")]), read_bill([str(file)]))
    done = convert([str(tmp_path / "c.parquet")], tmp_path / "d.csv", "focus")
    assert done.written == (tmp_path / "d.csv",)
    assert read_bill([str(tmp_path / "d.csv")]).format == "FOCUS 1.2"


def test_months_kept_by_themselves_are_one_account(tmp_path: Path) -> None:
    october = write_parquet(tmp_path / "10.parquet", [cur(), cur(**EC2)])
    september = write_parquet(tmp_path / "09.parquet", [cur(**SEPTEMBER), cur(**SEPTEMBER, **EC2)])
    kept = [tmp_path / "kept-10.parquet", tmp_path / "kept-09.parquet"]
    for file, target in zip((october, september), kept, strict=True):
        convert([str(file)], target)
    bill = read_bill([str(file) for file in kept])
    assert (bill.rows, bill.charges.height, bill.set_aside) == (2, 1, {"other month": 2, "other service": 1})
    (tmp_path / "again.parquet").write_bytes(kept[0].read_bytes())
    with pytest.raises(InputError, match="both hold 2026-10 of 012345678901: every charge would count twice"):
        read_bill([str(kept[0]), str(tmp_path / "again.parquet")])


def test_an_export_beside_what_was_kept_of_it_would_count_twice(tmp_path: Path) -> None:
    file = write_parquet(tmp_path / "a.parquet", [cur()])
    convert([str(file)], tmp_path / "kept.parquet")
    with pytest.raises(InputError, match="Formats are not mixed: name the files of one of them only, best of CUR"):
        read_bill([str(tmp_path)])


def test_months_of_two_formats_are_one_account_once_each_is_written_as_focus(tmp_path: Path) -> None:
    write_parquet(tmp_path / "09.parquet", [cur(**SEPTEMBER)])
    write_parquet(tmp_path / "10.parquet", [focus()])
    with pytest.raises(
        InputError, match="Where they hold different months, write each as FOCUS with `infercost bill c"
    ):
        read_bill([str(tmp_path)])
    kept = [tmp_path / "kept-09.parquet", tmp_path / "kept-10.parquet"]
    for month, target in zip(("09", "10"), kept, strict=True):
        convert([str(tmp_path / f"{month}.parquet")], target, "focus")
    assert read_bill([str(file) for file in kept]).set_aside == {"other month": 1}


def test_kept_charges_that_another_program_changed_are_refused(tmp_path: Path) -> None:
    kept = tmp_path / "kept.parquet"
    convert([str(write_parquet(tmp_path / "a.parquet", [cur(), cur()]))], kept)
    told = pl.read_parquet_metadata(kept)["infercost"]
    charges = pl.read_parquet(kept)
    charges.head(1).write_parquet(kept, metadata={"infercost": told})
    with pytest.raises(IncompleteError, match=r"1 charges of .* are in it, 2 of .* were written: convert"):
        read_bill([str(kept)])
    charges.write_parquet(kept)
    with pytest.raises(InputError, match="what the export came to is missing: convert the export again"):
        read_bill([str(kept)])
    for damaged in (told.replace('"version":1', '"version":99'), "{", told.replace('"rows":[2]', '"rows":["two"]')):
        assert damaged != told
        charges.write_parquet(kept, metadata={"infercost": damaged})
        with pytest.raises(InputError, match="from another version of infercost, or damaged: convert it again"):
            read_bill([str(kept)])


def test_a_failed_conversion_leaves_what_was_there(tmp_path: Path) -> None:
    kept = tmp_path / "kept.parquet"
    kept.write_text("old")
    with pytest.raises(InputError, match="tags are no JSON object"):
        convert([str(write_csv(tmp_path / "a.csv", [cur(resource_tags="[1]")]))], kept)
    assert kept.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "kept.parquet"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [cur()])
    with pytest.raises(UsageError, match="cannot be written"):
        convert([str(file)], tmp_path / "nowhere/kept.parquet")
