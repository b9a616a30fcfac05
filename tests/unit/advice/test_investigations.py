"""What is asked of the owner: a command that answers the question, and what its answer is worth."""

import json
import shlex
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import worlds
from infercost import advice
from infercost.advice.summary import summary_of
from infercost.billing.classify import classify
from infercost.prices.book import PriceBook
from infercost.schema.analysis import Investigation
from infercost.schema.charges import CHARGES, MONEY
from infercost.schema.config import Config
from infercost.schema.scenario import Assumptions
from infercost.workloads import discover
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


def test_an_endpoint_without_a_resource_id_is_not_asked_for_by_a_made_up_name(tmp_path: Path) -> None:
    nameless = replace(worlds.instances("", "ml.g5.xlarge", 1), resource=None)
    lead = lead_of(World(tmp_path, [nameless], []), "ml.g5.xlarge")
    assert lead.command == "aws sagemaker list-endpoints --region us-east-1"
    assert "does not name what this is" in lead.missing_evidence
    units = Line("USE1-Llama3-1-8B-ProvisionedThroughput-NoCommit-ModelUnits", "1", "24", service="AmazonBedrock")
    lead = lead_of(World(tmp_path, [units], []), "Llama3-1-8B")
    assert lead.command == "aws bedrock list-provisioned-model-throughputs --region us-east-1"


@pytest.mark.parametrize("name", ["x'; rm -rf ~; '", "$(id)", 'a"b', "$variant"])
def test_no_name_of_the_bill_escapes_into_the_shell(tmp_path: Path, name: str) -> None:
    lead = lead_of(World(tmp_path, [worlds.instances(name, "ml.g5.xlarge", 1)], []), name)
    assert query_of(lead.command)["Metric"]["Dimensions"][0] == {"Name": "EndpointName", "Value": name}
    assert f"--endpoint-name {shlex.quote(name)} " in lead.command


@pytest.mark.parametrize("known", ["nothing", "traffic", "that nobody waits"])
def test_the_lead_to_batch_names_a_deadline_that_the_next_run_accepts(media: World, known: str) -> None:
    spec = media.workloads[0]
    del spec["slo"]
    traffic = spec["traffic"]
    if known != "that nobody waits":
        del spec["interaction"]
    if known == "nothing":
        del spec["traffic"]
        media.lines = [line for line in media.lines if "output" not in line.usage_type]
        media.workloads.clear()
    lead = lead_of(media, "media" if known != "nothing" else "")
    assert lead.action_type == "UseBatchInference"
    assert 'interaction = "offline", slo = { deadline_s = 172800 }' in lead.command
    media.workloads[:] = [{**spec, "traffic": traffic, "interaction": "offline", "slo": {"deadline_s": 172_800}}]
    assert [one.action_type for one in media.answer().recommendations] == ["UseBatchInference"]


def test_what_marketplace_asks_for_a_model_moves_no_bound_of_what_bedrock_itself_bills() -> None:
    usage_type = "USE1-ClaudeSonnet4.5-input-tokens"
    own = Line(usage_type, "1000", "0.0027", unit="1K tokens", service="AmazonBedrockService")
    resold = Line("MP:EUS2_InputTokenCount-Units", "1", "2.7", unit="Units", service="c7k2m9opaque")
    assert _batch_bounds(own) == _batch_bounds(own, resold) != []


def _batch_bounds(*lines: Line) -> list[Decimal | None]:
    """Bedrock's own rows are 10 % below their list price; Marketplace's have none."""
    bill = worlds.bill(lines, days=1)
    is_own = pl.col("service_code") == "AmazonBedrockService"
    charges = bill.charges.with_columns(
        service_name=pl.when(~is_own).then(pl.lit("Claude Sonnet 4.5 (Amazon Bedrock Edition)")),
        region_id=pl.when(is_own).then("region_id").otherwise(pl.lit("eu-south-2")),
        list_cost=pl.when(is_own).then((pl.col("effective_cost") / Decimal("0.9")).cast(MONEY)),
    ).select(*CHARGES)
    bill = replace(bill, charges=classify(charges))
    workloads = discover(bill, Config(), Path())
    found = advice.analyze(bill, workloads, PriceBook.shipped().with_bill(bill.charges), Assumptions())
    return [one.upper_bound_monthly_savings for one in found.investigations if one.title.startswith("ClaudeSonnet4.5:")]


def test_a_service_without_a_name_is_told_by_its_product_code() -> None:
    bill = worlds.bill([worlds.instances("it", "ml.g5.xlarge", 1)], days=1)
    nameless = bill.spend.with_columns(service_name=pl.lit(None, dtype=pl.String), service_code=pl.lit("AmazonEC2"))
    assert [one.name for one in summary_of(replace(bill, spend=nameless)).services] == ["AmazonEC2"]


def test_units_of_a_base_model_that_cost_more_than_its_tokens_are_worth_a_look(tmp_path: Path) -> None:
    arn = "arn:aws:bedrock:us-east-1:1:provisioned-model/abc"
    usage_type = "USE1-NovaLite-ProvisionedThroughput-NoCommit-ModelUnits"
    world = World(tmp_path, [Line(usage_type, "1", "24", arn, unit="hour", service="AmazonBedrock")], [])
    world.workloads.append(
        {
            "name": "letters",
            "match": {"resource": ["provisioned-model/abc"]},
            "traffic": world.hourly("letters", 100, input_tokens=3_000_000, output_tokens=1_000_000),
            "interaction": "interactive",
        }
    )
    world.prices["bedrock:amazon.nova-lite-v1:0:provisioned:none"] = "24"
    found = world.answer()
    assert found.recommendations == ()
    assert "see the investigation" in found.kept[0].reason
    lead = lead_of(world, "letters")
    assert lead.action_type == "ReleaseProvisionedThroughput"
    on_demand = Decimal("0.42") * 730  # 3 M x 0.06 + 1 M x 0.24 an hour
    assert lead.upper_bound_monthly_savings == 24 * 730 - on_demand
    assert "quota" in lead.missing_evidence
    world.prices["bedrock:amazon.nova-lite-v1:0:standard:output"] = "24"  # dearer than the unit: no lead
    assert [one for one in world.answer().investigations if one.workload_ids] == []
