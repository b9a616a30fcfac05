"""One line of the account's bill, before any export format."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from infercost.demo.account import Account, Resource
from infercost.demo.meters import Meter, Service


@dataclass(frozen=True)
class Plan:
    """A Savings Plan: so many dollars an hour are paid, used or not."""

    account: Account
    id: str
    name: str
    commitment_usd: Decimal


@dataclass(frozen=True)
class Charge:
    """A line of the bill. Costs in USD; `plan_status` says which side of `plan` a usage row is on."""

    account: Account
    service: Service
    category: Literal["Usage", "Purchase", "Tax", "Credit"]
    start: datetime
    end: datetime
    description: str
    billed: Decimal
    effective: Decimal
    listed: Decimal
    meter: Meter | None = None
    quantity: Decimal | None = None
    resource: Resource | None = None
    plan: Plan | None = None
    plan_status: Literal["Used", "Unused"] | None = None


def on_demand(resource: Resource, meter: Meter, start: datetime, end: datetime, quantity: Decimal) -> Charge:
    """Usage at its list price."""
    cost = quantity * meter.price_usd
    return Charge(
        account=resource.account,
        service=meter.service,
        category="Usage",
        start=start,
        end=end,
        description=meter.description,
        billed=cost,
        effective=cost,
        listed=cost,
        meter=meter,
        quantity=quantity,
        resource=resource,
    )
