"""The rows that may matter, one by one, as charges."""

from collections.abc import Iterator, Sequence

import polars as pl

from infercost.billing.classify import join_lines, nature
from infercost.billing.export.mapping import Mapped
from infercost.billing.export.survey import RELATED_CODES, RELATED_METER
from infercost.billing.reading.chunks import mended
from infercost.billing.reading.parts import Part
from infercost.billing.reading.sanity import refuse_absurd_quantities
from infercost.billing.reading.source import SOURCE_FILE
from infercost.billing.reading.tags import canonical_tags
from infercost.schema.charges import CHARGES, CLASSIFICATION

_BATCH_ROWS = 16_384
COLUMNS = (*CHARGES, *CLASSIFICATION, SOURCE_FILE)


def read_charges(part: Part, mapped: Mapped, wanted: pl.Expr) -> Iterator[pl.DataFrame]:
    """Returns CHARGES, SOURCE_FILE and `set_aside` of the rows of a part that may matter, some rows at a time.

    Raises:
        InputError: a cell cannot be read.
    """
    fields = {name: mapped.fields[name].cast(dtype) for name, dtype in CHARGES.items()}
    fields["set_aside"] = mapped.fields["set_aside"]
    rows = part.rows.filter(wanted)
    cells = {**fields, SOURCE_FILE: pl.col(SOURCE_FILE), "#unreadable": mapped.is_unreadable(fields)}
    for charges in in_batches(rows.select(**cells)):
        if charges["#unreadable"].any():
            mapped.refuse_unreadable(rows, fields)
        read = charges.drop("#unreadable")
        yield read.with_columns(mended(pl.col(pl.String))) if part.is_broken else read


def in_batches(rows: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    """Returns rows as they are read, some at a time: each step that they go through makes a copy."""
    yield from rows.collect_batches(chunk_size=_BATCH_ROWS, engine="streaming")


def classified(charges: pl.DataFrame, lines: pl.DataFrame, *, dear_names: bool) -> pl.DataFrame:
    """Returns the charges among the rows, with CLASSIFICATION and canonical tags.

    Args:
        charges: as `read_charges` returns them.
        lines: LINE_KEYS, CLASSIFICATION and `prefix_region` of each line that is a charge.
        dear_names: the names of services come with the lines.

    Raises:
        InputError: tags are no JSON object, or a quantity is absurd.
    """
    charges = charges.filter(pl.col("set_aside").is_null()).drop("set_aside")
    charges = charges.with_columns(nature().alias("nature"))
    if dear_names:
        charges = charges.drop("service_name")
    charges = join_lines(charges, lines).filter(pl.col("kind").is_not_null())
    refuse_absurd_quantities(charges)
    return charges.with_columns(canonical_tags(charges["tags"], charges[SOURCE_FILE])).select(COLUMNS)


def is_related() -> pl.Expr:
    """Returns the requests of other services whose rates are asked for."""
    meter = pl.col("service_code").is_in(RELATED_CODES) & pl.col("usage_type").str.contains(RELATED_METER)
    return meter.fill_null(value=False)


def empty() -> pl.DataFrame:
    """Returns no charges at all."""
    return pl.DataFrame(schema={**CHARGES, **CLASSIFICATION, SOURCE_FILE: pl.String})


def in_order(charges: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Returns charges in an order of their own, whatever the order of files."""
    return pl.concat([empty(), *charges]).sort(*CHARGES, nulls_last=True)
