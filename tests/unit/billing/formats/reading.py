"""A file as its format reads it: before months, classification and totals."""

from pathlib import Path

import polars as pl

from infercost.billing.delivery.file import File
from infercost.billing.formats import open_sources
from infercost.billing.formats.format import Format
from infercost.billing.reading.columns import Columns
from infercost.billing.reading.source import SOURCE_FILE


def fields_of(*files: Path) -> pl.DataFrame:
    """The columns of CHARGES and `set_aside` of every row, in their order, and whether a cell of it is unreadable."""
    its_format, sources = open_sources([File.at(file) for file in files])
    frames = []
    for source in sources:
        columns = Columns(source.head)
        fields = its_format.fields(columns)
        unreadable = pl.any_horizontal(pl.lit(value=False), *columns.unreadable_cells().values())
        frames.append(source.rows().select(**fields, source_file=pl.col(SOURCE_FILE), unreadable=unreadable))
    return pl.concat(frames).collect(engine="streaming")


def format_of(file: Path) -> Format:
    """What a file is."""
    return open_sources([File.at(file)])[0]
