"""Names that their owners would recognise."""

from pathlib import Path

import pytest

import worlds
from infercost.schema.config import Config
from infercost.workloads import discover
from worlds import Line

ARN = f"arn:aws:sagemaker:{worlds.REGION}:000000000001"
PROFILE = f"arn:aws:bedrock:{worlds.REGION}:000000000001:application-inference-profile"


def names(*lines: Line) -> list[str]:
    return sorted(one.name for one in discover(worlds.bill(lines, days=1), Config(), Path()))


def host(resource: str | None, **more: object) -> Line:
    return Line("USE1-Host:ml.m5.large", "1", "0.1152", resource, **more)  # type: ignore[arg-type]


def job(name: str) -> Line:
    return Line("USE1-Tsform:ml.m5.large", "1", "0.1152", f"{ARN}:transform-job/{name}")


def profile(key: str, tags: str = "{}", model: str = "NovaLite") -> Line:
    usage_type = f"USE1-{model}-input-tokens"
    return Line(usage_type, "1", "0.1", f"{PROFILE}/{key}", unit="1K tokens", service="AmazonBedrock", tags=tags)


def test_an_endpoint_that_the_bill_spells_in_two_ways_is_one_under_its_owner_s_spelling() -> None:
    lines = [host(f"{ARN}:endpoint/fraud-scoring"), host(f"{ARN}:endpoint/Fraud-Scoring")]
    assert names(*lines) == ["Fraud-Scoring"]


def test_what_an_sdk_put_behind_an_endpoint_s_name_is_left_out_where_the_rest_tells_it_apart() -> None:
    assert names(host(f"{ARN}:endpoint/churn-2026-10-03-01-00-00-123")) == ["churn"]
    two = [host(f"{ARN}:endpoint/churn-2026-10-03-01-00-00-{end}") for end in ("123", "456")]
    assert names(*two) == ["churn-2026-10-03-01-00-00-123", "churn-2026-10-03-01-00-00-456"]


@pytest.mark.parametrize(
    ("runs", "name"),
    [
        (("nightly-2026-10-03-01-00-00-123", "nightly-2026-10-04-01-00-00-001"), "nightly"),
        (("nightly-17", "nightly-18"), "nightly"),
        (("scores-0b8a3c1e-6f0e-4b58-9a0e-2f4b7c1e9d30", "scores-5d0c7a51-6f0e-4b58-9a0e-2f4b7c1e9d30"), "scores"),
        (("pipelines-abc123def456-ScoreAll-x1Y2z3A4b5", "pipelines-zzz123def456-ScoreAll-q1Y2z3A4b5"), "ScoreAll"),
        (("pipelines-abc123-ScoreAll", "pipelines-def456-ScoreAll"), "ScoreAll"),
    ],
)
def test_runs_of_one_job_are_one_workload(runs: tuple[str, ...], name: str) -> None:
    assert names(*map(job, runs)) == [name]


def test_a_name_that_is_nothing_but_a_moment_or_an_id_stays_as_it_is() -> None:
    assert names(host(f"{ARN}:endpoint/2026-10-03-01-00-00-123")) == ["2026-10-03-01-00-00-123"]
    assert names(job("5d0c7a51-6f0e-4b58-9a0e-2f4b7c1e9d30")) == ["5d0c7a51-6f0e-4b58-9a0e-2f4b7c1e9d30"]


def test_a_profile_is_called_by_its_name_tag_and_two_of_one_name_are_told_apart_by_their_ids() -> None:
    assert names(profile("x1", '{"Name":"letters","team":"claims"}')) == ["letters"]
    two = [profile(key, '{"app":"letters"}') for key in ("x1", "x2")]
    assert names(*two) == ["letters (x1)", "letters (x2)"]
    assert names(profile("x1")) == ["x1"]


def test_a_tag_that_comes_in_the_middle_of_the_month_names_all_of_it() -> None:
    assert names(profile("x1"), profile("x1", '{"name":"letters"}')) == ["letters"]


def test_tokens_of_one_model_under_two_names_in_their_tags_are_two_workloads() -> None:
    lines = [
        Line("USE1-NovaLite-input-tokens", "1", "0.1", unit="1K tokens", service="AmazonBedrock", tags=tags)
        for tags in ('{"app":"letters"}', '{"app":"chat"}', "{}")
    ]
    assert names(*lines) == ["NovaLite", "chat", "letters"]


def test_names_that_differ_by_case_alone_are_told_apart_by_their_place() -> None:
    places = (("Mix", "000000000001"), ("mix", "000000000002"))
    lines = [host(worlds.endpoint(name, account), account=account) for name, account in places]
    assert names(*lines) == ["Mix (000000000001, us-east-1)", "mix (000000000002, us-east-1)"]


def test_without_resource_ids_types_patterns_and_tags_tell_apart() -> None:
    lines = [
        host(None),
        Line("USE1-AsyncInf:ml.m5.large", "1", "0.1152"),
        Line("USE1-Hst:Data-Bytes-In", "1", "0.016", unit="GB"),
        host(None, tags='{"app":"fraud"}'),
    ]
    assert names(*lines) == [
        "async ml.m5.large without a resource id",
        "endpoint data without a resource id",
        "fraud",
        "real-time ml.m5.large without a resource id",
    ]


def test_marketplace_s_models_without_a_name_are_bedrock_s_and_told_apart_by_product_code() -> None:
    assert names(worlds.resold()) == ["Bedrock model without a name"]
    both = [worlds.resold(code) for code in ("c7k2m9opaque", "a1b2c3opaque")]
    assert names(*both) == [f"Bedrock model without a name ({code})" for code in ("a1b2c3opaque", "c7k2m9opaque")]
