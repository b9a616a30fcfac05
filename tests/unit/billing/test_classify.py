"""Classification as a whole: natures, units, prefixes, and strings that nobody has seen."""

from datetime import UTC, datetime
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from infercost.billing.classify import classify, may_matter, meaning_of, unknown_prefixes
from infercost.billing.classify.meaning import Line, Nature
from infercost.billing.classify.regions import REGION_OF_PREFIX
from infercost.billing.classify.units import factor
from infercost.schema.charges import CHARGES, CLASSIFICATION, KINDS
from infercost.schema.errors import IncompleteError

NOW = datetime(2026, 10, 1, tzinfo=UTC)


def charge(**columns: object) -> dict[str, object]:
    return {
        "charge_category": "Usage",
        "service_code": "AmazonSageMaker",
        "usage_type": "USE1-Host:ml.g5.xlarge",
        "unit": "Hrs",
        "charge_period_start": NOW,
    } | columns


def table(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame([dict.fromkeys(CHARGES) | row for row in rows], schema=CHARGES)


def kinds(*rows: dict[str, object]) -> list[str]:
    return classify(table(*rows))["kind"].to_list()


def test_the_columns_are_those_of_the_schema_and_rows_keep_their_order() -> None:
    found = classify(table(charge(resource_id="b"), charge(resource_id="a", usage_type=None), charge(resource_id="c")))
    assert dict(found.schema) == CHARGES | CLASSIFICATION
    assert found["resource_id"].to_list() == ["b", "a", "c"]


def test_fees_negations_and_unused_commitment_are_commitments() -> None:
    assert kinds(
        charge(line_item_type="SavingsPlanNegation", charge_category="Adjustment"),
        charge(line_item_type="SavingsPlanRecurringFee", charge_category="Purchase"),
        charge(commitment_discount_status="Unused"),
        charge(charge_category="Purchase", commitment_discount_id="arn:plan"),
        charge(commitment_discount_status="Used", commitment_discount_id="arn:plan"),
    ) == ["commitment", "commitment", "commitment", "commitment", "inference"]


@pytest.mark.parametrize("category", ["Tax", "Credit", "Adjustment", "Purchase"])
def test_what_is_not_use_is_related_and_has_no_meter(category: str) -> None:
    found = classify(table(charge(charge_category=category)))
    assert found.select("kind", "meter", "pattern").row(0) == ("related", None, None)


def test_a_negation_of_a_machine_that_does_not_matter_does_not_matter() -> None:
    negation = charge(service_code="AmazonEC2", usage_type="BoxUsage:t3.small", line_item_type="SavingsPlanNegation")
    assert kinds(negation) == ["other-service"]


@pytest.mark.parametrize(
    ("usage_type", "kind"),
    [
        ("BoxUsage:g4dn.xlarge", "self-managed"),
        ("USW2-SpotUsage:p5.48xlarge", "self-managed"),
        ("EU-BoxUsage:trn1.32xlarge", "self-managed"),
        ("USW2-LAX1-BoxUsage:g4dn.2xlarge", "self-managed"),
        ("BoxUsage:gr6.4xlarge", "self-managed"),
        ("BoxUsage:m5.xlarge", "other-service"),
        ("BoxUsage:t3.micro", "other-service"),
        ("EBS:VolumeUsage.gp3", "other-service"),
    ],
)
def test_only_accelerators_of_ec2_are_self_managed(usage_type: str, kind: str) -> None:
    assert meaning_of(Line("usage", "AmazonEC2", None, usage_type, None, "Hrs", None)).kind == kind


@pytest.mark.parametrize(
    ("code", "name", "kind"),
    [
        ("AmazonEC2", None, "self-managed"),
        (None, "Amazon Elastic Compute Cloud - Compute", "self-managed"),
        (None, None, "self-managed"),
        ("ElasticMapReduce", None, "other-service"),
        ("AmazonSageMaker", None, "unrecognised"),
    ],
)
def test_an_instance_of_ec2_is_billed_by_ec2(code: str | None, name: str | None, kind: str) -> None:
    assert meaning_of(Line("usage", code, name, "BoxUsage:g5.xlarge", None, "Hrs", None)).kind == kind


def test_the_code_outranks_the_name() -> None:
    line = Line("usage", "AmazonBedrock", "Amazon SageMaker", "USE1-NovaLite-input-tokens", None, "1K tokens", None)
    assert meaning_of(line).model == "NovaLite"


def test_the_prefix_tells_the_region_only_where_the_export_does_not() -> None:
    found = classify(table(charge(), charge(region_id="eu-west-1"), charge(usage_type="Host:ml.g5.xlarge")))
    assert found["region_id"].to_list() == ["us-east-1", "eu-west-1", None]


def test_an_unknown_prefix_is_split_off_and_reported() -> None:
    found = classify(table(charge(usage_type="XYZ9-Host:ml.g5.xlarge")))
    assert found.select("instance_type", "region_id").row(0) == ("ml.g5.xlarge", None)
    assert unknown_prefixes(found) == ["XYZ9"]


@pytest.mark.parametrize("unit", ["Tokens", "10K tokens", None])
def test_an_unknown_unit_names_the_usage_type_and_the_unit(unit: str | None) -> None:
    row = charge(service_code="AmazonBedrock", usage_type="USE1-NovaLite-input-tokens", unit=unit)
    with pytest.raises(IncompleteError, match="USE1-NovaLite-input-tokens") as caught:
        classify(table(charge(), row))
    assert (repr(unit) if unit else "no unit") in str(caught.value)


def test_an_unknown_unit_of_what_is_not_inference_stops_nobody() -> None:
    assert kinds(charge(usage_type="USE1-Train:ml.g5.xlarge", unit="fortnights")) == ["training"]


def test_a_quantity_times_its_factor_counts_the_meter() -> None:
    assert factor("instance_ns", "Hrs") == 3600 * 10**9
    assert factor("serverless_ms", "Second") == 1000
    assert factor("data_in_bytes", "GB") == 10**9
    assert factor("input_tokens", "1M tokens") == 1000 * Decimal(factor("input_tokens", "1K tokens") or 0)


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("AWS Marketplace software usage|us-west-2|Million Input Tokens", 1_000_000),
        ("AWS Marketplace software usage|us-west-2|Input Tokens", 1_000_000),
        (None, 1_000_000),
        ("AWS Marketplace software usage|us-west-2|Thousand Input Tokens", None),
    ],
)
def test_units_of_marketplace_are_millions_unless_another_size_is_named(
    description: str | None, expected: int | None
) -> None:
    assert factor("input_tokens", "Units", marketplace=True, description=description) == expected
    assert factor("input_tokens", "Units", description=description) is None


def test_a_marketplace_meter_without_a_product_is_still_inference() -> None:
    line = Line("usage", "opaque", None, "USW2-MP:USW2_InputTokenCount-Units", None, "Units", None)
    assert meaning_of(line).model is None
    assert meaning_of(line).kind == "inference"
    assert meaning_of(line._replace(service_name="Some other software")).kind == "other-service"


def test_a_suffix_that_may_mean_another_rate_is_not_recognised() -> None:
    line = Line("usage", "AmazonBedrock", None, "USE1-NovaLite-input-tokens-turbo", None, "1K tokens", None)
    assert meaning_of(line).kind == "unrecognised"


BODIES = [
    ("AmazonSageMaker", "Host:ml.g5.xlarge"),
    ("AmazonSageMaker", "ServerlessInf:Mem-2GB"),
    ("AmazonBedrock", "NovaLite-input-tokens-batch"),
    ("AmazonBedrock", "OSS-CustomModelImport-Inference-v2:0"),
    ("AmazonBedrockService", "Claude4.6Opus-cache-read-input-token-count-cross-region-global"),
]


@given(st.sampled_from([*REGION_OF_PREFIX, "XYN8", "QQQ1"]), st.sampled_from(BODIES))
def test_every_region_reads_alike(prefix: str, body: tuple[str, str]) -> None:
    def read(usage_type: str) -> object:
        return meaning_of(Line("usage", body[0], None, usage_type, None, "Hrs", None))

    assert read(f"{prefix}-{body[1]}") == read(f"USE1-{body[1]}")


WORDS = st.sampled_from(
    [
        *("USE1", "MP:", "USE1_", "InputTokenCount", "-Units", "Units", "input", "output", "tokens", "cache", "read"),
        *("write", "1h", "batch", "reserved", "1", "month", "Host:", "ml.g5.xlarge", "ProvisionedConcurrency:", "Mem-"),
        *("ServerlessInf:", "GB", "99", "ProvisionedThroughput", "Customization-Storage", "search-units", "-", "_"),
        *("BoxUsage:", "p5.48xlarge", "custom", "model", "ModelUnits", "token"),
    ]
)
USAGE_TYPES = st.one_of(
    st.none(), st.text(max_size=40), st.lists(WORDS, max_size=8).map("-".join), st.lists(WORDS, max_size=8).map("".join)
)
NAMES = st.one_of(
    st.none(),
    st.text(max_size=20),
    st.sampled_from(
        [
            *("AmazonSageMaker", "AmazonBedrock", "AmazonBedrockFoundationModels", "AmazonEC2", "ComputeSavingsPlans"),
            *("Savings Plans for AWS Compute usage", "Nova (Amazon Bedrock Edition)", "Amazon Bedrock AgentCore"),
        ]
    ),
)


@given(st.sampled_from(["usage", "commitment", "other"]), NAMES, NAMES, USAGE_TYPES, st.one_of(st.none(), st.text()))
@example("usage", None, None, "MP:x_ProvisionedThroughput-Units", "Units")
def test_no_string_breaks_the_classifier_and_nothing_that_matters_is_filtered_out(
    nature: Nature, code: str | None, name: str | None, usage_type: str | None, unit: str | None
) -> None:
    found = meaning_of(Line(nature, code, name, usage_type, None, unit, unit))
    assert found.kind in KINDS
    row = table(charge(service_code=code, service_name=name, usage_type=usage_type))
    assert found.kind == "other-service" or row.filter(may_matter()).height == 1
