"""Which of the charges by the hour paid for hours without a request, as far as that can be known."""

from collections.abc import Sequence

import polars as pl

from infercost.schema.charges import CHARGES, CLASSIFICATION
from infercost.schema.evidence import Evidence
from infercost.schema.traffic import Traffic
from infercost.schema.workload import Workload
from infercost.traffic.columns import engine_columns
from infercost.traffic.period import since_1970
from infercost.workloads.dimension import WORKLOAD
from infercost.workloads.requests import WHOLE

IDLE = "idle"  # column: no request came in the period of the charge; null: not known, or not paid by the hour
BY_THE_HOUR = "by_the_hour"  # column: paid whether requests come or not
# Of a job or an imported model only the time at work is paid.
_PATTERNS = ("real-time", "async", "bedrock-provisioned")


def idle(workloads: Sequence[Workload]) -> pl.DataFrame:
    """All charges of the workloads in one table, with `workload`, `by_the_hour` and `idle`.

    Traffic tells, where it was measured and speaks for the whole period. Else the bill does for real-time endpoints
    where its rows of data carry the endpoint's ARN, as they may: an hour of instances without a byte was idle.
    """
    columns = {**CHARGES, **CLASSIFICATION, WORKLOAD: pl.String, BY_THE_HOUR: pl.Boolean, IDLE: pl.Boolean}
    charges = pl.concat([pl.DataFrame(schema=columns), *(_by_traffic(one) for one in workloads)])
    return charges.with_columns(pl.coalesce(IDLE, _by_data(charges)).alias(IDLE))


def _by_traffic(workload: Workload) -> pl.DataFrame:
    hourly = (pl.col("component").is_in(["instance", "model-units"]) & pl.col("pattern").is_in(_PATTERNS)).fill_null(
        value=False
    )
    charges = workload.charges.with_columns(pl.lit(workload.id).alias(WORKLOAD), hourly.alias(BY_THE_HOUR))
    traffic = workload.traffic
    if traffic is None or traffic.evidence is not Evidence.MEASURED or traffic.span < WHOLE:
        return charges.with_columns(pl.lit(None, dtype=pl.Boolean).alias(IDLE))
    return charges.with_columns(pl.when(pl.col(BY_THE_HOUR)).then(_silent(traffic, charges)).alias(IDLE))


def _silent(traffic: Traffic, charges: pl.DataFrame) -> pl.Series:
    """Whether no request came in the period of each charge; null where the traffic does not speak for the period.

    A step of counts that overlaps the period may have brought its requests within it.
    """
    columns, since = engine_columns(traffic), since_1970(traffic.start)
    start, end = (
        charges[name].dt.cast_time_unit("ns").to_physical() - since
        for name in ("charge_period_start", "charge_period_end")
    )
    if traffic.kind == "trace":
        first, after = columns["arrival_ns"], columns["arrival_ns"] + 1
        busy_first, busy_after = first, after
    else:
        first, after = columns["start_ns"], columns["end_ns"]
        busy = columns["requests"] > 0
        busy_first, busy_after = first.filter(busy), after.filter(busy)
    begun = busy_first.search_sorted(end.fill_null(0), side="left")
    over = busy_after.search_sorted(start.fill_null(0), side="right")
    spoken_for = end.is_not_null()
    if traffic.span < 1:
        edges = (first.min(), after.max())
        spoken_for &= (start >= edges[0]) & (end <= edges[1])
    return pl.select(pl.when(spoken_for).then(begun <= over)).to_series()


def _by_data(charges: pl.DataFrame) -> pl.Series:
    """Known in accounts and regions where every row of data names its endpoint, and is as long as the charge."""
    place, period = ["sub_account_id", "region_id"], ["charge_period_start", "charge_period_end"]
    endpoint = pl.col("resource_id").str.to_lowercase().alias("endpoint")
    length = pl.col("charge_period_end") - pl.col("charge_period_start")
    data = charges.filter(pl.col("component").is_in(["data-in", "data-out"]))
    telling = data.group_by(place).agg(
        pl.col("resource_id").is_not_null().all().alias("named"),
        pl.when(length.n_unique() == 1).then(length.first()).alias("length"),
    )
    moved = data.filter((pl.col("quantity") > 0).fill_null(value=True)).select(*place, *period, endpoint).unique()
    known = (
        charges.select(*place, *period, "pattern", BY_THE_HOUR, endpoint)
        .join(telling, on=place, how="left", nulls_equal=True, maintain_order="left")
        .join(
            moved.with_columns(pl.lit(value=True).alias("moved")),
            on=[*place, *period, "endpoint"],
            how="left",
            nulls_equal=True,
            maintain_order="left",
        )
    )
    tells = (
        pl.col(BY_THE_HOUR)
        & (pl.col("pattern") == "real-time")
        & pl.col("endpoint").is_not_null()
        & pl.col("named")
        & (pl.col("length") == length)
    )
    return known.select(pl.when(tells).then(pl.col("moved").is_null()).alias(IDLE)).to_series()
