"""What services are called, where their names are entries of a map that takes longer to read than all else together.

A line is read once and its name kept: all rows of one product code, usage type, unit and description are of one
product. Rows are looked at in windows from where a line is first met, so a few windows do. A line that has no name
there is looked for again in the next part, and in all rows of this one where only a name tells what is sold. Where two
names are seen on one line, that was no rule, and the names have to be read row by row.
"""

from collections.abc import Iterable, Mapping

import polars as pl

from infercost.billing.classify import is_opaque
from infercost.billing.export.mapping import Mapped
from infercost.billing.reading.parts import Part

LINE = ("service_code", "usage_type", "unit", "charge_description")
_WINDOW_ROWS = 32_768

_Key = tuple[str | None, ...]


class NamesDiffer(Exception):  # noqa: N818 -- it is no error: it says how to go on
    """Two products share a line: names have to be read row by row."""


class Names:
    """The names that were read so far."""

    def __init__(self) -> None:
        self._of_line: dict[_Key, str | None] = {}
        self._of_code: dict[str | None, set[str]] = {}

    def of_code(self, code: str | None) -> list[str]:
        """Returns the names that a product code was seen with, in alphabetical order."""
        return sorted(self._of_code.get(code, ()))

    def of_line(self, line: _Key) -> str | None:
        """Returns the name of a line; None where its rows have none."""
        return self._of_line[line]

    def learn_codes(self, part: Part, mapped: Mapped, codes: Iterable[tuple[str | None, int]]) -> None:
        """Reads the names of product codes.

        Args:
            part: where they are met.
            mapped: how to read it.
            codes: a code and the number of a row with it, counted in the file from 0.
        """
        for code, row in sorted(codes, key=lambda found: found[1]):
            if code not in self._of_code:
                self._read(_window(part, row), mapped)

    def learn_lines(self, part: Part, mapped: Mapped, lines: Mapping[_Key, int]) -> None:
        """Reads the names of lines.

        Args:
            part: where they are met.
            mapped: how to read it.
            lines: each with the number of a row, counted in the file from 0.

        Raises:
            NamesDiffer: two names are on one line.
        """
        met: set[_Key] = set()
        for line, row in sorted(lines.items(), key=lambda found: found[1]):
            if self._of_line.get(line) is None and line not in met:
                met |= self._read(_window(part, row), mapped)
        nameless = {code for code, *others in lines if self._of_line[code, *others] is None and is_opaque(code)}
        if nameless:
            code = mapped.fields["service_code"]
            self._read(part.rows.filter(code.is_in([*nameless], nulls_equal=True)), mapped)

    def _read(self, rows: pl.LazyFrame, mapped: Mapped) -> set[_Key]:
        """Reads the names of rows, and returns the lines among them."""
        names = rows.select(**{name: mapped.fields[name] for name in LINE}, service_name=mapped.named).unique()
        met = set()
        for *line, name in names.collect(engine="streaming").select(*LINE, "service_name").iter_rows():
            key = tuple(line)
            before = self._of_line.get(key)
            if name is not None and before is not None and name != before:
                raise NamesDiffer
            self._of_line[key] = before if name is None else name
            self._of_code.setdefault(key[0], set()).update([] if name is None else [name])
            met.add(key)
        return met


def _window(part: Part, row: int) -> pl.LazyFrame:
    return part.source.rows().slice(row, _WINDOW_ROWS)
