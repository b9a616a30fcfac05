"""An export read once and kept: as our own charges, which later runs read at once, or as FOCUS for other tools."""

import contextlib
import dataclasses
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

import polars as pl

from infercost.billing import focus
from infercost.billing.export import saved
from infercost.billing.export.export import Export
from infercost.billing.export.open import open_export
from infercost.billing.reading.source import SOURCE_FILE
from infercost.billing.reconcile import compare_charges
from infercost.schema.errors import UsageError
from infercost.schema.progress import Progress, silent
from infercost.schema.temporary import temporary_folder

Target = Literal["charges", "focus"]


@dataclasses.dataclass(frozen=True)
class Conversion:
    """What was read, and what was written of it.

    Attributes:
        format: what the export is.
        files: that count.
        rows: of all files.
        charges: of them that are about machine learning: the rows that were written, or what FOCUS makes of them.
        set_aside: the others, by reason.
        totals: of all that counts, charges or not: see `Export.totals`.
        written: the files.
        notes: what differs from the bill, in words.
        warnings: what the export leaves unknown, in words.
    """

    format: str
    files: int
    rows: int
    charges: int
    set_aside: Mapping[str, int]
    totals: pl.DataFrame
    written: tuple[Path, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]


def convert(paths: Sequence[str], output: Path, target: Target = "charges", progress: Progress = silent) -> Conversion:
    """Reads an export, all its months, and writes its charges.

    Args:
        paths: files, globs or folders of one export, here or in S3.
        output: a file, replaced when the new one is whole. FOCUS is written as Parquet or CSV, by its suffix.
        target: as what.
        progress: is told what is being done.

    Raises:
        InputError: a file is damaged, of no known format, or holds a cell that cannot be read.
        IncompleteError: a column is missing, or the charges do not add up to the export.
        UsageError: the output cannot be written.
    """
    with open_export(paths, progress=progress) as export:
        written, notes = (_write_charges if target == "charges" else _write_focus)(export, output)
        return _conversion(export, written, notes)


def _write_charges(export: Export, output: Path) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    with _beside(output) as part:
        saved.write(export, part)
        _check(export, part)
    return (output,), ()


def _write_focus(export: Export, output: Path) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    with temporary_folder() as folder:
        charges = folder / "charges.parquet"
        saved.write(export, charges)
        _check(export, charges)
        done = focus.write(pl.scan_parquet(charges, glob=False).drop(SOURCE_FILE), output)
    return done.files, done.notes


def _check(export: Export, charges: Path) -> None:
    """What was written is read back, and has to be what was counted."""
    keys = (SOURCE_FILE, "billing_period_start", "line_item_type", "charge_category")
    written = pl.scan_parquet(charges, glob=False).group_by(keys)
    sums = written.agg(pl.len().alias("rows"), pl.col("billed_cost").sum()).collect(engine="streaming")
    compare_charges(sums, export.sums.filter("is_charge"))


@contextlib.contextmanager
def _beside(output: Path) -> Iterator[Path]:
    """A file beside the target that takes its place in the end, so that a killed run leaves the old one whole."""
    target = output.resolve()
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(target)
    except (OSError, pl.exceptions.ComputeError) as error:
        raise UsageError(f"--output {output}: cannot be written ({error})") from error
    finally:
        part.unlink(missing_ok=True)


def _conversion(export: Export, written: tuple[Path, ...], notes: tuple[str, ...]) -> Conversion:
    set_aside = export.rows_aside()
    return Conversion(
        format=export.format,
        files=len(export.files),
        rows=export.rows,
        charges=export.rows - sum(set_aside.values()),
        set_aside=set_aside,
        totals=export.totals(),
        written=written,
        notes=notes,
        warnings=export.warnings,
    )
