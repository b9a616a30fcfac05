"""What must change the advice, and what must not."""

from decimal import Decimal
from typing import Any

import worlds
from infercost.advice import analyze
from infercost.prices.book import PriceBook
from infercost.schema.analysis import Analysis
from infercost.schema.config import Config
from infercost.workloads import discover
from worlds import World, kept, recommended, rejected


def patterns(analysis: Analysis) -> list[tuple[str, str]]:
    return [(one.action_type, one.recommended_resource_summary) for one in analysis.recommendations]


def test_a_call_now_and_then_goes_serverless(dashboard: World) -> None:
    found = recommended(dashboard.answer(), "dashboard")
    assert found is not None
    assert found.recommended_resource_summary.startswith("serverless, 6144 MB")
    assert found.estimated_monthly_savings > Decimal("0.9") * found.current_monthly_cost


def test_five_hundred_times_the_traffic_leaves_serverless(dashboard: World) -> None:
    dashboard.workloads[0]["traffic"] = dashboard.hourly("busy", 500 * 300 // 24)
    found = dashboard.answer()
    winner = recommended(found, "dashboard")
    assert winner is None or "serverless" not in winner.recommended_resource_summary
    assert any("serverless" in one.deployment for one in rejected(found, "dashboard"))


def test_documents_that_may_wait_go_to_a_queue_that_scales_to_zero(documents: World) -> None:
    found = recommended(documents.answer(), "documents")
    assert found is not None
    assert found.recommended_resource_summary.startswith("async, 0..")


def test_someone_who_waits_keeps_documents_out_of_the_queue(documents: World) -> None:
    documents.workloads[0]["interaction"] = "interactive"
    documents.workloads[0]["slo"] = {"p99_ms": 900_000}
    found = documents.answer()
    winner = recommended(found, "documents")
    assert winner is None or "async" not in winner.recommended_resource_summary
    assert ("async", "someone waits for the answer") in [
        (one.deployment, one.reason) for one in rejected(found, "documents")
    ]


def test_a_payload_of_30_mb_loses_real_time(documents: World) -> None:
    documents.workloads[0]["payload_bytes"] = 30_000_000
    found = documents.answer()
    winner = recommended(found, "documents")
    assert winner is not None
    assert winner.recommended_resource_summary.startswith("async")
    assert any("RT-1" in one for one in winner.conditions)
    real_time = [one for one in winner.rejected_alternatives if "ml.g5.xlarge, autoscaled" in one.deployment]
    assert [one.rule for one in real_time] == ["RT-1"]


def test_media_that_nobody_waits_for_goes_to_batch_at_half_price(media: World) -> None:
    found = recommended(media.answer(), "media")
    assert found is not None
    assert found.action_type == "UseBatchInference"
    assert found.estimated_savings_percentage == Decimal("50.0")


def test_media_made_interactive_loses_batch(media: World) -> None:
    media.workloads[0] |= {"interaction": "interactive", "slo": {"p99_ms": 5_000}}
    found = media.answer()
    assert recommended(found, "media") is None
    assert kept(found, "media") is not None


def test_media_of_which_nobody_said_that_it_may_wait_is_an_investigation(media: World) -> None:
    del media.workloads[0]["interaction"], media.workloads[0]["slo"]
    found = media.answer()
    assert recommended(found, "media") is None
    [lead] = [one for one in found.investigations if "media" in one.workload_ids]
    assert lead.upper_bound_monthly_savings == (found.workloads[0].monthly_cost / 2).quantize(Decimal("0.01"))
    assert found.totals.estimated_monthly_savings == 0


def test_what_nobody_calls_is_deleted(forgotten: World) -> None:
    found = recommended(forgotten.answer(), "forgotten")
    assert found is not None
    assert found.action_type == "Delete"
    assert found.estimated_monthly_savings == found.current_monthly_cost


def test_what_is_called_once_an_hour_is_not_deleted(forgotten: World) -> None:
    forgotten.workloads[0]["traffic"] = forgotten.hourly("hourly", 1)
    found = forgotten.answer()
    assert recommended(found, "forgotten") is None


def test_one_call_a_day_is_not_deleted(forgotten: World) -> None:
    forgotten.workloads[0]["traffic"] = forgotten.every("once", 86_400, from_h=0, to_h=24)
    assert recommended(forgotten.answer(), "forgotten") is None


def test_names_accounts_and_order_change_nothing(dashboard: World, documents: World, media: World) -> None:
    together = World(dashboard.folder, [], [])
    for world in (dashboard, documents, media):
        together.lines += world.lines
        together.workloads += world.workloads
    renamed = World(dashboard.folder, list(reversed(together.lines)), [])
    account = "999999999999"
    renamed.lines = [_moved(line, account) for line in renamed.lines]
    for number, spec in enumerate(reversed(together.workloads)):
        match = {
            key: [one.replace("endpoint/", "endpoint/x-") for one in globs] for key, globs in spec["match"].items()
        }
        renamed.workloads.append({**spec, "name": f"w{number}", "match": match})
    before, after = together.answer(), renamed.answer()
    assert len(before.recommendations) == 3
    assert patterns(before) == patterns(after)
    assert _money(before) == _money(after)


def _moved(line: worlds.Line, account: str) -> worlds.Line:
    fields: dict[str, Any] = {**vars(line), "account": account}
    if line.resource is not None:
        fields["resource"] = line.resource.replace("endpoint/", "endpoint/x-").replace(line.account, account)
    return worlds.Line(**fields)


def test_all_prices_doubled_give_the_same_advice_and_twice_the_money(dashboard: World, documents: World) -> None:
    for world in (dashboard, documents):
        before = world.answer()
        world.factor = 2
        after = world.answer()
        assert patterns(before) == patterns(after)
        for one, two in zip(_money(before), _money(after), strict=True):
            assert abs(two - 2 * one) <= Decimal("0.02")


def test_all_prices_of_the_bill_doubled_double_what_is_priced_by_the_list(dashboard: World) -> None:
    config = Config.parse({"workload": dashboard.workloads}, "infercost.toml")
    once, twice = (worlds.bill(dashboard.lines, factor=factor) for factor in (1, 2))
    before, after = (
        analyze(
            bill,
            discover(bill, config, dashboard.folder),
            PriceBook.shipped().with_bill(bill.charges),
            config.assumptions,
        )
        for bill in (once, twice)
    )
    [winner] = before.recommendations
    assert winner.recommended_resource_summary.startswith("serverless")  # of which the bill has nothing
    assert patterns(before) == patterns(after)
    assert _money(before)
    for one, two in zip(_money(before), _money(after), strict=True):
        assert abs(two - 2 * one) <= Decimal("0.02")
    assert {"bill", "list"} <= set(before.price_shares)  # now, and what is recommended
    assert before.warnings == ()
    assert "2 x the price list" in after.warnings[0]


def _money(analysis: Analysis) -> list[Decimal]:
    per_workload = [
        (one.current_monthly_cost, one.estimated_monthly_savings, one.savings_low, one.savings_high)
        for one in analysis.recommendations
    ]
    return [amount for amounts in per_workload for amount in amounts]
