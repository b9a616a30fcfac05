"""Files of one format with one header, as one lazy table."""

import dataclasses
from collections.abc import Container

import polars as pl

from infercost.billing.delivery.file import File
from infercost.billing.reading.content import scan_options
from infercost.billing.reading.cost_explorer import read_answer
from infercost.billing.reading.head import Head, with_texts

ROW = "#row of the file"  # the number of a row of a single Parquet file, from 0
SOURCE_FILE = "source_file"  # the file that a row comes from


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
        if self.head.container == "json":
            return self._answers()
        places = [file.place for file in self.files]
        options = scan_options(self.files[0]) | {"glob": False}
        if len(places) == 1 and self.head.container == "parquet":  # a constant, where many files need a text a row
            rows = with_texts(pl.scan_parquet(places, hive_partitioning=False, row_index_name=ROW, **options))
            return rows.with_columns(pl.lit(self.files[0].name).alias(SOURCE_FILE))
        options["include_file_paths"] = SOURCE_FILE
        if self.head.container == "parquet":
            rows = with_texts(pl.scan_parquet(places, hive_partitioning=False, **options))
        else:
            rows = pl.scan_csv(places, infer_schema=False, **options)
        renamed = {file.place: file.name for file in self.files if file.place != file.name}
        return rows.with_columns(pl.col(SOURCE_FILE).replace(renamed)) if renamed else rows

    def _answers(self) -> pl.LazyFrame:
        """Answers of Cost Explorer are small, and read whole."""
        names = [name for name, _ in self.head.columns]
        return pl.concat(
            read_answer(file, names).with_columns(pl.lit(file.name).alias(SOURCE_FILE)) for file in self.files
        ).lazy()
