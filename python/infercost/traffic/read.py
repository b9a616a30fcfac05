"""Reads a traffic file whole: finds its format, checks every cell, cuts out the period asked for."""

from datetime import datetime
from pathlib import Path

import polars as pl

from infercost.schema.evidence import Evidence
from infercost.schema.traffic import Traffic
from infercost.traffic.file import TrafficFile
from infercost.traffic.rates import read_rates
from infercost.traffic.trace import Trace


def read_traffic(path: Path, *, start: datetime | None = None, duration_s: float | None = None) -> Traffic:
    """Reads a trace or rates from CSV, gzipped CSV or Parquet.

    Timestamps without a zone are UTC. An `arrival` or `start` may also be integer nanoseconds: since 1970 from 10^17
    on, else from `start` (from 1970 where that is not given).

    Args:
        path: the file. Only the columns of its format are read.
        start: first instant of the period; default the first arrival or step, 1970 for offsets. Naive means UTC.
        duration_s: length of the period; default to the last arrival, rounded up to a whole second, or to the end of
            the last step. A last step is as long as the one before it.

    Returns:
        Canonical traffic. What lies outside the period is left out; `notes` says how much.

    Raises:
        InputError: the file is missing, empty, damaged or of no known format, or a cell is missing, negative, no
            number, out of order or far above anything real. The message names file, row and value.
    """
    file = TrafficFile.open(path)
    if file.kind == "rates":
        return read_rates(file, start=start, duration_s=duration_s)
    trace = Trace(file, start=start, duration_s=duration_s)
    frame = pl.concat(trace)
    return Traffic(
        kind="trace",
        frame=frame,
        start=trace.period.start,
        duration_s=trace.period.duration_s,
        evidence=Evidence.MEASURED,
        source=path.name,
        notes=trace.notes,
    )
