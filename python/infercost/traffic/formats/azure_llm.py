"""The Azure LLM inference traces as Microsoft publishes them (Azure Public Dataset, CC-BY 4.0)."""

from collections.abc import Mapping, Sequence
from typing import Literal

_COLUMNS = {"arrival": "TIMESTAMP", "input_tokens": "ContextTokens", "output_tokens": "GeneratedTokens"}


class AzureLlm:
    """One row per request; timestamps without a zone and with seven decimals, lines that end in CRLF."""

    name = "Azure LLM trace"
    kind: Literal["trace", "rates"] = "trace"

    def matches(self, header: Sequence[str]) -> bool:
        """Exactly their three columns."""
        return set(header) == set(_COLUMNS.values())

    def columns(self, header: Sequence[str]) -> Mapping[str, str]:  # noqa: ARG002 -- the header is always the same
        """Their names for ours."""
        return _COLUMNS
