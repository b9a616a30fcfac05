"""What one simulation of one deployment found: `infercost simulate --format json`."""

from decimal import Decimal
from typing import Literal, Self

from pydantic import Field

from infercost.schema.strict import PlainDecimal, Strict


class Quantiles(Strict):
    """In milliseconds over completed requests; each quantile within 1 % of the exact order statistic."""

    mean: float
    p50: float
    p90: float
    p95: float
    p99: float
    p999: float
    max: float


class Instances(Strict):
    """Instances in service over the run."""

    mean: float
    peak: int


class Infeasible(Strict):
    """A rule of AWS forbids the deployment."""

    rule: str
    reason: str


class Activity(Strict):
    """A change of capacity."""

    at_s: float
    from_: int = Field(alias="from")
    to: int
    cause: str


class SamplingError(Strict):
    """How far sampled usage may be off: half a 95 % interval in per cent, null where one day can't tell."""

    usage_pct: float | None
    note: str


class PricedCharge(Strict):
    """One usage type of an outcome; price and cost are null where the price is unknown.

    Both are in the currency of the price book, which for outcomes of scenarios is always USD: hence the JSON's keys.
    """

    usage_type: str
    unit: str
    quantity: PlainDecimal
    unit_price: PlainDecimal | None = Field(alias="unit_price_usd")
    cost: PlainDecimal | None = Field(alias="cost_usd")
    price_source: str  # a layer of the price book, or "unknown"


class Simulated(Strict):
    """What the engine finds of one deployment, all that needs no price.

    `requests` = completed + throttled + refused + timed_out + expired + unfinished.
    """

    deployment_id: str
    seed: int
    method: Literal["every request", "cells", "sampled days"]
    simulated_s: float
    requests: int
    completed: int
    throttled: int
    refused: int
    timed_out: int
    expired: int
    unfinished: int
    cold_starts: int
    cache_hits: int
    cache_loads: int
    latency_ms: Quantiles | None
    wait_ms: Quantiles | None
    ttft_ms: Quantiles | None  # from arrival to the first token, where answers are streamed
    tpot_ms: Quantiles | None  # per further token
    sampling_error: SamplingError | None = None
    instances: Instances | None
    utilization: float | None
    slo_met: bool | None
    slo_misses: int | None = None  # not completed, or slower than `p99_ms`, or after `deadline_s`
    infeasible: Infeasible | None
    activities: tuple[Activity, ...] = ()

    @classmethod
    def forbidden(cls, deployment_id: str, seed: int, simulated_s: float, no: Infeasible) -> Self:
        """Of a deployment that was not run: no request, and no length of one."""
        ends = ("completed", "throttled", "refused", "timed_out", "expired", "unfinished")
        counts = dict.fromkeys(("requests", *ends, "cold_starts", "cache_hits", "cache_loads"), 0)
        lengths = dict.fromkeys(("latency_ms", "wait_ms", "ttft_ms", "tpot_ms", "instances", "utilization"))
        return cls.model_validate(
            {
                "deployment_id": deployment_id,
                "seed": seed,
                "method": "every request",
                "simulated_s": simulated_s,
                **counts,
                **lengths,
                "slo_met": False,
                "infeasible": no,
            }
        )


class Untried(Strict):
    """A pattern that a scenario does not say enough about, or that a rule of AWS keeps out without a run."""

    pattern: str
    reason: str


class Outcome(Simulated):
    """What was simulated, with its charges."""

    schema_version: Literal[1] = Field(default=1, alias="schema")
    scenario: str
    charges: tuple[PricedCharge, ...] = ()
    cost_usd: Decimal | None
    monthly_cost_usd: Decimal | None
    notes: tuple[str, ...] = ()  # what the reader of the traffic made of it: rows left out, uneven steps
    assumptions: dict[str, object] = {}  # the ones that this outcome rests on, by dotted key
    timings_s: dict[str, float] = {}  # wall clock by step, only with --timings: not reproducible
