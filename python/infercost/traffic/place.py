"""Where cells stand, and the message that refuses one of them."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from infercost.schema.errors import InputError


@dataclass(frozen=True)
class Place:
    """A batch of a file's rows, with so many rows above it."""

    path: Path
    rows_above: int = 0

    def refuse(self, raw: pl.Series, bad: pl.Series, what: str) -> None:
        """Raises for the first bad cell; rows count from 1 after the header, over the whole file."""
        if bad.any():
            row = bad.arg_true()[0]
            value = raw[row]
            shown = "nothing" if value is None or value == "" else repr(value)
            where = f"row {self.rows_above + row + 1}, column `{raw.name}`"
            raise InputError(f"{self.path}: {where}: {what} (found {shown[:60]})")

    def refuse_column(self, name: str, what: str) -> InputError:
        """The error for a whole column."""
        return InputError(f"{self.path}: column `{name}`: {what}")
