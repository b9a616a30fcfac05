"""The columns of a source by name, however it spells them, and their cells read strictly."""

import functools
import secrets
from collections.abc import Mapping

import polars as pl

from infercost.billing.reading.cells import NOTHING, Cell, moment, text
from infercost.billing.reading.head import Head
from infercost.billing.reading.money import money
from infercost.billing.reading.names import plain
from infercost.schema.charges import MONEY, TIME
from infercost.schema.errors import IncompleteError, InputError

_MAP = pl.Map(pl.String, pl.String)
_PAIRS = {"key", "value"}  # the fields of a map as older writers of Parquet have it: a list of pairs
_NULL_MEMBER = r''',"(?:[^"\\]|\\.)*":"(?:NULL|null)"'''
_DIGITS = 12  # of every account id of AWS


class Columns:
    """The columns of a source by any spelling of their names, and what was found wanting while reading them.

    Attributes:
        head: of the source.
        known: columns of text, as the source spells them, and all values that they hold in the rows that are looked at.
    """

    def __init__(self, head: Head, known: Mapping[str, frozenset[str | None]] | None = None) -> None:
        self.head = head
        self.known = known or {}
        self._found: dict[str, list[tuple[str, pl.DataType]]] = {}
        for name, dtype in head.columns:
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
                    f"{self.head.file}: the column {name} is missing, which is needed for {purpose}."
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
            raise InputError(f"{self.head.file}: the columns {spelled} mean the same: keep one of them")
        return found[0]

    def text(self, name: str) -> pl.Expr:
        """Returns a column as text, or nulls; empty and `NULL` are null."""
        if name not in self:
            return pl.lit(None, dtype=pl.String)
        texts = self.texts(name)
        if texts is not None and len(texts) == 1:
            return pl.lit(next(iter(texts)), dtype=pl.String)
        if self.dtype(name).is_nested():
            raise self._wrong_type(name, "texts")
        return text(self.raw(name), self.dtype(name))

    def texts(self, name: str) -> frozenset[str | None] | None:
        """Returns all texts that a column holds in the rows that are looked at; None if that is not known."""
        values = self.known.get(self._one(name)[0]) if name in self else None
        return None if values is None else frozenset(None if value in NOTHING else value for value in values)

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

        Of ten thousand columns of tags a row fills a handful: those alone are put together, with marks that no value
        can hold, and escaped as one text. That is few and small expressions a column.
        """
        members: dict[str, tuple[str, bool]] = {}
        for name, dtype in self.head.columns:
            prefix = next((one for one in prefixes if name.lower().startswith(one) and len(name) > len(one)), None)
            if prefix is None or dtype == pl.Null:
                continue
            key = name[len(prefix) :]
            if key in members:
                raise InputError(f"{self.head.file}: two columns are named {name!r}, but for capitals: keep one")
            members[key] = (name, dtype == pl.String)
        return _joined(tuple(members.items())) if members else pl.lit(None, dtype=pl.String)

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
        """Returns a column as decimals, see `money`, or nulls. `required`: a null cell is unreadable too."""
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
        self._amounts[name] = Cell(pl.lit(None, dtype=MONEY), absent=pl.lit(value=True), unreadable=rows)
        return self._amounts[name].value

    def unreadable_cells(self) -> dict[str, pl.Expr]:
        """Returns, for each column of times and amounts that was read, the rows in which it cannot be."""
        return {name: cell.unreadable for name, cell in (self._times | self._amounts).items()}

    def is_time(self, name: str) -> bool:
        """Returns whether a column was read as times, not as amounts."""
        return name in self._times

    def unreadable(self, name: str) -> pl.Expr:
        """Returns where a column, read before, cannot be read."""
        return (self._times | self._amounts)[self._one(name)[0]].unreadable

    def _wrong_type(self, name: str, wanted: str) -> InputError:
        column, dtype = self._one(name)
        return InputError(f"{self.head.file}: the column {column} is of type {dtype}, where {wanted} are expected")


@functools.lru_cache(maxsize=8)  # each part of a file asks for the same ten thousand expressions
def _joined(members: tuple[tuple[str, tuple[str, bool]], ...]) -> pl.Expr:
    """The columns of tags, each by its key and with whether it is text, as one JSON object."""
    mark = secrets.token_hex(8)
    filled = []
    for key, (name, is_text) in members:
        value = pl.col(name) if is_text else pl.col(name).cast(pl.String)
        filled.append(pl.when(value != "").then(pl.lit(f"{mark}<{key}{mark}>") + value))
    joined = pl.concat_str(*filled, ignore_nulls=True)
    # {"m":"mark<key mark>value mark<..."} becomes {"m":"","key":"value","...
    encoded = pl.struct(joined.alias("m")).struct.json_encode()
    listed = encoded.str.replace_all(f"{mark}<", '","', literal=True).str.replace_all(f"{mark}>", '":"', literal=True)
    entries = listed.str.strip_prefix('{"m":""').str.strip_suffix("}").str.replace_all(_NULL_MEMBER, "")
    # every step once: a second mention of `joined` would be ten thousand expressions more
    return ("{" + entries.str.slice(1) + "}").replace("{}", None)


def _is_pairs(dtype: pl.DataType) -> bool:
    inner = dtype.inner if isinstance(dtype, pl.List) else None
    return isinstance(inner, pl.Struct) and {field.name for field in inner.fields} == _PAIRS
