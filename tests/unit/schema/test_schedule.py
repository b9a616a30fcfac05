"""Schedules as AWS writes them: when they come, and what is wrong with those that are none."""

import re
from datetime import UTC, datetime

import pytest

from infercost.schema.schedule import expression, time_zone

# 2026-10-01 is a Thursday
OCTOBER = (datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))


def days(text: str, zone: str = "UTC", span: tuple[datetime, datetime] = OCTOBER) -> list[str]:
    """Its instants, in the zone."""
    found = expression(text).instants(*span, time_zone(zone))
    return [instant.astimezone(time_zone(zone)).strftime("%d %H:%M") for instant in found]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("at(2026-10-02T08:30:00)", ["02 08:30"], id="once"),
        pytest.param("at(2026-09-30T23:59:59)", [], id="before the run"),
        pytest.param("at(2026-11-01T00:00:00)", [], id="the end is not in it"),
        pytest.param("rate(10 days)", ["11 00:00", "21 00:00", "31 00:00"], id="rate"),
        pytest.param("rate(1 day)", [f"{day:02} 00:00" for day in range(2, 32)], id="rate in the singular"),
        pytest.param("cron(30 6 ? * MON *)", ["05 06:30", "12 06:30", "19 06:30", "26 06:30"], id="AWS's example"),
        pytest.param("cron(30 6 ? * 2 *)", ["05 06:30", "12 06:30", "19 06:30", "26 06:30"], id="Sunday is 1"),
        pytest.param("cron(0 0 1,15 * ? *)", ["01 00:00", "15 00:00"], id="list"),
        pytest.param("cron(0 8-9 2 OCT ? 2026)", ["02 08:00", "02 09:00"], id="range, names, year"),
        pytest.param("cron(0 8 2 oct ? 2027)", [], id="another year"),
        pytest.param("cron(5/20 0 1 * ? *)", ["01 00:05", "01 00:25", "01 00:45"], id="increments from a value"),
        pytest.param("cron(*/30 0 1 * ? *)", ["01 00:00", "01 00:30"], id="increments of all"),
        pytest.param("cron(10-20/5 0 1 * ? *)", ["01 00:10", "01 00:15", "01 00:20"], id="increments in a range"),
        pytest.param("cron(0 23-1 1 * ? *)", ["01 00:00", "01 01:00", "01 23:00"], id="a range over its end"),
        pytest.param("cron(0 0 L * ? *)", ["31 00:00"], id="last day"),
        pytest.param("cron(0 0 L-3 * ? *)", ["28 00:00"], id="days before the last"),
        pytest.param("cron(0 0 LW * ? *)", ["30 00:00"], id="last working day: the 31st is a Saturday"),
        pytest.param("cron(0 0 3W * ? *)", ["02 00:00"], id="Saturday: the Friday before"),
        pytest.param("cron(0 0 4W * ? *)", ["05 00:00"], id="Sunday: the Monday after"),
        pytest.param("cron(0 0 31W * ? *)", ["30 00:00"], id="nearest working day"),
        pytest.param("cron(0 0 ? * 3#2 *)", ["13 00:00"], id="second Tuesday"),
        pytest.param("cron(0 0 ? * FRI#5 *)", ["30 00:00"], id="fifth Friday"),
        pytest.param("cron(0 0 ? * THU#5 *)", ["29 00:00"], id="fifth Thursday"),
        pytest.param("cron(0 0 ? * WED#5 *)", [], id="there is no fifth Wednesday"),
        pytest.param("cron(0 0 ? * 6L *)", ["30 00:00"], id="last Friday"),
        pytest.param("cron(0 0 ? * L *)", ["03 00:00", "10 00:00", "17 00:00", "24 00:00", "31 00:00"], id="Saturdays"),
        pytest.param("cron(0 0 ? * FRI-SUN *)", [f"{day:02} 00:00" for day in range(2, 32) if day % 7 in (2, 3, 4)]),
    ],
)
def test_an_expression_comes_when_aws_says(text: str, wanted: list[str]) -> None:
    assert days(text) == wanted


def test_a_working_day_stays_in_its_month() -> None:
    august = (datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC))
    assert days("cron(0 0 1W * ? *)", span=august) == ["03 00:00"]  # the 1st is a Saturday
    may = (datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC))
    assert days("cron(0 0 31W * ? *)", span=may) == ["29 00:00"]  # the 31st is a Sunday


def test_hours_are_those_of_the_zone_and_follow_its_clock() -> None:
    found = list(expression("cron(0 8 24,25 * ? *)").instants(*OCTOBER, time_zone("Europe/Berlin")))
    assert [instant.astimezone(UTC).hour for instant in found] == [6, 7]  # summer time ends on the 25th


def test_a_local_time_that_comes_twice_comes_once_and_one_that_is_left_out_does_not() -> None:
    assert days("cron(30 2 25 10 ? *)", "Europe/Berlin") == ["25 02:30"]
    march = (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    assert days("cron(30 2 28-30 3 ? *)", "Europe/Berlin", march) == ["28 02:30", "30 02:30"]
    assert days("at(2026-03-29T02:30:00)", "Europe/Berlin", march) == []


def test_a_run_may_start_in_the_middle_of_a_day() -> None:
    span = (datetime(2026, 10, 1, 8, 0, 1, tzinfo=UTC), datetime(2026, 10, 2, 8, 0, 1, tzinfo=UTC))
    assert days("cron(0 8 * * ? *)", span=span) == ["02 08:00"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("every day", "is no schedule; give at"),
        ("cron(0 8 * * *)", "six fields are needed"),
        ("cron(0 8 * * * *)", "one of day-of-month and day-of-week must be"),
        ("cron(0 8 ? * ? *)", "one of day-of-month and day-of-week must be"),
        ("cron(60 8 * * ? *)", "'60' is no minute; it takes 0 to 59"),
        ("cron(0 24 * * ? *)", "'24' is no hour; it takes 0 to 23"),
        ("cron(0 8 0 * ? *)", "'0' is no day of the month; it takes 1 to 31"),
        ("cron(0 8 32W * ? *)", "'32' is no day of the month"),
        ("cron(0 8 * FOO ? *)", "'FOO' is no month; it takes 1 to 12 or JAN to DEC"),
        ("cron(0 8 ? * 0 *)", "'0' is no day of the week; it takes 1 to 7 or SUN to SAT"),
        ("cron(0 8 ? * MON/2 *)", "increments are for the other fields"),
        ("cron(0 8 ? * MON#6 *)", "'6' is no week of the month; it takes 1 to 5"),
        ("cron(0/0 8 * * ? *)", "'0' is no increment"),
        ("cron(0 8 * * ? 1969)", "'1969' is no year; it takes 1970 to 2199"),
        ("cron(² 8 * * ? *)", "is no minute"),
        ("cron(1- 8 * * ? *)", "'' is no minute"),
        ("rate(0 hours)", "give a whole number of at least 1"),
        ("rate(5 seconds)", "minutes, hours or days"),
        ("at(2026-10-02)", "yyyy-mm-ddThh:mm:ss"),
        ("at(2026-13-02T00:00:00)", "yyyy-mm-ddThh:mm:ss"),
    ],
)
def test_a_bad_expression_is_told_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        expression(text)


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "Europe", "../../etc/passwd"])
def test_a_time_zone_that_is_none_is_told(name: str) -> None:
    with pytest.raises(ValueError, match="is no time zone; give an IANA name"):
        time_zone(name)
