"""Schedules on their way to the engine, which has no calendar: seconds from the start of the run."""

import json
from typing import Any

import pytest

from infercost import engine
from infercost.schema.errors import UsageError
from infercost.schema.scenario import Scenario


def scenario(*schedules: str, zone: str = "UTC", **traffic: str) -> Scenario:
    policies = [{"kind": "scheduled", "schedule": one, "timezone": zone, "min": 2} for one in schedules]
    return Scenario.parse(
        {
            "traffic": {"kind": "poisson", "rate_per_s": 1, "duration_s": 2 * 86_400, **traffic},
            "service": {"kind": "constant", "mean_ms": 10},
            "deployment": [
                {
                    "id": "it",
                    "pattern": "real-time",
                    "region": "us-east-1",
                    "instance_type": "ml.m5.xlarge",
                    "variants": [
                        {
                            "name": "b",
                            "instance_type": "ml.m5.xlarge",
                            "scaling": {"min": 1, "max": 4, "policies": policies},
                        }
                    ],
                }
            ],
        },
        "it",
    )


def policies_of(one: Scenario) -> list[dict[str, Any]]:
    """As the engine gets them."""
    found: list[dict[str, Any]] = json.loads(engine._json(one))["deployment"][0]["variants"][0]["scaling"]["policies"]
    return found


def test_a_schedule_becomes_seconds_from_the_start_wherever_it_stands() -> None:
    found = policies_of(
        scenario(
            "cron(30 6 * * ? *)",
            "rate(1 day)",
            "at(2026-10-02T02:00:00)",
            zone="Europe/Berlin",
            start="2026-10-01T00:00Z",
        )
    )
    assert [one["at_s"] for one in found] == [[4.5 * 3600, 28.5 * 3600], [86_400], [86_400]]
    assert found[0]["schedule"] == "cron(30 6 * * ? *)"


def test_what_is_given_in_seconds_stays() -> None:
    (policy,) = policies_of(scenario("rate(1 hour)", start="2026-10-01T00:00:00Z"))[:1]
    assert len(policy["at_s"]) == 47
    one = scenario()
    document = one.model_dump(mode="json", by_alias=True)
    bounds = {"min": 1, "max": 4, "policies": [{"kind": "scheduled", "at_s": [5], "max": 2}]}
    document["deployment"][0]["variants"][0]["scaling"] = bounds
    assert policies_of(Scenario.parse(document, "it"))[0]["at_s"] == [5]


def test_a_schedule_without_a_start_asks_for_one() -> None:
    with pytest.raises(UsageError, match=r"^traffic\.start: missing; the schedule rate\(1 hour\) needs"):
        policies_of(scenario("rate(1 hour)"))
