"""The next item is made in a thread while this one is worked on."""

from collections.abc import Iterable, Iterator
from queue import SimpleQueue
from threading import Semaphore, Thread
from typing import TypeVar

_LOOK_S = 0.1  # how often a thread that waits looks up whether anybody still wants what it could make

Item = TypeVar("Item")
_Made = tuple[bool, Item | BaseException | None]


def ahead(items: Iterable[Item]) -> Iterator[Item]:
    """Returns the items; one more of them, and no more, is made or in the making.

    Raises:
        BaseException: whatever making an item raised, where that item would have been.

    Example:
        >>> list(ahead(range(3)))
        [0, 1, 2]
    """
    made: SimpleQueue[_Made[Item]] = SimpleQueue()
    wanted = Semaphore(1)
    done: list[bool] = []  # not empty once nobody wants more
    thread = Thread(target=_make, args=(items, made, wanted, done), daemon=True)
    thread.start()
    try:
        while True:
            is_item, item = made.get()
            if is_item:
                wanted.release()
                yield item  # type: ignore[misc]  # the flag says so
            elif isinstance(item, BaseException):
                raise item
            else:
                return
    finally:
        done.append(True)


def _make(items: Iterable[Item], made: "SimpleQueue[_Made[Item]]", wanted: Semaphore, done: list[bool]) -> None:
    end: BaseException | None = None
    making = iter(items)
    try:
        while True:
            while not wanted.acquire(timeout=_LOOK_S):
                if done:
                    return
            made.put((True, next(making)))
    except StopIteration:
        pass
    except BaseException as error:  # noqa: BLE001 -- it is raised where the items are taken
        end = error
    made.put((False, end))
