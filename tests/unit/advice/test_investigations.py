"""What is asked of the owner: a command that answers the question, and what its answer is worth."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

import worlds
from infercost.schema.analysis import Investigation
from worlds import Line, World


def lead_of(world: World, name: str) -> Investigation:
    [lead] = [one for one in world.answer().investigations if any(name in one_id for one_id in one.workload_ids)]
    return lead


def query_of(command: str) -> dict[str, Any]:
    words = shlex.split(command.removesuffix("; done"))
    [query] = json.loads(words[words.index("--metric-data-queries") + 1])
    found: dict[str, Any] = query["MetricStat"]
    return found


def test_requests_of_an_endpoint_are_asked_by_minute_of_every_variant(tmp_path: Path) -> None:
    lead = lead_of(World(tmp_path, [worlds.instances("lonely", "ml.g5.xlarge", 1)], []), "lonely")
    assert lead.command.startswith("for variant in $(aws sagemaker describe-endpoint --region us-east-1 ")
    assert "AllTraffic" not in lead.command
    query = query_of(lead.command)
    assert (query["Metric"]["MetricName"], query["Period"], query["Stat"]) == ("Invocations", 60, "Sum")
    assert query["Metric"]["Dimensions"] == [
        {"Name": "EndpointName", "Value": "lonely"},
        {"Name": "VariantName", "Value": "$variant"},
    ]
    assert """"Value":"'"$variant"'"}""" in lead.command  # out of the single quotes: the shell fills it in
    assert "15 days" in lead.missing_evidence
    assert "empty answer is not zero" in lead.missing_evidence


def test_an_asynchronous_endpoint_is_asked_for_its_backlog(tmp_path: Path) -> None:
    line = Line("USE1-AsyncInf:ml.g5.xlarge", "1", "1.408", worlds.endpoint("queue"))
    query = query_of(lead_of(World(tmp_path, [line], []), "queue").command)
    assert query["Metric"]["MetricName"] == "ApproximateBacklogSize"
    assert query["Metric"]["Dimensions"] == [{"Name": "EndpointName", "Value": "queue"}]


@pytest.mark.parametrize("name", ["x'; rm -rf ~; '", "$(id)", 'a"b', "$variant"])
def test_no_name_of_the_bill_escapes_into_the_shell(tmp_path: Path, name: str) -> None:
    lead = lead_of(World(tmp_path, [worlds.instances(name, "ml.g5.xlarge", 1)], []), name)
    assert query_of(lead.command)["Metric"]["Dimensions"][0] == {"Name": "EndpointName", "Value": name}
    assert f"--endpoint-name {shlex.quote(name)} " in lead.command
