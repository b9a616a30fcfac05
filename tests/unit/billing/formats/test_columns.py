"""Columns by any spelling, maps of any kind, and tags from a column each."""

import json
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infercost.billing.bill import read_bill
from infercost.billing.delivery.file import File
from infercost.billing.formats import FORMATS
from infercost.billing.reading.columns import Columns
from infercost.billing.reading.head import Head
from infercost.billing.reading.names import in_athena, plain
from infercost.schema.errors import IncompleteError, InputError
from unit.billing.formats.reading import fields_of
from unit.billing.legacy_exports import as_legacy, legacy, snake
from unit.billing.make_exports import CUR, focus, write_csv
from unit.billing.make_exports import cur as cur_2


def columns_of(frame: pl.DataFrame) -> Columns:
    return Columns(Head(File.at("a.parquet"), "parquet", tuple(frame.schema.items())))


def cell(expression: pl.Expr, frame: pl.DataFrame) -> Any:  # noqa: ANN401 -- whatever the column holds
    return frame.select(value=expression).item()


@pytest.mark.parametrize(
    "name",
    ["savingsPlan/SavingsPlanARN", "savingsPlan/SavingsPlanArn", "savings_plan_savings_plan_a_r_n", "SAVINGS_PLAN_ARN"],
)
def test_a_column_is_found_however_it_is_spelled(name: str) -> None:
    columns = columns_of(pl.DataFrame({name: ["arn:1"]}))
    assert ("savings_plan_savings_plan_a_r_n" in columns) == (name != "SAVINGS_PLAN_ARN")


def test_names_of_legacy_cur_are_those_of_athena_by_rule() -> None:
    row = cur_2(product="", resource_tags="")
    for slashed, snaked in zip(legacy(**row), snake(**row), strict=True):
        assert in_athena(slashed) == snaked
        assert plain(slashed) == plain(snaked)


def test_no_two_columns_that_are_read_are_one_by_spelling() -> None:
    for its_format in FORMATS:
        names = [*its_format.needs, *(name for name in its_format.serves if name not in its_format.needs)]
        assert len({plain(name) for name in names}) == len(names)
    assert len({plain(name) for name in CUR}) == len(CUR)


def test_two_spellings_of_one_column_in_one_file_are_refused(tmp_path: Path) -> None:
    row = cur_2() | {"LINE_ITEM_UNBLENDED_COST": "2"}
    with pytest.raises(InputError, match="'line_item_unblended_cost' and 'LINE_ITEM_UNBLENDED_COST' mean the same"):
        read_bill([str(write_csv(tmp_path / "a.csv", [row]))])


def test_a_cell_that_cannot_be_read_is_named_as_its_file_spells_it(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [legacy(), legacy(line_item_usage_amount="much")])
    with pytest.raises(InputError, match="column lineItem/UsageAmount, row 2: 'much' is not an amount"):
        read_bill([str(file)])


def test_a_missing_column_is_named_as_its_format_spells_it(tmp_path: Path) -> None:
    row = legacy()
    del row["lineItem/UsageType"]
    with pytest.raises(IncompleteError, match="the column lineItem/UsageType is missing, which is needed for what was"):
        read_bill([str(write_csv(tmp_path / "a.csv", [row]))])


@pytest.mark.parametrize("dtype", [pl.Int64, pl.Float64, pl.Decimal(12, 0), pl.UInt64])
def test_zeros_in_front_of_account_ids_are_put_back_and_that_is_said(tmp_path: Path, dtype: pl.DataType) -> None:
    row = cur_2()
    frame = pl.DataFrame(row).with_columns(
        pl.col("line_item_usage_account_id", "bill_payer_account_id").cast(pl.Int64).cast(dtype)
    )
    frame.write_parquet(tmp_path / "a.parquet")
    bill = read_bill([str(tmp_path / "a.parquet")])
    assert bill.charges.select("billing_account_id", "sub_account_id").row(0) == ("012345678901", "000000000042")
    said = [warning for warning in bill.warnings if "That is an assumption" in warning]
    assert len(said) == 2
    assert "account ids of the column line_item_usage_account_id are numbers" in " ".join(said)


def test_ids_that_are_text_are_left_alone(tmp_path: Path) -> None:
    bill = read_bill([str(write_csv(tmp_path / "a.csv", [focus(BillingAccountId="42", SubAccountId="0000000000042")]))])
    assert bill.charges.select("billing_account_id", "sub_account_id").row(0) == ("42", "0000000000042")
    assert not [warning for warning in bill.warnings if "assumption" in warning]


MAPS = {
    "a map": pl.Series("m", [{"team": "risk"}], dtype=pl.Map(pl.String, pl.String)),
    "a list of pairs": pl.Series("m", [[{"key": "team", "value": "risk"}]]),
    "a struct": pl.Series("m", [{"team": "risk"}]),
    "JSON text": pl.Series("m", ['{"team":"risk"}']),
}


@pytest.mark.parametrize("kind", MAPS)
def test_a_map_is_json_whatever_it_is_stored_as(kind: str) -> None:
    frame = MAPS[kind].to_frame()
    columns = columns_of(frame)
    assert json.loads(cell(columns.json("m"), frame)) == {"team": "risk"}
    assert cell(columns.entry("m", "team"), frame) == "risk"
    assert cell(columns.entry("m", "owner"), frame) is None
    assert cell(columns.entry("n", "team"), frame) is None


@pytest.mark.parametrize(
    "values",
    [
        pl.Series("m", [{}, None], dtype=pl.Map(pl.String, pl.String)),
        pl.Series("m", [[], None], dtype=pl.List(pl.Struct({"key": pl.String, "value": pl.String}))),
        pl.Series("m", ["{}", None, "", "NULL"]),
    ],
    ids=str,
)
def test_an_empty_map_is_nothing(values: pl.Series) -> None:
    frame = values.to_frame()
    assert frame.select(value=columns_of(frame).json("m"))["value"].null_count() == frame.height


def test_a_number_is_no_map() -> None:
    frame = pl.DataFrame({"m": [1]})
    with pytest.raises(InputError, match="column m is of type Int64, where maps are expected"):
        columns_of(frame).json("m")


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=8).filter(lambda key: "\x00" not in key),
        st.text(max_size=8) | st.sampled_from(["", "NULL", "null", '"', "\\", "\x1b[31m", "a\nb", "{}", "\U0001f600"]),
        max_size=6,
    )
)
def test_tags_in_columns_become_one_object_of_those_that_are_filled(tags: dict[str, str]) -> None:
    frame = pl.DataFrame({"other": ["x"], **{f"resourceTags/{key}": [value] for key, value in tags.items()}})
    text = cell(columns_of(frame).gather("resourcetags/"), frame)
    filled = {key: value for key, value in tags.items() if value not in {"", "NULL", "null"}}
    assert (json.loads(text) if text else {}) == filled


def test_ten_thousand_columns_of_tags_are_read_quickly(tmp_path: Path) -> None:
    empty = legacy(resource_tags="{}") | {f"resourceTags/user:tag{number}": "" for number in range(10_000)}
    filled = [
        {f"resourceTags/user:tag{number}": f"v{number}", "resourceTags/user:tag9999": "a"} for number in range(99)
    ]
    file = write_csv(tmp_path / "a.csv", [empty | row for row in filled])
    started = time.process_time()  # the machine may be busy with others
    tags = fields_of(file)["tags"]
    assert time.process_time() - started < 10
    assert tags.to_list()[17] == '{"user:tag17":"v17","user:tag9999":"a"}'
    assert tags.n_unique() == 99


def test_hostile_tags_are_kept_and_harm_nothing(tmp_path: Path) -> None:
    tags = {"user_note": "\x1b[31m\u202e\x07=cmd()", "user_long": "x" * 1_000_000, "user_quote": '",}{"\\'}
    row = cur_2(resource_tags=json.dumps(tags))
    flat = {key.replace("user_", "user:"): value for key, value in tags.items()}
    for name, rows, expected in (("a.csv", [row], tags), ("b.csv", as_legacy([row]), flat)):
        assert json.loads(fields_of(write_csv(tmp_path / name, rows))["tags"].item()) == expected


def test_tags_that_differ_in_their_mark_only_are_both_kept(tmp_path: Path) -> None:
    row = legacy() | {"resourceTags/user:Team": "a", "resourceTags/team": "b", "resourceTags/aws:createdBy": "me"}
    tags = json.loads(read_bill([str(write_csv(tmp_path / "a.csv", [row]))]).charges["tags"].item())
    assert tags == {"Team": "a", "team": "b", "user:team": "risk", "app": "fraud", "aws:createdBy": "me"}


def test_columns_of_tags_that_differ_in_capitals_of_their_prefix_are_refused(tmp_path: Path) -> None:
    row = legacy() | {"ResourceTags/user:team": "other"}
    with pytest.raises(InputError, match="two columns are named"):
        read_bill([str(write_csv(tmp_path / "a.csv", [row]))])


@pytest.mark.parametrize("name", ["tags", "resource_tags"])
@pytest.mark.parametrize("key", ["user_team", "user:team", "team", "resourceTags/user:team", "resourceTag/team"])
def test_an_owner_finds_a_tag_by_its_name_however_the_map_marks_it(tmp_path: Path, name: str, key: str) -> None:
    row = cur_2() | {name: json.dumps({key: "risk", "iamPrincipal/team": "ml"})}
    if name == "tags":
        del row["resource_tags"]
    tags = json.loads(read_bill([str(write_csv(tmp_path / "a.csv", [row]))]).charges["tags"].item())
    assert tags == {"team": "risk", "iamPrincipal/team": "ml"}


def test_flattened_tags_of_cur_2_0_are_read_like_those_of_legacy_cur(tmp_path: Path) -> None:
    row = cur_2() | {"resource_tags_team": "risk", "bill_payer_account_name": "Payer"}
    del row["resource_tags"]
    bill = read_bill([str(write_csv(tmp_path / "a.csv", [row]))])
    assert bill.format == "CUR 2.0"
    assert json.loads(bill.charges["tags"].item()) == {"team": "risk"}


def test_amounts_are_read_from_decimals_exponents_and_doubles_alike(tmp_path: Path) -> None:
    cost = Decimal("0.0000004")
    frame = pl.DataFrame(cur_2())
    variants = [
        pl.lit("4e-07"),
        pl.lit(4e-07),
        pl.lit(cost, dtype=pl.Decimal(20, 7)),
        pl.lit(cost, dtype=pl.Decimal(38, 18)),
    ]
    for number, value in enumerate(variants):
        file = tmp_path / f"{number}.parquet"
        frame.with_columns(value.alias("line_item_unblended_cost")).write_parquet(file)
        assert fields_of(file)["unblended_cost"].item() == cost
