"""Every public sample: read, with its rows and its money, or refused by its name."""

import csv
import gzip
from collections import Counter
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from infercost.billing.bill import read_bill
from infercost.schema.errors import InputError
from unit.billing.formats.reading import fields_of
from unit.billing.make_exports import Row, write_csv


@pytest.fixture
def samples(shared: Path) -> Path:
    return shared / "data/billing/samples"


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_generated_focus_is_read_and_holds_no_inference(samples: Path, version: str) -> None:
    file = samples / f"focus_generated/focus_{version.replace('.', '_')}_cost_and_usage_aws.csv"
    bill = read_bill([str(file)])
    assert (bill.format, bill.rows, bill.charges.height) == (f"FOCUS {version}", 1000, 0)
    assert {"AmazonEC2", "AmazonS3", "AWSLambda"} <= set(bill.spend["service_name"])
    billed = sum((Decimal(row["BilledCost"]) for row in rows_of(file)), Decimal(0))
    assert bill.export_total == bill.charges_total == bill.spend["billed_cost"].sum() == billed
    assert any("x_UsageType" in warning for warning in bill.warnings)


def test_a_contract_commitment_is_no_bill(samples: Path) -> None:
    with pytest.raises(InputError, match=r"the Contract Commitment dataset of FOCUS.*give the Cost and Usage dataset"):
        read_bill([str(samples / "focus_generated/focus_1_3_contract_commitment_aws.csv")])


def test_real_focus_1_0_of_several_clouds_is_read_and_the_other_clouds_are_told_apart(samples: Path) -> None:
    file = samples / "focus_1_0_sample_1000.csv"
    bill = read_bill([str(file)])
    assert (bill.format, bill.charges.height, bill.currency) == ("FOCUS 1.0", 0, "USD")
    rows = fields_of(file)
    assert rows.filter(set_aside="other provider").height == 51 + 7
    assert rows.filter(pl.col("set_aside").is_null()).select(
        pl.len().alias("rows"), pl.col("billing_account_id").unique().implode().list.first().alias("payer")
    ).row(0) == (942, "1234567890123")
    # the text NULL is nothing, whatever the column
    assert rows["charge_class"].null_count() == rows.height
    assert rows.filter(pl.col("contracted_cost").is_null()).height == 7


def test_legacy_cur_of_koku_nise_is_read_to_the_last_digit(samples: Path) -> None:
    file = samples / "cur1_nise_one_day.csv.gz"
    bill = read_bill([str(file)])
    assert (bill.format, bill.rows, bill.charges.height) == ("legacy CUR", 7368, 0)
    unblended = sum((Decimal(row["lineItem/UnblendedCost"]) for row in rows_of(file)), Decimal(0))
    assert abs(bill.charges_total - unblended) < Decimal("1e-14")  # text of doubles has more digits than 18
    kinds = dict(fields_of(file).group_by("line_item_type").len().iter_rows())
    assert kinds == Counter(row["lineItem/LineItemType"] for row in rows_of(file))
    assert bill.payers == ("1439769210914",)  # 13 digits: a length is nothing to insist on


@pytest.mark.parametrize("name", ["sample_billing_data.csv", "MockTestReport-00001.csv.zip", ""])
def test_a_tiny_legacy_cur_is_read_packed_and_beside_its_copy(samples: Path, name: str) -> None:
    bill = read_bill([str(samples / "cur1_mock" / name)])
    assert (bill.format, bill.rows, bill.export_total) == ("legacy CUR", 3, Decimal("0.045152"))


def test_cur_2_0_is_read_once_though_it_lies_there_twice(samples: Path) -> None:
    bill = read_bill([str(samples / "cur2_mock")])
    assert (bill.format, bill.rows, bill.charges.height) == ("CUR 2.0", 4, 0)
    assert bill.export_total == Decimal("0.108304")
    assert set(bill.spend["service_code"]) == {"AmazonEC2", "AmazonS3", "AmazonRDS"}
    assert bill.files == (str(samples / "cur2_mock" / "MockTestReportV2-00001.csv.gz"),)


SCENARIOS = (
    "commitment_discount_purchase_scenario_1",
    "commitment_discount_purchase_scenario_2",
    "commitment_discount_purchase_scenario_3",
    "commitment_discount_usage_scenario_1",
    "commitment_discount_usage_scenario_2",
    "commitment_discount_usage_scenario_3",
    "commitment_discount_usage_scenario_4",
    "one_hundred_percent_utilization_with_commitment_discount_flexibility_with_1_resource",
    "one_hundred_percent_utilization_with_commitment_discount_flexibility_with_2_resources",
    "one_hundred_percent_utilization_without_commitment_discount_flexibility",
    "zero_percent_utilization_without_commitment_discount_flexibility",
)
# The examples leave out what every row would share, and FOCUS forbids to leave out.
CONSTANTS = {"BillingAccountId": "1", "BillingCurrency": "USD", "ServiceName": "Amazon SageMaker"}
# Two of them count on after midnight, which no time of a day says: the 30th hour is 6 o'clock of the next day.
THIRTIETH = ("2023-02-01T30:00:00Z", "2023-02-02T06:00:00Z")


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_commitments_of_the_specification_cost_what_it_says(samples: Path, tmp_path: Path, name: str) -> None:
    rows = rows_of(samples / f"focus_spec_scenarios/{name}.csv")
    whole = [{key: value.replace(*THIRTIETH) for key, value in (row | CONSTANTS).items()} for row in rows]
    bill = read_bill([str(write_csv(tmp_path / "a.csv", whole))])
    assert bill.format == "FOCUS 1.1"
    said = sorted((Decimal(row["BilledCost"]), Decimal(row["EffectiveCost"])) for row in rows)
    assert sorted(bill.charges.select("billed_cost", "effective_cost").iter_rows()) == said
    for row in bill.charges.iter_rows(named=True):
        assert row["commitment_discount_id"] in {None, "<my-commitment-discount-id>"}
        assert (row["charge_category"] == "Purchase") <= (row["effective_cost"] == 0)
    committed = bill.charges.filter(pl.col("commitment_discount_id").is_not_null())
    assert set(committed["kind"]) <= {"commitment", "unrecognised"}


def test_all_scenarios_are_there(samples: Path) -> None:
    assert {file.stem for file in (samples / "focus_spec_scenarios").glob("*.csv")} == set(SCENARIOS)


def test_an_hour_that_no_day_has_is_refused_where_it_stands(samples: Path, tmp_path: Path) -> None:
    rows = rows_of(samples / "focus_spec_scenarios/commitment_discount_purchase_scenario_2.csv")
    with pytest.raises(InputError, match="column ChargePeriodEnd, row 3: '2023-02-01T30:00:00Z' is not a time in UTC"):
        read_bill([str(write_csv(tmp_path / "a.csv", [row | CONSTANTS for row in rows]))])


def rows_of(file: Path) -> list[Row]:
    content = file.read_bytes()
    text = gzip.decompress(content) if file.suffix == ".gz" else content
    return list(csv.DictReader(text.decode().splitlines()))
