"""Rates where there is no traffic: what a bill metered per hour, over what one request carries."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from typing import cast

import polars as pl

from infercost.schema.evidence import Evidence
from infercost.schema.scenario import Request
from infercost.schema.traffic import Traffic

# meter of schema.usage: what one request has of it, and the column of rates that holds the sum. The first one known
# tells the count of requests.
_METERS: Mapping[str, tuple[str, str]] = {
    "input_tokens": ("input_tokens", "input_tokens"),
    "output_tokens": ("output_tokens", "output_tokens"),
    "data_in_bytes": ("payload_bytes", "payload_bytes"),
    "data_out_bytes": ("response_bytes", "response_bytes"),
}
_CACHED = ("cache_read_tokens", "cache_write_tokens")
_TOKENS = ("input_tokens", "output_tokens")


def from_charges(charges: pl.DataFrame, request: Request | None = None) -> Traffic | None:
    """Requests per period of a bill, from the tokens or bytes that it metered.

    Totals are the bill's own to the unit; when within the period they came, and in how many requests, is modelled.

    Args:
        charges: the workload's charges with their classification.
        request: what one request carries on average, as its owner says.

    Returns:
        Rates with evidence `modelled`, or None where the count of requests can't be had: nothing was metered of which
        the size of a request is known, periods differ in length, or tokens came from a prompt cache or are no text,
        which rates can't tell.
    """
    request = request or Request()
    sizes = {meter: size for meter, (name, _) in _METERS.items() if (size := getattr(request, name))}
    if not sizes:
        return None
    metered = charges.filter(
        pl.col("charge_category") == "Usage",
        pl.col("quantity") > 0,
        pl.col("meter").is_in([*_METERS, *_CACHED]),
        pl.col("meter_factor").is_not_null(),
    )
    counting = [meter for meter in _METERS if meter in sizes and meter in metered["meter"]]
    grid = _grid(metered)
    special = metered.filter(
        pl.col("meter").is_in(_CACHED) | (pl.col("meter").is_in(_TOKENS) & (pl.col("component") != "tokens"))
    )
    if not counting or grid is None or special.height:
        return None
    sums = {
        column: _per_period(metered.filter(pl.col("meter") == meter), grid)
        for meter, (_, column) in _METERS.items()
        if meter in metered["meter"]
    }
    requests = _requests(sums[_METERS[counting[0]][1]], sizes[counting[0]])
    frame = pl.DataFrame({"start": grid, "requests": requests, **sums}).with_columns(
        pl.col("start").dt.cast_time_unit("ns"), pl.col("requests", *sums).cast(pl.Int64)
    )
    length = grid[1] - grid[0] if len(grid) > 1 else _length(metered)
    return Traffic(
        kind="rates",
        frame=frame,
        start=grid[0],
        duration_s=(length * len(grid)).total_seconds(),
        evidence=Evidence.MODELLED,
        source="derived from the bill",
        notes=(f"requests are {counting[0]} of the bill / {sizes[counting[0]]} per request",),
    )


def _grid(metered: pl.DataFrame) -> list[datetime] | None:
    """Starts of equal periods without a gap, from the first to the last that was metered."""
    lengths = metered.select((pl.col("charge_period_end") - pl.col("charge_period_start")).unique()).to_series()
    if lengths.len() != 1 or not lengths[0]:
        return None
    starts = metered["charge_period_start"]
    first, last = cast("datetime", starts.min()), cast("datetime", starts.max())
    return [first + lengths[0] * step for step in range((last - first) // lengths[0] + 1)]


def _length(metered: pl.DataFrame) -> timedelta:
    length: timedelta = (metered["charge_period_end"] - metered["charge_period_start"])[0]
    return length


def _per_period(metered: pl.DataFrame, grid: list[datetime]) -> list[int]:
    """Whole units per period: quantity x factor is exact in fractions, where decimals would run out of digits."""
    found: dict[datetime, Fraction] = {}
    rows = metered.group_by("charge_period_start", "meter_factor").agg(pl.col("quantity").sum())
    for start, factor, quantity in rows.select("charge_period_start", "meter_factor", "quantity").iter_rows():
        found[start] = found.get(start, Fraction(0)) + Fraction(quantity) * Fraction(factor)
    return [round(found.get(start, Fraction(0))) for start in grid]


def _requests(units: list[int], per_request: int) -> list[int]:
    """Rounded so that no remainder is lost over the month; a period with units has a request to carry them."""
    counts, taken, total = [], 0, 0
    for unit in units:
        total += unit
        count = max(round(Fraction(total, per_request)) - taken, 1) if unit else 0
        taken += count
        counts.append(count)
    return counts
