"""Cuts an input that breaks a target down to what it takes: `python -m fuzz.minimise csv FILE` rewrites the file."""

import argparse
from collections.abc import Callable
from pathlib import Path

from fuzz.targets import TARGETS


def fault_of(target: Callable[[bytes], None], data: bytes) -> str | None:
    """What breaks: the kind of exception and where it was raised; None where nothing does."""
    try:
        target(data)
    except Exception as error:  # noqa: BLE001 -- any fault there is
        where = error.__traceback__
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        place = "" if where is None else f"{where.tb_frame.f_code.co_filename}:{where.tb_lineno}"
        return f"{type(error).__name__} at {place}"
    return None


def minimise(data: bytes, breaks: Callable[[bytes], bool]) -> bytes:
    """Leaves out ever smaller parts as long as what is left still breaks.

    >>> minimise(b"hay needle hay", lambda data: b"needle" in data)
    b'needle'
    """
    size = len(data)
    while size := size // 2:
        start = 0
        while start < len(data):
            shorter = data[:start] + data[start + size :]
            if breaks(shorter):
                data = shorter
            else:
                start += size
    return data


def main() -> None:
    """Rewrites one file of a corpus."""
    arguments = argparse.ArgumentParser(prog="fuzz.minimise", description=__doc__)
    arguments.add_argument("target", choices=TARGETS)
    arguments.add_argument("file", type=Path)
    given = arguments.parse_args()
    target, data = TARGETS[given.target], given.file.read_bytes()
    fault = fault_of(target, data)
    if fault is None:
        arguments.exit(1, f"{given.file} breaks nothing\n")
    given.file.write_bytes(minimise(data, lambda shorter: fault_of(target, shorter) == fault))
    arguments.exit(0, f"{len(data)} bytes -> {given.file.stat().st_size} bytes: {fault}\n")


if __name__ == "__main__":
    main()
