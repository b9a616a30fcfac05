"""Use that was billed in a unit nobody knows, or without a quantity: paid for, and never to be read as none."""

from functools import cache

import polars as pl

# The meter of schema.usage that a component has wherever its unit is known. Tokens have one by their class.
_METER_OF_COMPONENT = {
    "instance": "instance_ns",
    "serverless": "serverless_ms",
    "data-in": "data_in_bytes",
    "data-out": "data_out_bytes",
    "model-units": "model_unit_ns",
}
_TOKENS = r"(?:^|-)tokens$"
_METER_OF_CLASS = {"input": "input_tokens", "output": "output_tokens", "cache-read": "cache_read_tokens"}


def meter_of_class(token_class: str) -> str:
    """Returns the meter of a class of tokens: cache writes are one meter whatever their time to live.

    Example:
        >>> meter_of_class("cache-write-1h")
        'cache_write_tokens'
    """
    return _METER_OF_CLASS.get(token_class, "cache_write_tokens")


@cache  # asked for once a workload; to build it takes longer than to use it
def meant_meter() -> pl.Expr:
    """Returns the meter that a charge would count if its unit were known; null where there is none to count."""
    of_class = pl.col("token_class").replace_strict(_METER_OF_CLASS, default=meter_of_class(""), return_dtype=pl.String)
    of_component = pl.col("component").replace_strict(_METER_OF_COMPONENT, default=None, return_dtype=pl.String)
    return pl.when(pl.col("component").str.contains(_TOKENS)).then(of_class).otherwise(of_component)


@cache
def is_uncounted() -> pl.Expr:
    """Returns whether a charge is use whose quantity is unknown.

    A correction of FOCUS may change a cost and no quantity: its empty quantity is none.
    """
    no_quantity = pl.col("quantity").is_null() & pl.col("charge_class").ne_missing("Correction")
    usage = pl.col("charge_category").eq_missing("Usage")
    return usage & meant_meter().is_not_null() & (pl.col("meter").is_null() | no_quantity)


def uncounted_meters(charges: pl.DataFrame) -> frozenset[str]:
    """Returns the meters whose sum over these charges is unknown.

    Args:
        charges: columns of CHARGES and CLASSIFICATION of schema.charges.
    """
    return frozenset(charges.filter(is_uncounted()).select(meant_meter().alias("meter"))["meter"].unique())
