"""What a simulator has to offer to stand in the comparison."""

from collections.abc import Callable
from typing import Protocol

from benches.queue_model import Queue


class Peer(Protocol):
    """One simulator."""

    @property
    def name(self) -> str:
        """How people call it."""
        ...

    @property
    def requests(self) -> int:
        """How many requests one run has: as many as take it about a second or less."""
        ...

    @property
    def gives(self) -> str:
        """What it gives for its time, and what not."""
        ...

    def prepare(self, queue: Queue, seed: int) -> Callable[[], float]:
        """Returns the run that is timed, which returns the mean wait in milliseconds; all else happens before."""
        ...
