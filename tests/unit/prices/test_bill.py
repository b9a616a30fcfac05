"""What a bill implies about prices, and what it doesn't."""

from decimal import Decimal
from typing import Any

import pytest

from accounts.rows import frame, hosting, tokens
from infercost.prices.bill import BillRates, bill_rates

TYPE, KEY = "USE1-Host:ml.m5.xlarge", ("Host:ml.m5.xlarge", "us-east-1")


def _rates(*rows: dict[str, Any]) -> BillRates | None:
    return bill_rates(frame(*rows), "USD")


def _rate(*rows: dict[str, Any]) -> Decimal | None:
    found = _rates(*rows)
    rate = None if found is None else found.rates.get(KEY)
    return None if rate is None else rate.price


def test_a_rate_is_cost_over_quantity() -> None:
    assert _rate(hosting(TYPE, "1", "0.23"), hosting(TYPE, "0.5", "0.115")) == Decimal("0.23")


def test_rounding_of_tiny_rows_is_no_conflict() -> None:
    assert _rate(hosting(TYPE, "1000", "230"), hosting(TYPE, "0.000001", "0.0000002301")) == Decimal("0.23")


def test_rates_that_differ_are_unknown() -> None:
    assert _rate(hosting(TYPE, "1", "0.23"), hosting(TYPE, "1", "0.24")) is None


def test_rates_of_two_payers_that_differ_are_unknown() -> None:
    assert _rate(hosting(TYPE, "1", "0.23"), hosting(TYPE, "1", "0.2", billing_account_id="000000000002")) is None


def test_two_spellings_of_one_usage_type_that_differ_are_unknown() -> None:
    assert _rate(hosting(TYPE, "1", "0.23"), hosting("Host:ml.m5.xlarge", "1", "0.23")) == Decimal("0.23")
    assert _rate(hosting(TYPE, "1", "0.23"), hosting("Host:ml.m5.xlarge", "1", "0.24")) is None


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"commitment_discount_status": "Used", "commitment_discount_id": "sp-1"}, id="covered, FOCUS"),
        pytest.param({"line_item_type": "SavingsPlanCoveredUsage"}, id="covered, CUR"),
        pytest.param({"commitment_discount_id": "sp-1"}, id="of a commitment, status not told"),
        pytest.param({"charge_category": "Credit"}, id="a credit"),
        pytest.param({"charge_category": "Tax"}, id="tax"),
        pytest.param({"billing_currency": "EUR"}, id="another currency"),
        pytest.param({"effective_cost": Decimal(0)}, id="free"),
        pytest.param({"quantity": Decimal(0)}, id="no quantity"),
        pytest.param({"quantity": None}, id="quantity not told"),
        pytest.param({"region_id": None}, id="region not told"),
        pytest.param({"service_code": None}, id="service not told"),
    ],
)
def test_rows_that_say_nothing_about_a_rate_define_none(other: dict[str, Any]) -> None:
    odd = hosting(TYPE, "1", "7", **other)
    assert _rate(odd) is None
    assert _rate(hosting(TYPE, "1", "0.23"), odd) == Decimal("0.23")


def test_the_cost_is_after_discounts() -> None:
    row = hosting(TYPE, "1", "0.23", effective_cost=Decimal("0.2"), contracted_cost=Decimal("0.21"))
    assert _rate(row) == Decimal("0.2")
    assert _rate(row | {"effective_cost": None}) == Decimal("0.21")


def test_tokens_are_filed_under_the_model_and_priced_per_million() -> None:
    found = _rates(
        tokens("NovaLite", "input", "2000", "0.12"),
        tokens("NovaLite", "output", "100", "0.024", unit="1K tokens"),
        tokens("NovaLite", "input", "10", "0.0003", tier="batch", usage_type="USE1-NovaLite-input-tokens-batch"),
        tokens("Claude4.6Opus", "input", "1", "0.005", scope="global", usage_type="USE1-x"),
    )
    assert found is not None
    assert {key: rate.price for (key, _), rate in found.rates.items()} == {
        "bedrock:amazon.nova-lite-v1:0:standard:input": Decimal("0.06"),
        "bedrock:amazon.nova-lite-v1:0:standard:output": Decimal("0.24"),
        "bedrock:amazon.nova-lite-v1:0:batch:input": Decimal("0.03"),
        "bedrock:global.anthropic.claude-opus-4-6-v1:standard:input": Decimal(5),
    }


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"model": "Claude3-5Sonnet"}, id="two ids have that name"),
        pytest.param({"model": "SomethingNew"}, id="no id has that name"),
        pytest.param({"model": None}, id="no name"),
        pytest.param({"component": "image-tokens"}, id="images"),
        pytest.param({"component": "long-context-tokens"}, id="long context"),
        pytest.param({"custom_model": True}, id="a custom model"),
        pytest.param(
            {"tier": "reserved", "meter": None, "meter_factor": None, "component": "reserved-tokens-per-minute"},
            id="reserved capacity",
        ),
    ],
)
def test_tokens_of_another_rate_define_none(other: dict[str, Any]) -> None:
    found = _rates(tokens("NovaLite", "input", "1", "7", **other))
    assert found is not None
    assert found.rates == {}


def test_model_units_by_commitment() -> None:
    units: dict[str, Any] = {"component": "model-units", "meter": "model_unit_ns", "token_class": None, "tier": None}
    units |= {"meter_factor": Decimal(3_600_000_000_000), "unit": "hour"}
    found = _rates(
        tokens(
            "NovaLite",
            "input",
            "2",
            "120",
            usage_type="NovaLite-ProvisionedThroughput-NoCommit-ModelUnits",
            **units,
        ),
        tokens(
            *("NovaLite", "input", "2", "60"),
            usage_type="USE1-NovaLite-ProvisionedThroughput-Custom-6MonthCommit-ModelUnits",
            **units | {"custom_model": True},
        ),
    )
    assert found is not None
    assert {key: rate.price for (key, _), rate in found.rates.items()} == {
        "bedrock:amazon.nova-lite-v1:0:provisioned:none": Decimal(60),
        "bedrock:amazon.nova-lite-v1:0:provisioned-custom:6-month": Decimal(30),
    }


def test_requests_of_s3_and_sns_are_not_mixed_up() -> None:
    requests = {"meter": None, "meter_factor": None, "component": None, "unit": "Requests"}
    found = _rates(
        hosting("Requests-Tier1", "1000", "0.005", service_code="AmazonS3", **requests),
        hosting("USE1-Requests-Tier1", "1000000", "0.5", service_code="AmazonSNS", **requests),
        hosting("USE1-DeliveryAttempts-HTTP", "9", "1", service_code="AmazonSNS", **requests),
        hosting("EUC1-Requests-Tier1", "9", "1", service_code="AmazonCloudFront", **requests),
    )
    assert found is not None
    assert {place: rate.price for place, rate in found.rates.items()} == {
        ("Requests-Tier1", "us-east-1"): Decimal("0.000005"),
        ("AmazonSNS:Requests-Tier1", "us-east-1"): Decimal("0.0000005"),
    }


def test_storage_has_a_rate_by_the_gigabyte_and_month_and_provisioned_concurrency_has_none() -> None:
    storage = {"component": "storage", "meter": None, "meter_factor": None}
    found = _rates(
        hosting("USE1-AsyncInf:VolumeUsage.gp2", "10", "1.4", unit="GB-Mo", **storage),
        hosting("USE1-Host:VolumeUsage.gp2", "10", "1.4", unit="GB-Hours", **storage),
        hosting("USE1-Studio:VolumeUsage.gp3", "10", "1.4", unit="GB-Mo", **storage),
        # sources disagree about which of the two charges of provisioned concurrency this is
        hosting("USE1-ProvisionedConcurrency:Usage-2GB", "10", "1", unit="Second", meter=None, meter_factor=None),
    )
    assert found is not None
    assert {place: rate.price for place, rate in found.rates.items()} == {
        ("AsyncInf:VolumeUsage.gp2", "us-east-1"): Decimal("0.14")
    }


def test_an_empty_bill_implies_nothing() -> None:
    assert _rates() is None
