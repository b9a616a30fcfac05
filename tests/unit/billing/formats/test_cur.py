"""CUR in all its spellings: what marks it, what each column becomes, and what its absence costs."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from infercost.billing.bill import read_bill
from infercost.schema.errors import InputError
from unit.billing.formats.reading import fields_of, format_of
from unit.billing.legacy_exports import as_legacy, as_snake, legacy, snake, write_snake
from unit.billing.make_exports import Row, cur, without, write_csv, write_parquet

Write = Callable[[Path, Row], Path]
SPELLINGS: dict[str, Write] = {
    "CUR 2.0 CSV": lambda folder, row: write_csv(folder / "a.csv.gz", [row]),
    "CUR 2.0 Parquet": lambda folder, row: write_parquet(folder / "a.parquet", [row]),
    "legacy CSV": lambda folder, row: write_csv(folder / "b.csv.gz", as_legacy([row])),
    "legacy Athena CSV": lambda folder, row: write_csv(folder / "c.csv", as_snake([row])),
    "legacy Athena Parquet": lambda folder, row: write_snake(folder / "copy_without_extension", as_snake([row])),
}


def read(folder: Path, write: Write, **given: str) -> dict[str, object]:
    return fields_of(write(folder, cur(**given))).row(0, named=True)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_line_is_the_same_charge_in_every_spelling(tmp_path: Path, spelling: str) -> None:
    row = cur(line_item_net_unblended_cost="1.2", line_item_usage_amount="0.75", pricing_public_on_demand_cost="2.25")
    charges = read_bill([str(SPELLINGS[spelling](tmp_path, row))]).charges
    assert charges.height == 1
    charge = charges.row(0, named=True)
    assert {
        "billing_account_id": "012345678901",
        "sub_account_id": "000000000042",
        "service_code": "AmazonSageMaker",
        "service_name": "Amazon SageMaker",
        "region_id": "us-east-1",
        "tags": '{"app":"fraud","team":"risk"}',
        "quantity": Decimal("0.75"),
        "unit": "Hrs",
        "billed_cost": Decimal("1.2"),
        "effective_cost": Decimal("1.2"),
        "contracted_cost": Decimal("1.2"),
        "list_cost": Decimal("2.25"),
        "unblended_cost": Decimal("1.5"),
        "amortized_cost": Decimal("1.5"),
        "pattern": "real-time",
        "invoice_id": "INV1",
        "resource_id": "arn:aws:sagemaker:us-east-1:012345678901:endpoint/fraud",
    }.items() <= charge.items()


@pytest.mark.parametrize("fold", [str.lower, str.upper])
def test_line_item_types_are_read_in_any_case(tmp_path: Path, fold: Callable[[str], str]) -> None:
    kinds = ["Usage", "SavingsPlanCoveredUsage", "SavingsPlanNegation", "Tax", "Credit", "RIFee", "EdpDiscount"]
    plan = {"savings_plan_savings_plan_effective_cost": "0.9"}
    fee = dict.fromkeys(
        (
            "reservation_unused_recurring_fee",
            "reservation_unused_amortized_upfront_fee_for_billing_period",
        ),
        "0.1",
    )
    rows = [cur(line_item_line_item_type=kind, line_item_net_unblended_cost="") | plan | fee for kind in kinds]
    folded = [row | {"line_item_line_item_type": fold(row["line_item_line_item_type"])} for row in rows]
    given = write_csv(tmp_path / "given" / "a.csv", rows)
    file = write_csv(tmp_path / "mixed" / "a.csv", [*folded[:1], *rows[1:2], *folded[2:]])
    (was, now) = (read_bill([str(one)]) for one in (given, file))
    assert now.charges.equals(was.charges)
    assert now.charges_total == was.charges_total == now.export_total
    assert not any("line item types" in warning for warning in now.warnings)
    assert fields_of(file).drop("source_file").equals(fields_of(given).drop("source_file"))


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        ([cur()], "CUR 2.0"),
        ([legacy()], "legacy CUR"),
        ([snake()], "legacy CUR (Athena)"),
        (without([snake()], "product_region"), "legacy CUR (Athena)"),  # the tags are columns
        (without([snake(resource_tags="{}")], "product_region"), "CUR 2.0"),  # nothing tells them apart any more
        ([{name.upper(): value for name, value in cur().items()}], "CUR 2.0"),
        ([{name.lower(): value for name, value in legacy().items()}], "legacy CUR"),
        ([cur() | {"product_product_name": "Amazon SageMaker", "resource_tags_user_team": "a"}], "CUR 2.0"),
    ],
)
def test_cur_is_told_by_its_header(tmp_path: Path, rows: list[Row], name: str) -> None:
    file = write_csv(tmp_path / "whatever.txt", rows)
    assert format_of(file).name == name
    assert read_bill([str(file)]).charges["billed_cost"].to_list() == [Decimal("1.5")]


def test_two_spellings_in_one_folder_would_count_twice(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [legacy()])
    write_snake(tmp_path / "b.parquet", [snake()])
    with pytest.raises(
        InputError, match=r"exports of 2 formats lie there: legacy CUR \(1 file.*legacy CUR \(Athena\) \(1 file"
    ):
        read_bill([str(tmp_path)])


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("kind", ["Credit", "Refund", "Tax", "SavingsPlanNegation", "BundledDiscount", "Novelty"])
def test_what_is_no_use_is_no_use_in_any_spelling(tmp_path: Path, spelling: str, kind: str) -> None:
    charge = read(tmp_path, SPELLINGS[spelling], line_item_line_item_type=kind, line_item_unblended_cost="-1.5")
    assert charge["charge_category"] == (kind if kind in {"Credit", "Tax"} else "Adjustment")
    assert (charge["billed_cost"], charge["contracted_cost"]) == (Decimal("-1.5"), None)


def test_free_tier_is_use_that_costs_nothing(tmp_path: Path) -> None:
    row = cur(line_item_unblended_cost="0", pricing_public_on_demand_cost="0", line_item_usage_amount="125")
    charge = read_bill([str(write_csv(tmp_path / "a.csv", [row]))]).charges.row(0, named=True)
    assert (charge["quantity"], charge["billed_cost"], charge["list_cost"]) == (125, 0, 0)
    assert (charge["charge_category"], charge["kind"]) == ("Usage", "inference")


@pytest.mark.parametrize("public", ["", "0"])
def test_marketplace_has_no_public_price(tmp_path: Path, public: str) -> None:
    given = {
        "bill_billing_entity": "AWS Marketplace",
        "line_item_legal_entity": "Anthropic, PBC",
        "line_item_product_code": "3zx9opaque",
        "line_item_usage_type": "USW2-MP:USW2_InputTokenCount-Units",
        "pricing_public_on_demand_cost": public,
        "product": '{"product_name": "Claude 3 Haiku (Amazon Bedrock Edition)"}',
    }
    for write in SPELLINGS.values():
        charge = read(tmp_path, write, **given)
        assert (charge["list_cost"], charge["publisher_name"]) == (None, "Anthropic, PBC")
        assert charge["service_name"] == "Claude 3 Haiku (Amazon Bedrock Edition)"


def test_discounts_as_lines_of_their_own_are_counted_once(tmp_path: Path) -> None:
    """With the net column an empty net cell of a discount is nothing: the other lines are after it already."""
    use = {"line_item_unblended_cost": "10", "line_item_net_unblended_cost": "9"}
    discount = {
        "line_item_line_item_type": "EdpDiscount",
        "line_item_unblended_cost": "-1",
        "line_item_net_unblended_cost": "",
    }
    rows = [cur(**use), cur(**discount)]
    bill = read_bill([str(write_csv(tmp_path / "a.csv", rows))])
    assert bill.charges_total == bill.charges["effective_cost"].sum() == Decimal(9)
    assert bill.charges["unblended_cost"].sum() == 9
    before = read_bill([str(write_csv(tmp_path / "b.csv", without(rows, "line_item_net_unblended_cost")))])
    assert before.charges_total == Decimal(9)
    assert before.charges["contracted_cost"].null_count() == 2


def test_a_net_column_counts_for_what_fills_it(tmp_path: Path) -> None:
    rows = [cur(line_item_net_unblended_cost="1.2"), cur(line_item_net_unblended_cost="")]
    bill = read_bill([str(write_csv(tmp_path / "a.csv", rows))])
    assert sorted(bill.charges["billed_cost"]) == [Decimal("1.2"), Decimal("1.5")]
    parquet = read_bill([str(write_parquet(tmp_path / "a.parquet", rows))])
    assert parquet.charges_total == bill.charges_total == parquet.export_total


def test_discount_columns_without_the_net_column_are_warned_about(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [cur() | {"discount_total_discount": "0.3", "discount": "{}"}])
    assert any("costs are before private discounts" in warning for warning in read_bill([str(file)]).warnings)
    whole = write_csv(tmp_path / "b.csv", [cur(line_item_net_unblended_cost="1.2") | {"discount": '{"EDP": 0.3}'}])
    assert not any("private discounts" in warning for warning in read_bill([str(whole)]).warnings)


def test_containers_whose_cost_stands_on_their_instance_are_set_aside(tmp_path: Path) -> None:
    for write in SPELLINGS.values():
        assert read(tmp_path, write, line_item_operation="EKSPod-EC2")["set_aside"] == "split cost allocation"
        assert read(tmp_path, write)["set_aside"] is None


def test_a_currency_that_a_cell_leaves_out_is_not_made_up(tmp_path: Path) -> None:
    assert read(tmp_path, SPELLINGS["legacy CSV"], line_item_currency_code="")["billing_currency"] is None
    row = without([cur()], "line_item_currency_code")
    file = write_csv(tmp_path / "b.csv", row)
    assert fields_of(file)["billing_currency"].item() == "USD"
    said = [warning for warning in read_bill([str(file)]).warnings if "line_item_currency_code is missing" in warning]
    assert len(said) == 1
    assert said[0].endswith("else USD")


@pytest.mark.parametrize(
    ("old", "new"), [("product_region", "product_region_code"), ("product_region_code", "product_region")]
)
def test_the_region_is_found_under_its_old_name_and_its_new_one(tmp_path: Path, old: str, new: str) -> None:
    row = cur() | {old: "", new: "eu-west-1"}
    assert fields_of(write_csv(tmp_path / "a.csv", [row]))["region_id"].item() == "eu-west-1"


def test_the_end_of_a_plan_and_what_it_commits_to_are_read(tmp_path: Path) -> None:
    row = cur(
        line_item_line_item_type="SavingsPlanRecurringFee",
        savings_plan_total_commitment_to_date="2",
        savings_plan_used_commitment="0.5",
        savings_plan_savings_plan_a_r_n="arn:plan",
        savings_plan_end_time="2027-10-01T00:00:00.000Z",
    )
    for write in (SPELLINGS["CUR 2.0 CSV"], SPELLINGS["legacy CSV"], SPELLINGS["legacy Athena Parquet"]):
        charge = fields_of(write(tmp_path, row))
        assert charge.select("commitment_cost", "commitment_used_cost", "commitment_discount_id").row(0) == (
            Decimal(2),
            Decimal("0.5"),
            "arn:plan",
        )
        assert charge["commitment_end"].dt.strftime("%Y-%m-%d").item() == "2027-10-01"


def test_every_absence_is_told_to_who_inspects(tmp_path: Path) -> None:
    for rows in ([cur()], [legacy()], [snake()]):
        its_format = format_of(write_csv(tmp_path / "a.csv", rows))
        assert len(its_format.serves) > 20
        assert not set(its_format.needs) & set(its_format.serves)
        assert all(loss and not loss.endswith(".") for loss in its_format.serves.values())


def test_real_legacy_parquet_has_no_nulls_and_reads_the_same(tmp_path: Path) -> None:
    """A CTAS copy: 155 columns of text, empty where nothing is, and zeros where an amount is not."""
    row = snake() | {f"product_attribute_{number}": "" for number in range(100)}
    frame = pl.read_parquet(write_snake(tmp_path / "a", [row])).with_columns(pl.selectors.float().fill_null(0.0))
    frame.write_parquet(tmp_path / "000000_0")
    charge = read_bill([str(tmp_path / "000000_0")]).charges.row(0, named=True)
    assert (charge["effective_cost"], charge["commitment_discount_id"]) == (Decimal("1.5"), None)


@pytest.mark.parametrize(("billed", "priced", "public"), [("INR", "USD", None), ("INR", "INR", 2), ("USD", "", 2)])
def test_a_public_price_in_another_currency_is_none(
    tmp_path: Path, billed: str, priced: str, public: int | None
) -> None:
    row = cur(line_item_currency_code=billed, pricing_currency=priced, pricing_public_on_demand_cost="2")
    assert read_bill([str(write_csv(tmp_path / "a.csv", [row]))]).charges["list_cost"].to_list() == [public]
