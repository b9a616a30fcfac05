"""Nobody calls it: turn it off."""

from collections.abc import Iterator

from infercost.alternatives.base import Candidate
from infercost.alternatives.facts import Facts
from infercost.schema.evidence import Evidence
from infercost.schema.workload import Workload


class Delete:
    """Needs counts that cover the whole period and are all zero: a call an hour keeps an endpoint."""

    def propose(self, workload: Workload, facts: Facts) -> Iterator[Candidate]:
        """Deletion, where the traffic proves that nothing comes."""
        traffic = workload.traffic
        if traffic is None or traffic.evidence is not Evidence.MEASURED:
            return
        if facts.requests == 0 and facts.covers_period:
            yield Candidate(
                deployment=None,
                action="Delete",
                effort="VeryLow",
                conditions=("no request in the whole period; make sure that nothing yearly or seasonal needs it",),
            )
