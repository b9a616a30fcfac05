"""Use in a unit that nobody knows: its money counts, and nothing is read from its quantity as if it were none."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

import worlds
from infercost.prices.bill import bill_rates
from infercost.schema.scenario import RealTime
from infercost.workloads.current import current
from worlds import Line, World, kept, recommended

UNKNOWN = "Fortnights"


def half_unknown(line: Line) -> list[Line]:
    """The line in two halves of the same hours, the second in an unknown unit."""
    half = replace(line, quantity=str(Decimal(line.quantity) / 2))
    return [half, replace(half, unit=UNKNOWN)]


def test_a_fleet_is_not_read_from_half_of_its_hours() -> None:
    whole = worlds.bill([worlds.instances("search", "ml.g5.xlarge", 2)]).charges
    assert isinstance(current(whole, worlds.REGION, 168, ()).deployment, RealTime)
    halves = worlds.bill(half_unknown(worlds.instances("search", "ml.g5.xlarge", 2))).charges
    assert halves["effective_cost"].sum() == whole["effective_cost"].sum()
    found = current(halves, worlds.REGION, 168, ())
    assert (found.pattern, found.deployment) == ("real-time", None)
    assert found.notes == [
        "the quantity of 168 of its 336 rows is unknown (unit Fortnights): how it runs cannot be told"
    ]


@pytest.mark.parametrize("unit", [UNKNOWN, None])
def test_a_workload_that_cannot_be_counted_is_shown_with_its_money_and_no_advice(
    documents: World, unit: str | None
) -> None:
    assert recommended(documents.answer(), "documents") is not None
    whole = documents.answer().workloads[0].monthly_cost
    documents.lines = [replace(line, unit=unit) for line in documents.lines]  # type: ignore[arg-type]
    found = documents.answer()
    [workload] = found.workloads
    assert (workload.monthly_cost, workload.deployment, workload.pattern) == (whole, "unknown", "real-time")
    assert found.recommendations == ()
    assert workload.backtest.null_reason == "nothing was simulated"
    reason = kept(found, "documents")
    assert reason is not None
    assert reason.reason == "how it is served now cannot be told from the bill"
    assert found.bill.inference_effective_cost == found.bill.effective_cost > 0


def test_tokens_in_an_unknown_unit_make_no_traffic_no_batch_and_no_rate(media: World) -> None:
    media.workloads.clear()
    assert [lead.action_type for lead in media.answer().investigations] == ["UseBatchInference"]
    media.lines = [media.lines[0], *half_unknown(media.lines[1])]
    found = media.answer()
    assert found.investigations == ()
    assert {workload.deployment for workload in found.workloads} == {"unknown"}


def test_image_tokens_in_an_unknown_unit_stop_the_estimate_of_batch_too(media: World) -> None:
    image = replace(media.lines[0], usage_type="USE1-NovaLite-input-image-token-count", unit=UNKNOWN)
    media.workloads.clear()
    media.lines.append(image)
    assert media.answer().investigations == ()


def test_requests_are_not_derived_from_half_of_the_tokens(media: World) -> None:
    del media.workloads[0]["traffic"]
    media.workloads[0]["input_tokens"] = 20_000
    assert "derived from the bill" in media.answer().workloads[0].backtest.null_reason  # type: ignore[operator]
    media.lines = half_unknown(media.lines[0])
    [workload] = media.answer().workloads
    assert (workload.evidence, workload.unit_cost) == ("the bill alone", None)


@pytest.mark.parametrize(
    "line",
    [
        Line("USE1-Hst:Data-Bytes-In", "1", "0.016", worlds.endpoint("forgotten"), unit=UNKNOWN),
        Line("USE1-ServerlessInf:Mem-6GB", "1", "0.016", worlds.endpoint("forgotten"), unit=UNKNOWN),
    ],
)
def test_requests_on_the_bill_refute_that_nobody_calls_however_they_are_counted(forgotten: World, line: Line) -> None:
    assert recommended(forgotten.answer(), "forgotten") is not None
    forgotten.lines.append(line)
    found = forgotten.answer()
    assert found.recommendations == ()
    reason = kept(found, "forgotten")
    assert reason is not None
    assert "the bill shows requests: an unknown number of " in reason.reason


def test_an_endpoint_whose_hours_cannot_be_counted_can_still_be_turned_off(forgotten: World) -> None:
    forgotten.lines = half_unknown(forgotten.lines[0])
    found = recommended(forgotten.answer(), "forgotten")
    assert found is not None
    assert found.estimated_monthly_savings == found.current_monthly_cost > 0


def test_a_term_is_a_term_however_its_units_are_counted(tmp_path: Path) -> None:
    arn = "arn:aws:bedrock:us-east-1:1:provisioned-model/abc"
    units = Line("USE1-NovaLite-ProvisionedThroughput-6MonthsCommit-ModelUnits", "1", "24", arn, unit="hour")
    world = World(tmp_path, [replace(units, service="AmazonBedrock", unit=UNKNOWN)], [])
    world.workloads.append({"name": "it", "match": {"resource": ["*abc"]}, "traffic": world.hourly("it", 0)})
    found = world.answer()
    assert found.recommendations == ()
    reason = kept(found, "it")
    assert reason is not None
    assert "committed for 6 months" in reason.reason


def test_bytes_that_cannot_be_counted_are_not_compared(documents: World) -> None:
    line = Line("USE1-Hst:Data-Bytes-In", "0.36", "0.016", worlds.endpoint("documents"), unit="GB")
    documents.lines.append(line)
    assert [one.meter for one in documents.answer().workloads[0].backtest.quantities] == ["data_in_bytes"]
    documents.lines[-1:] = half_unknown(line)
    backtest = documents.answer().workloads[0].backtest
    assert (backtest.quantities, backtest.null_reason) == ((), "the billed quantity of data in bytes is unknown")


def test_a_rate_is_read_from_what_can_be_counted_only() -> None:
    lines = half_unknown(worlds.instances("search", "ml.g5.xlarge", 2))
    rates = bill_rates(worlds.bill(lines).charges, "USD")
    assert rates is not None
    assert rates.rates["Host:ml.g5.xlarge", worlds.REGION].price == Decimal("1.408")
    assert bill_rates(worlds.bill(lines[1:]).charges, "USD") is None


def test_two_sizes_of_one_unit_are_not_mixed_in_a_rate() -> None:
    """Marketplace's `Units` are millions, unless the description names another size: that one is not counted."""
    charges = worlds.bill([worlds.instances("search", "ml.g5.xlarge", 2)]).charges
    rates = bill_rates(charges.with_columns(meter_factor=charges["meter_factor"] * 1000).vstack(charges), "USD")
    assert rates is not None
    assert ("Host:ml.g5.xlarge", worlds.REGION) not in rates.rates
