"""From a bill and its owner's words to workloads."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import polars as pl

from infercost.billing.bill import Bill
from infercost.profiles.hardware import graviton, neuron
from infercost.schema.config import PRESETS, Config, Constraints, Interaction, ProfileSpec, WorkloadSpec
from infercost.schema.evidence import Evidence
from infercost.schema.progress import Progress, silent
from infercost.schema.scenario import SLO, Deployment, Model, Request, parts
from infercost.schema.traffic import Traffic
from infercost.schema.uncounted import uncounted_meters
from infercost.schema.workload import Profile, Workload
from infercost.traffic.from_bill import from_charges
from infercost.workloads import requests
from infercost.workloads.current import current
from infercost.workloads.groups import Group, groups
from infercost.workloads.match import assign, tags_of

# Money of serving; tax and credits belong to the account, purchases of commitments to the plan.
_COST_CATEGORIES = ("Usage", "Adjustment")
# Failover needs two, where people wait for answers and nobody said otherwise.
_INTERACTIVE_FLOOR = 2


def discover(
    bill: Bill, config: Config, config_dir: Path, traffic_paths: Sequence[Path] = (), progress: Progress = silent
) -> tuple[Workload, ...]:
    """Finds what is served, from the largest cost to the smallest.

    Args:
        bill: the month, as read.
        config: what owners know; empty is fine.
        config_dir: what paths in the config are relative to.
        traffic_paths: files named after the workload that they are the traffic of.
        progress: is told what is being done.

    Raises:
        UsageError: two workloads of the config match one charge, or a traffic file belongs to no workload.
        InputError: a traffic file cannot be read.
    """
    charges = bill.charges.filter((pl.col("kind") == "inference") & pl.col("charge_category").is_in(_COST_CATEGORIES))
    found = groups(assign(charges, config.workload), config.workload)
    named = requests.by_stem(traffic_paths)
    shared = {name for name in _spec_names(found) if _spec_names(found).count(name) > 1}
    workloads = []
    for position, group in enumerate(found):
        progress("finding workloads", position / len(found))
        workloads.append(_workload(group, bill, config_dir, named, split=_spec_name(group) in shared))
    requests.refuse_leftovers(named, [group.name for group in found])
    return tuple(sorted(workloads, key=lambda one: (-one.effective_cost, one.id)))


def _spec_name(group: Group) -> str | None:
    return None if group.spec is None else group.spec.name


def _spec_names(found: Sequence[Group]) -> list[str]:
    return [group.spec.name for group in found if group.spec is not None]


def _workload(group: Group, bill: Bill, config_dir: Path, named: dict[str, Path], *, split: bool) -> Workload:
    spec = group.spec
    profiles = tuple(_profile(one) for one in spec.profile) if spec else ()
    now = current(group.charges, group.region, bill.covered_hours, profiles)
    notes = list(now.notes) if not group.charges.is_empty() else ["its `match` fits no inference charge of this bill"]
    if split and spec is not None and spec.traffic is not None:
        notes.append("its config matches several accounts or regions, and the traffic file does not say whose it is")
        spec = spec.model_copy(update={"traffic": None})
    bedrock = now.pattern.startswith("bedrock")
    interaction = _interaction(spec)
    return Workload(
        id=group.name,
        name=group.name,
        service="Amazon Bedrock" if bedrock else "Amazon SageMaker",
        pattern=now.pattern,
        account_id=group.account_id,
        region=group.region,
        resource_ids=tuple(group.charges["resource_id"].drop_nulls().unique().sort()),
        tags=_tags(group.charges),
        charges=group.charges,
        billed_cost=_sum(group.charges, "billed_cost"),
        effective_cost=_sum(group.charges, "effective_cost"),
        currency=bill.currency,
        slo=_slo(spec, interaction),
        interaction=interaction,
        explicit_interaction=_explicit(spec),
        weights=(spec.weights if spec else None) or ("hosted" if bedrock else "owned"),
        deployment=now.deployment,
        model=next(iter(group.charges["model"].drop_nulls().unique().sort()), None),
        traffic=_traffic(group, spec, bill, config_dir, named),
        request=_request(spec),
        profiles=profiles,
        build=_build(spec, now.deployment, profiles),
        files=spec.files if spec else None,
        min_instances=_floor(spec, interaction),
        floor_said=spec is not None and spec.min_instances is not None,
        constraints=spec.constraints if spec else Constraints(),
        notes=tuple(notes),
    )


def _sum(charges: pl.DataFrame, column: str) -> Decimal:
    return Decimal(charges[column].sum() or 0)


def _tags(charges: pl.DataFrame) -> dict[str, str]:
    """The tags on which all charges agree."""
    found = [tags_of(text) for text in charges["tags"].unique(maintain_order=True)]
    if not found:
        return {}
    return {key: value for key, value in sorted(found[0].items()) if all(one.get(key) == value for one in found)}


def _interaction(spec: WorkloadSpec | None) -> Interaction:
    """As the owner says; a deadline without more is said of offline work; else the careful reading."""
    if spec is None:
        return "interactive"
    if spec.interaction is not None:
        return spec.interaction
    return "offline" if spec.slo is not None and spec.slo.deadline_s is not None else "interactive"


def _explicit(spec: WorkloadSpec | None) -> bool:
    """Whether the owner said what waiting is fine: an interaction, or a promise in figures."""
    if spec is None:
        return False
    promise = spec.slo is not None and (spec.slo.p99_ms is not None or spec.slo.deadline_s is not None)
    return spec.interaction is not None or promise


def _slo(spec: WorkloadSpec | None, interaction: Interaction) -> SLO:
    """The owner's promise; the preset of the interaction where it names no time."""
    preset = PRESETS[interaction]
    if spec is None or spec.slo is None:
        return preset
    if spec.slo.p99_ms is None and spec.slo.deadline_s is None:
        return preset.model_copy(update={"error_rate": spec.slo.error_rate})
    return spec.slo


def _floor(spec: WorkloadSpec | None, interaction: Interaction) -> int:
    if spec is not None and spec.min_instances is not None:
        return spec.min_instances
    return _INTERACTIVE_FLOOR if interaction == "interactive" else 0


def _request(spec: WorkloadSpec | None) -> Request:
    if spec is None:
        return Request()
    return Request(
        payload_bytes=spec.payload_bytes,
        response_bytes=spec.response_bytes,
        input_tokens=spec.input_tokens,
        output_tokens=spec.output_tokens,
    )


def _build(spec: WorkloadSpec | None, deployment: Deployment | None, profiles: tuple[Profile, ...]) -> Model:
    """What the owner said of the model; else what runs on such hardware now, or was measured on it, is built for it."""
    types = [part.instance_type for part in parts(deployment)] if deployment is not None else []
    types += [one.instance_type for one in profiles if one.instance_type and one.evidence is Evidence.MEASURED]
    compiled, arm = (None, None) if spec is None else (spec.compiled_for_neuron, spec.arm_build)
    if compiled is None and any(neuron(one) for one in types):
        compiled = True
    if arm is None and any(graviton(one) for one in types):
        arm = True
    return Model(compiled_for_neuron=compiled, arm_build=arm)


def _profile(spec: ProfileSpec) -> Profile:
    cold_start_s = None
    if spec.cold_start_median_s is not None:
        p95_s = spec.cold_start_p95_s
        cold_start_s = (spec.cold_start_median_s, spec.cold_start_median_s if p95_s is None else p95_s)
    return Profile(
        service=spec.service,
        concurrency=spec.concurrency,
        evidence=spec.evidence,
        instance_type=spec.instance_type,
        memory_mb=spec.memory_mb,
        cold_start_s=cold_start_s,
    )


def _traffic(
    group: Group, spec: WorkloadSpec | None, bill: Bill, config_dir: Path, named: dict[str, Path]
) -> Traffic | None:
    """The command line's file, else the config's, else what the bill says of tokens; None where nothing tells."""
    given = named.pop(group.name.casefold(), None)
    if given is not None:
        return requests.read(given, str(given), bill)
    if spec is not None and spec.traffic is not None:
        return requests.read(config_dir / spec.traffic, spec.traffic, bill)
    derived = from_charges(group.charges, _request(spec))
    if derived is None or uncounted_meters(group.charges):
        return None  # rates of a part of its requests would be another traffic
    return requests.of_period(derived, bill)
