"""Who may be made to wait: only those of whom their owner said so."""

from infercost.alternatives.base import Rejected
from infercost.schema.workload import Workload


def refused_queue(workload: Workload, what: str) -> Rejected | None:
    """Why answers may not come from a queue, None where they may or where nobody said anything.

    Silence is not consent: such candidates are costed, but end as an investigation.
    """
    if workload.explicit_interaction and workload.interaction == "interactive":
        return Rejected(what, "someone waits for the answer")
    return None


def refused_batch(workload: Workload, what: str) -> Rejected | None:
    """Why answers may not come hours later, None where they may or where nobody said anything."""
    if workload.explicit_interaction and workload.interaction == "near-real-time":
        return Rejected(what, "answers are due in minutes; batch takes hours")
    return refused_queue(workload, what)
