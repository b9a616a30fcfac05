"""Asynchronous inference: messages about what ended, and storage."""

from typing import Any

import polars as pl
import pytest

from infercost.engine import Run, simulate
from infercost.schema.scenario import Scenario

SECOND = 1_000_000_000
GB = 10**9


def serve(deployment: dict[str, Any], *, end: str = "drain") -> Run:
    """One slot: a completed request, a cut one, an expired one, a refused one, one that the end of the run meets."""
    columns = pl.DataFrame(
        {
            "arrival_ns": [at * SECOND for at in (0, 1, 2, 3, 4_000)],
            "service_ns": [work * SECOND for work in (1, 200, 1, 1, 50)],
            "payload_bytes": [0, 0, 0, GB + 1, 0],
        }
    )
    fixed = {"id": "it", "pattern": "async", "region": "us-east-1", "instance_type": "ml.m5.xlarge", "concurrency": 1}
    document = {
        "traffic": {"kind": "trace", "path": "t", "duration_s": 4_010, "start": "2026-10-01T00:00:00Z"},
        "service": {"kind": "trace"},
        "deployment": [{**fixed, **deployment}],
        "assumptions": {"async": {"request_ttl_s": 60, "invocation_timeout_s": 100}},
        "run": {"end": end},
    }
    (run,) = simulate(Scenario.parse(document, "async"), columns)
    return run


@pytest.mark.parametrize(("end", "late"), [("drain", 1), ("cut", 0)])
def test_what_ends_is_told_answered_or_not_and_nothing_else(end: str, late: int) -> None:
    run = serve({"notifications": True}, end=end)
    found = run.summary
    assert (found.completed, found.timed_out, found.expired, found.refused) == (1 + late, 1, 1, 1)
    hours = run.usage.filter(meter="sns_notifications").select("hour", "quantity").rows()
    assert hours == [(0, 3), *([(1, 1)] if late else [])]
    assert run.totals()["s3_put_requests"] == 1 + late
    assert "sns_notifications" not in serve({}).totals()


def test_an_instance_with_disks_of_its_own_takes_no_volume() -> None:
    found = serve({"volume_gb": 30, "instance_type": "ml.g5.xlarge"}).summary.infeasible
    assert found is not None
    assert (found.rule, "ml.g5.xlarge" in found.reason) == ("RT-7", True)
    assert serve({"volume_gb": 30}).summary.infeasible is None
