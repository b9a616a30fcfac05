"""What target tracking decides on, to the instance: the worked figures of Application Auto Scaling.

Requests come evenly and take no time; datapoints are seen at once, alarms ring on the first.
"""

from typing import Any

import polars as pl
import pytest

from infercost.engine import simulate
from infercost.schema.scenario import Scenario

MINUTE = 60_000_000_000
AT_ONCE = {"high_periods": 1, "low_periods": 1, "metric_delay_s": 0}


def first_decision(deployment: dict[str, Any], arrivals: list[int], service_s: float) -> tuple[float, int, int] | None:
    """(at_s, from, to), from two minutes of traffic."""
    document = {
        "traffic": {"kind": "trace", "path": "trace.parquet", "start": "2026-10-01T00:00:00Z", "duration_s": 120},
        "service": {"kind": "constant", "mean_ms": service_s * 1000},
        "deployment": [{"id": "it", "region": "us-east-1", "instance_type": "ml.m5.xlarge", **deployment}],
        "assumptions": {"autoscaling": AT_ONCE},
    }
    (run,) = simulate(Scenario.parse(document, "arithmetic"), pl.DataFrame({"arrival_ns": arrivals}))
    decided = [(one.at_s, one.from_, one.to) for one in run.summary.activities]
    return decided[0] if decided else None


def tracked(metric: str, target: float, most: int) -> dict[str, Any]:
    return {"min": 1, "max": most, "policies": [{"kind": "target-tracking", "metric": metric, "target": target}]}


@pytest.mark.parametrize(
    ("instances", "per_instance", "wanted"),
    [
        (2, 155, (60, 2, 5)),  # ceil(2 x 155 / 70) = ceil(4.43)
        (4, 60, None),  # below 63, but 60 x 4 / 3 = 80 is above 70 [AS-10]
        (4, 52.5, (60, 4, 3)),  # 52.5 x 4 / 3 = 70 is not
        (4, 52.75, None),
    ],
)
def test_proportional_step_and_scale_in_that_would_not_last(
    instances: int, per_instance: float, wanted: tuple[float, int, int] | None
) -> None:
    count = round(instances * per_instance)
    arrivals = [index * MINUTE // count for index in range(count)]
    arrivals += [MINUTE + one for one in arrivals]  # and the same again
    deployment = {
        "pattern": "real-time",
        "instances": instances,
        "scaling": tracked("invocations-per-instance", 70, 8),
    }
    assert first_decision(deployment, arrivals, 0.001) == wanted


@pytest.mark.parametrize(("most", "wanted"), [(40, 20), (10, 10)])
def test_backlog_of_a_hundred_on_four_instances(most: int, wanted: int) -> None:
    deployment = {
        "pattern": "async",
        "instances": 4,
        "concurrency": 1,
        "scaling": tracked("backlog-per-instance", 5, most),
    }
    # 100 / 4 = 25 each, worked on or waiting: ceil(4 x 25 / 5) = 20
    assert first_decision(deployment, [MINUTE // 2] * 100, 1000) == (60, 4, wanted)
