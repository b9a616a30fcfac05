"""What a line of CUR costs, in the five views that AWS gives of it: each rule has a name and a source.

Unblended is the cash basis. Amortised spreads what was paid for a commitment over the use that it covers: fees cost
nothing then, and what nothing used stays with the fee. Net is either of them after private discounts. List is what the
public on-demand price comes to. Sources: AWS's own summary view (cid/builtin/core/data/queries/cid/summary_view.sql of
cloud-intelligence-dashboards-framework, 2026-08-14), the columns' descriptions in the AWS Data Exports user guide, and
for what the view leaves out the queries that its users publish. An amount that is null on its row counts 0, as there.
"""

from typing import NamedTuple

import polars as pl

from infercost.billing.line_types import DISCOUNT, type_of, types_of
from infercost.billing.reading.columns import Columns
from infercost.schema.charges import MONEY

NET_UNBLENDED = "line_item_net_unblended_cost"
_UNBLENDED = "line_item_unblended_cost"
# The columns that have a net twin: the export has it only for payers with private discounts.
_NET = {
    _UNBLENDED: NET_UNBLENDED,
    "reservation_effective_cost": "reservation_net_effective_cost",
    "reservation_unused_amortized_upfront_fee_for_billing_period": (
        "reservation_net_unused_amortized_upfront_fee_for_billing_period"
    ),
    "reservation_unused_recurring_fee": "reservation_net_unused_recurring_fee",
    "savings_plan_amortized_upfront_commitment_for_billing_period": (
        "savings_plan_net_amortized_upfront_commitment_for_billing_period"
    ),
    "savings_plan_recurring_commitment_for_billing_period": "savings_plan_net_recurring_commitment_for_billing_period",
    "savings_plan_savings_plan_effective_cost": "savings_plan_net_savings_plan_effective_cost",
}
# These tell what commitments cost after private discounts.
NET_OF_COMMITMENTS = tuple(net for net in _NET.values() if net != NET_UNBLENDED)
# What a net fee is compared with.
FEE = (
    "savings_plan_amortized_upfront_commitment_for_billing_period",
    "savings_plan_recurring_commitment_for_billing_period",
)
_NOTHING = pl.lit(0, dtype=MONEY)


class Costs(NamedTuple):
    """The views of one line, as expressions over the columns of its file."""

    unblended: pl.Expr
    net_unblended: pl.Expr
    amortized: pl.Expr
    net_amortized: pl.Expr
    on_demand: pl.Expr  # null where the export does not say


class Rule(NamedTuple):
    """What some lines of some types cost in an amortised view."""

    types: tuple[str, ...]
    lines: pl.Expr
    cost: pl.Expr


def read_costs(columns: Columns) -> Costs:
    """Returns every view of a line. Net views equal the others where the export has no net columns."""
    kind = type_of(columns)
    unblended = columns.money(_UNBLENDED, required=True)
    net = net_unblended(columns, kind, unblended)
    has_net = any(name in columns for name in _NET.values())
    amortized = _amortized(columns, kind, unblended, net=False)
    return Costs(
        unblended,
        net,
        amortized,
        _amortized(columns, kind, net, net=True) if has_net else amortized,
        on_demand(columns, kind, unblended),
    )


def net_unblended(columns: Columns, kind: pl.Expr, unblended: pl.Expr) -> pl.Expr:
    """What the invoice says: the net cost where the export has the column, else the unblended cost.

    A line that leaves the net cell empty has no discount of its own. Only a discount that stands in a line of its own
    (manual discount compatibility) is then nothing: the other lines' net costs are after it already. Sources: the
    guide on lineItem/NetUnblendedCost; opencost coalesces net and unblended in the same way.
    """
    if NET_UNBLENDED not in columns:
        return unblended
    net = columns.money(NET_UNBLENDED)
    types = types_of(columns)
    if types is not None and not any((one or "").endswith(DISCOUNT) for one in types):
        return pl.coalesce(net, unblended)
    return pl.coalesce(net, pl.when(is_discount(kind)).then(_NOTHING).otherwise(unblended))


def on_demand(columns: Columns, kind: pl.Expr, unblended: pl.Expr) -> pl.Expr:
    """The public on-demand cost. Unknown on a negation, which would repeat that of the usage it cancels.

    Marketplace has no public price. Where a converter made a zero of that, beside a cost that is none, it is unknown
    too: a free tier costs nothing in both. Source: pricing/publicOnDemandCost of the guide.
    """
    public = columns.money("pricing_public_on_demand_cost")
    return pl.when((kind != "SavingsPlanNegation") & ((public != 0) | (unblended == 0))).then(public)


def is_discount(kind: pl.Expr) -> pl.Expr:
    """Whether a line is a discount: EdpDiscount, PrivateRateDiscount, BundledDiscount, ... Source: CUDOS."""
    return kind.str.ends_with(DISCOUNT)


def _amortized(columns: Columns, kind: pl.Expr, cost: pl.Expr, *, net: bool) -> pl.Expr:
    """What no rule names costs what it costs: Usage, Tax, Credit, discounts, FlatRateSubscription, unknown types."""
    types = types_of(columns)
    for rule in (
        use_under_a_plan(columns, kind, net=net),
        unused_commitment(columns, kind, net=net),
        negation(kind),
        use_under_a_reservation(columns, kind, net=net),
        unused_reservation(columns, kind, net=net),
        paid_in_advance(columns, kind),
        refunded_advance(columns, kind),
    ):
        if types is None or not types.isdisjoint(rule.types):
            cost = pl.when(rule.lines).then(rule.cost).otherwise(cost)
    return cost


def use_under_a_plan(columns: Columns, kind: pl.Expr, *, net: bool) -> Rule:
    """SavingsPlanCoveredUsage costs its share of the commitment; unblended it stands at the on-demand rate.

    Source: the summary view.
    """
    lines = kind == "SavingsPlanCoveredUsage"
    return Rule(
        ("SavingsPlanCoveredUsage",),
        lines,
        _amount(columns, "savings_plan_savings_plan_effective_cost", lines, net=net),
    )


def unused_commitment(columns: Columns, kind: pl.Expr, *, net: bool) -> Rule:
    """SavingsPlanRecurringFee costs what of the hour's commitment nothing used; the rest is on the covered lines.

    Net, the unused part is scaled as the fee is: x net fee / fee, a fee being its amortised upfront part and its
    recurring part. Sources: the summary view; for net, aws-samples' EKS cost queries and
    FinOps-Data-CrowdSourcing/Cloud_Savings_Percentage.
    """
    lines = kind == "SavingsPlanRecurringFee"
    committed = columns.money_of("savings_plan_total_commitment_to_date", lines)
    unused = committed - columns.money_of("savings_plan_used_commitment", lines)
    if not net or not any(_NET[name] in columns for name in FEE):
        return Rule(("SavingsPlanRecurringFee",), lines, unused)
    fee, net_fee = _fee(columns, net=False), _fee(columns, net=True)
    scaled = unused * net_fee / pl.when(fee != 0).then(fee)  # polars raises on a division by zero, even of rest
    return Rule(("SavingsPlanRecurringFee",), lines, pl.coalesce(scaled, unused))


def negation(kind: pl.Expr) -> Rule:
    """SavingsPlanNegation cancels the on-demand cost of covered usage, which is not counted here. Source: the view."""
    return Rule(("SavingsPlanNegation",), kind == "SavingsPlanNegation", _NOTHING)


def use_under_a_reservation(columns: Columns, kind: pl.Expr, *, net: bool) -> Rule:
    """DiscountedUsage costs its share of the reservation's fees. Source: the summary view."""
    lines = kind == "DiscountedUsage"
    return Rule(("DiscountedUsage",), lines, _amount(columns, "reservation_effective_cost", lines, net=net))


def unused_reservation(columns: Columns, kind: pl.Expr, *, net: bool) -> Rule:
    """RIFee costs what of the reservation nothing used, of its upfront fee and of its recurring one.

    Source: the summary view.
    """
    lines = kind == "RIFee"
    upfront = _amount(columns, "reservation_unused_amortized_upfront_fee_for_billing_period", lines, net=net)
    return Rule(("RIFee",), lines, upfront + _amount(columns, "reservation_unused_recurring_fee", lines, net=net))


def paid_in_advance(columns: Columns, kind: pl.Expr) -> Rule:
    """The upfront fee of a Savings Plan or a reservation is spread over the term's usage. Source: the summary view."""
    reservation = (kind == "Fee") & columns.text("reservation_reservation_a_r_n").is_not_null()
    return Rule(("SavingsPlanUpfrontFee", "Fee"), (kind == "SavingsPlanUpfrontFee") | reservation, _NOTHING)


def refunded_advance(columns: Columns, kind: pl.Expr) -> Rule:
    """The refund of a plan's one-time fee gives back what was spread; other refunds are costs like any.

    Told by its text, so that SageMaker's plans are meant too. By product alone the rule once removed refunded discounts
    on plans as well. Sources: the summary view and issue 1497 of its framework.
    """
    text = columns.text("line_item_line_item_description")
    said = text.str.contains("Refund for one-time fee for Savings Plan ID", literal=True).fill_null(value=False)
    return Rule(("Refund",), (kind == "Refund") & said, _NOTHING)


def _amount(columns: Columns, name: str, lines: pl.Expr, *, net: bool) -> pl.Expr:
    """An amount of some lines, 0 where it is null; net where the export has its net twin and the line fills it."""
    gross = columns.money_of(name, lines)
    return pl.coalesce(columns.money(_NET[name]), gross) if net and _NET[name] in columns else gross


def _fee(columns: Columns, *, net: bool) -> pl.Expr:
    """The fee of a plan for the period of a line: the spread upfront part and the recurring part."""
    names = [(_NET[name], name) if net else (name,) for name in FEE]
    upfront, recurring = (pl.coalesce(*(columns.money(one) for one in spelled), _NOTHING) for spelled in names)
    return upfront + recurring
