"""What can go wrong, by exit code. A message says what is wrong, where, and what to do next."""

from typing import ClassVar


class InfercostError(Exception):
    """Any error that a user can act on; the command line prints it as one message and exits with `exit_code`."""

    exit_code: ClassVar[int] = 2


class UsageError(InfercostError):
    """Wrong usage, config or scenario."""

    exit_code = 2


class InputError(InfercostError):
    """An input is unreadable, damaged, or of no known format."""

    exit_code = 3


class IncompleteError(InfercostError):
    """The answer is incomplete and it matters: a month, a column, a price, an unreconciled total."""

    exit_code = 4
