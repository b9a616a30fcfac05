"""The promise."""

from typing import Annotated

from pydantic import Field

from infercost.schema.strict import Positive, Strict


class SLO(Strict):
    """What serving must keep: the 99th percentile of latency, the share of failures, the longest answer."""

    p99_ms: Positive | None = None
    error_rate: Annotated[float, Field(ge=0, le=1)] = 0.001
    deadline_s: Positive | None = None
