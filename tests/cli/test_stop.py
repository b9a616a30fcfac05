"""That somebody asked the process to end is not forgotten, whatever becomes of the exception."""

import subprocess
import sys

import pytest

HEAD = """
import signal, sys, time
from infercost.cli.stop import Stop
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
stop = Stop()
stop.listen()
"""


def said(body: str) -> tuple[int, str]:
    script = HEAD + body
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=False)
    return done.returncode, done.stdout


@pytest.mark.parametrize(("name", "word"), [("SIGINT", "('interrupted', 130)"), ("SIGTERM", "('terminated', 143)")])
def test_it_is_raised_and_told(name: str, word: str) -> None:
    body = f"""
try:
    signal.raise_signal(signal.{name})
except KeyboardInterrupt:
    print(stop.heard())
"""
    assert said(body) == (0, word + "\n")


def test_an_exception_that_a_finalizer_drops_is_raised_again() -> None:
    body = """
class Deaf:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

del [Deaf()][0]
try:
    time.sleep(10)
except KeyboardInterrupt:
    print(stop.heard())
"""
    assert said(body) == (0, "('interrupted', 130)\n")


def test_an_exception_that_is_taken_for_another_is_told_all_the_same() -> None:
    body = """
try:
    try:
        signal.raise_signal(signal.SIGTERM)
    except BaseException:
        raise TypeError("not a data type") from None
except TypeError:
    print(stop.heard())
"""
    assert said(body) == (0, "('terminated', 143)\n")


def test_tidying_up_is_not_interrupted() -> None:
    body = """
try:
    try:
        raise KeyboardInterrupt  # as polars does, before the signal's own
    finally:
        signal.raise_signal(signal.SIGINT)
        time.sleep(1.2)
        print("tidy")
except KeyboardInterrupt:
    print(stop.heard())
"""
    assert said(body) == (0, "tidy\n('interrupted', 130)\n")


def test_nothing_is_raised_once_it_is_heard() -> None:
    body = """
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    stop.heard()
signal.raise_signal(signal.SIGINT)
time.sleep(1.2)
print("calm")
"""
    assert said(body) == (0, "calm\n")


def test_what_a_shell_ignores_in_the_background_stays_ignored() -> None:
    body = """
signal.signal(signal.SIGINT, signal.SIG_IGN)
Stop().listen()
signal.raise_signal(signal.SIGINT)
print("calm")
"""
    assert said(body) == (0, "calm\n")
