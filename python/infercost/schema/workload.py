"""One thing that is served: its charges, traffic, profiles, promise and constraints."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

import polars as pl

from infercost.schema.config import Constraints, Interaction
from infercost.schema.evidence import Evidence
from infercost.schema.scenario import SLO, Deployment, Model, Request, Service
from infercost.schema.traffic import Traffic


@dataclass(frozen=True)
class Profile:
    """How long one request keeps one worker busy on one instance type, or at one memory size of serverless."""

    service: Service
    concurrency: int
    evidence: Evidence
    instance_type: str | None = None
    memory_mb: int | None = None
    cold_start_s: tuple[float, float] | None = None  # median, p95


@dataclass(frozen=True)
class Workload:
    """`charges` has the columns of CHARGES and CLASSIFICATION, inference only.

    `deployment` is how it is served now, None where the bill does not tell. `effective_cost` is over the covered
    period of the bill. `explicit_interaction` is false where nobody said that waiting is fine.
    """

    id: str
    name: str
    service: str  # Amazon SageMaker, Amazon Bedrock
    pattern: str
    account_id: str
    region: str
    resource_ids: tuple[str, ...]
    tags: dict[str, str]
    charges: pl.DataFrame
    billed_cost: Decimal
    effective_cost: Decimal
    currency: str
    slo: SLO
    interaction: Interaction
    explicit_interaction: bool
    weights: Literal["owned", "hosted"]
    deployment: Deployment | None = None
    model: str | None = None
    traffic: Traffic | None = None
    request: Request = field(default_factory=Request)
    profiles: tuple[Profile, ...] = ()
    build: Model = field(default_factory=Model)  # what hardware its model and image are built for
    files: int | None = None  # objects that a batch of requests lies in [BT-3]; None where nobody said
    min_instances: int = 2
    floor_said: bool = False  # the owner gave min_instances: no pattern may go below it
    constraints: Constraints = field(default_factory=Constraints)
    notes: tuple[str, ...] = ()  # what the export can't tell, for people

    @property
    def product_codes(self) -> tuple[str, ...]:
        """Those under which its charges are billed."""
        return tuple(self.charges["service_code"].drop_nulls().unique().sort())
