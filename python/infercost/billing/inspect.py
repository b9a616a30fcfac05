"""What an export is, what it holds and what it cannot say: a look before the work, over all its months."""

from collections.abc import Iterator, Sequence

import polars as pl

from infercost.billing.delivery.deliver import Delivered, deliver
from infercost.billing.delivery.file import File
from infercost.billing.export.export import VIEWS, Export
from infercost.billing.export.months import Month, read_months
from infercost.billing.export.open import read_export
from infercost.billing.formats import open_sources
from infercost.billing.formats.format import Format
from infercost.billing.formats.missing import missing
from infercost.billing.reading.content import size_of
from infercost.billing.reading.head import reading
from infercost.billing.reading.locate import LackingColumnsError
from infercost.billing.reading.source import Source
from infercost.schema.inspection import Aside, InspectedMonth, Inspection, MissingColumn, Unread
from infercost.schema.progress import Progress, silent

_OWNERS = ("billing_account_id", "billing_currency")


def inspect_bill(paths: Sequence[str], *, progress: Progress = silent) -> Inspection:
    """Looks at an export, all its months.

    Where a column is missing that nothing can be said without, its rows are not read: `rows` is 0, and the column is
    marked as needed.

    Args:
        paths: files, globs or folders (to any depth) of one export, here or in S3.
        progress: is told what is being done.

    Raises:
        InputError: a file is damaged, of no known format, or holds a cell that cannot be read.
        IncompleteError: the charges do not add up to the export.
    """
    with deliver(paths, progress=progress) as delivered:
        its_format, sources = open_sources(delivered.files)
        lost = _missing(its_format, sources)
        if any(one.needed for one in lost):
            return _inspection(delivered, its_format, sources, lost, None)
        try:
            with read_export(delivered, its_format, sources, progress) as export:
                return _inspection(delivered, its_format, sources, lost, export)
        except LackingColumnsError as error:
            return _inspection(delivered, its_format, sources, _needed(lost, error), None)


def _inspection(
    delivered: Delivered,
    its_format: Format,
    sources: Sequence[Source],
    lost: tuple[MissingColumn, ...],
    export: Export | None,
) -> Inspection:
    files = [file for source in sources for file in source.files]
    rows = 0 if export is None else export.rows
    aside = {} if export is None else export.rows_aside()
    return Inspection(
        format=its_format.name,
        files=tuple(file.name for file in files),
        containers=tuple(sorted({source.head.container for source in sources})),
        size_bytes=sum(map(_size, files)),
        headers=len(sources),
        columns=len(frozenset().union(*(source.head.names for source in sources))),
        rows=rows,
        charges=rows - sum(aside.values()),
        set_aside=tuple(Aside(reason=reason, rows=count) for reason, count in aside.items()),
        months=() if export is None else _months(export),
        missing=lost,
        unread=tuple(Unread(name=one.name, month=one.month, reason=one.reason) for one in delivered.set_aside),
        warnings=delivered.warnings if export is None else tuple(_other(export.warnings, lost)),
    )


def _size(file: File) -> int:
    with reading(file):
        return size_of(file)


def _missing(its_format: Format, sources: Sequence[Source]) -> tuple[MissingColumn, ...]:
    """The columns that some file lacks, the needed ones first."""
    found = []
    for columns, needed in ((its_format.needs, True), (its_format.serves, False)):
        without = [(name, len(source.files)) for source in sources for name in missing(source.head, columns)]
        for name, loses in columns.items():
            files = sum(count for one, count in without if one == name)
            if files:
                found.append(MissingColumn(column=name, files=files, loses=loses, needed=needed))
    return tuple(found)


def _needed(lost: Sequence[MissingColumn], error: LackingColumnsError) -> tuple[MissingColumn, ...]:
    """The missing columns, first those that rows turned out to need."""
    now = {"needed": True, "loses": error.PURPOSE}
    found = [one.model_copy(update=now) if one.column in error.columns else one for one in lost]
    return tuple(sorted(found, key=lambda one: not one.needed))


def _other(warnings: Sequence[str], lost: Sequence[MissingColumn]) -> Iterator[str]:
    """The warnings that are not about a missing column: those are listed by themselves."""
    said = [f"the column {one.column} is missing" for one in lost]
    yield from (warning for warning in warnings if not any(text in warning for text in said))


def _months(export: Export) -> tuple[InspectedMonth, ...]:
    found = []
    for month in read_months(export.sums):
        of_month = export.sums.filter(pl.col("billing_period_start") == month.start, pl.col("set_aside").is_null())
        for (payer, currency), sums in of_month.sort(_OWNERS).group_by(_OWNERS, maintain_order=True):
            found.append(_month(month, payer, currency, sums))
    return tuple(found)


def _month(month: Month, payer: object, currency: object, sums: pl.DataFrame) -> InspectedMonth:
    inference = sums.filter(kind="inference")
    costs = {view: sums[view].sum() if sums[view].count() else None for view in VIEWS}
    return InspectedMonth(
        month=month.name,
        payer=None if payer is None else str(payer),
        currency=None if currency is None else str(currency),
        rows=sums["rows"].sum(),
        inference_rows=inference["rows"].sum(),
        inference_effective_cost=inference["effective_cost"].sum(),
        use_start=month.covered_start,
        covered_hours=month.covered_hours,
        complete=month.complete,
        closed=month.closed,
        **costs,
    )
