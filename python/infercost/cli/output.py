"""Where a result goes: to stdout, or whole or not at all to a file."""

import os
import shutil
import sys
from pathlib import Path

from infercost.report.paper import Paper
from infercost.schema.errors import UsageError


def paper(output: Path | None) -> Paper:
    """What the result is printed on: colour and the window's width on a terminal only; NO_COLOR is honoured."""
    if output is not None or not sys.stdout.isatty():
        return Paper()
    colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Paper(columns=shutil.get_terminal_size().columns, colour=colour)


def check(output: Path | None) -> None:
    """Says before a long run that its result could not be written.

    Raises:
        UsageError: `output` is a folder, or in one that is not there or may not be written to.
    """
    if output is None:
        return
    if output.is_dir():
        raise UsageError(f"--output {output}: is a folder; name a file in it")
    if not output.parent.is_dir():
        raise UsageError(f"--output {output}: there is no folder {output.parent}; create it first")
    if not os.access(output.parent, os.W_OK):
        raise UsageError(f"--output {output}: the folder {output.parent} may not be written to")


def write(text: str, output: Path | None) -> None:
    """Writes a result, always UTF-8, to stdout or to a file.

    A file is written beside its target and renamed, so that a killed run leaves the old one whole.

    Raises:
        UsageError: the disk is full, or may not be written to.
    """
    content = text.encode("utf-8", errors="backslashreplace")
    try:
        if output is None:
            _print(content)
        else:
            _replace(output.resolve(), content)
    except BrokenPipeError:
        raise
    except OSError as error:
        place = "stdout" if output is None else f"--output {output}"
        raise UsageError(f"{place}: cannot be written ({error.strerror})") from None


def _print(content: bytes) -> None:
    sys.stdout.flush()
    rest = memoryview(content)
    while rest:  # with PYTHONUNBUFFERED a write to a pipe may take a part only
        rest = rest[sys.stdout.buffer.write(rest) :]
    sys.stdout.buffer.flush()


def _replace(target: Path, content: bytes) -> None:
    if target.exists() and not target.is_file():  # a device or a pipe can't be replaced, only written to
        target.write_bytes(content)
        return
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, beside)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
