"""The models in the memory and on the disk of one instance [MME-3]."""

from collections.abc import Callable, Iterable


class Store:
    """`size` gives a model's bytes. What is in memory, or being loaded, is on the disk too."""

    def __init__(self, memory_bytes: int, disk_bytes: int, size: Callable[[int], int]) -> None:
        self._memory_bytes, self._disk_bytes, self._size = memory_bytes, disk_bytes, size
        self._disk: list[int] = []  # in order of the last request for each, oldest first
        self._memory: set[int] = set()
        self._ready: dict[int, int] = {}  # of what is being loaded

    def holds(self, model: int) -> bool:
        """In memory, or being loaded."""
        return model in self._memory

    def ready(self, model: int) -> int | None:
        """When its load will be over; None where it is in memory."""
        return self._ready.get(model)

    def is_on_disk(self, model: int) -> bool:
        return model in self._disk

    def touch(self, model: int) -> None:
        """A request for a model that it holds."""
        self._disk.remove(model)
        self._disk.append(model)

    def makes_room(self, model: int, in_use: Iterable[int]) -> bool:
        """Room for a model that it doesn't hold; False, and nothing done, where what is in use leaves none."""
        stay = set(self._memory)
        for other in self._disk:
            if self._fits(model, stay, self._memory_bytes):
                break
            if other in stay and other not in self._ready and other not in in_use:
                stay.remove(other)
        if not self._fits(model, stay, self._memory_bytes):
            return False
        self._memory = stay
        if model not in self._disk:
            for other in list(self._disk):
                if self._fits(model, self._disk, self._disk_bytes):
                    break
                if other not in self._memory:
                    self._disk.remove(other)
        return True

    def loads(self, model: int, ready: int) -> None:
        if model in self._disk:
            self._disk.remove(model)
        self._disk.append(model)
        assert self._fits(None, self._disk, self._disk_bytes)
        self._memory.add(model)
        assert self._fits(None, self._memory, self._memory_bytes)
        self._ready[model] = ready

    def loaded(self, model: int) -> None:
        del self._ready[model]

    def forgets(self, model: int) -> None:
        """Unloaded and deleted."""
        self._memory.remove(model)
        self._disk.remove(model)

    def _fits(self, model: int | None, beside: Iterable[int], limit: int) -> bool:
        room = sum(self._size(other) for other in beside)
        return room + (0 if model is None else self._size(model)) <= limit
