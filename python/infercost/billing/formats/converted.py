"""Charges that infercost itself has kept of an export: see `saved`, which reads and writes them."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

import polars as pl

from infercost.billing.reading.columns import Columns
from infercost.billing.reading.head import Head
from infercost.billing.reading.source import SOURCE_FILE
from infercost.schema.charges import CHARGES, CLASSIFICATION

_COLUMNS = frozenset((*CHARGES, *CLASSIFICATION, SOURCE_FILE))


class Converted:
    """Charges that `infercost bill convert` wrote; they carry the name of the format that they were read from."""

    name = "charges of infercost"
    currency = "billing_currency"
    needs: Mapping[str, str] = {}
    serves: Mapping[str, str] = {}

    def matches(self, head: Head) -> bool:
        """Tells them by their columns: all of ours, and no other."""
        return head.container == "parquet" and head.names == _COLUMNS

    def fields(self, _columns: Columns) -> dict[str, pl.Expr]:
        """Maps each column to itself."""
        return {name: pl.col(name) for name in CHARGES} | {"set_aside": pl.lit(None, dtype=pl.String)}

    def warnings(self, _head: Head, _types: AbstractSet[str]) -> tuple[str, ...]:
        """Says nothing: what the export left unknown is in the metadata."""
        return ()
