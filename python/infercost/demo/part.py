"""What one piece of the account adds: rows of the bill, and for a workload its traffic and what its owner knows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from infercost.demo.charge import Charge
from infercost.schema.traffic import RATES, TRACE


@dataclass(frozen=True)
class Workload:
    """`config` is the owner's table of `infercost.toml`; `file` is the traffic's name under `traffic/`."""

    charges: tuple[Charge, ...]
    config: str
    file: str
    traffic: pl.DataFrame


def rates(start: Iterable[datetime], requests: Iterable[int], **sums: Iterable[int]) -> pl.DataFrame:
    """Canonical rates: a count, and sums of tokens, per step."""
    return _canonical({"start": start, "requests": requests, **sums}, RATES)


def trace(arrival: Iterable[datetime]) -> pl.DataFrame:
    """A canonical trace of bare arrivals."""
    return _canonical({"arrival": arrival}, TRACE)


def _canonical(
    columns: dict[str, Iterable[datetime] | Iterable[int]], schema: dict[str, pl.DataType | type[pl.DataType]]
) -> pl.DataFrame:
    return pl.DataFrame(
        {name: list(values) for name, values in columns.items()}, schema={name: schema[name] for name in columns}
    )
