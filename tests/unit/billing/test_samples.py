"""Every public sample: read, or refused by its name."""

from decimal import Decimal
from pathlib import Path

import pytest

from infercost.billing.bill import read_bill
from infercost.schema.errors import InputError

REFUSED = {
    "cur1_nise_one_day.csv.gz": "legacy CUR",
    "cur1_mock/sample_billing_data.csv": "legacy CUR",
    "cur1_mock/MockTestReport-00001.csv.zip": "legacy CUR",
    "cur1_mock": "legacy CUR",
    "focus_1_0_sample_1000.csv": "FOCUS 1.0",
    "focus_generated/focus_1_3_cost_and_usage_aws.csv": "FOCUS 1.3",
    "focus_generated/focus_1_3_contract_commitment_aws.csv": "FOCUS 1.3 Contract Commitment",
}


@pytest.fixture
def samples(shared: Path) -> Path:
    return shared / "data/billing/samples"


def test_focus_1_2_is_read_and_holds_no_inference(samples: Path) -> None:
    bill = read_bill([str(samples / "focus_generated/focus_1_2_cost_and_usage_aws.csv")])
    assert (bill.format, bill.rows, bill.charges.height) == ("FOCUS 1.2", 1000, 0)
    assert {"AmazonEC2", "AmazonS3", "AWSLambda"} <= set(bill.spend["service_name"])
    assert bill.export_total == bill.charges_total == bill.spend["billed_cost"].sum()
    assert any("x_UsageType" in warning for warning in bill.warnings)


def test_cur_2_0_is_read_once_though_it_lies_there_twice(samples: Path) -> None:
    bill = read_bill([str(samples / "cur2_mock")])
    assert (bill.format, bill.rows, bill.charges.height) == ("CUR 2.0", 4, 0)
    assert bill.export_total == Decimal("0.108304")
    assert set(bill.spend["service_code"]) == {"AmazonEC2", "AmazonS3", "AmazonRDS"}
    assert bill.files == (str(samples / "cur2_mock" / "MockTestReportV2-00001.csv.gz"),)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_read_yet_is_refused_by_its_name(samples: Path, name: str) -> None:
    with pytest.raises(InputError, match=f"this is {REFUSED[name]}.*does not read yet"):
        read_bill([str(samples / name)])


def test_the_tiny_scenarios_of_the_specification_are_refused_clearly(samples: Path) -> None:
    scenarios = sorted((samples / "focus_spec_scenarios").glob("*.csv"))
    assert len(scenarios) == 11
    for scenario in scenarios:
        with pytest.raises(InputError, match=r"this is FOCUS 1\.1 \(no column of FOCUS 1\.2 is there"):
            read_bill([str(scenario)])
