"""Traffic as the columns that the engine takes: integers of nanoseconds, tokens and bytes."""

import polars as pl

from infercost.schema.traffic import Traffic
from infercost.traffic.period import NS, since_1970


def engine_columns(traffic: Traffic) -> pl.DataFrame:
    """What crosses to the engine: Int64 throughout, no nulls, one chunk, times from the start of the run.

    Returns:
        For a trace `arrival_ns` and any of `service_ns`, `first_token_ns`, `input_tokens`, `output_tokens`,
        `cache_read_tokens`, `cache_write_tokens`, `payload_bytes`, `response_bytes`, and of `model` and `prefix`,
        numbered from 0 in the order in which they appear. For rates `start_ns`, `end_ns`, `requests` and the sums that
        are known. Columns that the traffic doesn't have are missing.
    """
    start_ns = since_1970(traffic.start)
    if traffic.kind == "trace":
        return TraceColumns().of(traffic.frame, start_ns)
    time = traffic.frame.to_series(0).to_physical() - start_ns
    horizon_ns = round(traffic.duration_s * NS)
    length_ns = int(time[-1]) - int(time[-2]) if time.len() > 1 else horizon_ns
    ends = time.shift(-1, fill_value=min(int(time[-1]) + length_ns, horizon_ns))
    sizes = traffic.frame.columns[1:]
    return traffic.frame.select(time.alias("start_ns"), ends.alias("end_ns"), *sizes).rechunk()


class TraceColumns:
    """The columns of a trace that comes in batches: names keep their numbers from one batch to the next."""

    def __init__(self) -> None:
        self._numbers: dict[str, dict[str, int]] = {"model": {}, "prefix": {}}

    def of(self, frame: pl.DataFrame, start_ns: int) -> pl.DataFrame:
        """The next rows; `start_ns` is the start of the run, in nanoseconds since 1970."""
        arrival = (frame.to_series(0).to_physical() - start_ns).alias("arrival_ns")
        sizes = [column for column, dtype in frame.schema.items() if dtype == pl.Int64]
        names = [self._numbered(frame[column]) for column in self._numbers if column in frame.columns]
        return frame.select(arrival, *_lengths(frame), *sizes, *names).rechunk()

    def _numbered(self, names: pl.Series) -> pl.Series:
        """Each name as its place among those that have appeared, from 0."""
        numbers = self._numbers[names.name]
        here = names.unique(maintain_order=True)
        places = pl.Series([numbers.setdefault(name, len(numbers)) for name in here], dtype=pl.Int64)
        return names.replace_strict(here, places, return_dtype=pl.Int64)


def _lengths(frame: pl.DataFrame) -> list[pl.Expr]:
    """Milliseconds to whole nanoseconds, as the engine rounds: floor(x + 0.5), at least 1."""
    known = (column for column in ("service_ms", "first_token_ms") if column in frame.columns)
    return [
        pl.max_horizontal((pl.col(column) * 1_000_000 + 0.5).floor().cast(pl.Int64), pl.lit(1, pl.Int64)).alias(
            column.replace("_ms", "_ns")
        )
        for column in known
    ]
