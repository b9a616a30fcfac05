"""The same work in every pattern that a scenario says enough about: `infercost compare --all-patterns`."""

from collections.abc import Iterator

from infercost.profiles.hardware import accelerator
from infercost.schema.errors import UsageError
from infercost.schema.outcome import Untried
from infercost.schema.scenario import (
    PATTERNS,
    Asynchronous,
    BatchTransform,
    BedrockBatch,
    BedrockOnDemand,
    BedrockProvisioned,
    Deployment,
    InferenceComponents,
    RealTime,
    Scaling,
    Scenario,
    Serverless,
    StepScaling,
    TargetTracking,
)

# AWS's own example of a target for the backlog per instance [AY-9].
_BACKLOG_TARGET = 5.0
_MAX_PAYLOAD_MB = 100  # of payload x concurrent transforms [BT-4]
_DEFAULT_PAYLOAD_MB = 6  # [BT-4]
# Of serverless inference there are two: with a number of containers that is always there, and without.
_PROVISIONED = "serverless, provisioned"
_UNSAID = {
    "multi-model": "nothing says how large its models are: add a multi-model [[deployment]]",
    "inference-components": (
        "nothing says what an instance has and what a copy reserves: add an inference-components [[deployment]]"
    ),
}

Host = RealTime | Asynchronous | BatchTransform


def every_pattern(scenario: Scenario) -> tuple[Scenario, tuple[Untried, ...]]:
    """The scenario with a deployment of every pattern, and why some are missing.

    What a scenario says of one pattern is carried to the others: instance type, workers, speed and count among those
    on instances, memory and speed among the serverless ones, the model among those of Bedrock. A deployment that is
    there already stays as it is.

    Raises:
        UsageError: an `id` that is to be added is taken.
    """
    there = {_kind(one) for one in scenario.deployment}
    found = [_like(scenario.deployment, kind) for kind in _kinds() if kind not in there]
    added = tuple(one for one in found if not isinstance(one, Untried))
    taken = {one.id for one in scenario.deployment} & {one.id for one in added}
    if taken:
        raise UsageError(f"deployment.id: {', '.join(sorted(taken))} is what --all-patterns calls another; rename it")
    untried = tuple(one for one in found if isinstance(one, Untried))
    return scenario.model_copy(update={"deployment": (*scenario.deployment, *added)}), untried


def _kinds() -> Iterator[str]:
    """Every pattern, serverless twice."""
    for pattern in PATTERNS:
        yield pattern
        if pattern == "serverless":
            yield _PROVISIONED


def _kind(deployment: Deployment) -> str:
    held = isinstance(deployment, Serverless) and deployment.provisioned_concurrency
    return _PROVISIONED if held else deployment.pattern


def _like(deployments: tuple[Deployment, ...], kind: str) -> Deployment | Untried:
    if kind.startswith("bedrock-"):
        bedrock = (BedrockOnDemand, BedrockBatch, BedrockProvisioned)
        model = next((one for one in deployments if isinstance(one, bedrock)), None)
        if model is None:
            return Untried(pattern=kind, reason="no deployment names a Bedrock model")
        return _of_model(model, kind)
    if kind in _UNSAID:
        return Untried(pattern=kind, reason=_UNSAID[kind])
    if kind in ("serverless", _PROVISIONED):
        return _serverless(deployments, kind)
    host = next((one for one in deployments if isinstance(one, Host)), None) or _lone_component(deployments)
    if host is None:
        return Untried(pattern=kind, reason="no deployment names an instance type for this one model")
    return _on_instances(host, kind)


def _serverless(deployments: tuple[Deployment, ...], kind: str) -> Deployment | Untried:
    """One without provisioned concurrency from one with; how much to provide is never made up."""
    there = next((one for one in deployments if isinstance(one, Serverless)), None)
    types = [one.instance_type for one in deployments if isinstance(one, Host)]
    if there is not None and kind == "serverless":
        return there.model_copy(update={"id": kind, "provisioned_concurrency": 0, "scaling": None})
    if there is not None:
        reason = "nothing says how many containers are always there: add a serverless [[deployment]] that does"
    elif types and all(accelerator(one) != "none" for one in types):
        reason = "it has no GPU or other accelerator [SL-16]"
    else:
        reason = "nothing says how fast it is at a memory size: add a serverless [[deployment]]"
    return Untried(pattern=kind, reason=reason)


def _lone_component(deployments: tuple[Deployment, ...]) -> RealTime | None:
    """An endpoint of its own for the one component of another, one instance for each copy."""
    for one in deployments:
        if isinstance(one, InferenceComponents) and len(one.components) == 1:
            (component,) = one.components
            return RealTime(
                id="real-time",
                region=one.region,
                pattern="real-time",
                instance_type=one.instance_type,
                instances=max(1, component.copies),
                concurrency=component.concurrency,
                speed=component.speed,
            )
    return None


def _of_model(model: BedrockOnDemand | BedrockBatch | BedrockProvisioned, pattern: str) -> Deployment:
    common = {"id": pattern, "region": model.region, "model_id": model.model_id}
    if pattern == "bedrock-on-demand":
        return BedrockOnDemand(pattern="bedrock-on-demand", **common)
    if pattern == "bedrock-batch":
        return BedrockBatch(pattern="bedrock-batch", **common)
    return BedrockProvisioned(pattern="bedrock-provisioned", **common)


def _on_instances(host: Host, pattern: str) -> Deployment:
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


def _counts(host: Host) -> Iterator[int]:
    yield max(1, host.instances)
    if not isinstance(host, BatchTransform) and host.scaling is not None:
        yield host.scaling.max
