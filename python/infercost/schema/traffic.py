"""When requests come and how big they are: a trace of arrivals, or a series of counts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import polars as pl

from infercost.schema.evidence import Evidence

# Canonical columns. `arrival` and `start` are instants in UTC; everything but the first column is optional.
TRACE: dict[str, pl.DataType | type[pl.DataType]] = {
    "arrival": pl.Datetime("ns", "UTC"),
    "service_ms": pl.Float64,
    "first_token_ms": pl.Float64,
    "input_tokens": pl.Int64,
    "output_tokens": pl.Int64,
    "cache_read_tokens": pl.Int64,
    "cache_write_tokens": pl.Int64,
    "payload_bytes": pl.Int64,
    "response_bytes": pl.Int64,
    "model": pl.String,
    "prefix": pl.String,
    "status": pl.String,
}
# A count lies in [start, next start); the last step is as long as the one before it. Sums are over the step.
RATES: dict[str, pl.DataType | type[pl.DataType]] = {
    "start": pl.Datetime("ns", "UTC"),
    "requests": pl.Int64,
    "input_tokens": pl.Int64,
    "output_tokens": pl.Int64,
    "payload_bytes": pl.Int64,
    "response_bytes": pl.Int64,
}


@dataclass(frozen=True)
class Traffic:
    """Canonical traffic of one workload.

    `frame` has the first column of TRACE or RATES and any of the others, sorted by time, without nulls.
    `source` is what a person would call it: a file name, or "derived from the bill". `notes` say what was left out or
    assumed on the way, for people. `span` is the share of the period that the file itself speaks for.
    """

    kind: Literal["trace", "rates"]
    frame: pl.DataFrame
    start: datetime
    duration_s: float
    evidence: Evidence
    source: str
    notes: tuple[str, ...] = ()
    span: float = 1.0

    @property
    def step_s(self) -> float:
        """The longest step in which requests were counted, in seconds; 0 of a trace, which knows every arrival."""
        if self.kind == "trace":
            return 0.0
        starts = self.frame["start"].cast(pl.Datetime("ns", "UTC")).to_physical()
        if len(starts) < 2:
            return self.duration_s
        gaps = starts.diff(null_behavior="drop")
        busy = self.frame["requests"] > 0
        longest = gaps.append(gaps.tail(1)).filter(busy).max()
        return float(longest) / 1e9 if isinstance(longest, int) else 0.0

    @property
    def requests(self) -> int:
        """How many requests there are in all."""
        if self.kind == "trace":
            return self.frame.height
        return int(self.frame["requests"].sum())
