"""The engine agrees with the reference: every request, every metered quantity, every change of capacity."""

from collections import Counter

import pytest

from infercost.schema.scenario import PATTERNS, Scenario
from twin.agreement import agree, expected
from twin.generator import random_scenario
from twin.generator.scenario import random_document

SEEDS = {  # the rest are simple
    "real-time": 2500,
    "async": 2500,
    "serverless": 1000,
    "batch-transform": 500,
    "multi-model": 1500,
    "inference-components": 1500,
}
BATCH = 100


@pytest.mark.parametrize(
    ("pattern", "first"), [(one, first) for one in PATTERNS for first in range(0, SEEDS.get(one, 300), BATCH)]
)
def test_engine_agrees_with_the_reference(pattern: str, first: int) -> None:
    for seed in range(first, first + BATCH):
        agree(*random_scenario(pattern, seed), f"random_scenario({pattern!r}, {seed})")


def test_the_scenarios_reach_what_they_are_for() -> None:
    """Every end of a request, scaling out and in, from and to zero, cold starts: often, or agreement proves little."""
    seen: Counter[str] = Counter()
    for pattern in PATTERNS:
        for seed in range(300):
            result = expected(*random_scenario(pattern, seed))
            seen.update({f"{pattern} {status}" for _, status, *_ in result.requests})
            seen[f"{pattern} cold"] += any(cold for *_, cold, _ in result.requests)
            seen[f"{pattern} out"] += any(to > start for _, start, to in result.activities)
            seen[f"{pattern} in"] += any(to < start for _, start, to in result.activities)
            seen[f"{pattern} from zero"] += any(start == 0 for _, start, to in result.activities)
            seen[f"{pattern} to zero"] += any(to == 0 for _, start, to in result.activities)
            seen[f"{pattern} streamed"] += bool(result.tpot)
            seen[f"{pattern} parts"] += len({part for _, _, part in result.usage}) > 1
            seen[f"{pattern} provisioned"] += any(meter == "provisioned_ms" for _, meter, _ in result.usage)
            seen[f"{pattern} hits"] += result.cache_hits > 0
            seen[f"{pattern} loads"] += result.cache_loads > 0
            seen[f"{pattern} infeasible"] += result.infeasible is not None
            seen[f"{pattern} empty"] += not result.requests and not result.infeasible
    rare = {key: seen[key] for key in REACHED if seen[key] < 5}
    assert not rare


def test_consolidation_makes_a_difference_in_many_scenarios() -> None:
    different = 0
    for seed in range(300):
        document, columns = random_document("inference-components", seed)
        (deployment,) = document["deployment"]
        if deployment.get("instance_scale_in") == "consolidation":
            consolidated = expected(Scenario.parse(document, "consolidated"), columns)
            for key in ("instance_scale_in", "instance_scale_in_step", "instance_scale_in_cooldown_s"):
                del deployment[key]
            different += consolidated != expected(Scenario.parse(document, "not"), columns)
    assert different >= 20


SCALED = ("out", "in", "from zero", "to zero")
REACHED = [
    *(f"{pattern} completed" for pattern in PATTERNS),
    *(f"{pattern} empty" for pattern in PATTERNS),
    *(f"real-time {what}" for what in ("refused", "throttled", "timed_out", "unfinished")),
    *(f"real-time {what}" for what in ("out", "in", "streamed", "parts")),
    *(f"async {what}" for what in ("refused", "expired", "timed_out", "unfinished", *SCALED)),
    *(f"serverless {what}" for what in ("refused", "throttled", "timed_out", "unfinished", "cold", "provisioned")),
    *(f"serverless {what}" for what in SCALED),
    *(f"batch-transform {what}" for what in ("refused", "timed_out", "unfinished")),
    *(f"multi-model {what}" for what in ("refused", "throttled", "timed_out", "unfinished", "streamed")),
    *(f"multi-model {what}" for what in ("out", "in", "hits", "loads")),
    *(f"inference-components {what}" for what in ("refused", "throttled", "timed_out", "unfinished", "streamed")),
    *(f"inference-components {what}" for what in ("infeasible", *SCALED)),
    *(f"bedrock-batch {what}" for what in ("refused", "unfinished")),
]
