"""The present deployment as simulated against what was billed: quantities, never money."""

from collections.abc import Iterator
from decimal import Decimal

import polars as pl

from infercost.advice.bench import Trial
from infercost.advice.pricing import by_meter
from infercost.schema.analysis import Backtest, BacktestQuantity
from infercost.schema.evidence import Evidence
from infercost.schema.uncounted import uncounted_meters
from infercost.schema.workload import Workload

# The number of instances and of model units was read from the very hours that a comparison would compare.
_READ_FROM_THE_BILL = {"instance_ns": "instance hours", "model_unit_ns": "model unit hours"}
_SIZES = {"data_in_bytes": "payload_bytes", "data_out_bytes": "response_bytes"}


def backtest(workload: Workload, current: Trial | None) -> Backtest:
    """Compares the quantities that were not themselves derived from the bill."""
    if current is None:
        return Backtest(null_reason="nothing was simulated")
    if current.contradiction is not None:
        return Backtest(null_reason="as described it cannot take its traffic now")
    if workload.traffic is None or workload.traffic.evidence is not Evidence.MEASURED:
        return Backtest(null_reason="the traffic itself is derived from the bill")
    quantities = tuple(_compared(workload, current))
    return Backtest(quantities=quantities) if quantities else Backtest(null_reason=_nothing_compared(workload))


def _nothing_compared(workload: Workload) -> str:
    unknown = sorted(meter.replace("_", " ") for meter in uncounted_meters(workload.charges))
    if unknown:
        return f"the billed quantity of {', '.join(unknown)} is unknown"
    read = [name for meter, name in _READ_FROM_THE_BILL.items() if meter in workload.charges["meter"]]
    if read:
        return f"the deployment was read from the billed {' and '.join(read)}: nothing else is metered"
    return "the bill and the simulation share no metered quantity"


def _compared(workload: Workload, current: Trial) -> Iterator[BacktestQuantity]:
    """Every meter that is billed; one of which the simulation counts nothing is off by all of it."""
    counted, unknown = by_meter(current.usage), uncounted_meters(workload.charges)
    for meter, billed in billed_quantities(workload.charges).items():
        if meter in _READ_FROM_THE_BILL or meter in unknown or not billed or not _size_known(workload, meter):
            continue
        simulated = counted.get(meter, 0)
        error = (Decimal(simulated) - billed) / billed * 100
        yield BacktestQuantity(
            meter=meter,
            billed=billed.normalize() + 0,
            simulated=Decimal(simulated),
            error_pct=round(float(error), 3),
        )


def _size_known(workload: Workload, meter: str) -> bool:
    """Bytes are simulated only where the owner or the traffic says how many a request has: silence is not zero."""
    size = _SIZES.get(meter)
    given = workload.traffic is not None and size in workload.traffic.frame.columns
    return size is None or given or getattr(workload.request, size) is not None


def billed_quantities(charges: pl.DataFrame) -> dict[str, Decimal]:
    """Meter of schema.usage: billed quantity, in the units that the engine counts.

    Of the meters in `schema.uncounted.uncounted_meters` it is a part only.
    """
    counted = charges.filter(pl.col("meter").is_not_null() & pl.col("quantity").is_not_null())
    found: dict[str, Decimal] = {}
    for meter, factor, quantity in (
        counted.group_by("meter", "meter_factor")
        .agg(pl.col("quantity").sum())
        .sort("meter", "meter_factor")
        .iter_rows()
    ):
        found[str(meter)] = found.get(str(meter), Decimal(0)) + Decimal(quantity) * Decimal(factor)
    return found
