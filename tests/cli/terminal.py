"""Runs the command line on a terminal of its own."""

import errno
import fcntl
import os
import pty
import struct
import subprocess
import termios
from collections.abc import Mapping
from pathlib import Path

from cli.runner import EXECUTABLE


def on_terminal(
    *arguments: str | Path, columns: int = 100, environment: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """Exit code, and all that stdout and stderr put on a terminal of so many columns."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    kept = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "COLUMNS"}}
    with subprocess.Popen(
        [EXECUTABLE, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=follower,
        stderr=follower,
        env={**kept, "TERM": "xterm-256color", **(environment or {})},
    ) as process:
        os.close(follower)
        shown = b"".join(iter(lambda: _some(leader), b""))
    os.close(leader)
    return process.returncode, shown.decode().replace("\r\n", "\n")


def _some(leader: int) -> bytes:
    try:
        return os.read(leader, 65536)
    except OSError as error:
        if error.errno == errno.EIO:  # the other side is closed
            return b""
        raise
