"""The rows of a source as charges: an expression for every column, and where a cell cannot be read."""

import functools
from collections.abc import Iterable, Mapping
from typing import NoReturn

import polars as pl

from infercost.billing.formats.format import Format
from infercost.billing.reading.columns import Columns
from infercost.billing.reading.head import Head
from infercost.billing.reading.locate import LackingColumnsError, refuse_cell
from infercost.billing.reading.names import plain
from infercost.billing.reading.source import Source

# JSON text of some ten entries on each row, of which the service's name is one.
_PRODUCT = "product"


class Mapped:
    """How a format reads a source.

    Attributes:
        source: whose rows.
        known: columns of text, and all values that they hold in the rows that are looked at.
        fields: each column of CHARGES, `set_aside` and `is_final`, over the columns of the source.
        dear_names: the names of services are left out, null: see `names`.
    """

    def __init__(
        self,
        its_format: Format,
        source: Source,
        known: Mapping[str, frozenset[str | None]] | None = None,
        *,
        dear_names: bool = False,
    ) -> None:
        """Maps a source.

        Args:
            its_format: of the source.
            source: its files.
            known: see above.
            dear_names: leave out the names of services where they take longer to read than all else together.
        """
        self.source = source
        self.known = known or {}
        self._columns, fields = _expressions(its_format, source.head, tuple(self.known.items()))
        # a bill has its number once it is final
        self.fields = {"is_final": fields["invoice_id"].is_not_null(), **fields}
        self._unreadable = self._columns.unreadable_cells()
        self._types = dict(source.head.columns)
        self._spelled = {plain(name): name for name in its_format.serves}
        self.named = self.fields["service_name"]
        self.dear_names = dear_names and any(self._types[root].is_nested() for root in self.named.meta.root_names())
        if self.dear_names:
            self.fields["service_name"] = pl.lit(None, dtype=pl.String)

    @property
    def roots(self) -> list[str]:
        """The columns of the source that are read, in its order."""
        used = self.roots_of(self.fields)
        return [name for name in self._types if name in used]

    def roots_of(self, fields: Iterable[str]) -> set[str]:
        """Returns the columns of the source that some fields are read from."""
        return {root for field in fields for root in self.fields[field].meta.root_names()}

    def has_long_names(self) -> bool:
        """Returns whether a service's name is taken out of JSON text."""
        return any(plain(root) == _PRODUCT for root in self.roots_of(["service_name"]))

    def is_unreadable(self, fields: Iterable[str]) -> pl.Expr:
        """Returns the rows in which a cell cannot be read that these fields need."""
        return pl.any_horizontal(pl.lit(value=False), *self._unreadable_of(fields).values())

    def refuse_unreadable(self, rows: pl.LazyFrame, fields: Iterable[str]) -> NoReturn:
        """Raises for the first column that holds such a cell.

        Args:
            rows: in which there is one.
            fields: as `is_unreadable` was asked.

        Raises:
            InputError: names file, column, row and value.
            LackingColumnsError: columns are missing that some rows need.
        """
        bad = self._unreadable_of(fields)
        found = rows.select(**{name: rows_of.any() for name, rows_of in bad.items()}).collect(engine="streaming")
        lacking = [name for name in bad if name not in self._types and found[name].any()]
        if lacking:
            raise LackingColumnsError(self.source.files[0], [self._spelled.get(plain(name), name) for name in lacking])
        column = next(name for name in bad if found[name].any())
        refuse_cell(self.source, column, is_time=self._columns.is_time(column))

    def _unreadable_of(self, fields: Iterable[str]) -> dict[str, pl.Expr]:
        used = self.roots_of(fields)
        return {name: bad for name, bad in self._unreadable.items() if name in used or name not in self._types}


@functools.lru_cache(maxsize=32)  # all files of a header, and all parts of a file, ask for the same
def _expressions(
    its_format: Format, head: Head, known: tuple[tuple[str, frozenset[str | None]], ...]
) -> tuple[Columns, Mapping[str, pl.Expr]]:
    columns = Columns(head, dict(known))
    return columns, its_format.fields(columns)
