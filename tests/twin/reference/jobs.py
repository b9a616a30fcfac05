"""Which requests go into which batch job."""

from collections.abc import Sequence

from twin.reference.result import Request, ns


def jobs(requests: Sequence[Request], every_s: float | None) -> list[tuple[int, list[Request]]]:
    """(start, requests) of each job, in order; a job may hold no request."""
    if not requests:
        return []
    if every_s is None:
        return [(requests[-1].arrival, list(requests))]
    every = ns(every_s)
    slots: dict[int, list[Request]] = {}
    for one in requests:
        slots.setdefault(one.arrival // every, []).append(one)
    return [((slot + 1) * every, members) for slot, members in sorted(slots.items())]
