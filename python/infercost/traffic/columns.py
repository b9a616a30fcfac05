"""Traffic as the columns that the engine takes: integers of nanoseconds, tokens and bytes."""

import polars as pl

from infercost.schema.traffic import Traffic
from infercost.traffic.read import NS


def engine_columns(traffic: Traffic) -> pl.DataFrame:
    """What crosses to the engine: Int64 throughout, no nulls, one chunk, times from the start of the run.

    Returns:
        For a trace `arrival_ns` and any of `service_ns`, `first_token_ns`, `input_tokens`, `output_tokens`,
        `cache_read_tokens`, `cache_write_tokens`, `payload_bytes`, `response_bytes`, and of `model` and `prefix`,
        numbered from 0 in the order in which they appear. For rates `start_ns`, `end_ns`, `requests` and the sums that are known. Columns
        that the traffic doesn't have are missing.
    """
    start_us = int(traffic.start.timestamp()) * 1_000_000 + traffic.start.microsecond
    time = traffic.frame.to_series(0).to_physical() - start_us * 1_000
    sizes = [column for column, dtype in traffic.frame.schema.items() if dtype == pl.Int64 and column != "requests"]
    if traffic.kind == "trace":
        named = [_numbered(traffic.frame[column]) for column in ("model", "prefix") if column in traffic.frame.columns]
        frame = traffic.frame.select(time.alias("arrival_ns"), *_lengths(traffic.frame), *sizes, *named)
    else:
        horizon_ns = round(traffic.duration_s * NS)
        length_ns = int(time[-1]) - int(time[-2]) if time.len() > 1 else horizon_ns
        ends = time.shift(-1, fill_value=min(int(time[-1]) + length_ns, horizon_ns))
        frame = traffic.frame.select(time.alias("start_ns"), ends.alias("end_ns"), "requests", *sizes)
    return frame.rechunk()


def _numbered(names: pl.Series) -> pl.Series:
    """Each name as its place among those that appear, from 0."""
    appearing = names.unique(maintain_order=True)
    return names.replace_strict(appearing, pl.int_range(appearing.len(), eager=True), return_dtype=pl.Int64)


def _lengths(frame: pl.DataFrame) -> list[pl.Expr]:
    """Milliseconds to whole nanoseconds, as the engine rounds: floor(x + 0.5), at least 1."""
    known = (column for column in ("service_ms", "first_token_ms") if column in frame.columns)
    return [
        pl.max_horizontal((pl.col(column) * 1_000_000 + 0.5).floor().cast(pl.Int64), pl.lit(1, pl.Int64)).alias(
            column.replace("_ms", "_ns")
        )
        for column in known
    ]
