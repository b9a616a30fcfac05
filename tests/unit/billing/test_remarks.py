"""What the reader could not read is said with rows, money and file, and nothing of it is lost."""

from decimal import Decimal
from pathlib import Path

import pytest

from infercost.billing.bill import read_bill
from unit.billing.make_exports import Row, cur, focus, write_csv

TOKENS = {"x_UsageType": "USE1-NovaLite-input-tokens", "x_ServiceCode": "AmazonBedrock"}


def said(file: Path, rows: list[Row], word: str) -> list[str]:
    bill = read_bill([str(write_csv(file, rows))])
    assert bill.charges_total == bill.export_total
    return [warning for warning in bill.warnings if word in warning]


def test_a_bill_that_is_understood_has_no_remarks(tmp_path: Path) -> None:
    for word in ("not known", "cannot be counted"):
        assert said(tmp_path / "a.csv", [focus(), focus(x_UsageType="USE1-Host:VolumeUsage.gp2")], word) == []


def test_account_ids_that_a_spreadsheet_shortened_are_told(tmp_path: Path) -> None:
    assert said(tmp_path / "b.csv", [focus(), focus(SubAccountId="0123456789012")], "spreadsheet") == []
    for lost in ({"SubAccountId": "1.23457E+10"}, {"BillingAccountId": "1.23457E+10"}):
        rows = [focus() | lost, focus() | lost, focus() | {key: "000000000007" for key in lost if key[0] == "S"}]
        [warning] = said(tmp_path / "a.csv", rows, "spreadsheet")
        assert "a.csv: 2 rows are of an account such as '1.23457E+10', which is no account id of 12 digits" in warning


def test_unknown_prefixes_are_told_with_their_cost(tmp_path: Path) -> None:
    rows = [focus(x_UsageType=f"{prefix}-Host:ml.g5.xlarge") for prefix in ("XYZ9", "XYZ9", "QQQ1", "USE1")]
    rows += [focus(x_UsageType="ABC1-BoxUsage:t3.micro", x_ServiceCode="AmazonEC2", ServiceName="EC2")]
    [warning] = said(tmp_path / "a.csv", rows, "prefix")
    assert "not known: XYZ9 (2 rows, 3.00), QQQ1 (1 row, 1.50). What they say" in warning


def test_unknown_charge_categories_are_told_with_their_cost(tmp_path: Path) -> None:
    rows = [focus(), focus(ChargeCategory="usage"), focus(ChargeCategory="", EffectiveCost="0.001")]
    [warning] = said(tmp_path / "a.csv", rows, "categories")
    assert "usage (1 row, 1.50), none (1 row, below 0.01). They count as no use" in warning


def test_unknown_line_item_types_are_told_with_their_cost_whatever_the_service(tmp_path: Path) -> None:
    ec2 = {"line_item_product_code": "AmazonEC2", "product": "", "line_item_usage_type": "BoxUsage:t3.micro"}
    rows = [cur(), cur(line_item_line_item_type="Novelty"), cur(**ec2, line_item_line_item_type="Novelty")]
    assert said(tmp_path / "a.csv", [*rows, cur(line_item_line_item_type="PrivateRateDiscount")], "types") == [
        "line item types that are not known are kept as adjustments: Novelty (2 rows, 3.00)"
    ]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"PricingUnit": "10K tokens"}, "in the unit '10K tokens'"),
        ({"PricingUnit": "", "ConsumedUnit": ""}, "without a unit"),
        (
            {"PricingUnit": "1K tokens", "PricingQuantity": "", "ConsumedQuantity": "", "ConsumedUnit": "1K tokens"},
            "without a quantity",
        ),
    ],
)
def test_inference_that_cannot_be_counted_keeps_its_cost(tmp_path: Path, given: Row, told: str) -> None:
    write_csv(tmp_path / "b.csv", [focus(BilledCost="7")])
    file = write_csv(tmp_path / "a.csv", [focus(**TOKENS | given), focus(**TOKENS | given)])
    bill = read_bill([str(tmp_path)])
    [warning] = [one for one in bill.warnings if "cannot be counted" in one]
    what = f"'USE1-NovaLite-input-tokens' {told} (2 rows, 3.00)"
    assert warning.startswith(f"{file}: inference whose quantity cannot be counted: {what}. Its cost counts")
    tokens = bill.charges.filter(model="NovaLite")
    assert tokens.select("kind", "component").unique().row(0) == ("inference", "tokens")
    assert tokens["effective_cost"].sum() == 3


def test_of_many_unknown_units_the_dearest_are_named_and_the_rest_summed(tmp_path: Path) -> None:
    rows = [focus(PricingUnit=f"unit {number}", EffectiveCost=f"{number}") for number in range(1, 9)]
    [warning] = said(tmp_path / "a.csv", rows, "cannot be counted")
    assert "unit 8' (1 row, 8.00)" in warning
    assert "unit 4' (1 row, 4.00), and 3 more (3 rows, 6.00). Its cost" in warning
    assert "unit 3" not in warning


def test_a_unit_without_an_end_is_cut_short(tmp_path: Path) -> None:
    [warning] = said(tmp_path / "a.csv", [focus(PricingUnit="x" * 100_000)], "cannot be counted")
    assert len(warning) < 1000


def test_units_of_what_is_no_inference_are_not_asked_for(tmp_path: Path) -> None:
    rows = [focus(x_UsageType="USE1-Notebk:ml.t3.medium", PricingUnit="x"), focus(ChargeCategory="Tax", PricingUnit="")]
    assert said(tmp_path / "a.csv", rows, "cannot be counted") == []


def test_free_use_is_counted(tmp_path: Path) -> None:
    free = focus(BilledCost="0", EffectiveCost="0", ListCost="0", ContractedCost="0", PricingQuantity="0.5889")
    bill = read_bill([str(write_csv(tmp_path / "a.csv", [free]))])
    assert bill.charges.select("kind", "quantity", "effective_cost").row(0) == (
        "inference",
        Decimal("0.5889"),
        Decimal(0),
    )
