"""A scenario whole."""

from typing import Literal

from pydantic import Field, model_validator

from infercost.schema.scenario.assumptions import Assumptions
from infercost.schema.scenario.deployment import Deployment, scalings
from infercost.schema.scenario.model import Model
from infercost.schema.scenario.request import Request
from infercost.schema.scenario.run import Run
from infercost.schema.scenario.service import Service, Streaming, TraceService
from infercost.schema.scenario.slo import SLO
from infercost.schema.scenario.traffic import TraceTraffic, TrafficSpec
from infercost.schema.strict import Strict


class Scenario(Strict):
    """Everything that one simulation needs."""

    schema_version: Literal[1] = Field(default=1, alias="schema")
    name: str = "scenario"
    traffic: TrafficSpec
    request: Request = Request()
    service: Service | None = None
    streaming: Streaming | None = None
    model: Model = Model()
    deployment: tuple[Deployment, ...] = Field(min_length=1)
    slo: SLO | None = None
    prices: dict[str, str] = {}
    assumptions: Assumptions = Assumptions()
    run: Run = Run()

    @model_validator(mode="after")
    def _sound(self) -> "Scenario":
        ids = [one.id for one in self.deployment]
        if len(set(ids)) < len(ids):
            raise ValueError("every deployment needs an `id` of its own")
        if self.service is None and any(not one.pattern.startswith("bedrock-") for one in self.deployment):
            raise ValueError("`service` is missing: SageMaker patterns need the work of one request")
        if isinstance(self.service, TraceService) and not isinstance(self.traffic, TraceTraffic):
            raise ValueError("service kind `trace` needs traffic kind `trace` with a column `service_ms`")
        if self.streaming is not None and self.service is None:
            raise ValueError("`streaming` needs `service`: the first token is a part of the work")
        traced = self.streaming is not None and isinstance(self.streaming.first_token, TraceService)
        if traced and not isinstance(self.traffic, TraceTraffic):
            raise ValueError("first_token kind `trace` needs traffic kind `trace` with a column `first_token_ms`")
        for one in self.deployment:
            if one.pattern != "async" and any(scaling.ideal for scaling in scalings(one)):
                raise ValueError(f"{one.id}: policy `ideal` is for asynchronous endpoints only")
        return self
