"""Units of a bill multiplied out: quantity x factor = the integer unit of a meter (schema.usage.METERS)."""

from decimal import Decimal

_NS_PER_HOUR = Decimal(3_600_000_000_000)
_NS_PER_MINUTE = Decimal(60_000_000_000)
_HOURS = dict.fromkeys(("hrs", "hr", "hour", "hours"), _NS_PER_HOUR)
# The same name shape is billed in thousands and in millions: only the unit tells (a factor of 1,000 between them).
_TOKENS = {"1k tokens": Decimal(1_000), "1m tokens": Decimal(1_000_000)}
_BYTES = {"gb": Decimal(1_000_000_000)}  # a GB is 10^9 bytes

_FACTORS: dict[str, dict[str, Decimal]] = {
    "instance_ns": _HOURS,
    "serverless_ms": {name: Decimal(1_000) for name in ("second", "seconds")},
    "data_in_bytes": _BYTES,
    "data_out_bytes": _BYTES,
    "input_tokens": _TOKENS,
    "output_tokens": _TOKENS,
    "cache_read_tokens": _TOKENS,
    "cache_write_tokens": _TOKENS,
    "model_unit_ns": {**_HOURS, "custom model unit per min": _NS_PER_MINUTE},
}


def factor(
    meter: str, unit: str | None, *, marketplace: bool = False, description: str | None = None
) -> Decimal | None:
    """Returns what a quantity in `unit` is multiplied by to count `meter`, or None for a unit nobody has told us.

    Marketplace bills everything in `Units`: hours of model units, and millions of tokens, which the third field of the
    description says (`...|us-west-2|Million Input Tokens`) or leaves out. AWS's CUDOS dashboard reads both as
    millions; any other size named there is refused.

    Example:
        >>> factor("input_tokens", "1K tokens")
        Decimal('1000')
        >>> factor("input_tokens", "tokens") is None
        True
    """
    name = (unit or "").strip().lower()
    if not (marketplace and name == "units"):
        return _FACTORS[meter].get(name)
    if meter == "model_unit_ns":
        return _NS_PER_HOUR
    return Decimal(1_000_000) if _millions(description) else None


def _millions(description: str | None) -> bool:
    fields = (description or "").split("|")
    size = fields[2].lower() if len(fields) > 2 else ""
    return "million" in size or not any(word in size for word in ("thousand", "hundred", "billion", "1k", "1,000"))
