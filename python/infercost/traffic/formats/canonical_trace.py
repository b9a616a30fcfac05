"""Our own trace: `arrival`, and what is known of each request."""

from collections.abc import Mapping, Sequence
from typing import Literal

from infercost.schema.traffic import TRACE
from infercost.traffic.format import canonical_columns


class CanonicalTrace:
    """One row per request: `arrival` and any of the other columns of schema.traffic.TRACE."""

    name = "trace"
    kind: Literal["trace", "rates"] = "trace"

    def matches(self, header: Sequence[str]) -> bool:
        """Any file with `arrival`."""
        return "arrival" in header

    def columns(self, header: Sequence[str]) -> Mapping[str, str]:
        """The columns of TRACE under their own names."""
        return canonical_columns(header, list(TRACE))
