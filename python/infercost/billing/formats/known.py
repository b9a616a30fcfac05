"""What is told by name and never a bill by itself: the message says what to give instead."""

from collections.abc import Callable
from typing import NamedTuple

from infercost.billing.reading.head import Head

_FOCUS = "It is no table of charges: give the Cost and Usage dataset of FOCUS that it comes with"


class Known(NamedTuple):
    """A table that lies beside bills."""

    name: str
    matches: Callable[[Head], bool]
    instead: str


def refusal(head: Head) -> str | None:
    """Returns what a file is that is no bill, and what to give instead."""
    found = next((known for known in KNOWN if known.matches(head)), None)
    return None if found is None else f"this is {found.name}. {found.instead}"


def _has(*names: str, but: str = "") -> Callable[[Head], bool]:
    return lambda head: head.names.issuperset(names) and but not in head.names


KNOWN = (
    Known("the Contract Commitment dataset of FOCUS", _has("contractcommitmentid", but="billedcost"), _FOCUS),
    Known("the Invoice Detail dataset of FOCUS", _has("invoicedetailid", but="chargeperiodstart"), _FOCUS),
    Known("the Billing Period dataset of FOCUS", _has("billingperiodstatus", but="billedcost"), _FOCUS),
    Known(
        "the Cost and Usage Dashboard table of AWS Data Exports",
        _has("charge_type", "net_amortized_cost"),
        "It has no usage types: export CUR 2.0 or FOCUS 1.2 under AWS Data Exports",
    ),
    Known(
        "a detailed billing report, the predecessor of CUR",
        _has("recordid", "recordtype", "linkedaccountid"),
        "AWS has ended it: export CUR 2.0 or FOCUS 1.2 under AWS Data Exports",
    ),
    Known(
        "an answer of Cost Explorer on Savings Plans or reservations",
        lambda head: bool(head.names & {"savingsplansutilizationsbytime", "savingsplanscoverages", "coveragesbytime"}),
        "It holds no charges: ask Cost Explorer for get-cost-and-usage",
    ),
    Known(
        "a forecast of Cost Explorer",
        _has("forecastresultsbytime"),
        "It holds no charges: ask Cost Explorer for get-cost-and-usage",
    ),
)
