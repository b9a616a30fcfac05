"""How a workload is served now, as far as the bill tells."""

from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from infercost.prices.models import model_id
from infercost.schema.scenario import (
    Asynchronous,
    BedrockBatch,
    BedrockOnDemand,
    BedrockProvisioned,
    Deployment,
    RealTime,
    Serverless,
)
from infercost.schema.scenario.bounds import LARGEST_FLEET
from infercost.schema.uncounted import is_uncounted
from infercost.schema.workload import Profile

_NS_PER_HOUR = 3_600 * 10**9
_DATA = ("data-in", "data-out")  # say nothing of what serves
# Billed hours of a fixed fleet: a start or a stop inside an hour may cost it a part of that hour.
_FLAT_WITHIN = 0.01


@dataclass
class Current:
    """The pattern by the bill, the deployment where it can be told, and what could not be told."""

    pattern: str
    deployment: Deployment | None = None
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Fleet:
    """Instance hours of one meter over the covered period."""

    count: int | None  # of a fixed fleet that ran through the whole period
    mean: float
    note: str | None


def current(charges: pl.DataFrame, region: str, covered_hours: int, profiles: tuple[Profile, ...]) -> Current:
    """Reads the deployment from the usage of one workload.

    Args:
        charges: CHARGES and CLASSIFICATION columns of one workload.
        region: where it runs.
        covered_hours: hours of the period that the bill covers.
        profiles: for the workers per instance, which no bill tells.
    """
    usage = charges.filter(pl.col("charge_category") == "Usage")
    main = _main_component(usage)
    patterns = main["pattern"].drop_nulls().unique().sort().to_list()
    if len(patterns) != 1:
        what = " and ".join(patterns) if patterns else "nothing that is served"
        return Current(patterns[0] if patterns else "unknown", notes=[f"the bill shows {what} under one workload"])
    pattern = str(patterns[0])
    if usage["component"].str.starts_with("provisioned-concurrency").any():
        held = "part of it is provisioned; how much, its two usage types do not tell for sure [SL-11]"
        return Current(pattern, notes=[held])
    unknown = usage.filter(is_uncounted(), ~pl.col("component").is_in(_DATA))
    if unknown.height:
        return Current(pattern, notes=[_uncounted(unknown, usage)])
    read = {
        "real-time": _instances,
        "async": _instances,
        "serverless": _serverless,
        "bedrock-on-demand": _tokens,
        "bedrock-batch": _tokens,
        "bedrock-provisioned": _model_units,
    }.get(pattern)
    if read is None:
        return Current(pattern, notes=[f"how it runs ({pattern}) cannot be told from the bill"])
    return read(pattern, main, region, covered_hours, profiles)


def _uncounted(unknown: pl.DataFrame, usage: pl.DataFrame) -> str:
    """A deployment read from a part of its hours would be another one."""
    units = unknown["unit"].drop_nulls().unique().sort()
    said = f" (unit {', '.join(units)})" if len(units) else ""
    return f"the quantity of {unknown.height} of its {usage.height} rows is unknown{said}: how it runs cannot be told"


def _main_component(usage: pl.DataFrame) -> pl.DataFrame:
    """The rows that say how it is served: not data transfer, not storage."""
    return usage.filter(pl.col("component").is_in(["instance", "serverless", "tokens", "model-units"]))


def _instances(
    pattern: str, usage: pl.DataFrame, region: str, covered_hours: int, profiles: tuple[Profile, ...]
) -> Current:
    types = usage["instance_type"].drop_nulls().unique().sort().to_list()
    if len(types) != 1:
        return Current(pattern, notes=[f"several instance types share this workload: {', '.join(types) or 'none'}"])
    fleet = fleet_of(usage, covered_hours)
    if fleet.count is None:
        return Current(pattern, notes=[fleet.note or "the number of instances varies"])
    notes = [] if fleet.note is None else [fleet.note]
    kind = str(types[0])
    profile = next((one for one in profiles if one.instance_type == kind), None)
    if pattern == "async":
        concurrency = None if profile is None else profile.concurrency
        return Current(
            pattern,
            Asynchronous(
                id="now",
                region=region,
                pattern="async",
                instance_type=kind,
                instances=fleet.count,
                concurrency=concurrency,
            ),
            notes,
        )
    workers = 1 if profile is None else profile.concurrency
    deployment = RealTime(
        id="now", region=region, pattern="real-time", instance_type=kind, instances=fleet.count, concurrency=workers
    )
    return Current(pattern, deployment, notes)


def fleet_of(usage: pl.DataFrame, covered_hours: int) -> Fleet:
    """The fixed number of instances (or model units) that explains the billed hours, or why there is none."""
    per_period = (
        usage.group_by("charge_period_start", "charge_period_end")
        .agg((pl.col("quantity") * pl.col("meter_factor")).sum().cast(pl.Float64).alias("ns"))
        .with_columns(
            hours=(pl.col("charge_period_end") - pl.col("charge_period_start")).dt.total_seconds() / 3600,
        )
        .with_columns(held=pl.col("ns") / _NS_PER_HOUR / pl.col("hours"))
    )
    held_hours = float(per_period["ns"].sum()) / _NS_PER_HOUR
    mean = held_hours / covered_hours if covered_hours else 0.0
    if per_period.is_empty() or held_hours == 0:
        return Fleet(None, mean, "the bill has no instance hours of it")
    billed_hours = float(per_period["hours"].sum())
    if billed_hours < covered_hours * (1 - _FLAT_WITHIN):
        return Fleet(None, mean, f"it ran in {billed_hours:.0f} of the {covered_hours} hours that the bill covers")
    # never empty here: `or 0` and the ignores answer polars' type of a minimum, which is that of any column
    low, high = float(per_period["held"].min() or 0), float(per_period["held"].max() or 0)  # type: ignore[arg-type]  # doubles
    count = round(mean)
    if high - low <= _FLAT_WITHIN * mean and abs(mean - count) > _FLAT_WITHIN * mean:
        return Fleet(
            None, mean, f"{mean:.1f} at once, on average over each row of the bill: its size varies within them"
        )
    if count < 1 or max(high - count, count - low) > _FLAT_WITHIN * count:
        return Fleet(
            None, mean, f"its size varies, {low:.1f} to {high:.1f} at once: the bill does not tell what scales it"
        )
    if count > LARGEST_FLEET:
        return Fleet(None, mean, f"{count:,} at once are more than the {LARGEST_FLEET:,} that are simulated")
    coarse = float(per_period["hours"].max() or 0) > 1  # type: ignore[arg-type]  # doubles
    note = "the bill is not hourly: a fixed size is the simplest reading of its hours" if coarse else None
    return Fleet(count, mean, note)


def _serverless(
    pattern: str, usage: pl.DataFrame, region: str, _covered_hours: int, _profiles: tuple[Profile, ...]
) -> Current:
    sizes = usage["memory_mb"].drop_nulls().unique().sort().to_list()
    if len(sizes) != 1:
        return Current(pattern, notes=["several memory sizes share this workload"])
    deployment = Serverless(id="now", region=region, pattern="serverless", memory_mb=int(sizes[0]), max_concurrency=200)
    return Current(pattern, deployment, ["its concurrency limit is not in the bill: 200, the largest, is used [SL-3]"])


def _tokens(
    pattern: str, usage: pl.DataFrame, region: str, _covered_hours: int, _profiles: tuple[Profile, ...]
) -> Current:
    models = usage["model"].drop_nulls().unique().sort().to_list()
    tiers = usage["tier"].drop_nulls().unique().sort().to_list()
    if len(models) != 1:
        return Current(pattern, notes=[_not_one_model(models)])
    if usage["custom_model"].fill_null(value=False).any():
        return Current(pattern, notes=["a custom model on demand: not simulated yet"])
    if any(tier not in ("standard", "batch") for tier in tiers):
        return Current(pattern, notes=[f"the tier {', '.join(tiers)} is not simulated yet"])
    of_model = model_id_of(usage, str(models[0]))
    if pattern == "bedrock-batch":
        deployment: Deployment = BedrockBatch(
            id="now", region=region, pattern="bedrock-batch", model_id=of_model, every_s=86_400
        )
        return Current(pattern, deployment, ["when its jobs run is not in the bill: one a day is used"])
    return Current(pattern, BedrockOnDemand(id="now", region=region, pattern="bedrock-on-demand", model_id=of_model))


def _not_one_model(models: list[str]) -> str:
    """The name of a Marketplace product may be missing, and with it the model's."""
    return f"several models share this workload: {', '.join(models)}" if models else "the bill does not name its model"


def model_id_of(usage: pl.DataFrame, billed_name: str) -> str:
    """The model's id: from an ARN that holds it, else by the name that the usage type gives it, else that name."""
    for resource in usage["resource_id"].drop_nulls().unique().sort():
        for kind in (":foundation-model/", ":inference-profile/"):
            _, found, in_arn = str(resource).partition(kind)
            if found:
                return in_arn
    return model_id(billed_name) or billed_name


def _model_units(
    pattern: str, usage: pl.DataFrame, region: str, covered_hours: int, _profiles: tuple[Profile, ...]
) -> Current:
    models = usage["model"].drop_nulls().unique().sort().to_list()
    if len(models) != 1:
        return Current(pattern, notes=[_not_one_model(models)])
    fleet = fleet_of(usage, covered_hours)
    if fleet.count is None:
        return Current(pattern, notes=[fleet.note or "the number of model units varies"])
    return Current(
        pattern,
        BedrockProvisioned(
            id="now",
            region=region,
            pattern="bedrock-provisioned",
            model_id=model_id_of(usage, str(models[0])),
            model_units=fleet.count,
            commitment=_commitment(usage),
            custom_model=bool(usage["custom_model"].fill_null(value=False).any()),
        ),
        [] if fleet.note is None else [fleet.note],
    )


def _commitment(usage: pl.DataFrame) -> Literal["none", "1-month", "6-month"]:
    """The longest term that the usage types name; nothing can be given back before it ends [PT-1]."""
    months = set(usage["usage_type"].drop_nulls().str.extract(r"(?i)([16])[-_]?month").drop_nulls())
    return "6-month" if "6" in months else "1-month" if "1" in months else "none"
