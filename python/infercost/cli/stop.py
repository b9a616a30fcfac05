"""Ctrl-C and SIGTERM, heard wherever they come.

The exception of a signal can be lost on its way: a library that calls Python for a moment takes it for an error of that
call and raises one of its own, a finalizer drops it, a thread of polars panics instead. So that somebody asked the
process to end is kept, and said again until it is heard.
"""

import signal
import sys
import threading

_AGAIN_S = 0.5

_SAID = {
    signal.SIGINT: ("interrupted", 130),  # codes as a shell reports a program that the signal ended
    signal.SIGTERM: ("terminated", 143),
}


class Stop:
    """What was asked for."""

    def __init__(self) -> None:
        self._signal: int | None = None
        self._is_heard = threading.Event()

    def listen(self) -> None:
        """From here on both signals raise `KeyboardInterrupt`, unless they are ignored, as in a shell's background."""
        for number in _SAID:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._stop)

    def heard(self) -> tuple[str, int] | None:
        """Returns the word and the exit code if the process was asked to end; it is not asked again."""
        self._is_heard.set()
        return None if self._signal is None else _SAID[signal.Signals(self._signal)]

    def _stop(self, number: int, _frame: object) -> None:
        if self._is_heard.is_set():
            return
        if self._signal is None:
            self._signal = number
            threading.Thread(target=self._ask_again, daemon=True).start()
        # Not where things are tidied up already: polars raises at once, without waiting for this.
        if not isinstance(sys.exception(), KeyboardInterrupt):
            raise KeyboardInterrupt

    def _ask_again(self) -> None:
        while not self._is_heard.wait(_AGAIN_S):
            signal.raise_signal(signal.SIGINT)  # polars, too, hears this one
