"""Files of one format with one header, as one lazy table, and the cells of that table read strictly."""

import dataclasses
from collections.abc import Container, Mapping

import polars as pl

from infercost.billing.delivery.file import File
from infercost.billing.reading.cells import Cell, moment, text
from infercost.billing.reading.content import scan_options
from infercost.billing.reading.head import Head
from infercost.billing.reading.money import money
from infercost.schema.charges import MONEY, TIME
from infercost.schema.errors import IncompleteError, InputError

SOURCE_FILE = "source_file"  # the file that a row comes from
UNREADABLE_TIME = "unreadable_time"  # the first time of the row that cannot be read, as `column`
UNREADABLE_AMOUNT = "unreadable_amount"  # the first amount of the row that cannot be read


@dataclasses.dataclass(frozen=True)
class Source:
    """Files with the very same header, all of them here or all of them in one bucket."""

    head: Head
    files: tuple[File, ...]

    def without(self, copies: Container[str]) -> "Source | None":
        """Returns the source without some of its files, or None if no file is left."""
        files = tuple(file for file in self.files if file.name not in copies)
        return dataclasses.replace(self, files=files) if files else None

    def rows(self) -> pl.LazyFrame:
        """Returns the rows as they stand in the files, with the column `source_file`. CSV is all text."""
        places = [file.place for file in self.files]
        options = scan_options(self.files[0]) | {"glob": False, "include_file_paths": SOURCE_FILE}
        if self.head.container == "parquet":
            rows = pl.scan_parquet(places, hive_partitioning=False, **options)
        else:
            rows = pl.scan_csv(places, infer_schema=False, **options)
        renamed = {file.place: file.name for file in self.files if file.place != file.name}
        return rows.with_columns(pl.col(SOURCE_FILE).replace(renamed)) if renamed else rows


class Columns:
    """The columns of a source by name, whatever their case, and what was found wanting while reading them."""

    def __init__(self, source: Source) -> None:
        self.source = source
        # a column of the type Null holds nothing: the same as no column
        self._types = {name.lower(): (name, dtype) for name, dtype in source.head.columns if dtype != pl.Null}
        self._times: dict[str, Cell] = {}
        self._amounts: dict[str, Cell] = {}

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._types

    def require(self, needs: Mapping[str, str]) -> None:
        """Refuses a source without a column that nothing can be said without.

        Args:
            needs: column to what it is needed for.

        Raises:
            IncompleteError: the first one that is missing, and what it is for.
        """
        for name, purpose in needs.items():
            if name not in self:
                raise IncompleteError(
                    f"{self.source.head.file}: the column {name} is missing, which is needed for {purpose}."
                    " Add it to the export"
                )

    def raw(self, name: str) -> pl.Expr:
        """Returns a column as it stands, or nulls."""
        return pl.col(self._types[name.lower()][0]) if name in self else pl.lit(None, dtype=pl.String)

    def dtype(self, name: str) -> pl.DataType:
        """Returns the type of a column that is there."""
        return self._types[name.lower()][1]

    def text(self, name: str) -> pl.Expr:
        """Returns a column as text, or nulls; empty and `NULL` are null."""
        return text(self.raw(name), self.dtype(name)) if name in self else pl.lit(None, dtype=pl.String)

    def json(self, name: str) -> pl.Expr:
        """Returns a map, or JSON text, as JSON text, or nulls."""
        if name not in self or self.dtype(name) == pl.String:
            return self.text(name)
        if not isinstance(self.dtype(name), pl.Map | pl.Struct):
            raise self._wrong_type(name, "maps")
        encoded = pl.struct(self.raw(name).alias("m")).struct.json_encode()  # {"m":{...}} or {"m":null}
        return text(encoded.str.strip_prefix('{"m":').str.strip_suffix("}"), pl.String())

    def time(self, name: str, *, required: bool = False) -> pl.Expr:
        """Returns a column as UTC time, or nulls. `required`: a null cell is unreadable too."""
        if name not in self:
            return pl.lit(None, dtype=TIME)
        if not (self.dtype(name).is_temporal() or self.dtype(name) == pl.String):
            raise self._wrong_type(name, "times")
        cell = moment(self.raw(name), self.dtype(name))
        self._times[name] = cell.required() if required else cell
        return cell.value

    def money(self, name: str, *, required: bool = False) -> pl.Expr:
        """Returns a column as Decimal(38, 18), or nulls. `required`: a null cell is unreadable too."""
        if name not in self:
            return pl.lit(None, dtype=MONEY)
        if not (self.dtype(name).is_numeric() or self.dtype(name) == pl.String):
            raise self._wrong_type(name, "amounts")
        cell = money(self.raw(name), self.dtype(name))
        self._amounts[name] = cell.required() if required else cell
        return cell.value

    def money_of(self, name: str, rows: pl.Expr) -> pl.Expr:
        """Returns an amount that only some rows need: 0 where it is null, unreadable there if the column is missing."""
        if name in self:
            return self.money(name).fill_null(0)
        self._amounts[name] = Cell(pl.lit(None, dtype=MONEY), rows)
        return self._amounts[name].value

    def lineage(self) -> dict[str, pl.Expr]:
        """Returns where a row comes from and what of it cannot be read; call it last, after all cells are read."""
        return {
            SOURCE_FILE: pl.col(SOURCE_FILE),
            UNREADABLE_TIME: _first_unreadable(self._times),
            UNREADABLE_AMOUNT: _first_unreadable(self._amounts),
        }

    def _wrong_type(self, name: str, wanted: str) -> InputError:
        return InputError(
            f"{self.source.head.file}: the column {name} is of type {self.dtype(name)}, where {wanted} are expected"
        )

    def unreadable(self, name: str) -> pl.Expr:
        """Returns where a column, read before, cannot be read."""
        return (self._times | self._amounts)[name].unreadable


def _first_unreadable(cells: dict[str, Cell]) -> pl.Expr:
    found = [pl.when(cell.unreadable).then(pl.lit(name)) for name, cell in cells.items()]
    return pl.coalesce(*found) if found else pl.lit(None, dtype=pl.String)
