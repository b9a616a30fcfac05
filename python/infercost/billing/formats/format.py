"""What a format of billing exports has to tell."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Protocol

import polars as pl

from infercost.billing.reading.columns import Columns
from infercost.billing.reading.head import Head


class Format(Protocol):
    """One format, one file, one line in the registry."""

    def __hash__(self) -> int:
        """What is read of one header is kept by format and header."""
        ...

    @property
    def name(self) -> str:
        """How people call it: "FOCUS 1.2"."""
        ...

    @property
    def needs(self) -> Mapping[str, str]:
        """The columns that nothing can be said without, each with what it is needed for."""
        ...

    @property
    def serves(self) -> Mapping[str, str]:
        """The other columns that are read, each with what is lost where it is missing, in words."""
        ...

    @property
    def currency(self) -> str:
        """The column that says in which currency the amounts of a row are."""
        ...

    def matches(self, head: Head) -> bool:
        """Returns whether a file is of this format, from its header alone."""
        ...

    def fields(self, columns: Columns) -> Mapping[str, pl.Expr]:
        """Returns an expression over the columns of a file for each column of schema.charges.CHARGES.

        `tags` alone is not canonical yet: JSON text, keys in any order. `set_aside` stands beside those columns: null
        for a charge, else why the row is none ("split cost allocation", "other provider"). So may `is_final`: whether
        a row is no estimate any more; without it, an invoice id says so.

        Raises:
            IncompleteError: a column is missing that nothing can be said without.
        """
        ...

    def warnings(self, head: Head, types: AbstractSet[str], /) -> tuple[str, ...]:
        """Returns what an export leaves unknown, from its columns, in words.

        Args:
            head: of some files.
            types: the line item types of their rows that have a cost: what a column tells of others is no loss.
        """
        ...
