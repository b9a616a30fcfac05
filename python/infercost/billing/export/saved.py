"""Our own Parquet of an export: its charges as they are, and in the metadata what all of it comes to."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

import polars as pl
from polars.io.plugins import register_io_source
from pydantic import BaseModel, ConfigDict, ValidationError

from infercost.billing.audit import Tally
from infercost.billing.delivery.file import File
from infercost.billing.delivery.newest import SetAside
from infercost.billing.export.charges import empty
from infercost.billing.export.export import SUM_KEYS, Export
from infercost.billing.reading.content import scan_options
from infercost.billing.reading.head import reading
from infercost.schema.charges import MONEY, TIME
from infercost.schema.errors import IncompleteError, InputError

_METADATA = "infercost"
_VERSION: Literal[1] = 1
_MONEY = ("billed_cost", "effective_cost", "unblended_cost", "amortized_cost")
_TIMES = ("billing_period_start", "first_start", "last_start")
_FLAGS = ("is_outside", "is_charge", "is_invoiced", "starts_within_days", "starts_within_months", "ends_early")
_SUMS = (
    dict.fromkeys((*SUM_KEYS, *_MONEY, *_TIMES), pl.String)
    | dict.fromkeys(_FLAGS, pl.Boolean)
    | {"rows": pl.Int64, "grain": pl.Int64}
)
_TIME = "%Y-%m-%dT%H:%M:%S%.6f"


def write(export: Export, path: Path) -> None:
    """Writes all charges of an export, part by part, with what the export comes to.

    Raises:
        InputError: a cell cannot be read.
        IncompleteError: the charges do not add up to the export.
        OSError: the file cannot be written.
    """

    def parts(*_asked: object) -> Iterator[pl.DataFrame]:
        yield empty()
        yield from export.charges(None)

    charges = register_io_source(parts, schema=empty().schema)
    charges.sink_parquet(path, compression="zstd", row_group_size=65_536, metadata={_METADATA: _encoded(export)})


def load(files: Sequence[File]) -> Export:
    """Reads what was written. Several files are several months, or payers, of one account.

    Raises:
        InputError: the metadata is missing, or two files hold the same month of one payer.
        IncompleteError: the charges in a file are not those that were written.
    """
    exports = [_load(file) for file in files]
    first = exports[0]
    if len(exports) == 1:
        return first
    owners = ("billing_period_start", "billing_account_id")
    seen: dict[tuple[object, ...], File] = {}
    for file, export in zip(files, exports, strict=True):
        if export.format != first.format:
            raise InputError(f"{files[0]} is of {first.format}, {file} of {export.format}: name one of them")
        for month, payer in export.sums.select(owners).unique().sort(owners, nulls_last=True).iter_rows():
            other = seen.setdefault((month, payer), file)
            if other != file:
                raise InputError(
                    f"{other} and {file} both hold {month:%Y-%m} of {payer or 'the payer'}: every charge would count"
                    " twice. Name one of them"
                )

    def charges(month: str | None) -> Iterator[pl.DataFrame]:
        for export in exports:
            yield from export.charges(month)

    return Export(
        format=first.format,
        files=tuple(name for export in exports for name in export.files),
        sums=pl.concat([export.sums for export in exports]),
        tallies=tuple(tally for export in exports for tally in export.tallies),
        set_aside={
            reason: sum(export.set_aside.get(reason, 0) for export in exports)
            for reason in sorted({reason for export in exports for reason in export.set_aside})
        },
        warnings=tuple(dict.fromkeys(warning for export in exports for warning in export.warnings)),
        charges=charges,
        deliveries_set_aside=tuple(aside for export in exports for aside in export.deliveries_set_aside),
    )


def _load(file: File) -> Export:
    with reading(file):
        options = {name: value for name, value in scan_options(file).items() if name != "glob"}
        metadata = pl.read_parquet_metadata(file.place, **options).get(_METADATA)
        charges = pl.scan_parquet(file.place, glob=False, hive_partitioning=False, **options)
        if metadata is None:
            raise InputError(f"{file}: what the export came to is missing: convert the export again, and keep the file")
        export = _decoded(file, metadata, charges)
        counted = charges.select(pl.len(), pl.col("billed_cost").sum()).collect().row(0)
    told = export.sums.filter("is_charge").select(pl.col("rows").sum(), pl.col("billed_cost").sum()).row(0)
    if counted != told:
        raise IncompleteError(
            f"{file}: {counted[0]} charges of {counted[1]:f} are in it, {told[0]} of {told[1]:f} were written: convert"
            " the export again"
        )
    return export


class _Told(BaseModel):
    """The metadata: what the export came to. Decimals and times are text, for JSON has neither."""

    model_config = ConfigDict(extra="forbid")
    version: Literal[1]
    format: str
    files: tuple[str, ...]
    sums: dict[str, list[str | int | bool | None]]
    tallies: tuple[Tally, ...]
    set_aside: dict[str, int]
    warnings: tuple[str, ...]
    deliveries_set_aside: tuple[SetAside, ...]


def _encoded(export: Export) -> str:
    sums = export.sums.with_columns(pl.col(_MONEY).cast(pl.String), pl.col(_TIMES).dt.strftime(_TIME))
    return _Told(
        version=_VERSION,
        format=export.format,
        files=export.files,
        sums=sums.to_dict(as_series=False),
        tallies=export.tallies,
        set_aside=dict(export.set_aside),
        warnings=export.warnings,
        deliveries_set_aside=export.deliveries_set_aside,
    ).model_dump_json()


def _decoded(file: File, metadata: str, charges: pl.LazyFrame) -> Export:
    try:
        told = _Told.model_validate_json(metadata)
        sums = pl.DataFrame(told.sums, schema=_SUMS).with_columns(
            pl.col(_MONEY).cast(MONEY), pl.col(_TIMES).str.to_datetime(_TIME, time_zone="UTC").cast(TIME)
        )
    except (ValidationError, TypeError, pl.exceptions.PolarsError) as error:
        raise InputError(
            f"{file}: what the export came to is from another version of infercost, or damaged: convert it again"
        ) from error

    def read(month: str | None) -> Iterator[pl.DataFrame]:
        if month is None:
            yield charges.collect()
        else:
            start = datetime.fromisoformat(f"{month}-01T00:00:00+00:00")
            yield charges.filter(pl.col("billing_period_start") == start).collect()

    return Export(
        format=told.format,
        files=told.files,
        sums=sums,
        tallies=told.tallies,
        set_aside=told.set_aside,
        warnings=told.warnings,
        charges=read,
        deliveries_set_aside=told.deliveries_set_aside,
    )
