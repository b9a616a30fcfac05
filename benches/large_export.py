"""A large CUR 2.0 as AWS delivers it: 112 columns, months in folders, a few files each, as Parquet or gzip CSV.

Two rows in a hundred are of inference, at random places. A row is an hour of a line (a resource and what is metered of
it), drawn with a fixed seed per file, so the same rows come out on every machine with the same numpy.
"""

import datetime as dt
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import polars as pl
from polars.io.plugins import register_io_source

from benches.large_lines import DOUBLES, MAPS, TEXTS, TIMES, lines

_BATCH = 65_536
_ROW_GROUP = 262_144
_INFERENCE_SHARE = 0.02
_VERSION = 2  # of what is written: another one makes the files anew

COLUMNS = tuple(sorted((*MAPS, *DOUBLES, *TIMES, *TEXTS)))


class Size(NamedTuple):
    """How much is written, and as what."""

    rows: int
    months: int
    files: int  # of all months together
    container: Literal["parquet", "csv.gz"]


def export(size: Size, cache: Path) -> Path:
    """Returns the folder of the export; writes it unless the cache holds it."""
    key = hashlib.blake2b(json.dumps([_VERSION, *size, COLUMNS]).encode(), digest_size=8).hexdigest()
    folder = cache / f"cur2-{size.rows}-{size.container}-{key}"
    if not folder.exists():
        beside = folder.with_suffix(".part")
        shutil.rmtree(beside, ignore_errors=True)
        with ProcessPoolExecutor(2, get_context("spawn")) as pool:
            list(pool.map(write, [size] * size.files, [beside] * size.files, range(size.files)))
        beside.rename(folder)
    return folder


def write(size: Size, folder: Path, number: int) -> None:
    """Writes one file, without ever holding it whole."""
    month = dt.datetime(2026, 8 + number * size.months // size.files, 1, tzinfo=dt.UTC)
    first, last = (size.rows * (number + step) // size.files for step in (0, 1))
    place = folder / f"data/BILLING_PERIOD={month:%Y-%m}"
    place.mkdir(parents=True, exist_ok=True)
    name = f"finops-{number + 1:05}"
    draw = _rows(month, np.random.default_rng(number))
    if size.container == "parquet":
        rows = _source(last - first, draw)
        rows.sink_parquet(place / f"{name}.snappy.parquet", compression="snappy", row_group_size=_ROW_GROUP)
    else:
        rows = _source(last - first, lambda count: _as_text(draw(count)))
        rows.sink_csv(place / f"{name}.csv.gz", compression="gzip", compression_level=6)


def _source(rows: int, draw: Callable[[int], pl.DataFrame]) -> pl.LazyFrame:
    def batches(_columns: object, *_unused: object) -> Iterator[pl.DataFrame]:
        for done in range(0, rows, _BATCH):
            yield draw(min(_BATCH, rows - done))

    return register_io_source(batches, schema=draw(1).schema)


def _rows(month: dt.datetime, random: np.random.Generator) -> Callable[[int], pl.DataFrame]:
    """Returns what draws the next so many rows of a file."""
    table = lines()
    inference = np.flatnonzero(table["is_inference"].to_numpy())
    others = np.flatnonzero(~table["is_inference"].to_numpy())
    table = table.drop("is_inference")
    end = (month + dt.timedelta(days=32)).replace(day=1)
    hours = int((end - month) / dt.timedelta(hours=1))
    start = pl.lit(month.replace(tzinfo=None)).cast(pl.Datetime("ms"))

    def draw(count: int) -> pl.DataFrame:
        of_inference = random.random(count) < _INFERENCE_SHARE
        line = np.where(of_inference, random.choice(inference, count), random.choice(others, count))
        amount = np.round(random.lognormal(0, 2, count), 10)
        drawn = pl.DataFrame({"hour": random.integers(0, hours, count), "amount": amount})
        hour = start + pl.duration(hours="hour")
        return (
            pl.concat([table[line], drawn], how="horizontal")
            .with_columns(
                bill_billing_period_start_date=start,
                bill_billing_period_end_date=pl.lit(end.replace(tzinfo=None)).cast(pl.Datetime("ms")),
                line_item_usage_start_date=hour,
                line_item_usage_end_date=hour + pl.duration(hours=1),
                line_item_usage_amount=pl.col("amount"),
                **{name: (pl.col(name) * pl.col("amount")).round(10) for name in _COSTS},
            )
            .with_columns(identity_time_interval=_interval())
            .select(COLUMNS)
        )

    return draw


# These hold a price per unit in the table of lines, and a cost in a row.
_COSTS = (
    *("line_item_unblended_cost", "line_item_blended_cost", "line_item_net_unblended_cost"),
    *("pricing_public_on_demand_cost", "savings_plan_savings_plan_effective_cost", "reservation_effective_cost"),
    *("savings_plan_net_savings_plan_effective_cost", "reservation_net_effective_cost"),
    *("savings_plan_total_commitment_to_date", "savings_plan_used_commitment", "discount_total_discount"),
)


def _interval() -> pl.Expr:
    form = "%Y-%m-%dT%H:%M:%SZ"
    bounds = (pl.col(f"line_item_usage_{end}_date").dt.strftime(form) for end in ("start", "end"))
    return pl.concat_str(*bounds, separator="/")


def _as_text(rows: pl.DataFrame) -> pl.DataFrame:
    """As gzip CSV has it: maps are JSON."""
    return rows.with_columns(
        *(pl.col(name).dt.strftime("%Y-%m-%dT%H:%M:%S.000Z") for name in TIMES),
        *(
            pl.struct(pl.col(name).alias("m")).struct.json_encode().str.slice(5).str.strip_suffix("}").alias(name)
            for name in MAPS
        ),
    )
