"""Traffic: when requests come."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from infercost.schema.scenario.bounds import Duration, Rate
from infercost.schema.strict import Strict


class PoissonTraffic(Strict):
    """Independent arrivals at a constant rate."""

    kind: Literal["poisson"]
    rate_per_s: Rate
    duration_s: Duration
    start: AwareDatetime | None = None


class RenewalTraffic(Strict):
    """Independent gaps: constant for `interarrival_cv` 0, gamma distributed otherwise (1 is Poisson)."""

    kind: Literal["renewal"]
    rate_per_s: Annotated[Rate, Field(gt=0)]
    interarrival_cv: Annotated[float, Field(ge=0, le=1_000, allow_inf_nan=False)]
    duration_s: Duration
    start: AwareDatetime | None = None


class RatesTraffic(Strict):
    """Counts per step, each spread uniformly at random over its step. `path`: CSV or Parquet (start, requests)."""

    kind: Literal["rates"]
    path: str
    start: AwareDatetime | None = None
    duration_s: Duration | None = None


class TraceTraffic(Strict):
    """Recorded arrivals. `path`: CSV or Parquet; `start` and `duration_s` default to what the trace covers."""

    kind: Literal["trace"]
    path: str
    start: AwareDatetime | None = None
    duration_s: Duration | None = None


TrafficSpec = Annotated[
    PoissonTraffic | RenewalTraffic | RatesTraffic | TraceTraffic,
    Field(discriminator="kind"),
]
