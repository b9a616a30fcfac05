"""`infercost.toml`: what only an owner knows about a workload."""

from typing import Literal

from pydantic import Field, field_validator, model_validator

from infercost.schema.evidence import Evidence
from infercost.schema.scenario import SLO, Assumptions, Service
from infercost.schema.strict import AtLeastOne, Count, Positive, Strict

Interaction = Literal["interactive", "near-real-time", "offline"]
Pattern = Literal[
    "real-time",
    "serverless",
    "async",
    "batch-transform",
    "bedrock-on-demand",
    "bedrock-batch",
    "bedrock-provisioned",
]

PRESETS: dict[Interaction, SLO] = {
    "interactive": SLO(p99_ms=5_000),
    "near-real-time": SLO(p99_ms=900_000),
    "offline": SLO(deadline_s=86_400),
}


class Match(Strict):
    """Globs, case-insensitive. A charge belongs to the workload when every non-empty list has a match."""

    resource: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()  # key=value
    model: tuple[str, ...] = ()
    usage_type: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _something(self) -> "Match":
        if not (self.resource or self.tag or self.model or self.usage_type):
            raise ValueError("give at least one of `resource`, `tag`, `model`, `usage_type`")
        return self


class Constraints(Strict):
    """Where and on what the workload may run; an empty list allows everything."""

    regions: tuple[str, ...] = ()
    instance_families: tuple[str, ...] = ()
    patterns: tuple[Pattern, ...] = ()

    @field_validator("instance_families")
    @classmethod
    def _families(cls, families: tuple[str, ...]) -> tuple[str, ...]:
        """A whole type fits no family, and would silently allow nothing."""
        for name in families:
            if "." in name:
                raise ValueError(f"{name!r} is no family; give `g5`, not `ml.g5` or `ml.g5.xlarge`")
        return families


class ProfileSpec(Strict):
    """How long one request keeps one worker busy, on one instance type or at one memory size of serverless."""

    instance_type: str | None = None
    memory_mb: AtLeastOne | None = None
    concurrency: AtLeastOne = 1
    service: Service
    evidence: Evidence = Evidence.ASSUMED
    cold_start_median_s: Positive | None = None
    cold_start_p95_s: Positive | None = None

    @model_validator(mode="after")
    def _one_place(self) -> "ProfileSpec":
        if (self.instance_type is None) == (self.memory_mb is None):
            raise ValueError("give exactly one of `instance_type` and `memory_mb`")
        return self


class WorkloadSpec(Strict):
    """One thing that is served, as its owner describes it."""

    name: str = Field(min_length=1)
    match: Match
    traffic: str | None = None
    interaction: Interaction | None = None
    slo: SLO | None = None
    min_instances: Count | None = None
    weights: Literal["owned", "hosted"] | None = None
    constraints: Constraints = Constraints()
    payload_bytes: Count | None = None
    response_bytes: Count | None = None
    input_tokens: Count | None = None
    output_tokens: Count | None = None
    compiled_for_neuron: bool | None = None  # runs on Inferentia and Trainium
    arm_build: bool | None = None  # its image runs on Graviton
    files: AtLeastOne | None = None  # objects that a batch of requests lies in: batch transform shares out files [BT-3]
    profile: tuple[ProfileSpec, ...] = ()

    @model_validator(mode="after")
    def _one_profile_each(self) -> "WorkloadSpec":
        places = [one.instance_type or f"{one.memory_mb} MB" for one in self.profile]
        twice = next((place for place in places if places.count(place) > 1), None)
        if twice is not None:
            raise ValueError(f"two profiles are for {twice}; which of them holds? Keep one")
        return self


class Config(Strict):
    """The whole file."""

    schema_version: Literal[1] = Field(default=1, alias="schema")
    owner_tag: str | None = Field(default=None, min_length=1)  # the tag that says whose a charge is
    workload: tuple[WorkloadSpec, ...] = ()
    assumptions: Assumptions = Assumptions()

    @model_validator(mode="after")
    def _names(self) -> "Config":
        names = [one.name for one in self.workload]
        if len(set(names)) < len(names):
            raise ValueError("two workloads have the same `name`")
        return self
