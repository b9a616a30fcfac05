"""Bytes read as choices, so that what mutates bytes mutates whole exports. The same bytes make the same choices."""

from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")


class Choices:
    """Takes numbers, picks and text from the front of some bytes; zeros and empty text once they are used up.

    >>> choices = Choices(b"\\x05\\x02ab\\x01")
    >>> choices.number(3), choices.text(), choices.pick("xyz"), choices.text()
    (2, 'ab', 'y', '')
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def __bool__(self) -> bool:
        return self._at < len(self._data)

    def number(self, below: int) -> int:
        """A number from 0, of one byte."""
        return self._take(1)[0] % below if self else 0

    def pick(self, options: Sequence[_T]) -> _T:
        """One of some options."""
        return options[self.number(len(options))]

    def text(self) -> str:
        """Text of at most 255 bytes; what is not UTF-8 stays visible as U+FFFD."""
        return self._take(self.number(256)).decode("utf-8", "replace")

    def _take(self, count: int) -> bytes:
        taken = self._data[self._at : self._at + count]
        self._at += count
        return taken
