"""The least that a deployment can cost: what needs no simulation to be too dear, or to have no price."""

from decimal import Decimal

from infercost.advice.pricing import hours_of, monthly
from infercost.alternatives import Candidate, Facts
from infercost.prices.book import PriceBook
from infercost.prices.charges import price_usage, total_cost
from infercost.profiles.service import mean_ms
from infercost.schema.scenario import Asynchronous, BatchTransform, Deployment, RealTime, Serverless
from infercost.schema.usage import Quantities

_NS_PER_MS = 1_000_000
_NS_PER_S = 1_000_000_000


def least(candidate: Candidate, facts: Facts, book: PriceBook) -> tuple[Decimal, tuple[str, ...]]:
    """Cost per month of the work alone on instances that are never idle, and the usage types without a price.

    A lower bound if every request is served: instances work off the mean of the profile without a pause, though never
    fewer than the floor of the deployment; queues, launches and start-ups come on top.
    """
    deployment = candidate.deployment
    if deployment is None:
        return Decimal(0), ()
    known, unknown = total_cost(price_usage(deployment, _usage(deployment, candidate, facts), book))
    return monthly(known, hours_of(facts.duration_s)), unknown


def _usage(deployment: Deployment, candidate: Candidate, facts: Facts) -> Quantities:
    """Meters of which even an ideal run has this much; of Bedrock none, for tokens are quickly counted."""
    mean = None if candidate.profile is None else mean_ms(candidate.profile.service) or facts.traced_work_ms
    work_ms = facts.requests * (mean or 0.0)
    match deployment:
        case RealTime() | Asynchronous():
            workers = deployment.concurrency or 1
            lowest = deployment.instances if deployment.scaling is None else deployment.scaling.min
            busy_ns = work_ms * _NS_PER_MS / workers if deployment.concurrency else 0.0
            instance_ns = int(max(busy_ns, lowest * facts.duration_s * _NS_PER_S))
            put = {("s3_put_requests", 0): facts.requests} if isinstance(deployment, Asynchronous) else {}
            return {("instance_ns", 0): instance_ns, **put}
        case BatchTransform():
            return {("instance_ns", 0): int(work_ms * _NS_PER_MS / deployment.max_concurrent_transforms)}
        case Serverless(provisioned_concurrency=0, scaling=None):
            return {("serverless_ms", 0): int(work_ms)}
        case _:
            return {}
