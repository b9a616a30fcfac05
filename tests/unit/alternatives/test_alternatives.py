"""What each alternative proposes, and what it refuses by rule."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from infercost.advice.feasibility import forbidden
from infercost.alternatives import REGISTRY, Candidate, Rejected, facts_of
from infercost.alternatives.facts import needed
from infercost.schema.analysis import ActionType, Effort
from infercost.schema.charges import CHARGES, CLASSIFICATION
from infercost.schema.config import Constraints
from infercost.schema.evidence import Evidence
from infercost.schema.scenario import (
    SLO,
    Assumptions,
    Asynchronous,
    BatchTransform,
    BedrockBatch,
    BedrockOnDemand,
    BedrockProvisioned,
    ConstantService,
    Deployment,
    RealTime,
    Request,
    Scaling,
    Serverless,
)
from infercost.schema.traffic import Traffic
from infercost.schema.workload import Profile, Workload
from worlds import START


def profile(instance_type: str | None = "ml.m5.large", mean_ms: float = 100, workers: int = 2, **more: Any) -> Profile:  # noqa: ANN401 -- fields
    service = ConstantService(kind="constant", mean_ms=mean_ms)
    return Profile(service, workers, Evidence.MEASURED, instance_type=instance_type, **more)


def traffic(requests: Sequence[int], step_s: int = 3600, **columns: int) -> Traffic:
    starts = [START + timedelta(seconds=step_s * position) for position in range(len(requests))]
    frame = pl.DataFrame({"start": starts, "requests": requests}, schema_overrides={"start": pl.Datetime("ns", "UTC")})
    frame = frame.with_columns(**{name: pl.lit(value) for name, value in columns.items()})
    return Traffic("rates", frame, START, float(step_s * len(requests)), Evidence.MEASURED, "it.parquet")


NOW = RealTime(id="now", region="us-east-1", pattern="real-time", instance_type="ml.m5.large", instances=4)
HOSTED = BedrockOnDemand(id="now", region="us-east-1", pattern="bedrock-on-demand", model_id="amazon.nova-lite-v1:0")


def workload(deployment: Deployment = NOW, **fields: Any) -> Workload:  # noqa: ANN401 -- fields
    bedrock = deployment.pattern.startswith("bedrock-")
    known: dict[str, Any] = {
        "id": "it",
        "name": "it",
        "service": "Amazon Bedrock" if bedrock else "Amazon SageMaker",
        "pattern": deployment.pattern,
        "account_id": "1",
        "region": "us-east-1",
        "resource_ids": (),
        "tags": {},
        "charges": pl.DataFrame(schema=CHARGES | CLASSIFICATION),
        "billed_cost": Decimal(1),
        "effective_cost": Decimal(1),
        "currency": "USD",
        "slo": SLO(p99_ms=5_000),
        "interaction": "offline",
        "explicit_interaction": True,
        "weights": "hosted" if bedrock else "owned",
        "deployment": deployment,
        "traffic": traffic([3600, 7200]),
        "profiles": (profile(),),
    }
    return Workload(**(known | fields))


def proposals(one: Workload) -> list[Candidate | Rejected]:
    facts = facts_of(one, Assumptions())
    return [item for alternative in REGISTRY for item in alternative.propose(one, facts)]


def candidates(one: Workload, kind: type) -> list[Candidate]:
    return [item for item in proposals(one) if isinstance(item, Candidate) and isinstance(item.deployment, kind)]


def rules(one: Workload) -> set[str | None]:
    return {item.rule for item in proposals(one) if isinstance(item, Rejected)}


def test_the_peak_is_that_of_the_busiest_step() -> None:
    facts = facts_of(workload(), Assumptions())
    assert (facts.requests, facts.peak_per_s, facts.opening_per_s) == (10_800, 2.0, 1.0)
    assert facts.covers_period


def test_the_peak_of_a_trace_is_that_of_its_busiest_minute() -> None:
    arrivals = [START + timedelta(seconds=second) for second in (0, 61, 62, 63, 500)]
    frame = pl.DataFrame({"arrival": arrivals}, schema={"arrival": pl.Datetime("ns", "UTC")})
    facts = facts_of(workload(traffic=Traffic("trace", frame, START, 600, Evidence.MEASURED, "it")), Assumptions())
    assert facts.peak_per_s == 3 / 60
    assert not facts.covers_period


@pytest.mark.parametrize(
    ("counts", "duration_s", "deleted"),
    [([0, 0], 7200, True), ([0, 1], 7200, False), ([0, 0], 10_800, False)],
)
def test_only_zeros_over_the_whole_period_prove_that_nobody_calls(
    counts: list[int], duration_s: float, *, deleted: bool
) -> None:
    one = workload(traffic=replace(traffic(counts), duration_s=duration_s))
    assert (any(item.deployment is None for item in proposals(one) if isinstance(item, Candidate))) is deleted


def test_zeros_with_a_gap_between_them_prove_nothing() -> None:
    holed = traffic([0, 0, 0, 0])
    holed = replace(holed, frame=holed.frame.filter(pl.int_range(pl.len()) != 1))
    assert not candidates(workload(traffic=holed), type(None))


def test_zeros_that_were_derived_from_the_bill_prove_nothing() -> None:
    derived = replace(traffic([0, 0]), evidence=Evidence.MODELLED)
    assert not candidates(workload(traffic=derived), type(None))


def test_targets_follow_the_sizing_formula_of_aws() -> None:
    targets = {
        item.deployment.scaling.policies[0].target
        for item in candidates(workload(), RealTime)
        if isinstance(item.deployment, RealTime) and item.deployment.scaling is not None
        if item.deployment.scaling.policies[0].kind == "target-tracking"
    }
    assert 2 / 0.1 * 60 * 0.5 in targets  # requests per second of one instance x 60 x safety factor [AS-20]
    assert max(targets) < 2 / 0.1 * 60


def test_nothing_is_proposed_on_a_type_that_was_not_measured() -> None:
    for item in proposals(workload()):
        if isinstance(item, Candidate):
            assert getattr(item.deployment, "instance_type", "ml.m5.large") == "ml.m5.large"


@pytest.mark.parametrize(
    ("then", "action", "effort"),
    [
        ("ml.m5.large", "ScaleIn", "VeryLow"),
        ("ml.c5.large", "Rightsize", "Medium"),
        ("ml.m6g.large", "MigrateToGraviton", "Medium"),
        ("ml.inf2.xlarge", "MigrateAccelerator", "High"),
    ],
)
def test_a_move_is_called_by_what_it_takes(then: str, action: ActionType, effort: Effort) -> None:
    fixed = [
        item
        for item in candidates(workload(profiles=(profile(then),)), RealTime)
        if isinstance(item.deployment, RealTime) and item.deployment.scaling is None
    ]
    assert {(item.action, item.effort) for item in fixed} == {(action, effort)}


def test_no_endpoint_is_proposed_below_the_floor_of_its_owner() -> None:
    one = workload(interaction="interactive", min_instances=3)
    for item in candidates(one, RealTime):
        assert isinstance(item.deployment, RealTime)
        scaling = item.deployment.scaling
        assert (item.deployment.instances if scaling is None else scaling.min) >= 3
    assert forbidden(Candidate(replace_instances(2), "ScaleIn", "VeryLow"), one) is not None
    assert forbidden(Candidate(replace_instances(3), "ScaleIn", "VeryLow"), one) is None
    scaled = replace_instances(3).model_copy(update={"scaling": Scaling(min=2, max=9)})
    assert forbidden(Candidate(scaled, "TuneAutoscaling", "Low"), one) is not None


def replace_instances(count: int) -> RealTime:
    return NOW.model_copy(update={"instances": count})


@pytest.mark.parametrize(
    ("limits", "allowed"),
    [
        (Constraints(), True),
        (Constraints(patterns=("async",)), False),
        (Constraints(patterns=("real-time",)), True),
        (Constraints(regions=("eu-west-1",)), False),
        (Constraints(instance_families=("g5",)), False),
        (Constraints(instance_families=("m5",)), True),
    ],
)
def test_constraints_of_the_owner_hold(limits: Constraints, *, allowed: bool) -> None:
    assert (forbidden(Candidate(NOW, "ScaleIn", "VeryLow"), workload(constraints=limits)) is None) is allowed


def test_serverless_is_proposed_at_and_above_the_measured_memory_only() -> None:
    one = workload(profiles=(profile(), profile(None, 100, 1, memory_mb=3072)))
    found = candidates(one, Serverless)
    assert [getattr(item.deployment, "memory_mb", 0) for item in found] == [3072, 4096, 5120, 6144]
    evidence = [item.profile.evidence for item in found if item.profile is not None]
    assert evidence == [Evidence.MEASURED, *[Evidence.MODELLED] * 3]
    assert all(item.waits for item in found)


def test_a_gpu_profile_alone_rules_serverless_out() -> None:
    assert "SL-16" in rules(workload(profiles=(profile("ml.g5.xlarge"),)))
    assert "SL-16" not in rules(workload())


def test_batch_transform_shares_out_files_not_more_instances() -> None:
    sizes = {getattr(one.deployment, "instances", 0) for one in candidates(workload(files=6), BatchTransform)}
    assert sizes == {1, 2, 4, 6}
    [unknown] = {getattr(one.deployment, "instances", 0) for one in candidates(workload(), BatchTransform)}
    assert unknown == 1
    most = {getattr(one.deployment, "instances", 0) for one in candidates(workload(files=1000), BatchTransform)}
    assert max(most) == 100  # [BT-2]


def test_batch_transform_leaves_time_before_the_deadline() -> None:
    one = workload(slo=SLO(deadline_s=14_400))
    assert {getattr(item.deployment, "every_s", 0) for item in candidates(one, BatchTransform)} == {
        1800,
        3600,
        7200,
        10_800,
    }


def test_batch_transform_does_not_run_on_every_type() -> None:
    one = workload(profiles=(profile("ml.p4d.24xlarge"),))
    assert "BT-9" in rules(one)
    assert not candidates(one, BatchTransform)


def test_payloads_times_concurrency_have_a_limit_in_batch_transform() -> None:
    large = workload(request=Request(payload_bytes=60_000_000))
    assert "BT-4" in rules(large)
    assert not candidates(large, BatchTransform)
    medium = candidates(workload(request=Request(payload_bytes=40_000_000)), BatchTransform)
    assert {getattr(one.deployment, "max_payload_mb", 0) for one in medium} == {40}


def test_minutes_are_not_hours_for_who_waits_near_real_time() -> None:
    one = workload(interaction="near-real-time")
    assert not candidates(one, BatchTransform)
    assert candidates(one, Asynchronous)


def test_nobody_who_waits_is_sent_to_a_queue() -> None:
    one = workload(interaction="interactive")
    assert not candidates(one, Asynchronous)
    assert not candidates(one, BatchTransform)
    assert not candidates(replace(one, deployment=HOSTED, service="Amazon Bedrock"), BedrockBatch)


def test_an_async_endpoint_leaves_zero_by_the_step_policy() -> None:
    for item in candidates(workload(min_instances=0), Asynchronous):
        assert isinstance(item.deployment, Asynchronous)
        assert item.deployment.scaling is not None
        assert [policy.kind for policy in item.deployment.scaling.policies] == ["target-tracking", "step"]
    for item in candidates(workload(min_instances=1), Asynchronous):
        assert isinstance(item.deployment, Asynchronous)
        assert item.deployment.scaling is not None
        assert [policy.kind for policy in item.deployment.scaling.policies] == ["target-tracking"]


def test_bedrock_batch_jobs_of_a_day_never_run_more_than_ten_at_a_time() -> None:
    intervals = [getattr(one.deployment, "every_s", 0) for one in candidates(workload(HOSTED), BedrockBatch)]
    assert intervals
    assert all(86_400 / every_s <= 10 for every_s in intervals)


UNITS = BedrockProvisioned(
    id="now", region="us-east-1", pattern="bedrock-provisioned", model_id="amazon.nova-lite-v1:0"
)


def test_model_units_without_a_term_may_become_tokens() -> None:
    assert [one.action for one in candidates(workload(UNITS), BedrockOnDemand)] == ["ReleaseProvisionedThroughput"]


def test_a_term_is_paid_to_its_end() -> None:
    one = workload(UNITS.model_copy(update={"commitment": "6-month"}))
    assert not candidates(one, BedrockOnDemand)
    assert "PT-1" in rules(one)


def test_a_custom_model_is_never_priced_as_its_base_model() -> None:
    one = workload(UNITS.model_copy(update={"custom_model": True}))
    assert not candidates(one, BedrockOnDemand)
    assert "CM-2" in rules(one)


def test_needed_rounds_up() -> None:
    assert needed(10.1, 10, 1.0) == 2
    assert needed(0, 10, 1.0) == 1


def test_a_target_above_the_one_that_aws_suggests_is_told() -> None:
    it = workload()
    facts = facts_of(it, Assumptions())
    proposed = [one for alternative in REGISTRY for one in alternative.propose(it, facts)]
    told = {
        one.deployment.id: one.conditions
        for one in proposed
        if isinstance(one, Candidate) and one.deployment is not None and one.deployment.id.startswith("autoscaled")
    }
    assert told["autoscaled-ml.m5.large-50"] == ()
    assert told["autoscaled-ml.m5.large-60"] == (
        "the target is 60 % of what was measured per instance; AWS suggests starting at 50 % [AS-20]",
    )
