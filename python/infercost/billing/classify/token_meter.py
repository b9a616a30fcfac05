"""The words of a token meter, as Bedrock (`cache-read-tokens`) and Marketplace (`CacheReadInputTokenCount`) spell them.

Their order varies (`-batch-cross-region-global`, `-cross-region-global-batch`), so they are read as a set. The names
of cache meters contain "input": cache-read and cache-write are tested first. Words that contradict each other, or that
nobody knows, may mean another rate: such a set is no meter.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from infercost.schema.uncounted import meter_of_class

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

# Joined words, the longest first: `tokens` before `token`, and the `1` of `1month` before a time to live `1m`.
_JOINED = "|".join([r"\d+(?=month)", r"\d+[mh]", r"\d+", *sorted(_WORDS, key=len, reverse=True)])
_WORD = re.compile(_JOINED, re.IGNORECASE)
_ONLY_WORDS = re.compile(rf"(?:{_JOINED})+", re.IGNORECASE)
# Of each of these a meter has one at most; `standard` says no more than silence.
_EITHER = (frozenset(_TIERS) - {"standard"}, frozenset({"global", "regional"}))


class TokenMeter(NamedTuple):
    """What a token meter counts. `component`: tokens, or the modality or context that has a rate of its own."""

    token_class: str
    component: str
    tier: str
    scope: str
    custom_model: bool

    @property
    def meter(self) -> str:
        """The meter of schema.usage."""
        return meter_of_class(self.token_class)


def split_model(segments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Splits the segments of a usage type into those of the model, as written, and the words of the meter.

    The meter is the longest tail made of meter words only. `reserved-1-month` counts as words: the 1 there is no
    part of a model's name, whereas it is in `claude-opus-4-1`. A word in capitals is part of a name
    (`TitanEmbeddingV2-Text`), unless nothing at all would be left of the meter.

    Example:
        >>> split_model("gpt-oss-120b-output-tokens-priority".split("-"))
        (['gpt', 'oss', '120b'], ['output', 'tokens', 'priority'])
        >>> split_model("NOVALITE-INPUT-TOKENS".split("-"))
        (['NOVALITE'], ['input', 'tokens'])
    """
    lower = [segment.lower() for segment in segments]
    start = _meter_start(segments)
    if start == len(segments):
        start = _meter_start(lower)
    return list(segments[:start]), lower[start:]


def _meter_start(segments: Sequence[str]) -> int:
    start = len(segments)
    while start and (_is_meter_word(segments[start - 1]) or segments[start - 2 : start - 1] == ["reserved"]):
        start -= 1
    return start


def split_words(name: str) -> list[str] | None:
    """Splits a name into meter words, however it joins them; None if something else is in it.

    Example:
        >>> split_words("CacheWrite1hInputTokenCount_Global")
        ['cache', 'write', '1h', 'input', 'token', 'count', 'global']
        >>> split_words("Cohere_Embed_V4") is None
        True
    """
    segments = [segment for segment in re.split("[_-]", name) if segment]
    if not all(_ONLY_WORDS.fullmatch(segment) for segment in segments):
        return None
    return [word.lower() for segment in segments for word in _WORD.findall(segment)]


def read_meter(words: Iterable[str]) -> TokenMeter | None:
    """Reads the words of a token meter, in lower case; None if they are not one, or may mean another rate.

    Example:
        >>> read_meter(["cache", "write", "1h", "input", "token", "count"]).token_class
        'cache-write-1h'
    """
    found = set(words)
    token_class = _token_class(found)
    if token_class is None or not all(_is_meter_word(word) or word.isdigit() for word in found):
        return None
    if any(len(found & words) > 1 for words in _EITHER):
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
    cached = words & {"read", "write"} if "cache" in words else set()
    plain = words & {"input", "output"}
    if cached == {"read"}:
        return "cache-read"
    if cached == {"write"}:
        return f"cache-write-{next(filter(_TTL.fullmatch, sorted(words)), '5m')}"  # 5 minutes is the default [PC-1]
    return next(iter(plain)) if len(plain) == 1 and not cached else None


def _tier(words: set[str]) -> str:
    if "reserved" in words:
        return "reserved"
    tier = next((name for name in _TIERS if name in words), "standard")
    return "latency-optimized" if tier == "optimized" else tier
