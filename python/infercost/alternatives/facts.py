"""What alternatives need to know of a workload's traffic, worked out once."""

import math
from dataclasses import dataclass

import polars as pl

from infercost.profiles.service import mean_ms
from infercost.schema.scenario import Assumptions
from infercost.schema.traffic import Traffic
from infercost.schema.workload import Profile, Workload

_MINUTE_NS = 60 * 10**9


@dataclass(frozen=True)
class Facts:
    """Rates are in requests per second, over whole minutes or, for coarser counts, over their steps."""

    requests: int
    duration_s: float
    peak_per_s: float
    opening_per_s: float
    covers_period: bool
    max_payload_bytes: int | None
    traced_work_ms: float | None  # mean of the trace's own service times
    assumptions: Assumptions


def facts_of(workload: Workload, assumptions: Assumptions) -> Facts:
    """Reads the traffic once. Without traffic everything is zero and `covers_period` is false."""
    traffic = workload.traffic
    if traffic is None:
        return Facts(
            0, 0.0, 0.0, 0.0, covers_period=False, max_payload_bytes=None, traced_work_ms=None, assumptions=assumptions
        )
    rates = _per_minute(traffic) if traffic.kind == "trace" else _per_step(traffic)
    known = not rates.is_empty()
    return Facts(
        requests=traffic.requests,
        duration_s=traffic.duration_s,
        peak_per_s=_number(rates["per_s"].max()) if known else 0.0,
        opening_per_s=float(rates.item(0, "per_s")) if known else 0.0,
        covers_period=_covers(traffic),
        max_payload_bytes=_max_payload_bytes(workload, traffic),
        traced_work_ms=_traced_work_ms(traffic),
        assumptions=assumptions,
    )


def capacity_per_s(profile: Profile, facts: Facts) -> float | None:
    """Requests per second that one instance completes with every worker busy; None where no work is known."""
    work_ms = mean_ms(profile.service) or facts.traced_work_ms
    return None if work_ms is None else profile.concurrency * 1000.0 / work_ms


def needed(rate_per_s: float, capacity: float, utilisation: float) -> int:
    """Instances that keep at or below a utilisation; at least one.

    >>> needed(10_000, 500, 0.5)
    40
    """
    return max(1, math.ceil(rate_per_s / (capacity * utilisation) - 1e-9))


def _per_minute(traffic: Traffic) -> pl.DataFrame:
    """Minutes in which something arrives, in order; quiet ones can hold neither the peak nor a capacity."""
    start = pl.lit(traffic.start).cast(traffic.frame.schema["arrival"])
    minute = (pl.col("arrival") - start).dt.total_nanoseconds() // _MINUTE_NS
    return traffic.frame.group_by(minute.alias("minute"), maintain_order=True).agg(per_s=pl.len() / 60.0)


def _per_step(traffic: Traffic) -> pl.DataFrame:
    return traffic.frame.select(per_s=pl.col("requests") / (_step_ns(traffic) / 1e9))


def _step_ns(traffic: Traffic) -> pl.Series:
    """The length of each step: to the next start; the last is as long as the one before it, or what is left."""
    starts = traffic.frame["start"].cast(pl.Datetime("ns", "UTC")).to_physical()
    if len(starts) < 2:
        return pl.Series([int(traffic.duration_s * 1e9)] * len(starts), dtype=pl.Int64)
    gaps = starts.diff(null_behavior="drop")
    return gaps.append(gaps.tail(1))


def _covers(traffic: Traffic) -> bool:
    """Whether the file itself speaks for the whole period: counts do, by their steps; bare arrivals cannot."""
    if traffic.kind == "trace" or traffic.frame.is_empty():
        return False
    steps = _step_ns(traffic)
    starts = traffic.frame["start"].cast(pl.Datetime("ns", "UTC")).to_physical()
    begin_ns = int(pl.Series([traffic.start]).cast(pl.Datetime("ns", "UTC")).to_physical()[0])
    end_ns = begin_ns + int(traffic.duration_s * 1e9)
    without_gaps = len(steps) < 2 or steps.max() == steps.min()
    return without_gaps and int(starts[0]) <= begin_ns and int(starts[-1]) + int(steps[-1]) >= end_ns


def _max_payload_bytes(workload: Workload, traffic: Traffic) -> int | None:
    """The largest payload; of counts with sums, the largest mean of a step."""
    if "payload_bytes" not in traffic.frame.columns or traffic.frame.is_empty():
        return workload.request.payload_bytes
    sizes = pl.col("payload_bytes")
    if traffic.kind == "rates":
        sizes = pl.when(pl.col("requests") > 0).then(sizes / pl.col("requests")).otherwise(0)
    return math.ceil(_number(traffic.frame.select(sizes.max()).item()))


def _traced_work_ms(traffic: Traffic) -> float | None:
    if "service_ms" not in traffic.frame.columns or traffic.frame.is_empty():
        return None
    return _number(traffic.frame["service_ms"].mean()) or None


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
