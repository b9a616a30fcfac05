"""The columns of a source by name, however it spells them, and their cells read strictly."""

import json
from collections.abc import Iterator, Mapping

import polars as pl

from infercost.billing.reading.cells import Cell, moment, text
from infercost.billing.reading.money import money
from infercost.billing.reading.names import plain
from infercost.billing.reading.source import SOURCE_FILE, UNREADABLE_AMOUNT, UNREADABLE_TIME, Source
from infercost.schema.charges import MONEY, TIME
from infercost.schema.errors import IncompleteError, InputError

_MAP = pl.Map(pl.String, pl.String)
_PAIRS = {"key", "value"}  # the fields of a map as older writers of Parquet have it: a list of pairs
_DIGITS = 12  # of every account id of AWS


class Columns:
    """The columns of a source by any spelling of their names, and what was found wanting while reading them."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._found: dict[str, list[tuple[str, pl.DataType]]] = {}
        for name, dtype in source.head.columns:
            if dtype != pl.Null:  # a column of the type Null holds nothing: the same as no column
                self._found.setdefault(plain(name), []).append((name, dtype))
        self._times: dict[str, Cell] = {}
        self._amounts: dict[str, Cell] = {}

    def __contains__(self, name: str) -> bool:
        return plain(name) in self._found

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
        return pl.col(self._one(name)[0]) if name in self else pl.lit(None, dtype=pl.String)

    def dtype(self, name: str) -> pl.DataType:
        """Returns the type of a column that is there."""
        return self._one(name)[1]

    def _one(self, name: str) -> tuple[str, pl.DataType]:
        """The column of that name, as the source spells it, and its type."""
        found = self._found[plain(name)]
        if len(found) > 1:
            spelled = " and ".join(repr(spelling) for spelling, _ in found)
            raise InputError(f"{self.source.head.file}: the columns {spelled} mean the same: keep one of them")
        return found[0]

    def text(self, name: str) -> pl.Expr:
        """Returns a column as text, or nulls; empty and `NULL` are null."""
        return text(self.raw(name), self.dtype(name)) if name in self else pl.lit(None, dtype=pl.String)

    def first_text(self, *names: str) -> pl.Expr:
        """Returns the first text that a row has in any of these columns, or null."""
        there = [self.text(name) for name in names if name in self]
        return pl.coalesce(there) if there else pl.lit(None, dtype=pl.String)

    def account(self, name: str) -> pl.Expr:
        """Returns account ids. A converter that made numbers of them lost the zeros in front, which are put back."""
        if name in self and self.dtype(name).is_numeric():
            return self.raw(name).cast(pl.Int64).cast(pl.String).str.zfill(_DIGITS)
        return self.text(name)

    def json(self, name: str) -> pl.Expr:
        """Returns a map, or JSON text, as JSON text, or nulls; an empty map is null."""
        if name not in self or self.dtype(name) == pl.String:
            given = self.text(name)
            return pl.when(given != "{}").then(given)
        dtype, column = self.dtype(name), self.raw(name)
        if _is_pairs(dtype):
            column = column.cast(_MAP)
        elif not isinstance(dtype, pl.Map | pl.Struct):
            raise self._wrong_type(name, "maps")
        encoded = pl.struct(column.alias("m")).struct.json_encode()  # {"m":{...}} or {"m":null}
        given = encoded.str.strip_prefix('{"m":').str.strip_suffix("}")
        return pl.when(~given.is_in(["null", "{}"])).then(given)

    def entry(self, name: str, key: str) -> pl.Expr:
        """Returns the value of one key of a map, or of JSON text, or nulls."""
        if name not in self:
            return pl.lit(None, dtype=pl.String)
        if isinstance(self.dtype(name), pl.Map):
            return text(self.raw(name).map.get(key), pl.String())
        return text(self.json(name).str.json_path_match(f"$.{key}"), pl.String())

    def gather(self, *prefixes: str) -> pl.Expr:
        """Returns the columns whose names start so as one JSON object by the rest of their names, or nulls.

        Only the cells that hold something are written: of ten thousand columns of tags a row has a handful.
        """
        pieces = [_member(name, dtype, key) for name, dtype, key in self._starting_with(prefixes)]
        if not pieces:
            return pl.lit(None, dtype=pl.String)
        members = pl.concat_str(pieces, ignore_nulls=True)
        return pl.when(members != "").then("{" + members.str.slice(1) + "}")

    def _starting_with(self, prefixes: tuple[str, ...]) -> Iterator[tuple[str, pl.DataType, str]]:
        for name, dtype in self.source.head.columns:
            prefix = next((one for one in prefixes if name.lower().startswith(one) and len(name) > len(one)), None)
            if prefix is not None and dtype != pl.Null:
                yield name, dtype, name[len(prefix) :]

    def time(self, name: str, *, required: bool = False) -> pl.Expr:
        """Returns a column as UTC time, or nulls. `required`: a null cell is unreadable too."""
        if name not in self:
            return pl.lit(None, dtype=TIME)
        column, dtype = self._one(name)
        if not (dtype.is_temporal() or dtype == pl.String):
            raise self._wrong_type(name, "times")
        cell = moment(self.raw(name), dtype)
        if required or column not in self._times:
            self._times[column] = cell.required() if required else cell
        return cell.value

    def money(self, name: str, *, required: bool = False) -> pl.Expr:
        """Returns a column as Decimal(38, 18), or nulls. `required`: a null cell is unreadable too."""
        if name not in self:
            return pl.lit(None, dtype=MONEY)
        column, dtype = self._one(name)
        if not (dtype.is_numeric() or dtype == pl.String):
            raise self._wrong_type(name, "amounts")
        cell = money(self.raw(name), dtype)
        if required or column not in self._amounts:
            self._amounts[column] = cell.required() if required else cell
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

    def unreadable(self, name: str) -> pl.Expr:
        """Returns where a column, read before, cannot be read."""
        return (self._times | self._amounts)[self._one(name)[0]].unreadable

    def _wrong_type(self, name: str, wanted: str) -> InputError:
        column, dtype = self._one(name)
        return InputError(
            f"{self.source.head.file}: the column {column} is of type {dtype}, where {wanted} are expected"
        )


def _is_pairs(dtype: pl.DataType) -> bool:
    inner = dtype.inner if isinstance(dtype, pl.List) else None
    return isinstance(inner, pl.Struct) and {field.name for field in inner.fields} == _PAIRS


def _member(name: str, dtype: pl.DataType, key: str) -> pl.Expr:
    """`,"key":"value"` where the cell holds something, else null."""
    value = text(pl.col(name), dtype)
    quoted = pl.struct(value.alias("m")).struct.json_encode().str.strip_prefix('{"m":').str.strip_suffix("}")
    return pl.when(value.is_not_null()).then(pl.lit(f",{json.dumps(key, ensure_ascii=False)}:") + quoted)


def _first_unreadable(cells: dict[str, Cell]) -> pl.Expr:
    found = [pl.when(cell.unreadable).then(pl.lit(name)) for name, cell in cells.items()]
    return pl.coalesce(*found) if found else pl.lit(None, dtype=pl.String)
