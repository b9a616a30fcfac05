"""The same work in every pattern that a scenario says enough about: `infercost compare --all-patterns`."""

from collections.abc import Iterator
from dataclasses import dataclass

from infercost.profiles.hardware import accelerator
from infercost.schema.errors import UsageError
from infercost.schema.scenario import (
    PATTERNS,
    Asynchronous,
    BatchTransform,
    BedrockBatch,
    BedrockOnDemand,
    BedrockProvisioned,
    Deployment,
    RealTime,
    Scaling,
    Scenario,
    StepScaling,
    TargetTracking,
)

# AWS's own example of a target for the backlog per instance [AY-9].
_BACKLOG_TARGET = 5.0
_MAX_PAYLOAD_MB = 100  # of payload x concurrent transforms [BT-4]
_DEFAULT_PAYLOAD_MB = 6  # [BT-4]
# What no other pattern's keys say.
_UNSAID = {
    "serverless": "how fast it is at a memory size",
    "multi-model": "how large its models are",
    "inference-components": "what a copy reserves",
}


@dataclass(frozen=True)
class Untried:
    """A pattern that the scenario does not say enough about, or that AWS rules out."""

    pattern: str
    reason: str


def every_pattern(scenario: Scenario) -> tuple[Scenario, tuple[Untried, ...]]:
    """The scenario with a deployment of every pattern, and why some are missing.

    What a scenario says of one pattern is carried to the others: instance type, workers, speed and count among the
    SageMaker ones, the model among those of Bedrock. A deployment that is there already stays as it is.

    Raises:
        UsageError: an `id` that is to be added is taken.
    """
    there = {one.pattern for one in scenario.deployment}
    added: list[Deployment] = []
    untried: list[Untried] = []
    for pattern in (one for one in PATTERNS if one not in there):
        found = _like(scenario.deployment, pattern)
        if isinstance(found, Untried):
            untried.append(found)
        else:
            added.append(found)
    taken = {one.id for one in scenario.deployment} & {one.id for one in added}
    if taken:
        raise UsageError(f"deployment.id: {', '.join(sorted(taken))} is what --all-patterns calls another; rename it")
    return scenario.model_copy(update={"deployment": (*scenario.deployment, *added)}), tuple(untried)


def _like(deployments: tuple[Deployment, ...], pattern: str) -> Deployment | Untried:
    if pattern.startswith("bedrock-"):
        bedrock = (BedrockOnDemand, BedrockBatch, BedrockProvisioned)
        model = next((one for one in deployments if isinstance(one, bedrock)), None)
        if model is None:
            return Untried(pattern, "no deployment names a Bedrock model")
        return _of_model(model, pattern)
    host = next((one for one in deployments if isinstance(one, RealTime | Asynchronous | BatchTransform)), None)
    if host is None:
        return Untried(pattern, "no deployment names an instance type")
    if pattern == "serverless" and accelerator(host.instance_type) != "none":
        return Untried(pattern, "it has no GPU or other accelerator [SL-16]")
    if pattern in _UNSAID:
        return Untried(pattern, f"nothing says {_UNSAID[pattern]}: add a [[deployment]] of pattern {pattern}")
    return _on_instances(host, pattern)


def _of_model(model: BedrockOnDemand | BedrockBatch | BedrockProvisioned, pattern: str) -> Deployment:
    common = {"id": pattern, "region": model.region, "model_id": model.model_id}
    if pattern == "bedrock-on-demand":
        return BedrockOnDemand(pattern="bedrock-on-demand", **common)
    if pattern == "bedrock-batch":
        return BedrockBatch(pattern="bedrock-batch", **common)
    return BedrockProvisioned(pattern="bedrock-provisioned", **common)


def _on_instances(host: RealTime | Asynchronous | BatchTransform, pattern: str) -> Deployment:
    workers = host.max_concurrent_transforms if isinstance(host, BatchTransform) else host.concurrency or 1
    instances = max(_counts(host))
    if pattern == "real-time":
        return RealTime(
            id=pattern,
            region=host.region,
            pattern="real-time",
            instance_type=host.instance_type,
            instances=instances,
            concurrency=workers,
            speed=host.speed,
        )
    if pattern == "async":
        tracking = TargetTracking(kind="target-tracking", metric="backlog-per-instance", target=_BACKLOG_TARGET)
        from_zero = StepScaling(kind="step", metric="has-backlog-without-capacity")
        return Asynchronous(
            id=pattern,
            region=host.region,
            pattern="async",
            instance_type=host.instance_type,
            instances=0,
            concurrency=workers,
            speed=host.speed,
            scaling=Scaling(min=0, max=instances, policies=(tracking, from_zero)),
        )
    return BatchTransform(
        id=pattern,
        region=host.region,
        pattern="batch-transform",
        instance_type=host.instance_type,
        instances=instances,
        files=instances,
        max_concurrent_transforms=workers,
        max_payload_mb=max(1, min(_DEFAULT_PAYLOAD_MB, _MAX_PAYLOAD_MB // workers)),
        speed=host.speed,
    )


def _counts(host: RealTime | Asynchronous | BatchTransform) -> Iterator[int]:
    yield max(1, host.instances)
    if not isinstance(host, BatchTransform) and host.scaling is not None:
        yield host.scaling.max
