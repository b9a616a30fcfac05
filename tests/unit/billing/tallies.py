"""The audit by itself, as `export` runs it part by part beside all else."""

from collections.abc import Sequence

from infercost.billing.audit import Audit, Tally
from infercost.billing.delivery.file import File
from infercost.billing.reading.head import read_head
from infercost.billing.reading.parts import read_parts
from infercost.billing.reading.source import Source


def tally_files(files: Sequence[File]) -> list[Tally]:
    """Sums each file."""
    return [tally for file in files for tally in _tally(file)]


def _tally(file: File) -> list[Tally]:
    head = read_head(file)
    audit = Audit(file, head.columns)
    parts = read_parts(Source(head, (file,)), file, audit.columns)
    return audit.tallies(file, [audit.sums(part.rows, {}).collect() for part in parts])
