"""A bill in rupees: its own rates in rupees, and nothing of the list in USD unless somebody says what a rupee is."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

import pytest

import worlds
from infercost import advice
from infercost.prices.book import PriceBook
from infercost.schema.analysis import Analysis
from infercost.schema.config import Config
from infercost.schema.errors import UsageError
from infercost.schema.fx import Fx
from infercost.workloads import discover
from worlds import Line, World, recommended, rejected

RUPEES: Final = 84  # for one USD, where 1 INR is 0.0119 USD but for four hundredths of a per cent
DATA_GB: Final = {"In": "0.0000125", "Out": "0.00000125"}  # an hour, as the traffic of the dashboard has it


def answer(world: World, fx: str | None) -> Analysis:
    data = [
        Line(f"USE1-Hst:Data-Bytes-{way}", quantity, "0.016", worlds.endpoint("dashboard"), unit="GB")
        for way, quantity in DATA_GB.items()
    ]
    bill = worlds.bill([*world.lines, *data], factor=RUPEES, currency="INR")
    config = Config.parse({"workload": world.workloads}, "infercost.toml")
    book = PriceBook.shipped().with_bill(bill.charges, None if fx is None else Fx.read(fx))
    return advice.analyze(bill, discover(bill, config, world.folder), book, config.assumptions)


def test_without_a_rate_what_the_bill_does_not_price_is_unknown(dashboard: World) -> None:
    found = answer(dashboard, None)
    assert recommended(found, "dashboard") is None
    [serverless] = [one for one in rejected(found, "dashboard") if one.deployment.startswith("serverless")]
    assert (serverless.estimated_monthly_cost, serverless.reason) == (None, "price unknown: ServerlessInf:Mem-6GB")
    assert found.fx is None
    assert any("priced by its own rates only" in warning for warning in found.warnings)


def test_the_present_is_priced_in_the_currency_of_the_bill(dashboard: World) -> None:
    found = answer(dashboard, None)
    assert set(found.price_shares) == {"bill"}
    hourly = Decimal("0.1152") + Decimal("0.016") * sum(map(Decimal, DATA_GB.values()))
    assert found.totals.monthly_cost == pytest.approx(hourly * RUPEES * 730, abs=Decimal("0.01"))
    assert found.prices_as_of is not None
    assert found.prices_as_of.startswith("2026-10-")  # of the bill's own rates: no list price is in use


def test_with_a_rate_the_list_is_converted_and_the_rate_is_named(dashboard: World) -> None:
    found = answer(dashboard, "0.0119@2026-10-31")
    saving = recommended(found, "dashboard")
    assert saving is not None
    assert (saving.action_type, saving.currency_code) == ("SwitchServingPattern", "INR")
    assert saving.assumptions["fx"] == "1 INR = 0.0119 USD as of 2026-10-31"
    assert found.fx == Fx.read("0.0119@2026-10-31")
    assert "list x fx" in found.price_shares
    assert any("1 INR = 0.0119 USD as of 2026-10-31" in warning for warning in found.warnings)


def test_a_scenario_goes_with_prices_in_usd_for_that_is_what_simulate_reads(dashboard: World) -> None:
    saving = recommended(answer(dashboard, "0.0119@2026-10-31"), "dashboard")
    assert saving is not None
    listed = PriceBook.shipped().find("ServerlessInf:Mem-6GB", worlds.REGION)
    assert listed is not None
    there = Decimal(saving.scenario["prices"]["ServerlessInf:Mem-6GB"])
    assert there == pytest.approx(listed.amount, rel=Decimal("1e-9"))


def test_a_converted_price_is_the_listed_one_over_the_rate() -> None:
    bill = worlds.bill([worlds.instances("it", "ml.g5.xlarge", 1)], factor=RUPEES, currency="INR")
    book, shipped = PriceBook.shipped().with_bill(bill.charges, Fx.read("0.0119@2026-10-31")), PriceBook.shipped()
    key = ("ServerlessInf:Mem-6GB", worlds.REGION)
    price, listed = book.find(*key), shipped.find(*key)
    assert price is not None
    assert listed is not None
    assert price.amount * Decimal("0.0119") == pytest.approx(listed.amount, rel=Decimal("1e-10"))
    assert (price.layer, book.find("Host:ml.g5.xlarge", worlds.REGION).layer) == ("list x fx", "bill")  # type: ignore[union-attr]


@pytest.mark.parametrize("turned_round", ["0.5@2026-10-31", "0.0001@2026-10-31"])
def test_a_rate_that_the_bill_itself_refutes_is_refused(turned_round: str) -> None:
    bill = worlds.bill([worlds.instances("it", "ml.g5.xlarge", 1)], factor=RUPEES, currency="INR")
    with pytest.raises(UsageError, match="Give USD for one INR"):
        PriceBook.shipped().with_bill(bill.charges, Fx.read(turned_round))


@pytest.mark.parametrize(
    "typed",
    [
        *("", "0.0119", "@2026-10-31", "0.0119@", "0.0119@31.10.2026", "0,0119@2026-10-31", "1e-2@2026-10-31"),
        *("-0.0119@2026-10-31", "+0.0119@2026-10-31", "nan@2026-10-31", "inf@2026-10-31", " 0.0119@2026-10-31"),
        *("0@2026-10-31", "0.0@2026-10-31", "84@2026-10-31", "0.000001@2026-10-31", "0.0119@2026-02-30"),
        *("0.0119@0000-01-01", "0.0119@2026-10-31\n", "\u0661@2026-10-31"),
    ],
)
def test_what_is_no_rate_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(UsageError, match=r"0\.0119@2026-10-31"):
        Fx.read(typed)


def test_a_day_that_is_yet_to_come_has_no_rate() -> None:
    today = datetime.now(UTC).date()
    assert Fx.read(f"0.0119@{today}").as_of == today
    with pytest.raises(UsageError, match=rf"is yet to come \(today is {today} UTC\)"):
        Fx.read(f"0.0119@{today + timedelta(days=2)}")
