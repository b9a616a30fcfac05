"""What a traffic format is: a header that it knows itself by, and which of its columns mean what."""

import difflib
from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

from infercost.schema.errors import InputError


class Format(Protocol):
    """One way in which traffic comes. Told by the header alone; no other column of the file is ever read."""

    name: str
    kind: Literal["trace", "rates"]

    def matches(self, header: Sequence[str]) -> bool:
        """Whether the file is of this format."""
        ...

    def columns(self, header: Sequence[str]) -> Mapping[str, str]:
        """Canonical column: the file's column that holds it.

        Raises:
            InputError: a column is there, but not as the format wants it. The caller puts the file in front.
        """
        ...


def canonical_columns(header: Sequence[str], known: Sequence[str]) -> dict[str, str]:
    """The canonical columns that a canonical file has. Others are the owner's own, unless one looks misspelled.

    Raises:
        InputError: a column is nearly, but not quite, a canonical one that is missing.
    """
    for column in header:
        near = difflib.get_close_matches(column.casefold(), known, n=1, cutoff=0.85)
        if near and near[0] not in header:
            raise InputError(f"column `{column}` is not known; if it is `{near[0]}`, name it so")
    return {column: column for column in known if column in header}
