"""A scenario from a file, and the scenario that a recommendation carries."""

from decimal import Decimal
from pathlib import Path

import pytest

from infercost import advice
from infercost.schema.errors import InputError, UsageError
from infercost.schema.scenario import Scenario
from worlds import World, recommended

CONVERSATION = "data/traces/AzureLLMInferenceTrace_conv.csv"


@pytest.mark.parametrize(("pattern", "cost"), [("bedrock-on-demand", "30.973224"), ("bedrock-batch", "15.486612")])
def test_the_azure_conversation_costs_what_its_tokens_cost(shared: Path, pattern: str, cost: str) -> None:
    scenario = Scenario.parse(
        {
            "traffic": {"kind": "trace", "path": CONVERSATION},
            "deployment": [{"id": "it", "pattern": pattern, "region": "us-east-1", "model_id": "amazon.nova-pro-v1:0"}],
        },
        "azure",
    )
    [outcome] = advice.simulate(scenario, shared)
    assert outcome.cost_usd == Decimal(cost)
    assert outcome.requests == outcome.completed


def test_what_a_recommendation_carries_can_be_replayed_to_the_same_costs(documents: World) -> None:
    found = recommended(documents.answer(), "documents")
    assert found is not None
    now, best = advice.simulate(Scenario.parse(found.scenario, "replay"), documents.folder)
    assert now.deployment_id == "now"
    assert now.monthly_cost_usd is not None
    assert best.monthly_cost_usd is not None
    assert best.slo_met
    saving = found.current_monthly_cost * (1 - best.monthly_cost_usd / now.monthly_cost_usd)
    assert abs(saving - found.estimated_monthly_savings) < Decimal("0.05")


def test_an_outcome_names_the_assumptions_that_it_rests_on_and_no_others() -> None:
    scenario = Scenario.parse(
        {
            "traffic": {"kind": "poisson", "rate_per_s": 1, "duration_s": 600},
            "service": {"kind": "constant", "mean_ms": 10},
            "deployment": [
                {"id": "fixed", "pattern": "real-time", "region": "us-east-1", "instance_type": "ml.m5.xlarge"},
                {
                    "id": "small",
                    "pattern": "serverless",
                    "region": "us-east-1",
                    "memory_mb": 1024,
                    "max_concurrency": 5,
                },
            ],
            "assumptions": {"serverless": {"keep_warm_s": 60}},
        },
        "it",
    )
    fixed, small = advice.simulate(scenario, Path())
    assert set(fixed.assumptions) == {
        f"real_time.{key}"
        for key in ("timeout_s", "container_queue_limit", "timeout_cancels_queued", "timeout_cancels_running")
    }
    assert small.assumptions["serverless.keep_warm_s"] == 60
    assert fixed.timings_s == {}
    assert advice.simulate(scenario, Path(), timings=True)[0].timings_s.keys() == {"traffic", "engine", "prices"}


def test_a_deployment_that_a_rule_forbids_is_infeasible_and_has_no_cost() -> None:
    scenario = Scenario.parse(
        {
            "traffic": {"kind": "poisson", "rate_per_s": 1, "duration_s": 600},
            "request": {"payload_bytes": 30_000_000},
            "service": {"kind": "constant", "mean_ms": 10},
            "deployment": [
                {"id": "it", "pattern": "real-time", "region": "us-east-1", "instance_type": "ml.m5.xlarge"}
            ],
        },
        "it",
    )
    [outcome] = advice.simulate(scenario, Path())
    assert outcome.infeasible is not None
    assert outcome.infeasible.rule == "RT-1"
    assert (outcome.cost_usd, outcome.charges) == (None, ())


def test_traffic_of_the_other_kind_is_refused_by_name(documents: World) -> None:
    document = {
        "traffic": {"kind": "rates", "path": "documents.parquet"},
        "service": {"kind": "constant", "mean_ms": 10},
        "deployment": [{"id": "it", "pattern": "real-time", "region": "us-east-1", "instance_type": "ml.m5.xlarge"}],
    }
    with pytest.raises(UsageError, match='kind = "trace"'):
        advice.simulate(Scenario.parse(document, "it"), documents.folder)
    document["traffic"] = {"kind": "trace", "path": "missing.parquet"}
    with pytest.raises(InputError, match=r"missing\.parquet"):
        advice.simulate(Scenario.parse(document, "it"), documents.folder)


def test_what_the_reader_of_the_traffic_left_out_is_said(tmp_path: Path) -> None:
    (tmp_path / "rates.csv").write_text(
        "start,requests\n2026-10-01T00:00:00Z,10\n2026-10-01T00:01:00Z,10\n2026-10-01T00:05:00Z,10\n", encoding="utf-8"
    )
    document = {
        "traffic": {"kind": "rates", "path": "rates.csv"},
        "service": {"kind": "constant", "mean_ms": 10},
        "deployment": [
            {"id": "it", "pattern": "real-time", "region": "us-east-1", "instance_type": "ml.m5.xlarge"},
        ],
    }
    (outcome,) = advice.simulate(Scenario.parse(document, "uneven"), tmp_path)
    assert any("step" in note for note in outcome.notes)
