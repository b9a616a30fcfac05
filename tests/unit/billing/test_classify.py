"""Classification as a whole: natures, units, prefixes, and strings that nobody has seen."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from random import Random

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from infercost.billing.classify import classify, may_matter, meaning_of
from infercost.billing.classify.meaning import Line, Nature
from infercost.billing.classify.regions import REGION_OF_PREFIX, split_prefix
from infercost.billing.classify.token_meter import TokenMeter, read_meter
from infercost.billing.classify.units import factor
from infercost.schema.charges import CHARGES, CLASSIFICATION, KINDS
from infercost.schema.uncounted import is_uncounted, uncounted_meters
from unit.billing.test_usage_types import MEANINGS
from unit.billing.test_usage_types import line as sheet_line

MATTERS = may_matter(pl.col("service_code"), pl.col("service_name"), pl.col("usage_type"))
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
    assert meaning_of(Line("usage", "AmazonEC2", None, usage_type, "Hrs", None)).kind == kind


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
    assert meaning_of(Line("usage", code, name, "BoxUsage:g5.xlarge", "Hrs", None)).kind == kind


def test_the_code_outranks_the_name() -> None:
    line = Line("usage", "AmazonBedrock", "Amazon SageMaker", "USE1-NovaLite-input-tokens", "1K tokens", None)
    assert meaning_of(line).model == "NovaLite"


def test_the_prefix_tells_the_region_only_where_the_export_does_not() -> None:
    found = classify(table(charge(), charge(region_id="eu-west-1"), charge(usage_type="Host:ml.g5.xlarge")))
    assert found["region_id"].to_list() == ["us-east-1", "eu-west-1", None]


@pytest.mark.parametrize("prefix", ["XYZ9", "XY12"])
def test_an_unknown_prefix_is_split_off(prefix: str) -> None:
    found = classify(table(charge(usage_type=f"{prefix}-Host:ml.g5.xlarge")))
    assert found.select("instance_type", "region_id").row(0) == ("ml.g5.xlarge", None)


@pytest.mark.parametrize("unit", ["Tokens", "10K tokens", None])
def test_use_in_an_unknown_unit_is_inference_that_cannot_be_counted(unit: str | None) -> None:
    row = charge(service_code="AmazonBedrock", usage_type="USE1-NovaLite-input-tokens", unit=unit, quantity=Decimal(1))
    found = classify(table(row, row | {"unit": "1K tokens"}))
    assert found.select("kind", "pattern", "component", "model", "meter", "meter_factor").rows() == [
        ("inference", "bedrock-on-demand", "tokens", "NovaLite", None, None),
        ("inference", "bedrock-on-demand", "tokens", "NovaLite", "input_tokens", Decimal(1000)),
    ]
    assert found.select(is_uncounted()).to_series().to_list() == [True, False]
    assert uncounted_meters(found) == {"input_tokens"}


def test_use_without_a_quantity_cannot_be_counted_but_for_corrections_of_a_cost() -> None:
    found = classify(table(charge(), charge(charge_class="Correction"), charge(quantity=Decimal(0))))
    assert found.select(is_uncounted()).to_series().to_list() == [True, False, False]


def test_what_is_no_use_or_has_no_meter_is_not_uncounted() -> None:
    found = classify(
        table(
            charge(charge_category="Tax", unit=None),
            charge(line_item_type="SavingsPlanNegation", charge_category="Adjustment", unit=None),
            charge(usage_type="USE1-Host:VolumeUsage.gp2", unit="GB-Mo"),
            charge(usage_type="USE1-ProvisionedConcurrency:Mem-4GB", unit="Second"),
        )
    )
    assert not found.select(is_uncounted().any()).item()


def test_an_unknown_unit_of_what_is_not_inference_stops_nobody() -> None:
    assert kinds(charge(usage_type="USE1-Train:ml.g5.xlarge", unit="fortnights")) == ["training"]


def test_free_use_is_inference() -> None:
    found = classify(table(charge(quantity=Decimal("0.5889"), billed_cost=Decimal(0), effective_cost=Decimal(0))))
    assert found.select("kind", "meter").row(0) == ("inference", "instance_ns")


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
    line = Line("usage", "opaque", None, "USW2-MP:USW2_InputTokenCount-Units", "Units", None)
    assert meaning_of(line).model is None
    assert meaning_of(line).kind == "inference"
    assert meaning_of(line._replace(service_name="Some other software")).kind == "other-service"


@pytest.mark.parametrize(
    ("usage_type", "unit", "kind"),
    [
        ("USE1-Host:ml.g5.xlarge", None, "inference"),
        ("EU-ServerlessInf:Mem-2GB", None, "inference"),
        ("USE1-Notebk:ml.t3.medium", "Hrs", "development"),
        ("USE1-NovaLite-input-tokens", "N/A", "inference"),
        ("USW2-MP:USW2_OutputTokenCount-Units", None, "inference"),
        ("USE1-Nova2.0Lite-ProvisionedThroughput-NoCommit-ModelUnits", None, "inference"),
        ("EBS:VolumeUsage.gp3", "GB-Mo", "other-service"),
        ("ConfigRuleEvaluations", None, "other-service"),
        ("USE1-Lambda-Provisioned-Concurrency", None, "other-service"),
        ("BoxUsage:m5.large", "Hrs", "other-service"),
    ],
)
def test_cost_explorer_may_name_no_service(usage_type: str, unit: str | None, kind: str) -> None:
    assert meaning_of(Line("usage", None, None, usage_type, unit, None)).kind == kind
    row = table(charge(service_code=None, usage_type=usage_type))
    assert row.filter(MATTERS).height >= (kind != "other-service")


def test_another_service_keeps_its_usage_types_whatever_they_look_like() -> None:
    line = Line("usage", "AmazonTokenizer", None, "USE1-NovaLite-input-tokens", "1K tokens", None)
    assert meaning_of(line).kind == "other-service"


@pytest.mark.parametrize(
    "name",
    [
        *("NovaLite-input-output-tokens", "NovaLite-cache-read-write-tokens", "NovaLite-input-tokens-batch-flex"),
        *("NovaLite-cache-output-turbo-tokens", "NovaLite-input-tokens-global-regional", "NovaLite-tokens"),
    ],
)
def test_words_that_contradict_each_other_are_not_recognised(name: str) -> None:
    assert meaning_of(Line("usage", "AmazonBedrock", None, f"USE1-{name}", "1K tokens", None)).kind == "unrecognised"


def test_a_suffix_that_may_mean_another_rate_is_not_recognised() -> None:
    line = Line("usage", "AmazonBedrock", None, "USE1-NovaLite-input-tokens-turbo", "1K tokens", None)
    assert meaning_of(line).kind == "unrecognised"


KNOWN = st.sampled_from(sorted(MEANINGS))
BEDROCK = "AmazonBedrock"


@given(st.from_regex(r"[A-Z]{2,4}[0-9]{1,2}", fullmatch=True) | st.sampled_from(sorted(REGION_OF_PREFIX)), KNOWN)
def test_every_region_reads_alike(prefix: str, known: tuple[str, str]) -> None:
    service, usage_type = known
    body = split_prefix(usage_type)[1]
    read = meaning_of(sheet_line(service, f"{prefix}-{body}", "Hrs"))
    assert read == meaning_of(sheet_line(service, f"USE1-{body}", "Hrs"))
    assert read.kind == MEANINGS[known].kind


SUFFIXES = [["batch"], ["cross", "region", "global"], ["custom", "model"], ["text"], ["long", "ctx"], ["standard"]]
METERS = [["input", "tokens"], ["output", "tokens"], ["cache", "write", "1h", "tokens"], ["cache", "read", "tokens"]]


@given(st.sampled_from(METERS), st.lists(st.sampled_from(SUFFIXES), unique_by=tuple), st.randoms())
def test_every_order_of_the_suffixes_reads_alike(meter: list[str], suffixes: list[list[str]], random: Random) -> None:
    parts = [meter, *suffixes]
    expected = words_of(parts)
    assert expected is not None
    assert expected.token_class == ("cache-write-1h" if "write" in meter else "-".join(meter[:-1]))
    random.shuffle(parts)
    assert words_of(parts) == expected
    of_bedrock = "-".join(["USE1-gpt-oss-120b", *("-".join(part) for part in parts)])
    found = meaning_of(Line("usage", BEDROCK, None, of_bedrock, "1K tokens", None))
    assert (found.model, found.token_class, found.tier) == ("gpt-oss-120b", expected.token_class, expected.tier)
    assert (found.scope, found.component, found.custom_model) == (
        expected.scope,
        expected.component,
        expected.custom_model,
    )
    resold = "_".join("".join(word.capitalize() for word in part) for part in parts)
    sold = meaning_of(
        Line("usage", "5x9k", "X (Amazon Bedrock Edition)", f"USE1-MP:USE1_{resold}-Units", "Units", None)
    )
    assert sold == replace(found, model="X", meter_factor=Decimal(10**6))


def words_of(parts: list[list[str]]) -> TokenMeter | None:
    return read_meter(word for part in parts for word in part)


@pytest.mark.parametrize("spelled", [str.lower, str.upper])
@pytest.mark.parametrize("known", sorted(MEANINGS), ids="/".join)
def test_every_case_reads_alike(known: tuple[str, str], spelled: Callable[[str], str]) -> None:
    service, usage_type = known
    found, expected = meaning_of(sheet_line(service, spelled(usage_type), "Hrs")), meaning_of(sheet_line(*known, "Hrs"))
    assert replace(found, model=None) == replace(expected, model=None)
    if "TitanEmbeddingV2-Text" not in usage_type:  # only its capital tells that this text is part of a name
        assert (found.model or "").casefold() == (expected.model or "").casefold()


@given(st.permutations(sorted(MEANINGS)))
@settings(max_examples=20)
def test_a_charge_is_classified_by_itself_and_twice_is_once(rows: list[tuple[str, str]]) -> None:
    def one(known: tuple[str, str]) -> dict[str, object]:
        line = sheet_line(*known, "Hrs")
        return charge(service_code=line.service_code, service_name=line.service_name, usage_type=line.usage_type)

    together = classify(table(*map(one, rows)))
    assert_frame_equal(together, pl.concat([classify(table(one(known))) for known in rows[:5]] + [together[5:]]))
    assert_frame_equal(classify(together.select(*CHARGES)), together)


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
@example("usage", None, None, "ProvisionedThroughput-units", None)
def test_no_string_breaks_the_classifier_and_nothing_that_matters_is_filtered_out(
    nature: Nature, code: str | None, name: str | None, usage_type: str | None, unit: str | None
) -> None:
    found = meaning_of(Line(nature, code, name, usage_type, unit, unit))
    assert found.kind in KINDS
    assert (found.meter is None) == (found.meter_factor is None)
    row = table(charge(service_code=code, service_name=name, usage_type=usage_type))
    assert found.kind == "other-service" or row.filter(MATTERS).height == 1
