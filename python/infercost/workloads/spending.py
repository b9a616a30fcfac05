"""What inference costs, by whom or what: groups that partition the charges, from the largest to the smallest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from infercost.billing.bill import Bill
from infercost.schema.analysis import Period, Spend
from infercost.schema.errors import UsageError
from infercost.schema.fx import Fx
from infercost.schema.spending import Rest, Spending, SpendingGroup
from infercost.schema.workload import Workload
from infercost.workloads.dimension import GROUP, WORKLOAD, Dimension, Place, tag_value
from infercost.workloads.idle import BY_THE_HOUR, IDLE, idle
from infercost.workloads.match import tags_of
from infercost.workloads.parts import Part, parts_of
from infercost.workloads.unit_costs import Requests, cache_read_pct, requests_of, together, token_costs
from infercost.workloads.untold import untold

_UNATTRIBUTED = "unattributed"  # column: the charge has no tag that says whose it is
# Kinds of charges that are near inference and none of it.
_AROUND = {
    "related": "related to inference (guardrails, agents, tax, credits ...)",
    "commitment": "unused commitments, which belong to no workload",
    "unrecognised": "of these services, not recognised",
}
_HUNDRED = Decimal(100)
_NS_PER_HOUR = 3_600 * 10**9
_HELD = ("instance", "model-units")  # components of which there is a number at a time
_SERVING = (*_HELD, "serverless")


@dataclass(frozen=True)
class View:
    """What is asked for. `owner_tag` says whose a charge is; `top` groups are listed, all without."""

    by: Dimension
    owner_tag: str | None = None
    top: int | None = None
    selected: bool = False
    fx: Fx | None = None


def spending(bill: Bill, workloads: Sequence[Workload], view: View) -> Spending:
    """Adds up the inference of a bill.

    Args:
        bill: the month, as read.
        workloads: found in it; their charges partition the bill's inference, or what of it is selected.
        view: how to tell it apart.

    Raises:
        UsageError: no charge has the tag that is to tell them apart.
    """
    charges = idle(workloads)
    if view.by.tag is not None:
        _refuse_unknown_tag(charges, view.by.tag)
    owner_tag = view.by.tag or view.owner_tag
    charges = _attributed(charges, owner_tag)
    charges, places = view.by.split(charges)
    known = _requests_by_group(charges, requests_of(workloads))
    whole = Decimal(charges["effective_cost"].sum() or 0)
    parts = parts_of(charges, GROUP, BY_THE_HOUR, IDLE, _UNATTRIBUTED)
    groups = [
        _group(place, parts[position], whole, known.get(position, ()), bill.covered_hours)
        for position, place in enumerate(places)
    ]
    every = [part for of_group in parts.values() for part in of_group]
    ranked = sorted(groups, key=lambda one: (-one.effective_cost, one.name))
    listed = ranked if view.top is None else ranked[: view.top]
    return Spending(
        period=Period(
            start=bill.period_start, end=bill.period_end, covered_hours=bill.covered_hours, closed=bill.closed
        ),
        currency=bill.currency,
        format=bill.format,
        files=len(bill.files),
        rows=bill.rows,
        by=view.by.kind if view.by.tag is None else f"tag {view.by.tag}",
        owner_tag=owner_tag,
        selected=view.selected,
        bill_effective_cost=Decimal(bill.spend["effective_cost"].sum() or 0),
        effective_cost=whole,
        billed_cost=_sum(every, "billed_cost"),
        unattributed_cost=_unattributed(every),
        unattributed_pct=_percent(_unattributed(every), whole),
        **_idle(every),
        groups=tuple(listed),
        rest=_rest(ranked[len(listed) :]),
        not_included=_not_included(bill.spend),
        untold=untold(charges, workloads, view.by, bill.currency),
        warnings=bill.warnings,
        set_aside=bill.aside,
        unread=bill.unread,
        fx=view.fx,
        effective_cost_usd=None if view.fx is None else whole * view.fx.usd_per_unit,
    )


def _refuse_unknown_tag(charges: pl.DataFrame, tag: str) -> None:
    """A key that no charge has is a slip of the finger far more often than an account where nobody tags."""
    texts = charges["tags"].drop_nulls().unique()
    if any(tag_value(text, tag) for text in texts):
        return
    keys = sorted({key for text in texts for key in tags_of(text)})
    if not keys:
        raise UsageError(
            f"--by tag:{tag}: no inference charge of this bill has any tag; activate cost allocation tags and export"
            " the column of tags, or tell apart --by account or --by model"
        )
    more = f" and {len(keys) - 20} more" if len(keys) > 20 else ""
    raise UsageError(f"--by tag:{tag}: no inference charge has it; the tags are: {', '.join(keys[:20])}{more}")


def _attributed(charges: pl.DataFrame, owner_tag: str | None) -> pl.DataFrame:
    """Adds whether nothing says whose a charge is: it lacks the owner's tag, or any tag where none was named."""
    distinct = charges.select(pl.col("tags").unique(maintain_order=True))
    lacking = [
        not tags_of(text) if owner_tag is None else tag_value(text, owner_tag) is None for text in distinct["tags"]
    ]
    known = distinct.with_columns(pl.Series(_UNATTRIBUTED, lacking, dtype=pl.Boolean))
    return charges.join(known, on="tags", how="left", nulls_equal=True, maintain_order="left")


def _requests_by_group(charges: pl.DataFrame, known: Mapping[str, Requests]) -> dict[int, list[Requests]]:
    """Requests of a workload count where all of it lies in one group: nothing says how to share them out."""
    inside = charges.group_by(WORKLOAD, maintain_order=True).agg(pl.col(GROUP).unique())
    found: dict[int, list[Requests]] = {}
    for workload, groups in inside.iter_rows():
        if workload in known and len(groups) == 1:
            found.setdefault(groups[0], []).append(known[workload])
    return found


def _group(
    place: Place, parts: Sequence[Part], whole: Decimal, known: Sequence[Requests], covered_hours: int
) -> SpendingGroup:
    cost, requests, tokens = _sum(parts), together(known), token_costs(parts)
    return SpendingGroup(
        name=place.name,
        key=place.key,
        accounts=_distinct(parts, "sub_account_id"),
        regions=_distinct(parts, "region_id"),
        served=_served(parts, covered_hours),
        effective_cost=cost,
        billed_cost=_sum(parts, "billed_cost"),
        share_pct=_percent(cost, whole) or Decimal(0),
        components=_components(parts),
        requests=None if requests is None else requests.count,
        requests_cost=None if requests is None else requests.cost,
        per_1000_requests=None if requests is None else requests.per_1000,
        requests_evidence=None if requests is None else requests.evidence,
        tokens=tokens,
        cache_read_pct=cache_read_pct(tokens),
        **_idle(parts),
        unattributed_cost=_unattributed(parts),
    )


def _idle(parts: Sequence[Part]) -> dict[str, Decimal | None]:
    """What idle hours cost, and hours of which that is not known; null where nothing is paid by the hour."""
    hourly = [part for part in parts if part[BY_THE_HOUR]]
    unknown = [part for part in hourly if part[IDLE] is None]
    return {
        "idle_cost": None if len(hourly) == len(unknown) else _sum([part for part in hourly if part[IDLE]]),
        "idle_unknown_cost": _sum(unknown) if hourly else None,
    }


def _unattributed(parts: Sequence[Part]) -> Decimal:
    return _sum([part for part in parts if part[_UNATTRIBUTED]])


def _served(parts: Sequence[Part], covered_hours: int) -> str:
    """How, and on or by what, the dearest first: instances as the mean over the period, models by name."""
    hours: dict[tuple[str, str], float] = {}
    for part in parts:
        bedrock = part["model"] or str(part["pattern"]).startswith("bedrock")
        if part["component"] in _SERVING or (bedrock and part["component"] != "storage"):
            memory = f"{part['memory_mb']} MB" if part["memory_mb"] else None
            what = part["instance_type"] or part["model"] or memory or part["component"]
            counted = part["component"] in _HELD and part["meter_factor"] is not None
            held = float(part["quantity"]) * float(part["meter_factor"]) / _NS_PER_HOUR if counted else 0.0
            place = (part["pattern"] or "other", what)
            hours[place] = hours.get(place, 0.0) + held
    by_pattern: dict[str, list[str]] = {}
    for (pattern, what), held in hours.items():
        by_pattern.setdefault(pattern.removeprefix("bedrock-"), []).append(_held(what, held, covered_hours))
    return "; ".join(f"{how} {_few(listed)}" for how, listed in by_pattern.items()) or "not told by the bill"


def _held(what: str, hours: float, covered_hours: int) -> str:
    """With its number on average.

    >>> _held("ml.m5.large", 40 * 744, 744), _held("NovaLite", 0, 744), _held("ml.m5.large", 1, 744)
    ('40 x ml.m5.large', 'NovaLite', '<0.1 x ml.m5.large')
    """
    if not hours or not covered_hours:
        return what
    mean = hours / covered_hours
    return f"{mean:,.1f}".removesuffix(".0") + f" x {what}" if mean >= 0.05 else f"<0.1 x {what}"


def _few(words: Sequence[str]) -> str:
    """The first three.

    >>> _few(["a", "b", "c", "d", "e"])
    'a, b, c and 2 more'
    """
    return ", ".join(words[:3]) + (f" and {len(words) - 3} more" if len(words) > 3 else "")


def _components(parts: Sequence[Part]) -> tuple[Spend, ...]:
    costs: dict[str, Decimal] = {}
    for part in parts:
        name = part["component"] or "other"
        costs[name] = costs.get(name, Decimal(0)) + part["effective_cost"]
    return tuple(Spend(name=name, cost=cost) for name, cost in sorted(costs.items(), key=lambda one: (-one[1], one[0])))


def _distinct(parts: Sequence[Part], name: str) -> tuple[str, ...]:
    return tuple(sorted({part[name] for part in parts if part[name] is not None}))


def _not_included(spend: pl.DataFrame) -> tuple[Spend, ...]:
    """Money around inference that no group has."""
    costs = {what: Decimal(spend.filter(kind=kind)["effective_cost"].sum() or 0) for kind, what in _AROUND.items()}
    return tuple(Spend(name=what, cost=cost) for what, cost in costs.items() if cost)


def _rest(groups: Sequence[SpendingGroup]) -> Rest | None:
    if not groups:
        return None
    return Rest(
        groups=len(groups),
        effective_cost=sum((one.effective_cost for one in groups), Decimal(0)),
        billed_cost=sum((one.billed_cost for one in groups), Decimal(0)),
    )


def _percent(part: Decimal, whole: Decimal) -> Decimal | None:
    return (part / whole * _HUNDRED).quantize(Decimal("0.1")) if whole else None


def _sum(parts: Sequence[Part], name: str = "effective_cost") -> Decimal:
    return sum((part[name] for part in parts), Decimal(0))
