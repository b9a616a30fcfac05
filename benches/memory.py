"""How much memory a long trace takes: `infercost simulate` on thirty million requests, a process from start to end."""

import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
from polars.io.plugins import register_io_source

from benches import process
from benches.table import Line, Section

_REQUESTS = 30_000_000
_DAYS = 30
_BATCH = 1_000_000
_HEAD = """
traffic = {{ kind = "trace", path = "trace.parquet" }}
service = {{ kind = "trace" }}
run = {{ max_requests = {max_requests} }}
prices = {{ "Requests-Tier1" = "0" }}
"""
_REAL_TIME = """
[[deployment]]
id = "real-time"
region = "us-east-1"
pattern = "real-time"
instance_type = "ml.m5.xlarge"
[deployment.scaling]
min = 1
max = 20
policies = [{ kind = "target-tracking", metric = "invocations-per-instance", target = 300 }]
"""
_ASYNC = """
[[deployment]]
id = "async"
region = "us-east-1"
pattern = "async"
instance_type = "ml.m5.xlarge"
instances = 2
"""
_SERVERLESS = """
[[deployment]]
id = "serverless"
region = "us-east-1"
pattern = "serverless"
memory_mb = 2048
max_concurrency = 50
"""
_BATCH_TRANSFORM = """
[[deployment]]
id = "batch-transform"
region = "us-east-1"
pattern = "batch-transform"
instance_type = "ml.m5.xlarge"
"""
_ALL = _REAL_TIME + _ASYNC + _SERVERLESS + _BATCH_TRANSFORM + "every_s = 86400\n"


def measure() -> Section:
    """Every request and a sample of them, over all patterns on instances and serverless; then one job for all."""
    infercost = str(Path(sys.executable).with_name("infercost"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write(folder / "trace.parquet")
        lines = []
        for what, deployments, max_requests, remark in (
            ("every request", _ALL, _REQUESTS, "real-time, async, serverless, a job a day"),
            ("sampled", _ALL, _REQUESTS - 1, "the same above run.max_requests"),
            ("one job for all", _BATCH_TRANSFORM, _REQUESTS, "a batch transform holds the records of its job"),
        ):
            scenario = folder / "scenario.toml"
            scenario.write_text(_HEAD.format(max_requests=max_requests) + deployments)
            done = process.run(infercost, "simulate", str(scenario), "--format", "json")
            lines.append(Line(what, (done.seconds,), _REQUESTS, "requests", done.peak_mb, remark))
    return Section("Memory: a trace of five columns in Parquet", tuple(lines), remark="to stay under 1,000 MB")


def _write(path: Path) -> None:
    """The trace, without ever holding it whole."""

    def batches(columns: list[str] | None, *_unused: object) -> Iterator[pl.DataFrame]:
        for first in range(0, _REQUESTS, _BATCH):
            batch = _rows(first)
            yield batch if columns is None else batch.select(columns)

    register_io_source(batches, schema=_rows(0).schema).sink_parquet(path)


def _rows(first: int) -> pl.DataFrame:
    """A million requests in the order of their arrival, from the one numbered `first`."""
    row = pl.int_range(first, first + _BATCH, eager=True)
    noise = row.hash(seed=1)
    gap_ns = _DAYS * 86_400 * 10**9 // _REQUESTS
    start = pl.lit(datetime(2026, 10, 1, tzinfo=UTC)).cast(pl.Datetime("ns", "UTC"))
    offset = row * gap_ns + (noise % gap_ns).cast(pl.Int64)
    return pl.select(
        (start + offset.cast(pl.Duration("ns"))).alias("arrival"),
        ((noise % 97).cast(pl.Float64) + 0.25).alias("service_ms"),
        (noise // 97 % 40_000).cast(pl.Int64).alias("payload_bytes"),
        (noise // 7 % 4_000).cast(pl.Int64).alias("response_bytes"),
        (noise // 13 % 4_000).cast(pl.Int64).alias("input_tokens"),
    )
