"""A SageMaker Savings Plan and the ranking fleet that it covers: purchases, covered usage, and hours of unused rest."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from infercost.demo.account import PLATFORM, Resource, endpoint
from infercost.demo.charge import Charge, Plan, on_demand
from infercost.demo.meters import SAVINGS_PLANS, hosting
from infercost.demo.month import HOUR, hours

# An example's rate, a fifth below the list price: AWS prints the rates of SageMaker plans nowhere that we could read.
RATE_USD = Decimal("0.3264")
COVERED = 6  # instances that the plan pays for
PLAN = Plan(
    PLATFORM,
    "arn:aws:savingsplans::000941672358:savingsplan/5d0c7a51-6f0e-4b58-9a0e-2f4b7c1e9d30",
    "SageMaker Savings Plan, 1 year, no upfront",
    RATE_USD * COVERED,
)


def ranking_fleet() -> Iterator[Charge]:
    """8 x ml.c5.2xlarge by day and 4 by night: two instances too many for the plan, or two too few."""
    resource = endpoint(PLATFORM, "recs-ranking-prod", team="recommendations", app="ranking")
    meter = hosting("ml.c5.2xlarge")
    for hour in hours():
        running = 8 if 6 <= hour.hour < 22 else 4
        yield _fee(hour)
        yield _covered(resource, hour, min(running, COVERED))
        if running < COVERED:
            yield _unused(hour, COVERED - running)
        else:
            yield on_demand(resource, meter, hour, hour + HOUR, Decimal(running - COVERED))


def _fee(hour: datetime) -> Charge:
    """The plan's hour is billed here, and here alone; its effective cost lies in the usage that it covers."""
    return Charge(
        account=PLAN.account,
        service=SAVINGS_PLANS,
        category="Purchase",
        start=hour,
        end=hour + HOUR,
        description=f"{PLAN.name}, hourly fee",
        billed=PLAN.commitment_usd,
        effective=Decimal(0),
        listed=PLAN.commitment_usd,
        plan=PLAN,
    )


def _covered(resource: Resource, hour: datetime, instances: int) -> Charge:
    meter = hosting("ml.c5.2xlarge")
    return Charge(
        account=resource.account,
        service=meter.service,
        category="Usage",
        start=hour,
        end=hour + HOUR,
        description=meter.description,
        billed=Decimal(0),
        effective=instances * RATE_USD,
        listed=instances * meter.price_usd,
        meter=meter,
        quantity=Decimal(instances),
        resource=resource,
        plan=PLAN,
        plan_status="Used",
    )


def _unused(hour: datetime, instances: int) -> Charge:
    return Charge(
        account=PLAN.account,
        service=SAVINGS_PLANS,
        category="Usage",
        start=hour,
        end=hour + HOUR,
        description=f"{PLAN.name}, unused commitment",
        billed=Decimal(0),
        effective=instances * RATE_USD,
        listed=Decimal(0),
        plan=PLAN,
        plan_status="Unused",
    )
