"""The next item is made in a thread while this one is worked on."""

from collections.abc import Iterable, Iterator
from queue import Full, Queue
from threading import Thread
from typing import TypeVar

_LOOK_S = 0.1  # how often a thread that waits looks up whether anybody still wants what it has

Item = TypeVar("Item")


def ahead(items: Iterable[Item]) -> Iterator[Item]:
    """Returns the items; one more of them is in the making.

    Raises:
        BaseException: whatever making an item raised, where that item would have been.

    Example:
        >>> list(ahead(range(3)))
        [0, 1, 2]
    """
    made: Queue[tuple[bool, Item | BaseException | None]] = Queue(maxsize=1)
    unwanted: list[bool] = []  # not empty once nobody wants more
    thread = Thread(target=_make, args=(items, made, unwanted), daemon=True)
    thread.start()
    try:
        while True:
            is_item, item = made.get()
            if is_item:
                yield item  # type: ignore[misc]  # the flag says so
            elif isinstance(item, BaseException):
                raise item
            else:
                return
    finally:
        unwanted.append(True)


def _make(items: Iterable[Item], made: "Queue[tuple[bool, Item | BaseException | None]]", unwanted: list[bool]) -> None:
    end: BaseException | None = None
    try:
        for item in items:
            if not _offer((True, item), made, unwanted):
                return
    except BaseException as error:  # noqa: BLE001 -- it is raised where the items are taken
        end = error
    _offer((False, end), made, unwanted)


def _offer(
    item: "tuple[bool, Item | BaseException | None]",
    made: "Queue[tuple[bool, Item | BaseException | None]]",
    unwanted: list[bool],
) -> bool:
    while not unwanted:
        try:
            made.put(item, timeout=_LOOK_S)
        except Full:
            continue
        return True
    return False
