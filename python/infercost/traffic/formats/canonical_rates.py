"""Our own rates: `start` and `requests` per step."""

from collections.abc import Mapping, Sequence
from typing import Literal

from infercost.schema.traffic import RATES
from infercost.traffic.format import canonical_columns


class CanonicalRates:
    """One row per step: `start`, `requests`, and any of the sums of schema.traffic.RATES."""

    name = "rates"
    kind: Literal["trace", "rates"] = "rates"

    def matches(self, header: Sequence[str]) -> bool:
        """Any file with `start` and `requests`."""
        return "start" in header and "requests" in header

    def columns(self, header: Sequence[str]) -> Mapping[str, str]:
        """The columns of RATES under their own names."""
        return canonical_columns(header, list(RATES))
