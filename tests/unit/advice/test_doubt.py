"""Traffic that the bill does not bear out is no ground for advice."""

from datetime import timedelta

import polars as pl
import pytest

import worlds
from infercost.schema.analysis import Analysis, Investigation
from worlds import Line, World, recommended

PER_DAY = 12 * 90  # requests of the documents
PAYLOAD = 8_000_000


def billed_bytes(world: World, share: float = 1.0) -> None:
    """The bill meters what the documents weigh; `share` is what the traffic file has of it."""
    gigabytes = PER_DAY * PAYLOAD / 24 / 10**9 / share
    world.lines.append(
        Line("USE1-Hst:Data-Bytes-In", f"{gigabytes:.9f}", "0.016", worlds.endpoint("documents"), unit="GB")
    )


def lead_of(found: Analysis, name: str) -> Investigation:
    [lead] = [one for one in found.investigations if name in one.workload_ids]
    return lead


def cut(world: World, days: int) -> None:
    """Leaves the first days of the traffic file."""
    path = world.folder / "documents.parquet"
    pl.read_parquet(path).filter(pl.col("arrival") < worlds.START + timedelta(days=days)).write_parquet(path)


@pytest.mark.parametrize("share", [0.97, 1.03])
def test_traffic_that_explains_the_billed_bytes_is_advised_on(documents: World, share: float) -> None:
    billed_bytes(documents, share)
    assert recommended(documents.answer(), "documents") is not None


@pytest.mark.parametrize(("share", "told"), [(0.01, "only 1 %"), (0.93, "only 93 %"), (1.08, "explains 108 %")])
def test_traffic_that_explains_too_little_or_too_much_is_an_investigation(
    documents: World, share: float, told: str
) -> None:
    billed_bytes(documents, share)
    found = documents.answer()
    assert found.recommendations == ()
    assert found.totals.estimated_monthly_savings == 0
    lead = lead_of(found, "documents")
    assert told in lead.missing_evidence
    assert "billed data in bytes" in lead.missing_evidence
    assert "from 2026-10-05 00:00 UTC for 168 hours" in lead.command
    assert lead.upper_bound_monthly_savings is not None
    assert 0 < lead.upper_bound_monthly_savings <= found.workloads[0].monthly_cost


def test_a_meter_of_which_the_traffic_has_nothing_is_off_by_all_of_it(media: World) -> None:
    path = media.folder / "media.parquet"
    pl.read_parquet(path).with_columns(output_tokens=pl.lit(0)).write_parquet(path)
    found = media.answer()
    errors = {one.meter: one.error_pct for one in found.workloads[0].backtest.quantities}
    assert errors == {"input_tokens": 0.0, "output_tokens": -100.0}
    assert found.recommendations == ()
    assert "only 0 % of the billed output tokens" in lead_of(found, "media").missing_evidence


def test_bytes_of_which_nobody_said_the_size_are_not_compared(documents: World) -> None:
    billed_bytes(documents)
    del documents.workloads[0]["payload_bytes"]
    documents.workloads[0]["constraints"] = {"patterns": ["async"]}
    assert documents.answer().workloads[0].backtest.quantities == ()


def test_a_file_of_some_days_does_not_speak_for_the_others(documents: World) -> None:
    cut(documents, days=3)
    found = documents.answer()
    assert found.recommendations == ()
    assert "spans only" in lead_of(found, "documents").missing_evidence
    assert any("of the 168 hours billed" in note for note in found.workloads[0].notes)


def test_bytes_of_the_bill_confirm_that_the_rest_was_silent(documents: World) -> None:
    cut(documents, days=3)
    billed_bytes(documents, share=7 / 3)  # as metered: what three days weigh, over the week
    found = documents.answer()
    assert recommended(found, "documents") is not None
    assert any("of the 168 hours billed" in note for note in found.workloads[0].notes)


def counted(world: World, step_s: int, p99_ms: int) -> Analysis:
    """The dashboard's calls as counts of the same total per step."""
    starts = [worlds.START + timedelta(seconds=step) for step in range(0, world.days * 86_400, step_s)]
    pl.DataFrame({"start": starts, "requests": [max(1, step_s // 120)] * len(starts)}).write_parquet(
        world.folder / "dashboard.parquet"
    )
    world.workloads[0]["slo"] = {"p99_ms": p99_ms}
    return world.answer()


@pytest.mark.parametrize(("step_s", "evidence"), [(60, "measured"), (300, "modelled")])
def test_counts_in_steps_longer_than_the_promise_are_a_model_of_the_peaks(
    dashboard: World, step_s: int, evidence: str
) -> None:
    found = counted(dashboard, step_s, p99_ms=15_000)
    one = recommended(found, "dashboard")
    assert one is not None
    assert (one.evidence, found.workloads[0].evidence) == (evidence, evidence)
    assert any("peaks inside a step of 300 s" in note for note in found.workloads[0].notes) == (step_s > 60)


def test_hourly_counts_vouch_for_no_latency_below_an_hour(dashboard: World) -> None:
    found = counted(dashboard, 3_600, p99_ms=15_000)
    assert found.recommendations == ()
    lead = lead_of(found, "dashboard")
    assert "peaks inside a step of 3600 s are unknown" in lead.missing_evidence
    assert "per minute or as arrivals" in lead.command
    assert recommended(counted(dashboard, 3_600, p99_ms=4_000_000), "dashboard") is not None


def test_a_deadline_of_hours_outlasts_the_steps(dashboard: World) -> None:
    counted(dashboard, 3_600, p99_ms=1)
    dashboard.workloads[0] |= {"interaction": "offline", "slo": {"deadline_s": 14_400}, "files": 8}
    one = recommended(dashboard.answer(), "dashboard")
    assert one is not None
    assert one.evidence == "measured"


def test_where_the_profile_loses_what_was_served_it_is_the_profile_that_is_doubted(documents: World) -> None:
    documents.workloads[0]["profile"][0]["service"] = {"kind": "constant", "mean_ms": 110_000}  # RT-2: 60 s at most
    documents.workloads[0]["response_bytes"] = 1_000
    documents.lines = [worlds.instances("documents", "ml.g5.xlarge", 8)]
    documents.lines.append(Line("USE1-Hst:Data-Bytes-Out", "0.00004", "0.016", worlds.endpoint("documents"), unit="GB"))
    found = documents.answer()
    assert found.recommendations == ()
    lead = lead_of(found, "documents")
    assert lead.missing_evidence.startswith("a profile that fits the bill")
    assert "[[workload.profile]]" in lead.command
