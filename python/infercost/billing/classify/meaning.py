"""What classification says about a line of a bill, and what it looks at to say so."""

import dataclasses
from decimal import Decimal
from typing import Literal, NamedTuple

# What the line is, before its usage type is looked at: use of a service, a commitment (fee, negation, unused part), or
# neither (tax, credit, refund, discount, purchase).
Nature = Literal["usage", "commitment", "other"]


class Line(NamedTuple):
    """The columns that decide. Distinct lines are few, so each is classified once in Python and joined back."""

    nature: Nature
    service_code: str | None
    service_name: str | None
    usage_type: str | None
    unit: str | None
    charge_description: str | None


@dataclasses.dataclass(frozen=True)
class Meaning:
    """One row of schema.charges.CLASSIFICATION; null where the line does not say.

    A meter never stands without its factor: in an unknown unit neither is known (see schema.uncounted).
    """

    kind: str
    pattern: str | None = None
    component: str | None = None
    meter: str | None = None
    meter_factor: Decimal | None = None
    instance_type: str | None = None
    memory_mb: int | None = None
    model: str | None = None
    token_class: str | None = None
    tier: str | None = None
    scope: str | None = None
    custom_model: bool | None = None


UNRECOGNISED = Meaning("unrecognised")
OTHER_SERVICE = Meaning("other-service")
