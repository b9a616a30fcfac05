"""Which instance types a deployment may not have, and what is taken for granted of its model."""

from pathlib import Path
from typing import Any

import pytest

from infercost import advice
from infercost.advice.hardware import impossible, taken_for_granted
from infercost.schema.scenario import Deployment, Model, Scenario

NEURON = "ml.inf2.xlarge"
ARM = "ml.c7g.xlarge"


def scenario(*deployments: dict[str, Any], **model: bool) -> Scenario:
    document = {
        "traffic": {"kind": "poisson", "rate_per_s": 1, "duration_s": 600},
        "run": {"warmup_s": 60},
        "service": {"kind": "constant", "mean_ms": 10},
        "model": model,
        "deployment": [
            {"id": f"d{place}", "region": "us-east-1", "pattern": "real-time", **one}
            for place, one in enumerate(deployments)
        ],
    }
    return Scenario.parse(document, "hardware")


def one(**keys: Any) -> Deployment:  # noqa: ANN401 -- any part of a deployment
    return scenario(keys).deployment[0]


@pytest.mark.parametrize(
    ("keys", "model", "rule"),
    [
        ({"instance_type": "ml.t3.medium"}, Model(), "RT-12"),
        ({"instance_type": "ml.trn3.48xlarge", "pattern": "async"}, Model(), "RT-12"),
        ({"instance_type": "ml.inf1.xlarge", "pattern": "batch-transform"}, Model(), "BT-9"),
        ({"instance_type": NEURON}, Model(compiled_for_neuron=False), "HW-1"),
        (
            {"instance_type": "ml.m5.large", "pools": [{"instance_type": NEURON}]},
            Model(compiled_for_neuron=False),
            "HW-1",
        ),
        (
            {"instance_type": "ml.m5.large", "variants": [{"name": "b", "instance_type": ARM}]},
            Model(arm_build=False),
            "HW-2",
        ),
    ],
)
def test_a_type_that_cannot_be_is_forbidden_by_its_rule(keys: dict[str, Any], model: Model, rule: str) -> None:
    no = impossible(one(**keys), model)
    assert no is not None
    assert no.rule == rule


@pytest.mark.parametrize(
    ("keys", "model"),
    [
        ({"instance_type": NEURON}, Model()),
        ({"instance_type": NEURON}, Model(compiled_for_neuron=True, arm_build=False)),
        ({"instance_type": "ml.m5.large"}, Model(compiled_for_neuron=False, arm_build=False)),
        ({"instance_type": "ml.g5.xlarge"}, Model()),
        ({"instance_type": NEURON, "pattern": "batch-transform"}, Model()),
    ],
)
def test_what_nothing_speaks_against_is_possible(keys: dict[str, Any], model: Model) -> None:
    assert impossible(one(**keys), model) is None


def test_what_is_not_said_of_the_model_is_told() -> None:
    assert [note[-6:] for note in taken_for_granted(one(instance_type=NEURON), Model())] == ["[HW-1]"]
    assert [note[-6:] for note in taken_for_granted(one(instance_type=ARM), Model())] == ["[HW-2]"]
    assert taken_for_granted(one(instance_type=NEURON), Model(compiled_for_neuron=True)) == ()
    assert taken_for_granted(one(instance_type="ml.m5.large"), Model()) == ()


def test_a_forbidden_type_is_an_outcome_without_a_run_among_those_with_one() -> None:
    whole = scenario({"instance_type": NEURON}, {"instance_type": "ml.m5.large"}, compiled_for_neuron=False)
    forbidden, fine = advice.simulate(whole, Path())
    assert forbidden.infeasible is not None
    assert (forbidden.infeasible.rule, forbidden.requests, forbidden.cost_usd, forbidden.slo_met) == (
        "HW-1",
        0,
        None,
        False,
    )
    assert forbidden.simulated_s == fine.simulated_s == 540
    assert fine.completed == fine.requests > 0
    (alone,) = advice.simulate(scenario({"instance_type": NEURON}, compiled_for_neuron=False), Path())
    assert alone == forbidden


def test_an_outcome_notes_what_it_takes_for_granted() -> None:
    (outcome,) = advice.simulate(scenario({"instance_type": NEURON}), Path())
    assert [note[-6:] for note in outcome.notes] == ["[HW-1]"]
