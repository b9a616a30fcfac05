"""A whole export, all its months: read once, what it adds up to, and the rows that may matter put aside."""

import contextlib
import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from infercost.billing.audit import Audit, Tally, tally_answers
from infercost.billing.classify import LINE_KEYS, classify_lines
from infercost.billing.delivery.copies import find_copies
from infercost.billing.delivery.deliver import Delivered, deliver
from infercost.billing.delivery.file import File
from infercost.billing.delivery.spool import needs_room
from infercost.billing.delivery.twice import refuse_twice
from infercost.billing.export.charges import Aside, classified, is_of, read_charges
from infercost.billing.export.export import SUM_KEYS, Export
from infercost.billing.export.look import look_at
from infercost.billing.export.mapping import Mapped
from infercost.billing.export.names import LINE, Names, NamesDiffer
from infercost.billing.export.overlap import refuse_overlap
from infercost.billing.export.related import is_related
from infercost.billing.export.saved import load
from infercost.billing.export.sums import ADDED, KEYS
from infercost.billing.export.survey import asked_of_all, survey
from infercost.billing.export.whereabouts import Whereabouts
from infercost.billing.formats import open_sources
from infercost.billing.formats.converted import Converted
from infercost.billing.formats.format import Format
from infercost.billing.reading.locate import find_damage
from infercost.billing.reading.parts import Part, read_parts
from infercost.billing.reading.sanity import refuse_absurd_months, refuse_backward_periods
from infercost.billing.reading.source import SOURCE_FILE, Source
from infercost.billing.reconcile import compare_charges, reconcile
from infercost.schema.errors import InputError
from infercost.schema.progress import Progress, silent
from infercost.schema.temporary import temporary_folder

_OTHER_SERVICE = "other-service"


@contextlib.contextmanager
def open_export(paths: Sequence[str], *, month: str | None = None, progress: Progress = silent) -> Iterator[Export]:
    """Reads an export: its charges can be read as long as the context is open.

    Args:
        paths: files, globs or folders (to any depth) of one export, here or in S3; formats are told by the header.
        month: "2026-10": deliveries of other months are left alone, as far as manifests tell months.
        progress: is told what is being done.

    Raises:
        InputError: a file is damaged, of no known format, or holds a cell that cannot be read.
        IncompleteError: a column is missing, or the charges do not add up to the export.
    """
    with (
        deliver(paths, month=month, progress=progress) as delivered,
        read_export(delivered, *open_sources(delivered.files), progress) as export,
    ):
        yield export


@contextlib.contextmanager
def read_export(
    delivered: Delivered, its_format: Format, sources: Sequence[Source], progress: Progress = silent
) -> Iterator[Export]:
    """Reads an export whose files are known: see `open_export`."""
    with _surveyed(delivered, its_format, sources, progress) as export:
        yield dataclasses.replace(
            export,
            warnings=(*delivered.warnings, *export.warnings),
            deliveries_set_aside=(*delivered.set_aside, *export.deliveries_set_aside),
        )


@contextlib.contextmanager
def _surveyed(
    delivered: Delivered, its_format: Format, sources: Sequence[Source], progress: Progress
) -> Iterator[Export]:
    if isinstance(its_format, Converted):
        yield load(delivered.files)
        return
    # refuses a source without its columns before anything long starts
    dear_names = all(Mapped(its_format, source, dear_names=True).dear_names for source in sources)
    with temporary_folder() as spool:
        try:
            reading = _Reading(its_format, spool, progress, dear_names=dear_names)
            export = reading.read(sources)
        except NamesDiffer:
            for aside in spool.iterdir():
                aside.unlink()
            reading = _Reading(its_format, spool, progress, dear_names=False)
            export = reading.read(sources)
        refuse_twice(delivered, _payers(export.sums))
        refuse_overlap(reading.asides, delivered)
        yield export


def _payers(sums: pl.DataFrame) -> pl.DataFrame:
    month = pl.col("billing_period_start").dt.strftime("%Y-%m").alias("month")
    return sums.select(SOURCE_FILE, month, "billing_account_id").unique()


class _Reading:
    """One way through the files: what they add up to, and the rows that may matter put aside.

    Attributes:
        asides: where these are, of the files that count once they are read.
    """

    def __init__(self, its_format: Format, spool: Path, progress: Progress, *, dear_names: bool) -> None:
        self._format = its_format
        self._spool = spool
        self._progress = progress
        self._dear_names = dear_names
        self._names = Names()
        self.asides: list[Aside] = []

    def read(self, sources: Sequence[Source]) -> Export:
        files = [(source, file) for source in sources for file in source.files]
        tallies: list[Tally] = []
        frames: list[pl.DataFrame] = []
        for number, (source, file) in enumerate(files):
            for done, sums in self._survey(source, file, tallies):
                frames.append(sums)
                self._progress("adding up the export", (number + done) / len(files))
        if not frames:
            raise InputError(f"{files[0][1]}: there is a header and not a single row")
        sums = pl.concat(frames)
        if self._dear_names:
            sums = self._named(sums)
        return self._export(sources, sums.group_by(KEYS).agg(*ADDED), tallies)

    def _survey(self, source: Source, file: File, tallies: list[Tally]) -> Iterator[tuple[float, pl.DataFrame]]:
        """The sums of each part of a file, and how much of the file is read with it; the audit's go to `tallies`."""
        is_answer = source.head.container == "json"
        audit = None if is_answer else Audit(file, source.head.columns)
        columns = asked_of_all(Mapped(self._format, source), audit) if audit else ()
        audited = []
        for part in read_parts(source, file, sorted(columns)):
            place = self._spool / f"{len(self.asides)}.parquet"
            with find_damage(part.source), needs_room(self._spool, file.name):
                first = look_at(part, self._format, audit, dear_names=self._dear_names)
                sums = survey(first, self._format, place)
                if self._dear_names:
                    self._learn(sums, part, first.mapped)
            months = frozenset(sums.filter("matters")["billing_period_start"].dt.strftime("%Y-%m"))
            if months:
                self.asides.append(Aside(file.name, place, months))
            audited.append(first.audited)
            yield part.done, sums
            del part, first  # or a chunk of CSV would be in memory while the next one is read
        tallies += audit.tallies(file, audited) if audit else tally_answers(file)

    def _learn(self, sums: pl.DataFrame, part: Part, mapped: Mapped) -> None:
        """Reads what services are called that a part adds up."""
        first = pl.col("first_row").min()
        lines = sums.filter("matters").group_by(LINE).agg(first)
        self._names.learn_lines(part, mapped, {row[:-1]: row[-1] for row in lines.iter_rows()})
        others = sums.filter(~pl.col("matters")).group_by("service_code").agg(first)
        self._names.learn_codes(part, mapped, others.iter_rows())

    def _named(self, sums: pl.DataFrame) -> pl.DataFrame:
        """Names services by all that was read of them: another part may tell what one does not."""
        lines = sums.filter("matters").select("matters", *LINE).unique()
        of_line = [self._names.of_line(line) for line in lines.select(LINE).iter_rows()]
        others = sums.filter(~pl.col("matters")).select("matters", "service_code").unique()
        of_code = [next(iter(self._names.of_code(code)), None) for code in others["service_code"]]
        named = pl.concat(
            [
                lines.with_columns(pl.Series("service_name", of_line, dtype=pl.String)),
                others.with_columns(pl.Series("service_name", of_code, dtype=pl.String)),
            ],
            how="diagonal",
        )
        return (
            sums.drop("service_name")
            .join(named, on=["matters", *LINE], how="left", nulls_equal=True, validate="m:1")
            .select(sums.columns)
        )

    def _export(self, sources: Sequence[Source], sums: pl.DataFrame, tallies: Sequence[Tally]) -> Export:
        where = Whereabouts(self._format, sources)
        refuse_backward_periods(sums, where.first)
        refuse_absurd_months(sums)
        copies = find_copies(tallies, [file for source in sources for file in source.files])
        counted = ~pl.col(SOURCE_FILE).is_in(list(copies))
        copied = int(sums.filter(~counted)["rows"].sum())
        sums = sums.filter(counted)
        reconcile((tally for tally in tallies if tally.file not in copies), sums, self._format.name)
        lines = classify_lines(sums.filter("matters").select(LINE_KEYS).unique())
        is_elsewhere = pl.col("kind") == _OTHER_SERVICE
        lines = lines.filter(~is_elsewhere | is_related(pl.col("service_code"), pl.col("usage_type")))
        left = [one for source in sources if (one := source.without(copies)) is not None]
        warnings = [
            warning for source in left for warning in self._format.warnings(source.head, _types_that_cost(sums, source))
        ]
        warnings += [f"{copy} is left out: it holds the very same rows as {file}" for copy, file in copies.items()]
        self.asides = [aside for aside in self.asides if aside.file not in copies]
        return Export(
            format=self._format.name,
            files=tuple(file.name for source in left for file in source.files),
            sums=_of_kinds(sums, lines),
            tallies=tuple(tally for tally in tallies if tally.file not in copies),
            set_aside={"copy of another file": copied} if copied else {},
            warnings=tuple(dict.fromkeys(warnings)),
            charges=lambda month: self._charges(month, lines, sums.filter("matters"), where),
        )

    def _charges(
        self, month: str | None, lines: pl.DataFrame, sums: pl.DataFrame, where: Whereabouts
    ) -> Iterator[pl.DataFrame]:
        """Charges of a month or of all; at the end they are compared with what was counted of them."""
        read: list[pl.DataFrame] = []
        wanted = None if month is None else is_of(month)
        here = [aside for aside in self.asides if month is None or month in aside.months]
        for number, aside in enumerate(here, start=1):
            for rows in read_charges(aside.place, wanted):
                keys = (SOURCE_FILE, "billing_period_start", "line_item_type", "charge_category")
                read.append(rows.group_by(keys).agg(pl.len().alias("rows"), pl.col("billed_cost").sum()))
                yield classified(rows, lines, where, dear_names=self._dear_names)
            self._progress("reading the charges", number / len(here))
        if read:
            compare_charges(pl.concat(read), sums if wanted is None else sums.filter(wanted))


def _types_that_cost(sums: pl.DataFrame, source: Source) -> frozenset[str]:
    """The line item types of the rows of a source that cost something."""
    files = [file.name for file in source.files]
    rows = sums.filter(pl.col(SOURCE_FILE).is_in(files), pl.col("effective_cost") != 0)
    return frozenset(rows["line_item_type"].drop_nulls().unique())


def _of_kinds(sums: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Sums by kind instead of by line, given the lines that are charges."""
    known = sums.join(lines.select(*LINE_KEYS, "kind"), on=LINE_KEYS, how="left", nulls_equal=True, validate="m:1")
    is_charge = pl.col("matters") & pl.col("set_aside").is_null() & pl.col("kind").is_not_null()
    kind = pl.col("kind").fill_null(_OTHER_SERVICE)
    return known.with_columns(kind=kind, is_charge=is_charge).group_by(SUM_KEYS).agg(*ADDED).drop("first_row")
