"""The traffic of a workload: its owner's file, a file named after it, or what the bill itself says."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl

from infercost.billing.bill import Bill
from infercost.schema.errors import UsageError
from infercost.schema.traffic import Traffic
from infercost.traffic.read import read_traffic

# A file that spans less of the bill's hours is a partial one: a day and a half of a month may lack at its edges.
WHOLE = 0.95


def by_stem(paths: Sequence[Path]) -> dict[str, Path]:
    """Traffic files of the command line by the workload that each is named after.

    Raises:
        UsageError: two files are named alike.
    """
    found: dict[str, Path] = {}
    for path in paths:
        stem = path.name.split(".", 1)[0].casefold()
        if stem in found:
            raise UsageError(f"--traffic {path}: {found[stem]} is named after the same workload; give one of them")
        found[stem] = path
    return found


def read(path: Path, shown: str, bill: Bill) -> Traffic:
    """Reads traffic of the bill's period. `shown` is the path as its owner wrote it: what a scenario repeats."""
    traffic = read_traffic(path, start=bill.covered_start, duration_s=period_s(bill))
    span = span_of(traffic)
    notes = (_partial(traffic, span),) if span < WHOLE else ()
    return replace(traffic, source=shown, span=span, notes=(*traffic.notes, *notes))


def span_of(traffic: Traffic) -> float:
    """The share of the period from the first step or arrival to the last.

    Silence before and after that is no longer than the longest one in between is the workload's own (a night, a
    weekend), and spoken for.
    """
    times = traffic.frame.to_series(0).cast(pl.Datetime("ns", "UTC")).to_physical()
    begin = int(pl.Series([traffic.start]).cast(pl.Datetime("ns", "UTC")).to_physical()[0])
    length = round(traffic.duration_s * 1e9)
    if times.is_empty() or not length:
        return 1.0
    gaps = times.diff(null_behavior="drop")
    last_step = (int(gaps[-1]) if len(gaps) else length) if traffic.kind == "rates" else 0
    pause = int(gaps.max() or 0)  # type: ignore[arg-type]  # integers
    edges = (int(times[0]) - begin, begin + length - int(times[-1]) - last_step)
    return 1.0 - sum(edge for edge in edges if edge > pause) / length


def _partial(traffic: Traffic, span: float) -> str:
    hours = traffic.duration_s / 3600
    return f"the traffic spans {span * hours:,.0f} of the {hours:,.0f} hours billed; in the others nothing is replayed"


def of_period(traffic: Traffic, bill: Bill) -> Traffic:
    """Traffic from the first to the last metered hour as traffic of the whole period: nothing came before and after."""
    if traffic.start < bill.covered_start:
        return traffic
    end = traffic.frame.tail(1).with_columns(
        (pl.col("start") + _last_step(traffic)).dt.cast_time_unit("ns"), *_zeros(traffic.frame)
    )
    frame = pl.concat([traffic.frame, end]) if end["start"][0] < _end(bill) else traffic.frame
    return replace(traffic, frame=frame, start=bill.covered_start, duration_s=period_s(bill))


def _last_step(traffic: Traffic) -> timedelta:
    """As long as the one before it; the only one fills all that was metered."""
    starts = traffic.frame["start"]
    return starts[-1] - starts[-2] if len(starts) > 1 else timedelta(seconds=traffic.duration_s)


def _zeros(frame: pl.DataFrame) -> list[pl.Expr]:
    return [pl.lit(0, frame.schema[name]).alias(name) for name in frame.columns if name != "start"]


def _end(bill: Bill) -> datetime:
    return bill.covered_start + timedelta(seconds=period_s(bill))


def period_s(bill: Bill) -> float:
    """Seconds of the month that the bill covers."""
    return bill.covered_hours * 3600.0


def refuse_leftovers(leftover: Mapping[str, Path], names: Sequence[str]) -> None:
    """A traffic file that no workload takes is a typo, never silence.

    Raises:
        UsageError: names the file and the workloads that are there.
    """
    for stem, path in leftover.items():
        known = ", ".join(names) or "none"
        raise UsageError(
            f"--traffic {path}: no workload of this bill is named {stem!r} (there are: {known}); rename the file, "
            "or set `traffic` of the workload in infercost.toml"
        )
