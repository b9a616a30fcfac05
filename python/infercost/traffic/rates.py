"""Counts per step from a trace."""

import polars as pl

from infercost.schema.errors import UsageError
from infercost.schema.traffic import RATES, Traffic
from infercost.traffic.read import NS


def to_rates(trace: Traffic, step_s: int) -> Traffic:
    """Counts requests, and adds up tokens and bytes, per step from the start of the traffic, empty steps included.

    Raises:
        UsageError: requests have cached tokens, which rates have no column for.
    """
    for column in ("cache_read_tokens", "cache_write_tokens"):
        if column in trace.frame.columns and (trace.frame[column] > 0).any():
            raise UsageError(f"{trace.source}: rates have no column for `{column}`; replay the trace itself")
    sums = [column for column in RATES if column in trace.frame.columns]
    start = pl.lit(trace.start).dt.cast_time_unit("ns")
    step = pl.duration(seconds=step_s, time_unit="ns")
    number = ((pl.col("arrival") - start).dt.total_nanoseconds() // (step_s * NS)).alias("number")
    counted = trace.frame.group_by(number).agg(pl.len().cast(pl.Int64).alias("requests"), pl.col(sums).sum())
    steps = -(-round(trace.duration_s * NS) // (step_s * NS))
    frame = (
        pl.select(number=pl.int_range(steps, dtype=pl.Int64))
        .join(counted, on="number", how="left", maintain_order="left")
        .select((start + step * pl.col("number")).alias("start"), pl.col("requests", *sums).fill_null(0))
    )
    return Traffic(
        kind="rates",
        frame=frame,
        start=trace.start,
        duration_s=trace.duration_s,
        evidence=trace.evidence,
        source=trace.source,
        notes=trace.notes,
    )
