"""What an alternative is: it proposes, and nothing else. Feasibility, pricing, ranking and explanation are common."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from infercost.alternatives.facts import Facts
from infercost.schema.analysis import ActionType, Effort
from infercost.schema.scenario import Deployment
from infercost.schema.workload import Profile, Workload


@dataclass(frozen=True)
class Candidate:
    """A deployment worth a simulation.

    `deployment` is None where nothing would be left to serve. `profile` is the one it rests on, None where no work is
    simulated. `waits` says that answers may come later than they do now, so that somebody must have said that this
    is fine.
    """

    deployment: Deployment | None
    action: ActionType
    effort: Effort
    profile: Profile | None = None
    waits: bool = False
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rejected:
    """A deployment that needs no simulation to be out, in words. `rule`: the id of the rule that forbids it."""

    deployment: str
    reason: str
    rule: str | None = None


class Alternative(Protocol):
    """One way to save."""

    def propose(self, workload: Workload, facts: Facts) -> Iterable[Candidate | Rejected]:
        """Deployments for a workload, or why there are none. Nothing at all where the question does not arise."""
