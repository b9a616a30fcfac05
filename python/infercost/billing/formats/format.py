"""What a format of billing exports has to tell."""

from collections.abc import Set as AbstractSet
from typing import Protocol

import polars as pl

from infercost.billing.head import Head
from infercost.billing.source import Source


class Format(Protocol):
    """One format, one file, one line in the registry."""

    @property
    def name(self) -> str:
        """How people call it: "FOCUS 1.2"."""
        ...

    def matches(self, head: Head) -> bool:
        """Returns whether a file is of this format, from its header alone."""
        ...

    def scan(self, source: Source) -> pl.LazyFrame:
        """Returns the rows in the columns of schema.charges.CHARGES, then those of `Columns.lineage`.

        `tags` alone is not canonical yet: JSON text, keys in any order.

        Raises:
            IncompleteError: a column is missing that nothing can be said without.
        """
        ...

    def warnings(self, head: Head, line_item_types: AbstractSet[str]) -> tuple[str, ...]:
        """Returns what an export leaves unknown, from its columns and the line item types in it, in words."""
        ...
