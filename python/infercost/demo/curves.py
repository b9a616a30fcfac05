"""How people's demand goes through a day, in plain arithmetic: the same numbers on every machine."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from infercost.demo.month import second_of_day

DAY_S = 86_400


def swell(instant: datetime, *, trough_h: int, crest_h: int) -> float:
    """Rises smoothly from 0 at `trough_h` o'clock to 1 at `crest_h` and falls back; its mean over a day is 0.5.

    A cubic in place of a cosine, because the last bit of a cosine differs between platforms.

    >>> from infercost.demo.month import START, HOUR
    >>> [round(swell(START + hour * HOUR, trough_h=3, crest_h=15), 3) for hour in (3, 9, 15, 21)]
    [0.0, 0.5, 1.0, 0.5]
    """
    since_trough = (second_of_day(instant) - trough_h * 3600) % DAY_S
    rise = (crest_h - trough_h) * 3600 % DAY_S
    part = since_trough / rise if since_trough <= rise else (DAY_S - since_trough) / (DAY_S - rise)
    return part * part * (3 - 2 * part)


def spread(total: int, weights: Sequence[float]) -> list[int]:
    """Shares `total` out in proportion to `weights`, in whole numbers that add up to it exactly.

    >>> spread(10, [1, 1, 2])
    [2, 3, 5]
    """
    whole = sum(weights)
    shares, given, passed = [], 0, 0.0
    for weight in weights:
        passed += weight
        upto = min(total, int(total * (passed / whole)))
        shares.append(upto - given)
        given = upto
    shares[-1] += total - given
    return shares


def regular(start: datetime, length: timedelta, count: int, dice: random.Random) -> list[datetime]:
    """`count` arrivals, one at a random millisecond of each of `count` equal slots: a line that is fed steadily."""
    slot_ms = length / timedelta(milliseconds=1) / count
    return [start + timedelta(milliseconds=int((index + dice.random()) * slot_ms)) for index in range(count)]


def scattered(start: datetime, length: timedelta, count: int, dice: random.Random) -> list[datetime]:
    """`count` arrivals at random milliseconds, in order: people who don't know of each other."""
    length_ms = length / timedelta(milliseconds=1)
    return sorted(start + timedelta(milliseconds=int(dice.random() * length_ms)) for _ in range(count))
