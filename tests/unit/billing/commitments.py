"""A commitment over its whole term as lines of CUR 2.0: what is paid, what it covers, and what nothing uses."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from unit.billing.make_exports import Row, cur

PLAN = "arn:aws:savingsplans::012345678901:savingsplan/1"
RESERVATION = "arn:aws:ec2:us-east-1:012345678901:reserved-instances/1"


@dataclass(frozen=True)
class Terms:
    """What is paid for each hour, in advance and as it goes; `paid` is what is left of it after a private discount."""

    upfront: Decimal
    recurring: Decimal
    paid: Decimal = Decimal(1)

    @property
    def hourly(self) -> Decimal:
        """What an hour costs, whatever is used."""
        return self.upfront + self.recurring


def savings_plan(terms: Terms, used: Sequence[Decimal], on_demand: Decimal = Decimal("1.5")) -> Iterator[Row]:
    """A plan over as many hours as `used` has, each saying which share of the commitment is used."""
    ours = {"savings_plan_savings_plan_a_r_n": PLAN}
    if terms.upfront:
        yield _line("SavingsPlanUpfrontFee", terms, terms.upfront * len(used)) | ours
    for share in used:
        covered, unblended = terms.hourly * share, terms.hourly * share * on_demand
        yield (
            _line("SavingsPlanCoveredUsage", terms, unblended)
            | _amounts(terms, "savings_plan_", savings_plan_effective_cost=covered)
            | ours
        )
        yield _line("SavingsPlanNegation", terms, -unblended) | ours
        yield (
            _line("SavingsPlanRecurringFee", terms, terms.recurring)
            | _amounts(
                terms,
                "savings_plan_",
                amortized_upfront_commitment_for_billing_period=terms.upfront,
                recurring_commitment_for_billing_period=terms.recurring,
            )
            | {
                "savings_plan_total_commitment_to_date": str(terms.hourly),
                "savings_plan_used_commitment": str(covered),
            }
            | ours
        )


def reservation(terms: Terms, used: Sequence[Decimal]) -> Iterator[Row]:
    """A reservation: its fee stands in one line for the whole term, its use in one for each hour."""
    ours = {"reservation_reservation_a_r_n": RESERVATION}
    unused = sum(((1 - share) for share in used), Decimal(0))
    if terms.upfront:
        yield _line("Fee", terms, terms.upfront * len(used)) | ours
    yield (
        _line("RIFee", terms, terms.recurring * len(used))
        | _amounts(
            terms,
            "reservation_",
            amortized_upfront_fee_for_billing_period=terms.upfront * len(used),
            unused_amortized_upfront_fee_for_billing_period=terms.upfront * unused,
            unused_recurring_fee=terms.recurring * unused,
        )
        | ours
    )
    for share in used:
        yield (
            _line("DiscountedUsage", terms, Decimal(0))
            | _amounts(terms, "reservation_", effective_cost=terms.hourly * share)
            | ours
        )


def _line(kind: str, terms: Terms, unblended: Decimal) -> Row:
    return cur(
        line_item_line_item_type=kind,
        line_item_unblended_cost=str(unblended),
        line_item_net_unblended_cost=str(unblended * terms.paid),
        savings_plan_amortized_upfront_commitment_for_billing_period="",
        savings_plan_recurring_commitment_for_billing_period="",
        savings_plan_net_amortized_upfront_commitment_for_billing_period="",
        savings_plan_net_recurring_commitment_for_billing_period="",
        savings_plan_net_savings_plan_effective_cost="",
        reservation_amortized_upfront_fee_for_billing_period="",
        reservation_net_amortized_upfront_fee_for_billing_period="",
        reservation_net_effective_cost="",
        reservation_net_unused_amortized_upfront_fee_for_billing_period="",
        reservation_net_unused_recurring_fee="",
    )


def _amounts(terms: Terms, category: str, **amounts: Decimal) -> Row:
    """Amounts, and their net twins."""
    gross = {f"{category}{name}": str(amount) for name, amount in amounts.items()}
    return gross | {f"{category}net_{name}": str(amount * terms.paid) for name, amount in amounts.items()}
