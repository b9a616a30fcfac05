"""The face of the engine: counts what AWS would meter for each deployment of a scenario, and knows no price."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from infercost import _core
from infercost.schema.errors import UsageError
from infercost.schema.outcome import Simulated
from infercost.schema.scenario import Scenario
from infercost.schema.schedule import expression, time_zone


@dataclass(frozen=True)
class Run:
    """One deployment.

    `usage` is (hour, meter, part, quantity); `requests` (ordinal, status, start_ns, finish_ns, cold, first_token_ns).
    """

    summary: Simulated
    usage: pl.DataFrame
    requests: pl.DataFrame | None
    summary_json: bytes

    def totals(self) -> dict[str, int]:
        """Quantity by meter over the whole run."""
        sums = self.usage.group_by("meter").agg(pl.col("quantity").sum()).sort("meter")
        return dict(sums.iter_rows())


def simulate(  # noqa: PLR0913 -- each keyword is a choice of the caller, none belongs to the scenario
    scenario: Scenario,
    columns: pl.DataFrame | Sequence[pl.DataFrame] | None = None,
    *,
    latency: bool = True,
    record: bool = False,
    threads: int | None = None,
    block_rows: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> tuple[Run, ...]:
    """Simulates every deployment of a scenario over the same requests.

    Args:
        scenario: what to simulate; traffic of kind rates or trace needs its `duration_s`.
        columns: 64-bit integers without nulls, sorted by time, in nanoseconds from the start of the run. A trace has
            `arrival_ns`, rates have `start_ns`, `end_ns`, `requests`; see infercost.traffic.columns. A sequence holds
            the batches of a trace in order; each is asked for when it is needed, by threads of the engine and maybe
            more than once.
        latency: false for counts and usage alone where there are more requests than `run.max_requests`; then every
            request counts as completed.
        record: what became of each request, too.
        threads: worker threads, by default one per processor; the result does not depend on it.
        block_rows: requests that are drawn at once; the result does not depend on it.
        progress: called about ten times a second with the requests simulated so far over all deployments.

    Returns:
        One run per deployment, in order.

    Raises:
        UsageError: the scenario is refused.
        InputError: the columns are.
        KeyboardInterrupt: on Ctrl-C, within about 100 ms.

    Example:
        >>> scenario = Scenario.parse({
        ...     "traffic": {"kind": "poisson", "rate_per_s": 5, "duration_s": 3600},
        ...     "service": {"kind": "exponential", "mean_ms": 100},
        ...     "deployment": [{"id": "now", "pattern": "real-time", "region": "us-east-1",
        ...                     "instance_type": "ml.m5.xlarge"}],
        ... }, "example")
        >>> simulate(scenario)[0].totals()["instance_ns"]
        3600000000000
    """
    for name, value in (("threads", threads), ("block_rows", block_rows)):
        if value is not None and value < 1:
            raise UsageError(f"{name}: at least 1 is needed, found {value}")
    outcomes = _core.simulate(
        _json(scenario),
        _typed(columns),
        latency=latency,
        record=record,
        threads=threads,
        block_rows=block_rows,
        progress=progress,
    )
    return tuple(_run(outcome) for outcome in outcomes)


def stream(scenario: Scenario, columns: pl.DataFrame | Sequence[pl.DataFrame] | None = None) -> pl.DataFrame:
    """The requests of a scenario, one row each, in order of arrival.

    Columns: `arrival_ns`, `service_ns` (on the reference), `cold_start_ns`, `payload_bytes`, `response_bytes`,
    `input_tokens`, `output_tokens`, `cache_read_tokens`, `cache_write_tokens`, `first_token_ns`, `cold_service_ns`,
    `model` (Int64), and `route`, `prefix`, `variant`, `shadow` (UInt64).
    """
    return pl.DataFrame(_core.stream(_json(scenario), _typed(columns)))


def launches(scenario: Scenario, count: int) -> list[int]:
    """How long the first `count` units take to come into service, in nanoseconds by number.

    Empty where `assumptions.instances.launch` gives no law: then the other keys of `assumptions.instances` say it.
    """
    return _core.launches(_json(scenario), count)


def scenario_schema() -> dict[str, object]:
    """The JSON Schema of a scenario as the engine reads it; a test holds it against the authored models."""
    schema: dict[str, object] = json.loads(_core.scenario_schema())
    return schema


def build_profile() -> str:
    """How the extension was built, `release` or `debug`: a debug build is never measured."""
    return _core.BUILD_PROFILE


def _typed(columns: pl.DataFrame | Sequence[pl.DataFrame] | None) -> pl.DataFrame | Sequence[pl.DataFrame] | None:
    """A column of nulls has no type of its own; the extension refuses it by name once it has one."""
    return columns.with_columns(pl.col(pl.Null).cast(pl.Int64)) if isinstance(columns, pl.DataFrame) else columns


def _json(scenario: Scenario) -> bytes:
    duration_s = scenario.traffic.duration_s
    if duration_s is None:
        raise UsageError("traffic.duration_s: missing; the traffic's reader knows how long it is")
    document = scenario.model_dump(mode="json", by_alias=True, exclude={"prices", "model"})
    for deployment in document["deployment"]:
        for policy in _scheduled(deployment):
            policy["at_s"] = _seconds(policy, scenario.traffic.start, duration_s)
    return json.dumps(document).encode()


def _scheduled(node: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 -- any part of a document
    """The scheduled actions in a part of a document that are written as a schedule."""
    if isinstance(node, dict) and node.get("kind") == "scheduled" and node["schedule"] is not None:
        yield node
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _scheduled(part)


def _seconds(policy: dict[str, Any], start: datetime | None, duration_s: float) -> list[float]:
    """When a schedule comes, in seconds from the start of the run: the engine has no calendar."""
    if start is None:
        raise UsageError(
            f"traffic.start: missing; the schedule {policy['schedule']} needs a date and time that the run starts at"
        )
    end = start + timedelta(seconds=duration_s)
    found = expression(policy["schedule"]).instants(start, end, time_zone(policy["timezone"]))
    return [(instant - start).total_seconds() for instant in found]


def _run(outcome: _core.Outcome) -> Run:
    return Run(
        summary=Simulated.model_validate_json(outcome.summary),
        usage=pl.DataFrame(outcome.usage),
        requests=None if outcome.requests is None else pl.DataFrame(outcome.requests),
        summary_json=outcome.summary,
    )
