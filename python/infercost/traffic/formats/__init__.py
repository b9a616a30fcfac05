"""Every traffic format: one file each, and one line in `FORMATS`, asked in this order."""

import difflib
from collections.abc import Sequence

from infercost.schema.errors import InputError
from infercost.traffic.format import Format
from infercost.traffic.formats.azure_llm import AzureLlm
from infercost.traffic.formats.canonical_rates import CanonicalRates
from infercost.traffic.formats.canonical_trace import CanonicalTrace

FORMATS: tuple[Format, ...] = (CanonicalTrace(), CanonicalRates(), AzureLlm())


def detect(header: Sequence[str]) -> Format:
    """The format that a header belongs to.

    >>> detect(["TIMESTAMP", "ContextTokens", "GeneratedTokens"]).name
    'Azure LLM trace'

    Raises:
        InputError: no format knows the header. The caller puts the file in front.
    """
    for one in FORMATS:
        if one.matches(header):
            return one
    near = [
        f"`{column}` looks like `{match[0]}`"
        for column in header
        if (
            match := difflib.get_close_matches(column.strip().casefold(), ("arrival", "start", "requests"), cutoff=0.75)
        )
    ]
    hint = f" ({'; '.join(near)})" if near else ""
    shown = ", ".join(f"`{column[:40]}`" for column in header[:8]) + (", ..." if len(header) > 8 else "")
    raise InputError(
        f"no known traffic format has the columns {shown}{hint}; "
        "a trace has `arrival`, rates have `start` and `requests`"
    )
