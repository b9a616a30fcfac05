"""Which row of a file says what makes no sense: looked for only once it is known to be there."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import polars as pl

from infercost.billing.export.mapping import Mapped
from infercost.billing.formats.format import Format
from infercost.billing.reading.source import Source
from infercost.schema.charges import CHARGES


class Whereabouts:
    """Finds rows in the files of an export."""

    def __init__(self, its_format: Format, sources: Sequence[Source]) -> None:
        """Takes the files, and how they are read."""
        self._format = its_format
        self._sources = sources

    def first(self, name: str, is_it: pl.Expr) -> dict[str, Any]:
        """Returns the first such row of a file: its number as `row`, and what `is_it` looks at.

        Args:
            name: of a file that has such a row.
            is_it: over columns of CHARGES.
        """
        source, file = next((source, file) for source in self._sources for file in source.files if file.name == name)
        source = dataclasses.replace(source, files=(file,))
        fields = Mapped(self._format, source).fields
        looked_at = {name: fields[name].cast(CHARGES[name]) for name in sorted(set(is_it.meta.root_names()))}
        numbered = source.rows().with_row_index("row", offset=1).select("row", **looked_at)
        return numbered.filter(is_it).head(1).collect(engine="streaming").row(0, named=True)
