"""Nobody calls it: turn it off."""

from collections.abc import Iterator

import polars as pl

from infercost.alternatives.base import Candidate, Rejected
from infercost.alternatives.facts import Facts
from infercost.schema.evidence import Evidence
from infercost.schema.uncounted import is_uncounted, meant_meter
from infercost.schema.workload import Workload

DELETION = "deletion"
# Billed by the hour, whether anybody calls or not; every other meter counts requests.
_HOURLY = ("instance_ns", "model_unit_ns")


class Delete:
    """Needs counts that cover the whole period and are all zero: a call an hour keeps an endpoint."""

    def propose(self, workload: Workload, facts: Facts) -> Iterator[Candidate | Rejected]:
        """Deletion, where the traffic proves that nothing comes and neither bill nor contract object."""
        traffic = workload.traffic
        if traffic is None or traffic.evidence is not Evidence.MEASURED:
            return
        if facts.requests or not facts.covers_period:
            return
        served, term = billed_requests(workload), _term(workload)
        if served:
            yield Rejected(DELETION, f"the bill shows requests: {', '.join(served)}")
        elif term is not None:
            yield Rejected(DELETION, f"committed for {term}: it cannot be given back before", "PT-1")
        else:
            yield Candidate(
                deployment=None,
                action="Delete",
                effort="VeryLow",
                conditions=("no request in the whole period; make sure that nothing yearly or seasonal needs it",),
            )


def billed_requests(workload: Workload) -> tuple[str, ...]:
    """What the bill meters of requests, in words: anything here refutes that nobody calls."""
    meter = meant_meter()
    driven = workload.charges.filter(pl.col("charge_category") == "Usage", ~meter.is_in(_HOURLY))
    units = pl.col("quantity").cast(pl.Float64) * pl.col("meter_factor").cast(pl.Float64)
    sums = (
        driven.filter(is_uncounted() | (pl.col("quantity") > 0))
        .group_by(meter.alias("what"))
        .agg(units.sum(), is_uncounted().any().alias("uncounted"))
        .sort("what")
    )
    return tuple(
        f"{'an unknown number of' if uncounted else _count(counted)} {what.replace('_', ' ')}"
        for what, counted, uncounted in sums.iter_rows()
    )


def _term(workload: Workload) -> str | None:
    """The longest term of the model units of the bill [PT-1]; None without one."""
    units = workload.charges.filter(pl.col("component") == "model-units", is_uncounted() | (pl.col("quantity") > 0))
    months = set(units["usage_type"].str.extract(r"(?i)([16])[-_]?month").drop_nulls())
    return None if not months else "6 months" if "6" in months else "1 month"


def _count(counted: float) -> str:
    """A count for a sentence.

    >>> _count(40_000_000.0), _count(0.5)
    ('40,000,000', '0.5')
    """
    return f"{counted:,.0f}" if counted >= 1 else f"{counted:.1g}"
