"""What is recommended, kept or left open, and the lines that are never crossed."""

from decimal import Decimal
from pathlib import Path

import pytest

import worlds
from infercost import advice
from infercost.advice.bench import Bench, present
from infercost.advice.floor import least
from infercost.advice.savings import Costs
from infercost.alternatives import REGISTRY, Candidate, facts_of
from infercost.prices.book import PriceBook
from infercost.schema.analysis import Analysis
from infercost.schema.config import Config
from infercost.schema.scenario import Assumptions, RealTime
from infercost.schema.workload import Workload
from infercost.workloads import discover
from worlds import Line, World, kept, recommended, rejected


def lines(analysis: Analysis, name: str) -> dict[str, tuple[str, str | None]]:
    return {one.deployment: (one.reason, one.rule) for one in rejected(analysis, name)}


def workload_of(world: World) -> Workload:
    config = Config.parse({"workload": world.workloads}, "infercost.toml")
    [workload] = discover(worlds.bill(world.lines, days=world.days), config, world.folder)
    return workload


@pytest.mark.parametrize("name", ["dashboard", "documents", "media"])
def test_the_floor_of_a_cost_is_never_above_the_simulated_cost(name: str, request: pytest.FixtureRequest) -> None:
    world: World = request.getfixturevalue(name)
    workload = workload_of(world)
    book = PriceBook.shipped().with_overrides(world.prices)
    facts = facts_of(workload, Assumptions())
    bench = Bench.of(workload, Assumptions(), book, seed=1)
    proposed = [one for alternative in REGISTRY for one in alternative.propose(workload, facts)]
    candidates = [one for one in proposed if isinstance(one, Candidate)]
    assert candidates
    for trial in bench.run([present(workload), *candidates], latency=True):
        if trial.monthly_cost is not None and trial.summary.completed == trial.summary.requests:
            assert least(trial.candidate, facts, book)[0] <= trial.monthly_cost


def test_an_alternative_without_a_price_is_rejected_by_the_name_of_its_usage_type(documents: World) -> None:
    del documents.prices["Requests-Tier1"]
    found = documents.answer()
    assert ("price unknown: Requests-Tier1", None) in lines(found, "documents").values()
    winner = recommended(found, "documents")
    assert winner is None or "async" not in winner.recommended_resource_summary


def test_a_present_without_a_price_has_no_answer_instead_of_a_free_one(documents: World) -> None:
    documents.lines = [Line(**{**vars(line), "usage_type": "USE1-Host:ml.m5.unheard"}) for line in documents.lines]
    found = documents.answer()
    assert recommended(found, "documents") is None
    reason = kept(found, "documents")
    assert reason is not None
    assert "Host:ml.m5.unheard" in reason.reason


def test_serverless_is_no_place_for_work_that_was_measured_on_gpus_only(documents: World) -> None:
    assert lines(documents.answer(), "documents")["serverless"][1] == "SL-16"


def test_interactive_production_keeps_its_floor(dashboard: World) -> None:
    dashboard.workloads[0] |= {"min_instances": 3, "constraints": {"patterns": ["real-time"]}}
    dashboard.lines = [worlds.instances("dashboard", "ml.m5.large", 6)]
    winner = recommended(dashboard.answer(), "dashboard")
    assert winner is not None
    assert winner.recommended_resource_summary.startswith("3 ")


def test_constraints_rule_out_what_the_owner_does_not_want(documents: World) -> None:
    documents.workloads[0]["constraints"] = {"instance_families": ["m5"]}
    found = documents.answer()
    assert recommended(found, "documents") is None
    assert ("your constraints allow other instance families only", None) in lines(found, "documents").values()


def test_hardware_that_the_model_is_not_built_for_is_out_and_what_nobody_said_is_a_condition(documents: World) -> None:
    workload = documents.workloads[0]
    workload["constraints"] = {"patterns": ["async"]}
    workload["profile"].append({**workload["profile"][0], "instance_type": "ml.m6g.large", "evidence": "assumed"})
    documents.lines = [Line("USE1-AsyncInf:ml.g5.xlarge", "3", "1.408", worlds.endpoint("documents"))]
    documents.prices["AsyncInf:ml.m6g.large"] = "0.4"
    best = recommended(documents.answer(), "documents")
    assert best is not None
    assert "ml.m6g.large" in best.recommended_resource_summary
    assert any("[HW-2]" in condition for condition in best.conditions)
    workload["arm_build"] = True
    best = recommended(documents.answer(), "documents")
    assert best is not None
    assert not any("[HW-2]" in condition for condition in best.conditions)
    workload["arm_build"] = False
    found = documents.answer()
    assert "HW-2" in [rule for _, rule in lines(found, "documents").values()]
    best = recommended(found, "documents")
    assert best is None or "ml.m6g.large" not in best.recommended_resource_summary


def test_an_endpoint_of_which_only_the_bill_is_known_is_an_investigation_up_to_its_cost(documents: World) -> None:
    documents.workloads.clear()
    found = documents.answer()
    assert found.recommendations == ()
    [lead] = [one for one in found.investigations if one.workload_ids]
    assert lead.upper_bound_monthly_savings == found.workloads[0].monthly_cost
    assert "aws cloudwatch get-metric-data" in lead.command


def test_traffic_derived_from_bytes_of_the_bill_gives_no_recommendation_that_needs_latency(documents: World) -> None:
    del documents.workloads[0]["traffic"]
    documents.lines.append(Line("USE1-Hst:Data-Bytes-In", "0.8", "0.016", worlds.endpoint("documents"), unit="GB"))
    found = documents.answer()
    assert found.recommendations == ()
    [lead] = [one for one in found.investigations if "documents" in one.workload_ids]
    assert "peaks inside an hour" in lead.missing_evidence
    assert found.workloads[0].backtest.null_reason == "the traffic itself is derived from the bill"


def test_a_workload_without_a_profile_says_what_is_missing(documents: World) -> None:
    del documents.workloads[0]["profile"]
    found = documents.answer()
    reason = kept(found, "documents")
    assert reason is not None
    assert "no profile" in reason.reason
    assert "[[workload.profile]]" in found.investigations[0].command


def test_a_range_holds_the_saving_and_no_saving_is_above_the_cost(dashboard: World, documents: World) -> None:
    for world in (dashboard, documents):
        for one in world.answer().recommendations:
            assert Decimal(0) < one.savings_low <= one.estimated_monthly_savings <= one.savings_high
            assert one.savings_high <= one.current_monthly_cost
            assert one.estimated_monthly_cost + one.estimated_monthly_savings == one.current_monthly_cost


def test_a_value_of_the_owner_narrows_the_range(documents: World) -> None:
    config_free = recommended(documents.answer(), "documents")
    assert config_free is not None
    bill = worlds.bill(documents.lines)
    config = Config.parse(
        {
            "workload": documents.workloads,
            "assumptions": {"autoscaling": {"low_periods": 16}},  # measured: no range any more
        },
        "infercost.toml",
    )
    book = PriceBook.shipped().with_overrides(documents.prices)
    measured = recommended(
        advice.analyze(bill, discover(bill, config, documents.folder), book, config.assumptions), "documents"
    )
    assert measured is not None
    spans = [one.savings_high - one.savings_low for one in (config_free, measured)]
    assert spans[1] < spans[0]


def test_what_a_volume_costs_is_not_saved_by_a_smaller_fleet() -> None:
    costs = Costs(billed=Decimal(110), counted=Decimal(100))
    assert costs.saving(Decimal(0)) == 100
    assert costs.estimate(Decimal(0)) == 10
    assert Costs(Decimal(50), Decimal(50)).saving(Decimal(-1)) == 50


def test_all_that_a_plan_pays_for_is_stranded_where_the_new_way_has_no_plan(dashboard: World) -> None:
    dashboard.lines = [worlds.instances("dashboard", "ml.m5.large", 1, plan="arn:aws:savingsplans::1:savingsplan/x")]
    found = dashboard.answer()
    assert found.totals.estimated_monthly_savings == 0
    assert recommended(found, "dashboard") is None
    assert [one.kind for one in found.commitments] == ["SageMaker Savings Plan x"]


def test_a_plan_pays_for_the_new_instances_first(documents: World) -> None:
    plan = "arn:aws:savingsplans::1:savingsplan/x"
    free = recommended(documents.answer(), "documents")
    documents.lines = [
        worlds.instances("documents", "ml.g5.xlarge", 2),
        worlds.instances("documents", "ml.g5.xlarge", 1, plan=plan),
    ]
    bound = recommended(documents.answer(), "documents")
    assert free is not None
    assert bound is not None
    assert bound.stranded_commitment > 0
    assert bound.estimated_monthly_savings + bound.stranded_commitment == pytest.approx(
        free.estimated_monthly_savings, abs=Decimal("0.02")
    )
    # two of three instances are not under the plan: no more than their cost can be saved
    assert bound.estimated_monthly_savings <= bound.current_monthly_cost * 2 / 3


def test_deleting_what_a_plan_pays_for_saves_nothing(forgotten: World) -> None:
    forgotten.lines = [worlds.instances("forgotten", "ml.g5.xlarge", 1, plan="arn:aws:savingsplans::1:savingsplan/x")]
    found = forgotten.answer()
    assert found.recommendations == ()
    reason = kept(found, "forgotten")
    assert reason is not None
    assert "commitment" in reason.reason


def test_a_workload_counts_once_in_the_totals(dashboard: World) -> None:
    found = dashboard.answer()
    [one] = found.recommendations
    assert found.totals.estimated_monthly_savings == one.estimated_monthly_savings
    assert found.totals.monthly_cost == found.workloads[0].monthly_cost


def test_the_same_bill_gives_the_same_bytes(documents: World) -> None:
    assert documents.answer().model_dump_json() == documents.answer().model_dump_json()


def test_a_custom_model_stays_with_its_break_even(tmp_path: Path) -> None:
    unit = Line(
        "USE1-Llama3-1-8B-ProvisionedThroughput-Custom-NoCommit-ModelUnits",
        "1",
        "24",
        "arn:aws:bedrock:us-east-1:1:provisioned-model/abc",
        unit="hour",
        service="AmazonBedrock",
    )
    world = World(tmp_path, [unit], [])
    world.workloads.append(
        {
            "name": "letters",
            "match": {"resource": ["provisioned-model/abc"]},
            "traffic": world.hourly("letters", 100, input_tokens=3_000_000, output_tokens=1_000_000),
            "interaction": "interactive",
        }
    )
    world.prices["bedrock:meta.llama3-1-8b-instruct-v1:0:provisioned-custom:none"] = "24"
    found = world.answer()
    reason = kept(found, "letters")
    assert reason is not None
    assert "6.00 USD per 1M tokens" in reason.reason
    assert {"BB-5", "CM-2", "CM-1"} <= {rule for _, rule in lines(found, "letters").values()}


def test_a_promise_that_the_cheapest_breaks_is_kept_by_a_dearer_one(documents: World) -> None:
    relaxed = recommended(documents.answer(), "documents")
    documents.workloads[0]["slo"] = {"p99_ms": 100_000}  # too short to start from zero
    strict = recommended(documents.answer(), "documents")
    assert relaxed is not None
    assert relaxed.recommended_resource_summary.startswith("async, 0..")
    assert strict is None or not strict.recommended_resource_summary.startswith("async, 0..")


def test_a_faster_type_needs_fewer_instances(documents: World) -> None:
    fast = {**documents.workloads[0]["profile"][0], "instance_type": "ml.m5.large"}
    fast["service"] = {"kind": "constant", "mean_ms": 3_000}
    documents.workloads[0]["profile"].append(fast)
    workload = workload_of(documents)
    bench = Bench.of(workload, Assumptions(), PriceBook.shipped().with_overrides(documents.prices), seed=1)
    slow_profile, fast_profile = workload.profiles
    now = present(workload).deployment
    assert isinstance(now, RealTime)
    moved = now.model_copy(update={"id": "fast", "instance_type": "ml.m5.large"})
    slow, quick = bench.run(
        [Candidate(now, "ScaleIn", "Low", slow_profile), Candidate(moved, "ScaleIn", "Low", fast_profile)], latency=True
    )
    assert slow.summary.latency_ms is not None
    assert quick.summary.latency_ms is not None
    assert slow.summary.latency_ms.p50 == pytest.approx(30_000, rel=0.02)
    assert quick.summary.latency_ms.p50 == pytest.approx(3_000, rel=0.02)


@pytest.mark.parametrize(("median_s", "p95_s", "serverless"), [(1, 2, True), (40, 50, False)])
def test_a_measured_cold_start_replaces_the_assumed_one(
    dashboard: World, median_s: float, p95_s: float, *, serverless: bool
) -> None:
    dashboard.workloads[0]["traffic"] = dashboard.every("rare", 400)  # a container is gone after 300 s
    measured = dashboard.workloads[0]["profile"][1]
    measured |= {"cold_start_median_s": median_s, "cold_start_p95_s": p95_s}
    winner = recommended(dashboard.answer(), "dashboard")
    assert (winner is not None and "serverless" in winner.recommended_resource_summary) is serverless


def test_evidence_is_that_of_the_weakest_link(documents: World) -> None:
    measured = recommended(documents.answer(), "documents")
    documents.workloads[0]["profile"][0]["evidence"] = "assumed"
    assumed = recommended(documents.answer(), "documents")
    assert measured is not None
    assert assumed is not None
    assert (measured.evidence, assumed.evidence) == ("measured", "assumed")


def test_a_volume_stays_on_the_bill_when_the_fleet_shrinks(documents: World) -> None:
    free = recommended(documents.answer(), "documents")
    documents.lines.append(Line("USE1-Host:VolumeUsage.gp2", "1", "5", worlds.endpoint("documents"), unit="GB-Mo"))
    with_volume = recommended(documents.answer(), "documents")
    assert free is not None
    assert with_volume is not None
    assert with_volume.estimated_monthly_savings == free.estimated_monthly_savings
    assert with_volume.current_monthly_cost == free.current_monthly_cost + 5 * 730


def test_the_bytes_of_a_bill_test_the_traffic_and_its_hours_do_not(documents: World) -> None:
    documents.lines.append(Line("USE1-Hst:Data-Bytes-In", "0.36", "0.016", worlds.endpoint("documents"), unit="GB"))
    [one] = documents.answer().workloads[0].backtest.quantities
    assert one.meter == "data_in_bytes"
    assert one.error_pct == pytest.approx(0.0, abs=0.01)  # 1,080 documents a day of 8 MB: 0.36 GB an hour


def test_of_ways_whose_ranges_overlap_the_one_of_least_effort_wins(documents: World) -> None:
    """Another type that is cheaper by less than the range is no reason to move."""
    other = {**documents.workloads[0]["profile"][0], "instance_type": "ml.m5.large"}
    documents.workloads[0]["profile"].append(other)
    documents.workloads[0]["constraints"] = {"patterns": ["async"]}
    documents.lines = [
        Line("USE1-AsyncInf:ml.g5.xlarge", "3", "1.408", worlds.endpoint("documents")),
    ]
    documents.prices["AsyncInf:ml.m5.large"] = "1.35"  # 4 % below
    found = recommended(documents.answer(), "documents")
    assert found is not None
    assert "ml.g5.xlarge" in found.recommended_resource_summary
    assert found.implementation_effort == "Low"
    told = {one.deployment: one.reason for one in found.rejected_alternatives}
    assert any("ml.m5.large" in deployment and "same" in reason for deployment, reason in told.items())
    documents.prices["AsyncInf:ml.m5.large"] = "0.4"
    found = recommended(documents.answer(), "documents")
    assert found is not None
    assert "ml.m5.large" in found.recommended_resource_summary


@pytest.mark.parametrize(
    "line",
    [
        Line("USE1-Hst:Data-Bytes-In", "0.001", "0.016", worlds.endpoint("forgotten"), unit="GB"),
        Line("USE1-Hst:Data-Bytes-Out", "0.001", "0.016", worlds.endpoint("forgotten"), unit="GB"),
    ],
)
def test_bytes_on_the_bill_refute_that_nobody_calls(forgotten: World, line: Line) -> None:
    forgotten.lines.append(line)
    found = forgotten.answer()
    assert found.recommendations == ()
    reason = kept(found, "forgotten")
    assert reason is not None
    assert "nobody calls it, but the bill shows requests: 168,000,000 data " in reason.reason
    [lead] = [one for one in found.investigations if "forgotten" in one.workload_ids]
    assert "168,000,000 data " in lead.finding
    assert lead.upper_bound_monthly_savings is None


def test_tokens_on_the_bill_refute_that_nobody_calls(media: World) -> None:
    media.workloads[0]["traffic"] = media.hourly("none", 0, input_tokens=0, output_tokens=0)
    found = media.answer()
    assert found.recommendations == ()
    reason = kept(found, "media")
    assert reason is not None
    assert "3,360,000,000 input tokens, 168,000,000 output tokens" in reason.reason


@pytest.mark.parametrize(
    ("term", "told"), [("6MonthCommit", "6 months"), ("1MonthCommit", "1 month"), ("NoCommit", None)]
)
def test_units_with_a_term_cannot_be_deleted_before_it_ends(tmp_path: Path, term: str, told: str | None) -> None:
    unit = Line(
        f"USE1-Llama3-1-8B-ProvisionedThroughput-Custom-{term}-ModelUnits",
        "1",
        "24",
        "arn:aws:bedrock:us-east-1:1:provisioned-model/abc",
        unit="hour",
        service="AmazonBedrock",
    )
    world = World(tmp_path, [unit], [])
    world.workloads.append(
        {"name": "letters", "match": {"resource": ["provisioned-model/abc"]}, "traffic": world.hourly("letters", 0)}
    )
    found = world.answer()
    reason = kept(found, "letters")
    assert (reason is None) is (told is None)
    assert (found.recommendations == ()) is (told is not None)
    if reason is not None:
        assert f"committed for {told}" in reason.reason
        assert "PT-1" in [rule for _, rule in lines(found, "letters").values()]


@pytest.mark.parametrize(("hours", "gone"), [(72, True), (145, False), (168, False)])
def test_what_is_gone_already_is_not_deleted_again(forgotten: World, hours: int, *, gone: bool) -> None:
    forgotten.lines = [
        worlds.instances("forgotten", "ml.g5.xlarge", 1, hours=tuple(range(hours))),
        worlds.instances("other", "ml.m5.large", 1),
    ]
    found = forgotten.answer()
    assert (recommended(found, "forgotten") is None) is gone
    reason = kept(found, "forgotten")
    if gone:
        assert reason is not None
        assert reason.reason.startswith("already gone since 2026-10-08")


def test_zeros_that_do_not_cover_the_period_ask_for_the_rest(forgotten: World) -> None:
    forgotten.days = 3
    short = forgotten.hourly("short", 0)
    forgotten.days, forgotten.workloads[0]["traffic"] = 7, short
    found = forgotten.answer()
    assert found.recommendations == ()
    [lead] = [one for one in found.investigations if "forgotten" in one.workload_ids]
    assert "does not prove that for the whole period" in lead.finding


def test_a_floor_that_the_owner_gave_holds_for_every_pattern(dashboard: World, documents: World) -> None:
    dashboard.workloads[0]["min_instances"] = 1
    found = dashboard.answer()
    assert recommended(found, "dashboard") is None
    reasons = {name: reason for name, (reason, _) in lines(found, "dashboard").items()}
    [serverless] = [reason for name, reason in reasons.items() if name.startswith("serverless")]
    assert serverless == "fewer instances than your min_instances, 1"
    documents.workloads[0]["min_instances"] = 2
    winner = recommended(documents.answer(), "documents")
    assert winner is None or "0.." not in winner.recommended_resource_summary


def test_what_the_floor_rules_out_is_one_line_for_each_idea(documents: World) -> None:
    documents.workloads[0] |= {"min_instances": 3, "interaction": "offline", "slo": {"deadline_s": 14_400}, "files": 64}
    reasons = lines(documents.answer(), "documents")
    batches = [reason for name, (reason, _) in reasons.items() if name.startswith("batch transform")]
    assert batches == ["fewer instances than your min_instances, 3"]


@pytest.mark.parametrize(("price", "moves"), [("0.1135", False), ("0.1125", True)])
def test_a_saving_below_two_percent_is_a_tie_with_staying(documents: World, price: str, moves: bool) -> None:  # noqa: FBT001 -- what is told
    documents.prices["Host:ml.m5.large"] = price  # of 0.1152: 1.5 % and 2.3 % less
    documents.lines = [worlds.instances("documents", "ml.g5.xlarge", 1)]
    documents.prices["Host:ml.g5.xlarge"] = "0.1152"
    profile = documents.workloads[0]["profile"][0]
    documents.workloads[0]["profile"] = [
        {**profile, "concurrency": 2},
        {**profile, "instance_type": "ml.m5.large", "concurrency": 2},
    ]
    documents.workloads[0]["constraints"] = {"patterns": ["real-time"]}
    found = documents.answer()
    assert (recommended(found, "documents") is not None) == moves
    reason = kept(found, "documents")
    assert reason is None or reason.reason == "nothing that was tried saves 2 % or more: to stay costs no effort"
    assert moves or "it costs the same as now within 2 %, for more effort" in [
        why for why, _ in lines(found, "documents").values()
    ]


def test_a_present_that_breaks_its_promise_is_told_with_the_reason_to_keep_it(dashboard: World) -> None:
    dashboard.workloads[0]["slo"] = {"p99_ms": 100}  # of work that takes 250 ms everywhere
    reason = kept(dashboard.answer(), "dashboard")
    assert reason is not None
    assert reason.reason == (
        "nothing cheaper keeps the promise; as simulated the present deployment does not keep the promise either: "
        "p99 250 ms > 100 ms"
    )


def test_a_profile_that_the_bill_refutes_was_not_measured(documents: World) -> None:
    fine = recommended(documents.answer(), "documents")
    documents.workloads[0]["profile"][0]["service"] = {"kind": "constant", "mean_ms": 110_000}  # RT-2: 60 s at most
    documents.lines = [worlds.instances("documents", "ml.g5.xlarge", 8)]
    refuted = recommended(documents.answer(), "documents")
    assert fine is not None
    assert refuted is not None
    assert (fine.evidence, refuted.evidence) == ("measured", "assumed")
    assert not any("present deployment" in one for one in fine.conditions)
    [told] = [one for one in refuted.conditions if "present deployment" in one]
    assert "timed out" in told
    assert told.endswith("its profile does not fit the bill")


def test_what_the_bill_has_nothing_of_is_neither_kept_nor_deleted_nor_free(dashboard: World) -> None:
    dashboard.workloads[0]["match"] = {"resource": ["endpoint/another"]}
    found = dashboard.answer()
    name = dashboard.workloads[0]["name"]
    assert name not in {one.workload_id for one in found.kept}
    assert recommended(found, name) is None
    [empty] = [one for one in found.workloads if one.name == name]
    assert empty.notes == ("its `match` fits no inference charge of this bill",)
    assert (empty.unit_cost, empty.monthly_cost) == (None, Decimal(0))
