"""Cells of a traffic file as what they must be, or a message that names file, row and value."""

from pathlib import Path

import polars as pl

from infercost.schema.errors import InputError

INSTANT = pl.Datetime("ns", "UTC")
# Integers from here on are nanoseconds since 1970 (this one is in 1973), below it nanoseconds from the start of the
# run: no traffic is three years long.
_EPOCH_FROM = 10**17
_TEXTS = ("1970", "2200")  # nanoseconds since 1970 run out in 2262, where parsing would wrap around


def refuse(path: Path, raw: pl.Series, bad: pl.Series, what: str) -> None:
    """Raises for the first bad cell; rows count from 1 after the header."""
    if bad.any():
        row = bad.arg_true()[0]
        value = raw[row]
        shown = "nothing" if value is None or value == "" else repr(value)
        raise InputError(f"{path}: row {row + 1}, column `{raw.name}`: {what} (found {shown[:60]})")


def instants(path: Path, raw: pl.Series, origin_ns: int) -> tuple[pl.Series, bool]:
    """Instants in UTC, and whether they were given as offsets.

    Timestamps without a zone are UTC. Integers are nanoseconds: since 1970 from 10^17 on, else from `origin_ns`.

    Raises:
        InputError: a cell is neither.
    """
    offsets = False
    if raw.dtype == pl.String:
        whole = raw.cast(pl.Int64, strict=False)
        if whole[0] is None:
            times = _parsed(raw)
            refuse(path, raw, times.is_null(), "is no timestamp such as 2026-10-01T00:00:00Z")
            return times, False
    elif raw.dtype.is_temporal() and raw.dtype in (pl.Datetime, pl.Date):
        times = raw.cast(pl.Datetime("us")) if raw.dtype == pl.Date else raw
        zone = times.dtype.time_zone if isinstance(times.dtype, pl.Datetime) else None
        times = times.dt.replace_time_zone("UTC") if zone is None else times.dt.convert_time_zone("UTC")
        times = times.cast(INSTANT, strict=False)
        refuse(path, raw, times.is_null(), "is no timestamp")
        return times, False
    elif raw.dtype.is_integer():
        whole = raw.cast(pl.Int64, strict=False)
    else:
        raise InputError(f"{path}: column `{raw.name}`: is {raw.dtype}; give timestamps or integer nanoseconds")
    refuse(path, raw, whole.is_null(), "is neither a timestamp nor integer nanoseconds, as the rows before it")
    refuse(path, raw, whole < 0, "is negative; nanoseconds count from the start of the run, or from 1970")
    offsets = whole[0] < _EPOCH_FROM
    refuse(path, raw, (whole < _EPOCH_FROM) != offsets, "counts from another instant than the first row")
    return (whole + (origin_ns if offsets else 0)).cast(pl.Datetime("ns")).dt.replace_time_zone("UTC"), offsets


def counts(path: Path, raw: pl.Series) -> pl.Series:
    """Whole numbers of at least zero.

    Raises:
        InputError: a cell is missing, no whole number, or negative, or all together are more than 64 bits hold.
    """
    refuse(path, raw, _missing(raw), "is missing")
    if not (raw.dtype == pl.String or raw.dtype.is_integer() or raw.dtype.is_float()):
        raise InputError(f"{path}: column `{raw.name}`: is {raw.dtype}; give whole numbers")
    # a column of whole numbers that passed through a float (12.0) is still one
    loose = raw.cast(pl.Float64, strict=False)
    exact = loose.is_finite() & (loose == loose.floor()) & (loose.abs() < 2**53)
    whole = pl.select(
        pl.coalesce(
            raw.cast(pl.Int64, strict=False) if not raw.dtype.is_float() else None,
            pl.when(exact).then(loose).cast(pl.Int64, strict=False),
        )
    ).to_series()
    refuse(path, raw, whole.is_null(), "is no whole number")
    refuse(path, raw, whole < 0, "is negative")
    if (whole.cast(pl.Float64).sum() or 0.0) >= 2**63:
        raise InputError(f"{path}: column `{raw.name}`: the values add up to more than 64 bits hold; check the unit")
    return whole.alias(raw.name)


def durations(path: Path, raw: pl.Series) -> pl.Series:
    """Milliseconds of at least zero.

    Raises:
        InputError: a cell is missing, no number, not finite, or negative.
    """
    refuse(path, raw, _missing(raw), "is missing")
    if not (raw.dtype == pl.String or raw.dtype.is_numeric()):
        raise InputError(f"{path}: column `{raw.name}`: is {raw.dtype}; give milliseconds")
    number = raw.cast(pl.Float64, strict=False)
    refuse(path, raw, ~number.is_finite().fill_null(value=False), "is no finite number of milliseconds")
    refuse(path, raw, number < 0, "is negative")
    return number


def texts(path: Path, raw: pl.Series) -> pl.Series:
    """Words such as a model or a status.

    Raises:
        InputError: a cell is missing.
    """
    refuse(path, raw, _missing(raw), "is missing")
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
