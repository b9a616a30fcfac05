"""What a move to another instance type is called, and what it takes."""

from infercost.profiles.hardware import accelerator, graviton
from infercost.schema.analysis import ActionType, Effort
from infercost.schema.scenario import Deployment
from infercost.schema.workload import Profile, Workload

Step = tuple[ActionType, Effort]


def by_instance_type(workload: Workload) -> list[tuple[str, Profile]]:
    """The profiles that were taken on an instance type: no other type is ever proposed."""
    return [(one.instance_type, one) for one in workload.profiles if one.instance_type is not None]


def instance_type_now(deployment: Deployment | None) -> str | None:
    """The instance type in use, None where the pattern has none."""
    return getattr(deployment, "instance_type", None)


def move(now: str | None, then: str, same_type: Step) -> Step:
    """The action and the effort of running on `then`; `same_type` where the type stays.

    Another kind of accelerator needs the model compiled for it; another processor architecture a new image.
    """
    if now is None or now == then:
        return same_type
    if accelerator(now) != accelerator(then):
        return "MigrateAccelerator", "High"
    if graviton(now) != graviton(then):
        return "MigrateToGraviton", "Medium"
    return "Rightsize", "Medium"
