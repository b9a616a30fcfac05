"""Answers of Cost Explorer, as boto3 and the AWS command line give them."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from infercost.billing.bill import read_bill
from infercost.billing.export.open import open_export
from infercost.billing.inspect import inspect_bill
from infercost.schema.errors import IncompleteError, InfercostError, InputError
from unit.billing.formats.reading import fields_of

Answer = dict[str, Any]
DAY = ("2026-10-31", "2026-11-01")
HOUR = ("2026-10-31T05:00:00Z", "2026-10-31T06:00:00Z")
NOVEMBER = "2026-11-01T00:00:00Z"
MONTH = ("2026-10-01", "2026-11-01")
COSTS = {"UnblendedCost": "1.50", "AmortizedCost": "0.90", "UsageQuantity": "24"}
HOST = ("Amazon SageMaker", "USE1-Host:ml.g5.xlarge")


def group(keys: tuple[str, ...], *, unit: str = "Hrs", currency: str = "USD", **metrics: str) -> Answer:
    """One group; amounts are text, as Cost Explorer has them."""
    return {
        "Keys": list(keys),
        "Metrics": {
            name: {"Amount": amount, "Unit": unit if name == "UsageQuantity" else currency}
            for name, amount in (metrics or COSTS).items()
        },
    }


def answer(*groups: Answer, by: str = "SERVICE USAGE_TYPE", period: tuple[str, str] = DAY, **more: object) -> Answer:
    """One page with one period."""
    definitions = [
        {"Type": "TAG" if key.islower() else "DIMENSION", "Key": key} for key in by.split()
    ]  # tags here are in small letters
    start, end = period
    result = {"TimePeriod": {"Start": start, "End": end}, "Total": {}, "Groups": list(groups), "Estimated": True}
    return {"GroupDefinitions": definitions, "ResultsByTime": [result], "DimensionValueAttributes": [], **more}


def write(file: Path, document: object) -> Path:
    file.write_text(json.dumps(document))
    return file


def refused(kind: type[InfercostError], folder: Path, document: object) -> str:
    with pytest.raises(kind) as caught:
        read_bill([str(write(folder / "answer.json", document))])
    message = str(caught.value)
    assert "answer.json" in message
    assert "\n" not in message
    return message


def test_a_day_of_a_usage_type_is_a_charge(tmp_path: Path) -> None:
    bill = read_bill([str(write(tmp_path / "answer.json", answer(group(HOST))))])
    assert (bill.format, bill.rows, bill.closed, bill.covered_hours) == ("Cost Explorer", 1, False, 24)
    charge = bill.charges.row(0, named=True)
    assert {
        "service_name": "Amazon SageMaker",
        "usage_type": "USE1-Host:ml.g5.xlarge",
        "region_id": "us-east-1",
        "quantity": Decimal(24),
        "unit": "Hrs",
        "billed_cost": Decimal("1.5"),
        "effective_cost": Decimal("0.9"),
        "unblended_cost": Decimal("1.5"),
        "amortized_cost": Decimal("0.9"),
        "contracted_cost": None,
        "list_cost": None,
        "billing_currency": "USD",
        "kind": "inference",
        "pattern": "real-time",
        "resource_id": None,
    }.items() <= charge.items()
    said = " ".join(bill.warnings)
    assert "endpoints cannot be told apart" in said
    assert "credits, refunds and discounts are added into the usage types" in said


@pytest.mark.parametrize(("period", "hours"), [(HOUR, 1), (DAY, 24), (MONTH, 744)])
def test_hours_days_and_months_are_read(tmp_path: Path, period: tuple[str, str], hours: int) -> None:
    bill = read_bill([str(write(tmp_path / "answer.json", answer(group(HOST), period=period)))])
    assert (bill.covered_hours, bill.month.month) == (hours, 10)


def test_pages_are_one_answer_in_one_file_or_in_several(tmp_path: Path) -> None:
    first = answer(group(HOST), NextPageToken="more")
    last = answer(group(("Amazon Bedrock", "USE1-NovaLite-input-tokens"), unit="1K tokens"))
    whole = write(tmp_path / "all.json", [first, last])
    assert read_bill([str(whole)]).charges.height == 2
    files = [str(write(tmp_path / "1.json", first)), str(write(tmp_path / "2.json", last))]
    assert read_bill(files).charges_total == Decimal(3)


def test_an_answer_that_goes_on_is_no_whole_bill(tmp_path: Path) -> None:
    message = refused(IncompleteError, tmp_path, answer(group(HOST), NextPageToken="more"))
    assert "goes on (NextPageToken): ask for the pages that follow" in message


def test_a_page_that_is_given_twice_would_count_twice(tmp_path: Path) -> None:
    page = answer(group(HOST))
    assert "stands there twice, and would be counted twice" in refused(InputError, tmp_path, [page, page])
    write(tmp_path / "copy.json", page | {"ResponseMetadata": {}})
    write(tmp_path / "answer.json", page)
    with pytest.raises(InputError, match=r"copy.json: .* stands there twice and in .*answer.json"):
        read_bill([str(tmp_path)])


@pytest.mark.parametrize("other", [DAY, HOUR, ("2026-09-30", "2026-10-02"), ("2026-10-31T23:00:00Z", NOVEMBER)])
def test_a_month_beside_a_part_of_it_would_count_twice(tmp_path: Path, other: tuple[str, str]) -> None:
    write(tmp_path / "other.json", answer(group(HOST), period=other))
    write(tmp_path / "month.json", answer(group(HOST[::-1]), by="USAGE_TYPE SERVICE", period=MONTH))
    said = (
        r": Amazon SageMaker USE1-Host:ml.g5.xlarge stands there twice and in .* to .*Give each page once, and of ans"
    )
    with pytest.raises(InputError, match=said):
        read_bill([str(tmp_path)])


@pytest.mark.parametrize("other", [("2026-09-30", "2026-10-01"), (NOVEMBER, "2026-11-01T01:00:00Z")])
def test_times_that_only_touch_are_added_up(tmp_path: Path, other: tuple[str, str]) -> None:
    write(tmp_path / "other.json", answer(group(HOST), period=other))
    write(tmp_path / "month.json", answer(group(HOST), period=MONTH))
    with open_export([str(tmp_path)]) as export:
        assert export.rows == 2


def test_answers_for_one_time_that_are_grouped_in_two_ways_would_count_twice(tmp_path: Path) -> None:
    write(tmp_path / "a.json", answer(group(HOST), period=MONTH))
    write(tmp_path / "b.json", answer(group((HOST[1], "1")), by="USAGE_TYPE LINKED_ACCOUNT"))
    with pytest.raises(InputError, match="are answers of Cost Explorer for the same time, grouped by DIMENSION LINKED"):
        read_bill([str(tmp_path)])
    write(tmp_path / "a.json", answer(group(HOST), period=("2026-09-01", "2026-10-01")))
    with open_export([str(tmp_path)]) as export:
        assert export.rows == 2


@pytest.mark.parametrize(
    ("metrics", "billed", "effective"),
    [
        ({"UnblendedCost": "2"}, "2", "2"),
        ({"UnblendedCost": "2", "NetUnblendedCost": "1.8"}, "1.8", "1.8"),
        ({"UnblendedCost": "2", "AmortizedCost": "1"}, "2", "1"),
        ({"NetUnblendedCost": "1.8", "NetAmortizedCost": "0.8"}, "1.8", "0.8"),
        (
            {"UnblendedCost": "2", "NetUnblendedCost": "1.8", "AmortizedCost": "1", "NetAmortizedCost": "0.8"},
            "1.8",
            "0.8",
        ),
        ({"UnblendedCost": "4e-07", "BlendedCost": "9"}, "0.0000004", "0.0000004"),
        ({"UnblendedCost": "0.12345678901234567890"}, "0.123456789012345679", "0.123456789012345679"),
    ],
)
def test_whatever_metrics_were_asked_for_are_used(
    tmp_path: Path, metrics: dict[str, str], billed: str, effective: str
) -> None:
    document = answer(group(HOST, UsageQuantity="24", **metrics))
    charge = fields_of(write(tmp_path / "answer.json", document)).row(0, named=True)
    assert (charge["billed_cost"], charge["effective_cost"]) == (Decimal(billed), Decimal(effective))


def test_views_of_which_one_is_net_are_warned_about(tmp_path: Path) -> None:
    document = answer(group(HOST, NetUnblendedCost="1.8", AmortizedCost="1", UsageQuantity="24"))
    warnings = read_bill([str(write(tmp_path / "answer.json", document))]).warnings
    assert any("before private discounts, the other after them" in warning for warning in warnings)


def test_costs_that_nobody_spread_are_named(tmp_path: Path) -> None:
    document = answer(group(HOST, UnblendedCost="2", UsageQuantity="24"))
    warnings = read_bill([str(write(tmp_path / "answer.json", document))]).warnings
    assert any("Metrics.AmortizedCost.Amount is missing: commitments are not spread" in said for said in warnings)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (answer(group(("Amazon SageMaker",)), by="SERVICE"), "is grouped by Keys.SERVICE"),
        (answer(group(("team$risk",)), by="team"), "is grouped by Tags.team"),
        (answer(group(HOST)) | {"GroupDefinitions": []}, "is not grouped, or does not say by what"),
        (
            {
                "ResultsByTime": [
                    {
                        "TimePeriod": {"Start": "2026-10-01", "End": "2026-11-01"},
                        "Total": {"UnblendedCost": {"Amount": "1", "Unit": "USD"}},
                        "Groups": [],
                    }
                ]
            },
            "is not grouped",
        ),
        (answer(group(HOST, BlendedCost="1")), "neither NetUnblendedCost nor UnblendedCost"),
    ],
)
def test_an_answer_to_another_question_says_what_to_ask(tmp_path: Path, document: Answer, said: str) -> None:
    message = refused(IncompleteError, tmp_path, document)
    assert said in message
    assert "aws ce get-cost-and-usage" in message
    assert "Key=USAGE_TYPE" in message


@pytest.mark.parametrize(
    ("damage", "place"),
    [
        ({"ResultsByTime": [{"Groups": []}]}, "0.ResultsByTime.0.TimePeriod"),
        ({"ResultsByTime": [{"TimePeriod": {"Start": "2026-10-01"}}]}, "0.ResultsByTime.0.TimePeriod.End"),
        ({"ResultsByTime": "none"}, "0.ResultsByTime"),
        ([answer(group(HOST)), {"a": 1}], "1.ResultsByTime"),
        (answer({"Keys": ["a", "b"]}), "0.ResultsByTime.0.Groups.0.Metrics"),
        (answer({"Keys": "ab", "Metrics": {}}), "0.ResultsByTime.0.Groups.0.Keys"),
    ],
)
def test_a_damaged_answer_says_where(tmp_path: Path, damage: object, place: str) -> None:
    assert f"a damaged answer of Cost Explorer: page {place}" in refused(InputError, tmp_path, damage)


def test_an_amount_that_is_none_is_refused(tmp_path: Path) -> None:
    document = answer(group(HOST, UnblendedCost="much", UsageQuantity="1"))
    assert "'much' is no" in refused(InputError, tmp_path, document)


def test_numbers_without_quotes_keep_their_text(tmp_path: Path) -> None:
    document = answer(group(HOST))
    document["ResultsByTime"][0]["Groups"][0]["Metrics"]["UnblendedCost"]["Amount"] = 0.30000000000000004
    charge = fields_of(write(tmp_path / "answer.json", document))
    assert charge["billed_cost"].item() == Decimal("0.30000000000000004")


@pytest.mark.parametrize(
    ("by", "key", "column", "value"),
    [
        ("LINKED_ACCOUNT USAGE_TYPE", "012345678901", "sub_account_id", "012345678901"),
        ("REGION USAGE_TYPE", "eu-west-1", "region_id", "eu-west-1"),
        ("SERVICE_CODE USAGE_TYPE", "AmazonSageMaker", "service_code", "AmazonSageMaker"),
        ("OPERATION USAGE_TYPE", "RunInstance", "operation", "RunInstance"),
        ("RECORD_TYPE USAGE_TYPE", "Savings Plan Negation", "charge_category", "Adjustment"),
        ("RECORD_TYPE USAGE_TYPE", "Tax", "charge_category", "Tax"),
        ("RECORD_TYPE USAGE_TYPE", "Usage", "line_item_type", "Usage"),
        ("team USAGE_TYPE", "team$risk", "tags", '{"team":"risk"}'),
        ("team USAGE_TYPE", "team$", "tags", None),
        ("LEGAL_ENTITY_NAME USAGE_TYPE", "Anthropic, PBC", "publisher_name", "Anthropic, PBC"),
    ],
)
def test_a_second_key_tells_what_it_is(tmp_path: Path, by: str, key: str, column: str, value: str | None) -> None:
    document = answer(group((key, "EU-Host:ml.g5.xlarge")), by=by)
    assert fields_of(write(tmp_path / "answer.json", document))[column].item() == value


def test_what_has_no_usage_type_is_no_use(tmp_path: Path) -> None:
    document = answer(group(HOST), group(("Tax", "NoUsageType"), **COSTS | {"UnblendedCost": "3"}))
    bill = read_bill([str(write(tmp_path / "answer.json", document))])
    assert (bill.rows, bill.charges_total) == (2, Decimal("4.5"))
    assert dict(bill.spend.select("service_name", "charge_category").iter_rows()) == {
        "Amazon SageMaker": "Usage",
        "Tax": "Adjustment",
    }


def test_a_quantity_without_a_unit_is_unknown(tmp_path: Path) -> None:
    document = answer(group(HOST, unit="N/A", **COSTS))
    charge = fields_of(write(tmp_path / "answer.json", document)).row(0, named=True)
    assert (charge["quantity"], charge["unit"], charge["billed_cost"]) == (None, None, Decimal("1.5"))


def test_what_to_do_without_a_unit_is_said_in_words_of_cost_explorer(tmp_path: Path) -> None:
    document = answer(group(HOST, unit="N/A", **COSTS))
    bill = read_bill([str(write(tmp_path / "answer.json", document))])
    [remark] = [one for one in bill.warnings if "cannot be counted" in one]
    assert "USAGE_TYPE_GROUP" in remark
    assert "line_item_usage_amount" not in remark


@pytest.mark.parametrize("estimates", [(True, True), (True, False), (False, False), (None, False)])
def test_a_month_is_closed_once_nothing_of_it_is_an_estimate(
    tmp_path: Path, estimates: tuple[bool | None, ...]
) -> None:
    tax = group(("Tax", "NoUsageType"))
    pages = [answer(group(HOST)), answer(tax, period=("2026-10-30", "2026-10-31"))]
    for page, estimated in zip(pages, estimates, strict=True):
        page["ResultsByTime"][0]["Estimated"] = estimated
    file = write(tmp_path / "answer.json", pages)
    assert read_bill([str(file)]).closed is (estimates == (False, False))
    [month] = inspect_bill([str(file)]).months
    assert (month.closed, month.complete) == (estimates == (False, False), True)


def test_usage_types_alone_tell_what_was_used_and_units_may_be_missing(tmp_path: Path) -> None:
    document = answer(group(HOST[1:], unit="N/A", **COSTS), by="USAGE_TYPE")
    bill = read_bill([str(write(tmp_path / "answer.json", document))])
    charge = bill.charges.row(0, named=True)
    assert (charge["kind"], charge["pattern"], charge["quantity"]) == ("inference", "real-time", None)
    assert charge["billed_cost"] == Decimal("1.5")


def test_currencies_are_read(tmp_path: Path) -> None:
    document = answer(group(HOST, currency="EUR", **COSTS))
    assert read_bill([str(write(tmp_path / "answer.json", document))]).currency == "EUR"
