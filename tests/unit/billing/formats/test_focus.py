"""FOCUS 1.0 to 1.4: versions by their columns, and the same charge from each of them."""

from decimal import Decimal
from pathlib import Path

import pytest

from infercost.billing.bill import read_bill
from infercost.schema.errors import IncompleteError, InputError
from unit.billing.formats.reading import fields_of, format_of
from unit.billing.make_exports import Row, focus, without, write_csv, write_parquet

AWS_1_0 = without([focus()], "BillingAccountType", "InvoiceId")[0]
VERSIONS: dict[str, Row] = {
    "1.0": AWS_1_0,
    "1.1": AWS_1_0 | {"CommitmentDiscountQuantity": "", "SkuMeter": "Compute", "ServiceSubcategory": "AI Platforms"},
    "1.2": focus(),
    "1.3": focus(ServiceProviderName="AWS", HostProviderName="AWS", AllocatedTags="", ContractApplied=""),
    "1.4": without(
        [focus(ServiceProviderName="AWS", HostProviderName="AWS", InvoiceDetailId="D1")],
        "ProviderName",
        "PublisherName",
    )[0],
}
# In each version the marks of the newest win, and a header has the columns of older versions too.
ADDED = {
    "1.1": ["CapacityReservationId", "CommitmentDiscountUnit", "SkuPriceDetails"],
    "1.2": ["SubAccountType", "PricingCurrency", "PricingCurrencyEffectiveCost"],
    "1.3": ["HostProviderName", "AllocatedMethodId", "ContractApplied"],
    "1.4": ["InvoiceDetailId", "CommitmentProgramEligibilityDetails"],
}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("spelled", [str, str.lower, str.upper])
def test_a_charge_is_the_same_in_every_version_and_case(tmp_path: Path, version: str, spelled: type[str]) -> None:
    row = {spelled(name): value for name, value in VERSIONS[version].items()}
    bill = read_bill([str(write_csv(tmp_path / "a.csv", [row]))])
    assert bill.format == f"FOCUS {version}"
    charge = bill.charges.row(0, named=True)
    assert {
        "service_code": "AmazonSageMaker",
        "usage_type": "USE1-Host:ml.g5.xlarge",
        "billed_cost": Decimal("1.5"),
        "effective_cost": Decimal("1.5"),
        "list_cost": Decimal(2),
        "unblended_cost": None,
        "kind": "inference",
        "tags": '{"app":"fraud","team":"risk"}',
        "invoice_id": "INV1" if version >= "1.2" else None,
    }.items() <= charge.items()
    assert bill.warnings == ()


@pytest.mark.parametrize(("version", "column"), [(version, name) for version, names in ADDED.items() for name in names])
def test_one_column_of_a_version_is_enough_to_tell_it(tmp_path: Path, version: str, column: str) -> None:
    row = AWS_1_0 | {name: "" for older in ADDED if older < version for name in ADDED[older]} | {column: ""}
    assert format_of(write_csv(tmp_path / "a.csv", [row])).name == f"FOCUS {version}"


def test_parquet_of_aws_reads_as_its_csv(tmp_path: Path) -> None:
    for version, row in VERSIONS.items():
        text = fields_of(write_csv(tmp_path / f"{version}.csv", [row])).drop("source_file")
        typed = fields_of(write_parquet(tmp_path / f"{version}.parquet", [row])).drop("source_file")
        assert text.drop("tags").equals(typed.drop("tags"))


@pytest.mark.parametrize(
    ("columns", "seller"),
    [
        ({"PublisherName": "Anthropic"}, "Anthropic"),
        ({"PublisherName": "", "ServiceProviderName": "Anthropic"}, "Anthropic"),
        ({"ServiceProviderName": "Anthropic"}, "Anthropic"),
        ({}, None),
    ],
)
def test_who_sells_has_two_names_in_the_history_of_focus(
    tmp_path: Path, columns: dict[str, str], seller: str | None
) -> None:
    rows = [without([focus()], "PublisherName")[0] | columns]
    assert fields_of(write_csv(tmp_path / "a.csv", rows))["publisher_name"].item() == seller


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"ProviderName": "AWS"}, None),
        ({"ProviderName": "Amazon Web Services, Inc."}, None),
        ({"ProviderName": ""}, None),
        ({"ProviderName": "Microsoft"}, "other provider"),
        ({"ProviderName": "AWS", "InvoiceIssuerName": "Reseller Ltd"}, None),
        ({"HostProviderName": "Google Cloud"}, "other provider"),
        ({"HostProviderName": "AWS", "ServiceProviderName": "Anthropic"}, None),
    ],
)
def test_charges_of_other_clouds_are_set_aside(tmp_path: Path, columns: dict[str, str], reason: str | None) -> None:
    row = without([focus()], "ProviderName")[0] | columns
    assert fields_of(write_csv(tmp_path / "a.csv", [row]))["set_aside"].item() == reason


def test_corrections_purchases_and_unused_commitments_keep_their_words(tmp_path: Path) -> None:
    rows = [
        focus(ChargeClass="Correction", BilledCost="-1", EffectiveCost="-1"),
        focus(ChargeCategory="Purchase", CommitmentDiscountId="p", BilledCost="5", EffectiveCost="0"),
        focus(CommitmentDiscountId="p", CommitmentDiscountStatus="Unused", BilledCost="0", EffectiveCost="2"),
        focus(CommitmentDiscountId="p", CommitmentDiscountStatus="Used", BilledCost="0", EffectiveCost="3"),
    ]
    charges = read_bill([str(write_csv(tmp_path / "a.csv", rows))]).charges
    said = {
        (row["charge_class"], row["charge_category"], row["commitment_discount_status"], row["kind"]): row
        for row in charges.iter_rows(named=True)
    }
    assert said["Correction", "Usage", None, "inference"]["billed_cost"] == -1
    assert said[None, "Purchase", None, "commitment"]["effective_cost"] == 0
    assert said[None, "Usage", "Unused", "commitment"]["effective_cost"] == 2
    assert said[None, "Usage", "Used", "inference"]["billed_cost"] == 0
    # over its term a commitment costs what was paid for it
    assert charges.filter(commitment_discount_id="p")["effective_cost"].sum() == 5


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["ContractCommitmentId", "ContractCommitmentCost", "BillingCurrency"], "Contract Commitment dataset"),
        (
            ["InvoiceDetailId", "BilledCost", "ChargeCategory", "BillingCurrency", "BillingPeriodStart"],
            "Invoice Detail",
        ),
        (["BillingPeriodStart", "BillingPeriodEnd", "BillingPeriodStatus"], "Billing Period dataset"),
    ],
)
def test_what_lies_beside_the_charges_of_focus_is_named_and_not_read(
    tmp_path: Path, names: list[str], said: str
) -> None:
    (tmp_path / "a.csv").write_text(",".join(names) + "\n" + "," * (len(names) - 1) + "\n")
    with pytest.raises(InputError, match=f"{said}.*give the Cost and Usage dataset"):
        read_bill([str(tmp_path / "a.csv")])


def test_without_any_name_of_a_service_nothing_can_be_told(tmp_path: Path) -> None:
    rows = without([focus()], "ServiceName", "x_ServiceCode")
    with pytest.raises(IncompleteError, match="x_ServiceCode is missing, which is needed for telling one service"):
        read_bill([str(write_csv(tmp_path / "a.csv", rows))])


def test_the_name_of_the_payer_is_read(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [focus(BillingAccountName="Example Ltd")])
    assert fields_of(file)["billing_account_name"].item() == "Example Ltd"
