"""Workloads from charges and from what their owners say."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import worlds
from infercost.schema.config import Config
from infercost.schema.errors import UsageError
from infercost.schema.evidence import Evidence
from infercost.schema.scenario import Asynchronous, BedrockOnDemand, BedrockProvisioned, Model, RealTime, Serverless
from infercost.schema.workload import Workload
from infercost.traffic.columns import engine_columns
from infercost.workloads import discover
from worlds import Line


def found(lines: list[Line], folder: Path, *specs: dict[str, Any]) -> dict[str, Workload]:
    config = Config.parse({"workload": list(specs)}, "infercost.toml")
    return {one.name: one for one in discover(worlds.bill(lines, days=2), config, folder)}


def test_every_endpoint_is_a_workload_with_its_own_name_and_fleet(tmp_path: Path) -> None:
    lines = [worlds.instances("search", "ml.g5.xlarge", 2), worlds.instances("scores", "ml.m5.large", 3)]
    workloads = found(lines, tmp_path)
    assert set(workloads) == {"search", "scores"}
    deployment = workloads["search"].deployment
    assert isinstance(deployment, RealTime)
    assert (deployment.instances, deployment.instance_type) == (2, "ml.g5.xlarge")
    assert workloads["search"].effective_cost == 2 * 48 * Decimal("1.408")


def test_the_same_name_in_two_accounts_is_two_workloads(tmp_path: Path) -> None:
    lines = [worlds.instances("search", "ml.g5.xlarge", 1, account=account) for account in ("000000000001", "2")]
    assert set(found(lines, tmp_path)) == {"search (000000000001, us-east-1)", "search (2, us-east-1)"}


@pytest.mark.parametrize("glob", ["endpoint/SEARCH", "sea*", "arn:aws:sagemaker:*:endpoint/search"])
def test_a_resource_is_matched_by_its_whole_id_its_path_or_its_name_in_any_case(tmp_path: Path, glob: str) -> None:
    workloads = found(
        [worlds.instances("search", "ml.g5.xlarge", 1)], tmp_path, {"name": "ours", "match": {"resource": [glob]}}
    )
    assert set(workloads) == {"ours"}


def test_a_tag_is_matched_with_or_without_the_prefix_of_the_export(tmp_path: Path) -> None:
    lines = [worlds.instances("search", "ml.g5.xlarge", 1, tags='{"user_team":"risk"}')]
    for glob in ("team=risk", "user_team=R*"):
        assert set(found(lines, tmp_path, {"name": "ours", "match": {"tag": [glob]}})) == {"ours"}
    assert set(found(lines, tmp_path, {"name": "ours", "match": {"tag": ["team=other"]}})) == {"search", "ours"}


def test_a_charge_of_two_workloads_is_an_error_that_names_both(tmp_path: Path) -> None:
    specs = [{"name": name, "match": {"resource": ["endpoint/*"]}} for name in ("first", "second")]
    with pytest.raises(UsageError, match=r"'first' and 'second'"):
        found([worlds.instances("search", "ml.g5.xlarge", 1)], tmp_path, *specs)


def test_a_match_that_fits_nothing_shows_as_a_workload_without_charges(tmp_path: Path) -> None:
    workloads = found(
        [worlds.instances("search", "ml.g5.xlarge", 1)], tmp_path, {"name": "typo", "match": {"resource": ["saerch"]}}
    )
    assert workloads["typo"].effective_cost == 0
    assert workloads["typo"].notes == ("its `match` fits no inference charge of this bill",)
    assert workloads["search"].effective_cost > 0


def test_a_fleet_that_ran_for_a_part_of_the_time_has_no_size(tmp_path: Path) -> None:
    line = worlds.instances("search", "ml.g5.xlarge", 2, hours=tuple(range(20)))
    workload = found([line, worlds.instances("other", "ml.m5.large", 1)], tmp_path)["search"]
    assert workload.deployment is None
    assert "20 of the 48 hours" in workload.notes[0]


def test_a_fleet_that_changes_has_no_size(tmp_path: Path) -> None:
    lines = [
        worlds.instances("search", "ml.g5.xlarge", 2),
        worlds.instances("search", "ml.g5.xlarge", 1, hours=tuple(range(10))),
    ]
    workload = found(lines, tmp_path)["search"]
    assert workload.deployment is None
    assert "2.0 to 3.0" in workload.notes[0]


def test_a_fleet_that_changes_within_the_rows_of_the_bill_is_not_said_to_vary_from_row_to_row(tmp_path: Path) -> None:
    half = replace(worlds.instances("search", "ml.g5.xlarge", 1), quantity="6.7")
    workload = found([half], tmp_path)["search"]
    assert workload.deployment is None
    assert workload.notes[0] == "6.7 at once, on average over each row of the bill: its size varies within them"


def test_two_instance_types_under_one_workload_are_no_deployment(tmp_path: Path) -> None:
    lines = [worlds.instances("a", "ml.g5.xlarge", 1), worlds.instances("b", "ml.m5.large", 1)]
    workload = found(lines, tmp_path, {"name": "both", "match": {"resource": ["endpoint/*"]}})["both"]
    assert workload.deployment is None
    assert "ml.g5.xlarge, ml.m5.large" in workload.notes[0]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (Line("USE1-AsyncInf:ml.g5.xlarge", "1", "1.4", worlds.endpoint("it")), Asynchronous),
        (Line("USE1-ServerlessInf:Mem-3GB", "10", "0.00006", worlds.endpoint("it"), unit="Second"), Serverless),
        (worlds.tokens("input", 1_000, "0.00006"), BedrockOnDemand),
        (
            Line(
                "USE1-NovaLite-ProvisionedThroughput-Custom-NoCommit-ModelUnits",
                "2",
                "24",
                f"arn:aws:bedrock:{worlds.REGION}:1:provisioned-model/abc",
                unit="hour",
                service="AmazonBedrock",
            ),
            BedrockProvisioned,
        ),
    ],
)
def test_the_pattern_is_read_from_the_usage_type(tmp_path: Path, line: Line, kind: type) -> None:
    [workload] = found([line], tmp_path).values()
    assert isinstance(workload.deployment, kind)
    if isinstance(workload.deployment, BedrockProvisioned):
        assert (workload.deployment.model_units, workload.deployment.custom_model) == (2, True)
        assert workload.deployment.commitment == "none"
    if isinstance(workload.deployment, Serverless):
        assert workload.deployment.memory_mb == 3072
    if isinstance(workload.deployment, BedrockOnDemand):
        assert workload.deployment.model_id == "amazon.nova-lite-v1:0"


def test_how_much_concurrency_is_provisioned_is_not_guessed(tmp_path: Path) -> None:
    lines = [
        Line("USE1-ServerlessInf:Mem-3GB", "10", "0.00006", worlds.endpoint("it"), unit="Second"),
        Line("USE1-ProvisionedConcurrency:Usage-3GB", "7200", "0.00001", worlds.endpoint("it"), unit="Second"),
    ]
    [workload] = found(lines, tmp_path).values()
    assert (workload.pattern, workload.deployment) == ("serverless", None)
    assert "provisioned" in workload.notes[0]


def test_a_bedrock_resource_without_a_telling_id_is_named_by_its_tag(tmp_path: Path) -> None:
    line = Line(
        "USE1-NovaLite-input-tokens",
        "10",
        "0.00006",
        f"arn:aws:bedrock:{worlds.REGION}:1:application-inference-profile/x1y2z3",
        unit="1K tokens",
        service="AmazonBedrock",
        tags='{"app":"letters"}',
    )
    assert set(found([line], tmp_path)) == {"letters"}


def test_runs_of_one_job_are_one_workload(tmp_path: Path) -> None:
    lines = [
        Line(
            "USE1-Tsform:ml.m5.large",
            "1",
            "0.1152",
            f"arn:aws:sagemaker:{worlds.REGION}:1:transform-job/nightly-2026-10-0{day}-01-00",
            hours=(day,),
        )
        for day in (5, 6)
    ]
    assert set(found(lines, tmp_path)) == {"nightly"}


@pytest.mark.parametrize(
    ("said", "interaction", "explicit", "floor"),
    [
        ({}, "interactive", False, 2),
        ({"interaction": "interactive"}, "interactive", True, 2),
        ({"interaction": "near-real-time"}, "near-real-time", True, 0),
        ({"slo": {"deadline_s": 3600}}, "offline", True, 0),
        ({"slo": {"error_rate": 0.01}}, "interactive", False, 2),
        ({"min_instances": 1}, "interactive", False, 1),
    ],
)
def test_silence_is_read_carefully(
    tmp_path: Path,
    said: dict[str, Any],
    interaction: str,
    explicit: bool,  # noqa: FBT001 -- a column of the table above
    floor: int,
) -> None:
    spec = {"name": "it", "match": {"resource": ["endpoint/it"]}, **said}
    workload = found([worlds.instances("it", "ml.m5.large", 1)], tmp_path, spec)["it"]
    assert (workload.interaction, workload.explicit_interaction, workload.min_instances) == (
        interaction,
        explicit,
        floor,
    )
    assert workload.slo.error_rate == said.get("slo", {}).get("error_rate", 0.001)


@pytest.mark.parametrize(
    ("said", "now", "measured", "build"),
    [
        ({}, "ml.m5.large", "ml.c5.large", Model()),
        ({}, "ml.inf2.xlarge", "ml.c5.large", Model(compiled_for_neuron=True)),
        ({}, "ml.m5.large", "ml.c7g.large", Model(arm_build=True)),
        ({"compiled_for_neuron": True, "arm_build": False}, "ml.m5.large", "ml.c7g.large", None),
    ],
)
def test_what_a_model_is_built_for_is_said_or_seen(
    tmp_path: Path, said: dict[str, Any], now: str, measured: str, build: Model | None
) -> None:
    profile = {"instance_type": measured, "service": {"kind": "constant", "mean_ms": 5}, "evidence": "measured"}
    spec = {"name": "it", "match": {"resource": ["endpoint/it"]}, "profile": [profile], **said}
    workload = found([Line(f"USE1-Host:{now}", "1", "1", worlds.endpoint("it"))], tmp_path, spec)["it"]
    assert workload.build == (Model(**said) if build is None else build)


def test_traffic_of_the_config_is_cut_to_the_covered_period(tmp_path: Path) -> None:
    starts = [worlds.START + timedelta(hours=hour) for hour in range(72)]
    pl.DataFrame({"start": starts, "requests": [5] * 72}).write_parquet(tmp_path / "it.parquet")
    spec = {"name": "it", "match": {"resource": ["endpoint/it"]}, "traffic": "it.parquet"}
    traffic = found([worlds.instances("it", "ml.m5.large", 1)], tmp_path, spec)["it"].traffic
    assert traffic is not None
    assert (traffic.requests, traffic.duration_s, traffic.source) == (5 * 48, 48 * 3600, "it.parquet")
    assert traffic.evidence is Evidence.MEASURED


def test_a_traffic_file_of_the_command_line_goes_to_the_workload_it_is_named_after(tmp_path: Path) -> None:
    path = tmp_path / "Search.parquet"
    pl.DataFrame({"start": [worlds.START, worlds.START + timedelta(hours=1)], "requests": [5, 5]}).write_parquet(path)
    bill = worlds.bill([worlds.instances("search", "ml.m5.large", 1)], days=2)
    [workload] = discover(bill, Config(), tmp_path, [path])
    assert workload.traffic is not None
    with pytest.raises(UsageError, match="there are: other"):
        discover(worlds.bill([worlds.instances("other", "ml.m5.large", 1)], days=2), Config(), tmp_path, [path])


def test_tokens_of_a_bill_are_traffic_over_the_whole_period(tmp_path: Path) -> None:
    line = worlds.tokens("input", 20_000, "0.00006")
    spec = {"name": "it", "match": {"model": ["nova*"]}, "input_tokens": 100}
    traffic = found([Line(**{**vars(line), "hours": (5, 6)})], tmp_path, spec)["it"].traffic
    assert traffic is not None
    assert traffic.evidence is Evidence.MODELLED
    assert traffic.requests == 400
    assert (traffic.start, traffic.duration_s) == (worlds.START, 48 * 3600)
    assert engine_columns(traffic).filter(pl.col("requests") > 0)["start_ns"].to_list() == [
        5 * 3600 * 10**9,
        6 * 3600 * 10**9,
    ]
    assert (engine_columns(traffic).filter(pl.col("requests") > 0)["end_ns"].max()) == 7 * 3600 * 10**9


def test_traffic_starts_where_the_use_of_a_late_bill_starts(tmp_path: Path) -> None:
    since = worlds.START + timedelta(hours=24)
    starts = [worlds.START + timedelta(hours=hour) for hour in range(48)]
    pl.DataFrame({"start": starts, "requests": [5] * 24 + [7] * 24}).write_parquet(tmp_path / "it.parquet")
    spec = {"name": "it", "match": {"resource": ["endpoint/it"]}, "traffic": "it.parquet"}
    late = replace(
        worlds.bill([worlds.instances("it", "ml.m5.large", 1, hours=tuple(range(24, 48)))], days=2),
        covered_start=since,
        covered_hours=24,
    )
    [workload] = discover(late, Config.parse({"workload": [spec]}, "infercost.toml"), tmp_path)
    assert workload.traffic is not None
    assert (workload.traffic.start, workload.traffic.requests) == (since, 7 * 24)
