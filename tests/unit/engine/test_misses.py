"""How many requests miss the promise: those that fail, and those that come too late."""

from typing import Any

import polars as pl
import pytest

from infercost.engine import simulate
from infercost.schema.scenario import Scenario

SECOND = 1_000_000_000


@pytest.mark.parametrize(
    ("slo", "misses"),
    [
        (None, 1),  # the throttled one
        ({"p99_ms": 1000}, 2),  # and the one that waits a second
        ({"p99_ms": 2000}, 1),
        ({"deadline_s": 1}, 2),
        ({"deadline_s": 1, "p99_ms": 500}, 3),  # and the one that takes a second
    ],
)
def test_misses(slo: dict[str, Any] | None, misses: int) -> None:
    # one worker, room for one to wait, a second of work each: answered after 1 s and 2 s, and one is throttled
    columns = pl.DataFrame({"arrival_ns": [0, 0, 0], "service_ns": [SECOND] * 3})
    scenario = {
        "traffic": {"kind": "trace", "path": "trace", "duration_s": 10},
        "service": {"kind": "trace"},
        "deployment": [
            {"id": "it", "pattern": "real-time", "region": "us-east-1", "instance_type": "ml.m5.xlarge"},
        ],
        "assumptions": {"real_time": {"container_queue_limit": 1}},
    }
    (run,) = simulate(Scenario.parse(scenario if slo is None else {**scenario, "slo": slo}, "misses"), columns)
    assert run.summary.slo_misses == misses
