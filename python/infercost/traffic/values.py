"""Cells of a traffic file as what they must be, or a message that names file, row and value."""

from typing import Literal

import polars as pl

from infercost.traffic.place import Place

# How the times of a file are written.
Form = Literal["timestamps", "since 1970", "offsets"]

INSTANT = pl.Datetime("ns", "UTC")
# Integers from here on are nanoseconds since 1970 (this one is in 1973), below it nanoseconds from the start of the
# run: no traffic is three years long.
_EPOCH_FROM = 10**17
_LONGEST_MS = 1e9  # as in a scenario: far above anything real
_TEXTS = ("1970", "2200")  # nanoseconds since 1970 run out in 2262, where parsing would wrap around


def instants(place: Place, raw: pl.Series, origin_ns: int, form: Form | None = None) -> tuple[pl.Series, Form]:
    """Instants in UTC, and how they are written.

    Timestamps without a zone are UTC. Integers are nanoseconds: since 1970 from 10^17 on, else from `origin_ns`.

    Args:
        place: where the cells stand.
        raw: the cells.
        origin_ns: where offsets count from, in nanoseconds since 1970.
        form: how the rows above are written; None where there are none. All rows of a file are written alike.

    Raises:
        InputError: a cell is neither.
    """
    if raw.dtype == pl.String:
        whole = raw.cast(pl.Int64, strict=False)
        if form == "timestamps" or (form is None and whole[0] is None):
            times = _parsed(raw)
            place.refuse(raw, times.is_null(), "is no timestamp such as 2026-10-01T00:00:00Z")
            return times, "timestamps"
    elif raw.dtype.is_temporal() and raw.dtype in (pl.Datetime, pl.Date):
        times = raw.cast(pl.Datetime("us")) if raw.dtype == pl.Date else raw
        zone = times.dtype.time_zone if isinstance(times.dtype, pl.Datetime) else None
        times = times.dt.replace_time_zone("UTC") if zone is None else times.dt.convert_time_zone("UTC")
        times = times.cast(INSTANT, strict=False)
        place.refuse(raw, times.is_null(), "is no timestamp")
        return times, "timestamps"
    elif raw.dtype.is_integer():
        whole = raw.cast(pl.Int64, strict=False)
    else:
        raise place.refuse_column(raw.name, f"is {raw.dtype}; give timestamps or integer nanoseconds")
    place.refuse(raw, whole.is_null(), "is neither a timestamp nor integer nanoseconds, as the rows before it")
    place.refuse(raw, whole < 0, "is negative; nanoseconds count from the start of the run, or from 1970")
    if form is None:
        form = "offsets" if whole[0] < _EPOCH_FROM else "since 1970"
    offsets = form == "offsets"
    place.refuse(raw, (whole < _EPOCH_FROM) != offsets, "counts from another instant than the first row")
    return (whole + (origin_ns if offsets else 0)).cast(pl.Datetime("ns")).dt.replace_time_zone("UTC"), form


def counts(place: Place, raw: pl.Series) -> pl.Series:
    """Whole numbers of at least zero.

    Raises:
        InputError: a cell is missing, no whole number, or negative.
    """
    place.refuse(raw, _missing(raw), "is missing")
    if not (raw.dtype == pl.String or raw.dtype.is_integer() or raw.dtype.is_float()):
        raise place.refuse_column(raw.name, f"is {raw.dtype}; give whole numbers")
    # a column of whole numbers that passed through a float (12.0) is still one
    loose = raw.cast(pl.Float64, strict=False)
    exact = loose.is_finite() & (loose == loose.floor()) & (loose.abs() < 2**53)
    whole = pl.select(
        pl.coalesce(
            raw.cast(pl.Int64, strict=False) if not raw.dtype.is_float() else None,
            pl.when(exact).then(loose).cast(pl.Int64, strict=False),
        )
    ).to_series()
    place.refuse(raw, whole.is_null(), "is no whole number")
    place.refuse(raw, whole < 0, "is negative")
    return whole.alias(raw.name)


def durations(place: Place, raw: pl.Series) -> pl.Series:
    """Milliseconds of at least zero.

    Raises:
        InputError: a cell is missing, no number, not finite, negative, or far above anything real.
    """
    place.refuse(raw, _missing(raw), "is missing")
    if not (raw.dtype == pl.String or raw.dtype.is_numeric()):
        raise place.refuse_column(raw.name, f"is {raw.dtype}; give milliseconds")
    number = raw.cast(pl.Float64, strict=False)
    place.refuse(raw, ~number.is_finite().fill_null(value=False), "is no finite number of milliseconds")
    place.refuse(raw, number < 0, "is negative")
    place.refuse(raw, number > _LONGEST_MS, f"is more than {_LONGEST_MS:,.0f} ms; check the unit")
    return number


def texts(place: Place, raw: pl.Series) -> pl.Series:
    """Words such as a model or a status.

    Raises:
        InputError: a cell is missing.
    """
    place.refuse(raw, _missing(raw), "is missing")
    return raw.cast(pl.String)


def _missing(raw: pl.Series) -> pl.Series:
    return (raw.is_null() | (raw == "")) if raw.dtype == pl.String else raw.is_null()


def _parsed(raw: pl.Series) -> pl.Series:
    """ISO 8601 with up to nine decimals, a space or T, and any offset; null where it is something else."""
    text = raw.str.replace("T", " ", literal=True).str.replace(r"[zZ]$", "+00:00")
    text = text.set(~text.is_between(*_TEXTS), None)
    times = pl.Series(raw.name, [None], dtype=INSTANT).new_from_index(0, raw.len())
    for form in ("%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f%z", "%Y-%m-%d"):
        if times.has_nulls():
            found = text.str.to_datetime(form, time_unit="ns", strict=False)
            zone = found.dtype.time_zone if isinstance(found.dtype, pl.Datetime) else None
            times = times.fill_null(found.dt.replace_time_zone("UTC") if zone is None else found)
    return times
