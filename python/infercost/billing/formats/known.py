"""Formats that are told apart and not read yet: their names are worth more than "unknown"."""

from collections.abc import Callable
from typing import NamedTuple

from infercost.billing.formats import cur_2_0, focus
from infercost.billing.reading.head import Head


class Known(NamedTuple):
    """A format by its name."""

    name: str
    matches: Callable[[Head], bool]
    note: str = ""


def name_of(head: Head) -> str | None:
    """Returns the name of a format that is known and not read, with what else its user should know."""
    found = next((known for known in KNOWN if known.matches(head)), None)
    return None if found is None else f"{found.name}{found.note}"


def _focus(number: str) -> Callable[[Head], bool]:
    return lambda head: focus.version(head.names) == number


KNOWN = (
    Known("Cost Explorer JSON", lambda head: "resultsbytime" in head.names),
    Known("legacy CUR", lambda head: any(name.startswith(("lineitem/", "bill/")) for name in head.names)),
    Known(
        "legacy CUR in snake case, as Athena has it",
        lambda head: cur_2_0.is_legacy(head) and any(name.startswith("line_item_") for name in head.names),
    ),
    Known("FOCUS 1.3 Contract Commitment", lambda head: "contractcommitmentid" in head.names),
    Known("FOCUS 1.3 or later", _focus("1.3")),
    Known("FOCUS 1.1", _focus("1.1"), " (no column of FOCUS 1.2 is there, such as InvoiceId or BillingAccountType)"),
    Known("FOCUS 1.0", _focus("1.0"), " (no column of FOCUS 1.2 is there, such as InvoiceId or BillingAccountType)"),
)
