"""A file as its format reads it: before months, classification and totals."""

from pathlib import Path

import polars as pl

from infercost.billing.delivery.file import File
from infercost.billing.formats import open_sources
from infercost.billing.formats.format import Format
from infercost.billing.reading.columns import Columns


def fields_of(*files: Path) -> pl.DataFrame:
    """The columns of CHARGES and `set_aside` of every row of files, in their order."""
    its_format, sources = open_sources([File.at(file) for file in files])
    frames = []
    for source in sources:
        columns = Columns(source)
        fields = its_format.fields(columns)
        frames.append(source.rows().select(**fields, **columns.lineage()))
    return pl.concat(frames).collect(engine="streaming")


def format_of(file: Path) -> Format:
    """What a file is."""
    return open_sources([File.at(file)])[0]
