"""Which assumptions a deployment rests on: those whose `where` in the shipped table is one of its places."""

from collections.abc import Iterator

from infercost.profiles.hardware import accelerator
from infercost.schema.scenario import (
    Assumptions,
    Asynchronous,
    Deployment,
    Ideal,
    InferenceComponents,
    Launch,
    MultiModel,
    Policy,
    RealTime,
    Serverless,
    StepScaling,
    TargetTracking,
    scalings,
)
from infercost.schema.scenario.deployment.real_time import Serving

# Metrics of 10 s; all others have a datapoint a minute [AS-4, AS-6].
_HIGH_RESOLUTION = ("concurrent-requests",)
# Patterns whose containers answer callers that wait, and have the limits of a real-time endpoint.
_SYNCHRONOUS = ("real-time", "multi-model", "inference-components")


def places(deployment: Deployment, assumptions: Assumptions, *, streamed: bool = False) -> frozenset[str]:
    """The places of a deployment.

    Args:
        deployment: what is served.
        assumptions: a law of launches takes the place of all other ways to tell their length.
        streamed: whether answers are streamed, which has a timeout of its own.
    """
    found: set[str] = {deployment.pattern}
    if deployment.pattern in _SYNCHRONOUS:
        found |= {"container", "streamed" if streamed else "answered whole"}
    if isinstance(deployment, Asynchronous) and deployment.concurrency is None:
        found.add("async without concurrency")
    for scaling in scalings(deployment):
        for policy in scaling.policies:
            found |= _policy(policy)
    if isinstance(deployment, InferenceComponents):
        found |= _copies(deployment)
    if isinstance(deployment, Serverless):
        found.add("serverless set-up" if assumptions.serverless.cold_service is None else "cold request by a law")
        if deployment.scaling is not None:
            found.add("scaling of provisioned concurrency")
    for instance_type, launch in _launching(deployment):
        found |= {"scaling", "drain", *_launch(instance_type, launch, assumptions)}
    return frozenset(found)


def _policy(policy: Policy) -> set[str]:
    if isinstance(policy, Ideal):
        return set()
    found = {"policy"}
    if isinstance(policy, TargetTracking | StepScaling):
        resolution = "10 s" if policy.metric in _HIGH_RESOLUTION else "minute"
        found.add(f"metric by the {resolution}")
        if isinstance(policy, TargetTracking):
            found.add(f"high alarm by the {resolution}")
            if not policy.disable_scale_in:
                found |= {f"low alarm by the {resolution}", "low alarm"}
    return found


def _launching(deployment: Deployment) -> Iterator[tuple[str, Launch]]:
    """The instance types that scaling launches, with what they fetch."""
    match deployment:
        case RealTime():
            variants: tuple[Serving, ...] = (deployment, *deployment.variants)
            for variant in variants:
                if variant.scaling is not None:
                    yield from ((instance_type, variant) for instance_type in variant.instance_types)
        case MultiModel() | Asynchronous():
            if deployment.scaling is not None:
                yield deployment.instance_type, deployment
        case InferenceComponents():  # instances come and go with the copies; what they fetch belongs to these
            if any(scalings(deployment)):
                yield deployment.instance_type, Launch()


def _copies(deployment: InferenceComponents) -> set[str]:
    """What tells how long copies take once they are placed: as for instances, but for the instance itself."""
    moves = deployment.instance_scale_in == "consolidation"
    found = {"drain"} if moves else set()
    for one in deployment.components:
        if one.scaling is not None or (moves and one.base is None):
            found |= {"copy launch"} if one.image_gb is None else {"container start", *_fetched(one)}
    return found


def _fetched(launch: Launch) -> set[str]:
    return {"cached model"} if launch.container_caching else {"image", "model"}


def _launch(instance_type: str, launch: Launch, assumptions: Assumptions) -> set[str]:
    """What tells the length of a launch: the first that is known [LT-1]."""
    if assumptions.instances.launch is not None:
        return {"launch by a law"}
    if launch.image_gb is not None:
        return {"launch by its sizes", "container start", *_fetched(launch)}
    if accelerator(instance_type) == "none":
        return {"launch without accelerator"}
    return {"cached launch" if launch.container_caching else "launch with accelerator"}
