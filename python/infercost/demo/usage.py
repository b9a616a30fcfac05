"""Usage of one resource through the month: so much an hour, or what its traffic makes."""

from collections.abc import Iterator
from decimal import Decimal

import polars as pl

from infercost.demo.account import Resource
from infercost.demo.charge import Charge, on_demand
from infercost.demo.meters import DATA_IN, DATA_OUT, Meter
from infercost.demo.month import DAY, DAYS, HOUR, days, hours

_TEN_DIGITS = Decimal("1e-10")
_GB = 10**9


def every_hour(resource: Resource, meter: Meter, quantity: int) -> Iterator[Charge]:
    """The same quantity every hour: an endpoint that is always on."""
    return (on_demand(resource, meter, hour, hour + HOUR, Decimal(quantity)) for hour in hours())


def every_day(resource: Resource, meter: Meter, quantity: Decimal) -> Iterator[Charge]:
    """The same quantity every day."""
    return (on_demand(resource, meter, day, day + DAY, quantity) for day in days())


def stored(resource: Resource, meter: Meter, size_gb: int) -> Iterator[Charge]:
    """So many GB kept all month: a day is its share of a GB-month, to ten digits."""
    return every_day(resource, meter, (Decimal(size_gb) / DAYS).quantize(_TEN_DIGITS))


def bytes_moved(
    resource: Resource, traffic: pl.DataFrame, *, payload_bytes: int, response_bytes: int
) -> Iterator[Charge]:
    """Data into and out of an endpoint: the bytes of one request times the requests of each hour."""
    for meter, size in ((DATA_IN, payload_bytes), (DATA_OUT, response_bytes)):
        yield from _by_hour(resource, meter, traffic, "requests", Decimal(size) / _GB)


def tokens_used(resource: Resource, meter: Meter, traffic: pl.DataFrame, column: str) -> Iterator[Charge]:
    """Tokens in thousands, as the traffic's `column` counts them."""
    return _by_hour(resource, meter, traffic, column, Decimal("0.001"))


def _by_hour(
    resource: Resource, meter: Meter, traffic: pl.DataFrame, column: str, per_count: Decimal
) -> Iterator[Charge]:
    """One row for each hour in which there was any."""
    amount = pl.col(column).sum() if column in traffic.columns else pl.len()  # a trace has one request per row
    sums = traffic.group_by(pl.col(traffic.columns[0]).dt.truncate("1h"), maintain_order=True).agg(amount)
    for hour, count in sums.iter_rows():
        if count:
            yield on_demand(resource, meter, hour, hour + HOUR, count * per_count)
