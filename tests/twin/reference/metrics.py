"""The metrics of containers that scaling goes by."""

from twin.reference.autoscaling import Datapoint
from twin.reference.fleet import C, Fleet


class Invocations:
    """Each request counts as 1 / (in service), summed up per stretch of constant count."""

    def __init__(self, fleet: Fleet[C]) -> None:
        self._fleet = fleet
        self._capacity = 0
        self._sum = 0.0
        self._arrivals = 0  # of this stretch
        fleet.before_change.append(self._stretch_ends)

    def arrives(self) -> None:
        """A request that was not refused."""
        self._arrivals += 1

    def opens(self) -> None:
        self._capacity = len(self._fleet.in_service)

    def closes(self) -> Datapoint | None:
        self._stretch_ends()
        datapoint = Datapoint(self._sum, self._capacity)
        self._sum = 0.0
        return datapoint

    def _stretch_ends(self) -> None:
        if self._arrivals:
            self._sum += self._arrivals / len(self._fleet.in_service)
        self._arrivals = 0


class ConcurrentRequests:
    """Requests in containers per unit in service, as it is when a period closes."""

    def __init__(self, fleet: Fleet[C]) -> None:
        self._fleet = fleet

    def opens(self) -> None:
        pass

    def closes(self) -> Datapoint | None:
        units = self._fleet.in_service
        if not units:
            return None
        return Datapoint(sum(len(one.container.requests) for one in units) / len(units), len(units))
