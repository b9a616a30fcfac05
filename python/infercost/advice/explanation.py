"""Deployments and figures in words."""

from decimal import Decimal

from infercost.schema.scenario import (
    Asynchronous,
    BatchTransform,
    BedrockBatch,
    BedrockOnDemand,
    BedrockProvisioned,
    Deployment,
    InferenceComponents,
    MultiModel,
    RealTime,
    Serverless,
    TargetTracking,
)

NOTHING = "nothing: deleted"


def describe(deployment: Deployment | None) -> str:
    """A deployment as one would say it.

    >>> describe(RealTime(
    ...     id="a", region="us-east-1", pattern="real-time", instance_type="ml.g4dn.xlarge", instances=40
    ... ))
    '40 x ml.g4dn.xlarge, always on'
    """
    if deployment is None:
        return NOTHING
    if isinstance(deployment, BedrockOnDemand | BedrockBatch | BedrockProvisioned):
        return _bedrock(deployment)
    if isinstance(deployment, Serverless | BatchTransform):
        return _by_request_or_job(deployment)
    return _endpoint(deployment)


def _endpoint(deployment: RealTime | MultiModel | InferenceComponents | Asynchronous) -> str:
    match deployment:
        case RealTime(scaling=None):
            told = f"{deployment.instances} x {deployment.instance_type}, always on"
        case RealTime():
            told = f"{_span(deployment)} x {deployment.instance_type}, autoscaled{_target(deployment)}"
        case MultiModel():
            told = f"multi-model, {_span(deployment)} x {deployment.instance_type}{_target(deployment)}"
        case InferenceComponents():
            names = ", ".join(one.name for one in deployment.components)
            span = f"{deployment.min_instances}..{deployment.max_instances}"
            told = f"inference components ({names}), {span} x {deployment.instance_type}"
        case Asynchronous():
            target = "" if deployment.scaling is None else _target(deployment)
            told = f"async, {_span(deployment)} x {deployment.instance_type}{target}"
    if isinstance(deployment, RealTime) and deployment.variants:
        told += f", and {', '.join(one.name for one in deployment.variants)} beside it"
    return told


def _by_request_or_job(deployment: Serverless | BatchTransform) -> str:
    if isinstance(deployment, Serverless):
        held = f", {deployment.provisioned_concurrency} provisioned" if deployment.provisioned_concurrency else ""
        return f"serverless, {deployment.memory_mb} MB, at most {deployment.max_concurrency} at once{held}"
    files = "file" if deployment.files == 1 else "files"
    return (
        f"batch transform, {deployment.instances} x {deployment.instance_type}, {deployment.files} {files}"
        f"{_every(deployment.every_s)}"
    )


def _bedrock(deployment: BedrockOnDemand | BedrockBatch | BedrockProvisioned) -> str:
    match deployment:
        case BedrockOnDemand():
            return f"{deployment.model_id} on demand"
        case BedrockBatch():
            return f"{deployment.model_id} in batch{_every(deployment.every_s)}"
        case BedrockProvisioned():
            units = "model unit" if deployment.model_units == 1 else "model units"
            term = "no commitment" if deployment.commitment == "none" else f"{deployment.commitment} commitment"
            return f"{deployment.model_units} {units} of {deployment.model_id}, provisioned, {term}"


def family_of(deployment: Deployment) -> tuple[str, ...]:
    """What variants of one idea share: they are told as one rejected alternative."""
    scaled = "scaled" if getattr(deployment, "scaling", None) is not None else "fixed"
    where = getattr(deployment, "instance_type", None) or getattr(deployment, "model_id", "")
    return (str(deployment.pattern), str(where), scaled)


def duration(milliseconds: float) -> str:
    """A time for people.

    >>> duration(120.4), duration(4_100), duration(900_000), duration(14_400_000)
    ('120 ms', '4.1 s', '15 min', '4 h')
    """
    if milliseconds < 1_000:
        return f"{milliseconds:.3g} ms"
    seconds = milliseconds / 1_000
    for size, unit in ((3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"


def money(amount: Decimal, currency: str) -> str:
    """An amount per month, for a sentence."""
    return f"{amount:,.2f} {currency}" if abs(amount) < 100 else f"{amount:,.0f} {currency}"


def _span(deployment: RealTime | MultiModel | Asynchronous) -> str:
    scaling = deployment.scaling
    if scaling is None:
        return str(deployment.instances)
    return f"{scaling.min}..{scaling.max}"


def _target(deployment: RealTime | MultiModel | Asynchronous) -> str:
    """The target that is to be typed into the policy."""
    policies = deployment.scaling.policies if deployment.scaling else ()
    told = {
        "invocations-per-instance": "invocations a minute",
        "backlog-per-instance": "requests in the queue",
        "concurrent-requests": "requests at once",
    }
    targets = [policy for policy in policies if isinstance(policy, TargetTracking)]
    return "".join(
        f" at {policy.target:,g} {told.get(policy.metric, policy.metric)} per instance" for policy in targets
    )


def _every(every_s: float | None) -> str:
    return "" if every_s is None else f", every {duration(every_s * 1_000)}"
