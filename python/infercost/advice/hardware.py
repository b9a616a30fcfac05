"""Instance types that a deployment cannot run on: not offered for its pattern, or not what its model is built for."""

from collections.abc import Iterator

from infercost.prices.offers import offers_hosting, offers_transform
from infercost.profiles.hardware import graviton, neuron
from infercost.schema.outcome import Infeasible
from infercost.schema.scenario import Deployment, Model, parts


def impossible(deployment: Deployment, model: Model) -> Infeasible | None:
    """The first rule that forbids one of its instance types."""
    return next(
        (no for part in parts(deployment) for no in _broken(deployment.pattern, part.instance_type, model)), None
    )


def taken_for_granted(deployment: Deployment, model: Model) -> tuple[str, ...]:
    """What nobody said of the model, and the deployment needs: in words, for notes and conditions.

    >>> from infercost.schema.scenario import RealTime
    >>> inf2 = RealTime(id="a", pattern="real-time", region="us-east-1", instance_type="ml.inf2.xlarge")
    >>> taken_for_granted(inf2, Model())
    ('it is taken for granted that the model is compiled for Neuron (`compiled_for_neuron`) [HW-1]',)
    """
    types = [part.instance_type for part in parts(deployment)]
    told = []
    if model.compiled_for_neuron is None and any(neuron(one) for one in types):
        told.append("it is taken for granted that the model is compiled for Neuron (`compiled_for_neuron`) [HW-1]")
    if model.arm_build is None and any(graviton(one) for one in types):
        told.append("it is taken for granted that its image is built for Arm (`arm_build`) [HW-2]")
    return tuple(told)


def _broken(pattern: str, kind: str, model: Model) -> Iterator[Infeasible]:
    if pattern == "batch-transform" and not offers_transform(kind):
        yield Infeasible(rule="BT-9", reason=f"transform jobs do not run on {kind}")
    if pattern != "batch-transform" and not offers_hosting(kind):
        yield Infeasible(rule="RT-12", reason=f"endpoints do not run on {kind}")
    if model.compiled_for_neuron is False and neuron(kind):
        yield Infeasible(rule="HW-1", reason=f"{kind} runs models that are compiled for Neuron, and this one is not")
    if model.arm_build is False and graviton(kind):
        yield Infeasible(rule="HW-2", reason=f"{kind} runs images that are built for Arm, and this one is not")
