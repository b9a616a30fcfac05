"""The words of a token meter, as Bedrock and Marketplace spell them in usage types.

Their order varies (`-batch-cross-region-global`, `-cross-region-global-batch`), so they are read as a set. The names
of cache meters contain "input": cache-read and cache-write are tested first.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_TTL = re.compile(r"\d+[mh]")
_MODALITIES = ("text", "image", "audio", "video", "speech")
_TIERS = ("batch", "flex", "priority", "standard", "optimized")
_WORDS = frozenset(
    {
        *("input", "output", "cache", "read", "write", "token", "tokens", "count", "latency", "cross", "region"),
        *("global", "regional", "long", "ctx", "custom", "model", "mantle", "per", "minute", "reserved", "month"),
        *_MODALITIES,
        *_TIERS,
    }
)

METER_OF_CLASS = {"input": "input_tokens", "output": "output_tokens", "cache-read": "cache_read_tokens"}


class TokenMeter(NamedTuple):
    """What a token meter counts. `component`: tokens, or the modality or context that has a rate of its own."""

    token_class: str
    component: str
    tier: str
    scope: str
    custom_model: bool

    @property
    def meter(self) -> str:
        """The meter of schema.usage: cache writes are one meter whatever their time to live."""
        return METER_OF_CLASS.get(self.token_class, "cache_write_tokens")


def split_model(segments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Splits the segments of a usage type into those of the model and those of the meter.

    The meter is the longest tail made of meter words only. `reserved-1-month` counts as words: the 1 there is no
    part of a model's name, whereas it is in `claude-opus-4-1`.

    Example:
        >>> split_model("gpt-oss-120b-output-tokens-priority".split("-"))
        (['gpt', 'oss', '120b'], ['output', 'tokens', 'priority'])
    """
    start = len(segments)
    while start and (_is_meter_word(segments[start - 1]) or segments[start - 2 : start - 1] == ["reserved"]):
        start -= 1
    return list(segments[:start]), list(segments[start:])


def read_meter(words: Iterable[str]) -> TokenMeter | None:
    """Reads the words of a token meter; None if they are not one, or hold a word that could mean another rate.

    Example:
        >>> read_meter(["cache", "write", "1h", "input", "token", "count"]).token_class
        'cache-write-1h'
    """
    listed = list(words)
    found = set(listed)
    token_class = _token_class(found)
    if token_class is None or not all(_is_meter_word(word) or word.isdigit() for word in found):
        return None
    modality = next((name for name in _MODALITIES[1:] if name in found), None)
    component = f"{modality}-tokens" if modality else "tokens"
    if {"long", "ctx"} <= found:
        component = f"long-context-{component}"
    if "reserved" in found:
        component = "reserved-tokens-per-minute"
    return TokenMeter(
        token_class,
        component,
        tier=_tier(found),
        scope="global" if "global" in found else "regional",
        custom_model={"custom", "model"} <= found,
    )


def _is_meter_word(word: str) -> bool:
    return word in _WORDS or _TTL.fullmatch(word) is not None


def _token_class(words: set[str]) -> str | None:
    if not words & {"token", "tokens"}:
        return None
    if {"cache", "read"} <= words:
        return "cache-read"
    if {"cache", "write"} <= words:
        return f"cache-write-{next(filter(_TTL.fullmatch, sorted(words)), '5m')}"  # 5 minutes is the default [PC-1]
    return next((name for name in ("input", "output") if name in words), None)


def _tier(words: set[str]) -> str:
    if "reserved" in words:
        return "reserved"
    tier = next((name for name in _TIERS if name in words), "standard")
    return "latency-optimized" if tier == "optimized" else tier
