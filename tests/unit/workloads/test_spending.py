"""What inference costs, by whom or what: by hand, and as laws."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import worlds
from infercost.billing.bill import Bill, read_bill
from infercost.demo import write_demo
from infercost.schema.config import Config
from infercost.schema.errors import UsageError
from infercost.schema.fx import Fx
from infercost.schema.spending import Spending, SpendingGroup
from infercost.workloads import Dimension, View, discover, spending
from infercost.workloads.dimension import tag_value
from worlds import Line

D = Decimal
DIMENSIONS = ("workload", "account", "model", "endpoint", "profile", "principal")


def spent(bill: Bill, by: str = "workload", folder: Path = Path(), **more: Any) -> Spending:  # noqa: ANN401 -- View's
    specs = more.pop("specs", ())
    config = Config.parse({"workload": list(specs)}, "infercost.toml")
    return spending(bill, discover(bill, config, folder), View(Dimension.read(by), **more))


def group(found: Spending, name: str) -> SpendingGroup:
    [one] = [one for one in found.groups if one.name == name]
    return one


def tokens(kind: str, thousands: str, price: str, **more: Any) -> Line:  # noqa: ANN401 -- fields of a line
    more = {"hours": (0,), **more}
    usage_type = f"USE1-Claude4.6Sonnet-{kind}-token-count"
    return Line(usage_type, thousands, price, unit="1K tokens", service="AmazonBedrockService", **more)


# --- tokens ----------------------------------------------------------------------------------------------------------
def test_tokens_by_class_by_hand() -> None:
    lines = [
        tokens("input", "1000", "0.003"),
        tokens("input", "1000", "0.0015", hours=(1,)),
        tokens("output", "200", "0.015"),
        tokens("cache-read-input", "6000", "0.0003"),
        tokens("cache-write-input", "500", "0.00375"),
        tokens("cache-write-1h-input", "500", "0.006"),
    ]
    [one] = spent(worlds.bill(lines, days=1)).groups
    assert {token.token_class: (token.tokens, token.per_million) for token in one.tokens} == {
        "input": (D(2_000_000), D("2.25")),  # 3.00 and 1.50 for two million
        "output": (D(200_000), D(15)),
        "cache-read": (D(6_000_000), D("0.3")),
        "cache-write-5m": (D(500_000), D("3.75")),
        "cache-write-1h": (D(500_000), D(6)),
    }
    assert one.cache_read_pct == D("66.7")  # 6 of 9 million that went in
    assert sum(token.effective_cost for token in one.tokens) == one.effective_cost


def test_one_row_without_a_known_quantity_leaves_its_class_without_a_unit_cost() -> None:
    bill = worlds.bill([tokens("input", "1000", "0.003"), tokens("output", "200", "0.015")], days=1)
    blind = bill.charges.with_columns(quantity=pl.when(pl.col("token_class") != "input").then("quantity"))
    [one] = spent(_with(bill, blind)).groups
    assert [(token.token_class, token.tokens, token.per_million) for token in one.tokens] == [
        ("input", None, None),
        ("output", 200_000, D(15)),
    ]
    assert one.cache_read_pct is None
    assert one.effective_cost == 6
    corrected = blind.with_columns(charge_class=pl.when(pl.col("quantity").is_null()).then(pl.lit("Correction")))
    [one] = spent(_with(bill, pl.concat([bill.charges, corrected.filter(pl.col("quantity").is_null())]))).groups
    assert [token.per_million for token in one.tokens] == [D(6), D(15)]  # 3.00 and 3.00 more for the same million


def test_a_model_that_marketplace_does_not_name_is_no_endpoint_of_sagemaker() -> None:
    bill = worlds.bill([worlds.resold(), worlds.instances("it", "ml.g5.xlarge", 1)], days=1)
    by_model = spent(bill, "model")
    assert {one.name: (one.effective_cost, one.key, one.served) for one in by_model.groups} == {
        "(no model in the bill: its Marketplace products have no name)": (D(72), None, "on-demand tokens"),
        "(no model in the bill: SageMaker's charges name none)": (24 * D("1.408"), None, "real-time 1 x ml.g5.xlarge"),
    }
    assert {one.name for one in spent(bill, "endpoint").groups} == {"it", "(no endpoint: Bedrock)"}
    [note] = [note for note in by_model.untold if "72.00 USD" in note and "names no model" in note]
    assert "product/ProductName (CUR)" in note
    assert not any("no resource id" in note for note in by_model.untold)
    named = {one.service: one.notes for one in discover(bill, Config(), Path())}
    assert named["Amazon Bedrock"] == ("the bill does not name its model",)


# --- requests and idle hours -----------------------------------------------------------------------------------------
def test_cost_per_thousand_requests_and_idle_hours_from_traffic(tmp_path: Path) -> None:
    starts = [worlds.START + timedelta(hours=hour) for hour in range(24)]
    requests = [500 if 8 <= hour < 20 else 0 for hour in range(24)]
    pl.DataFrame({"start": starts, "requests": requests}).write_parquet(tmp_path / "it.parquet")
    spec = {"name": "it", "match": {"resource": ["endpoint/it"]}, "traffic": "it.parquet"}
    bill = worlds.bill([worlds.instances("it", "ml.g5.xlarge", 2)], days=1)
    one = group(spent(bill, folder=tmp_path, specs=[spec]), "it")
    assert (one.requests, one.requests_evidence) == (6_000, "measured")
    assert one.per_1000_requests == 2 * 24 * D("1.408") / 6
    assert (one.idle_cost, one.idle_unknown_cost) == (2 * 12 * D("1.408"), D(0))


def test_an_hour_with_one_arrival_of_a_trace_is_not_idle(tmp_path: Path) -> None:
    arrivals = [worlds.START, worlds.START + timedelta(hours=2), worlds.START + timedelta(hours=23, minutes=59)]
    pl.DataFrame({"arrival": arrivals}).write_parquet(tmp_path / "it.parquet")
    spec = {"name": "it", "match": {"resource": ["endpoint/it"]}, "traffic": "it.parquet"}
    bill = worlds.bill([worlds.instances("it", "ml.g5.xlarge", 1)], days=1)
    assert group(spent(bill, folder=tmp_path, specs=[spec]), "it").idle_cost == 21 * D("1.408")


def test_traffic_of_a_part_of_the_period_tells_neither_requests_nor_idle_hours(tmp_path: Path) -> None:
    starts = [worlds.START + timedelta(hours=hour) for hour in range(12)]
    pl.DataFrame({"start": starts, "requests": [5] * 12}).write_parquet(tmp_path / "it.parquet")
    spec = {"name": "it", "match": {"resource": ["endpoint/it"]}, "traffic": "it.parquet"}
    bill = worlds.bill([worlds.instances("it", "ml.g5.xlarge", 1)], days=1)
    found = spent(bill, folder=tmp_path, specs=[spec])
    one = group(found, "it")
    assert (one.requests, one.per_1000_requests, one.idle_cost) == (None, None, None)
    assert one.idle_unknown_cost == 24 * D("1.408")
    assert any("spans a part of the period" in note for note in found.untold)


def test_rows_of_data_tell_idle_hours_where_every_one_names_its_endpoint() -> None:
    host = [worlds.instances(name, "ml.g5.xlarge", 1) for name in ("busy", "quiet")]
    data = Line("USE1-Hst:Data-Bytes-In", "1", "0.016", worlds.endpoint("BUSY"), unit="GB", hours=tuple(range(8)))
    found = spent(worlds.bill([*host, data], days=1))
    assert group(found, "BUSY").idle_cost == 16 * D("1.408")
    assert group(found, "quiet").idle_cost == 24 * D("1.408")

    blind = worlds.bill([*host, data], days=1)
    blind = _with(
        blind, blind.charges.with_columns(quantity=pl.when(pl.col("component") != "data-in").then("quantity"))
    )
    assert group(spent(blind), "BUSY").idle_cost == 16 * D("1.408")  # paid for, so something went through

    nameless = Line("USE1-Hst:Data-Bytes-In", "1", "0.016", None, unit="GB", hours=(0,))
    found = spent(worlds.bill([*host, data, nameless], days=1))
    assert group(found, "quiet").idle_cost is None
    assert found.idle_unknown_cost == 48 * D("1.408")
    assert any("idle" in note for note in found.untold)


def test_jobs_and_tokens_are_never_idle() -> None:
    lines = [Line("USE1-Tsform:ml.m5.large", "1", "0.1", f"{worlds.endpoint('x')[:-10]}transform-job/nightly")]
    found = spent(worlds.bill([*lines, tokens("input", "1", "1")], days=1))
    assert {(one.idle_cost, one.idle_unknown_cost) for one in found.groups} == {(None, None)}


def test_requests_of_a_workload_that_lies_in_two_groups_are_shared_out_to_none(tmp_path: Path) -> None:
    starts = [worlds.START + timedelta(hours=hour) for hour in range(24)]
    pl.DataFrame({"start": starts, "requests": [10] * 24}).write_parquet(tmp_path / "it.parquet")
    spec = {"name": "it", "match": {"resource": ["endpoint/*"]}, "traffic": "it.parquet"}
    bill = worlds.bill([worlds.instances(name, "ml.m5.large", 1) for name in ("a", "b")], days=1)
    assert group(spent(bill, folder=tmp_path, specs=[spec]), "it").requests == 240
    by_endpoint = spent(bill, "endpoint", tmp_path, specs=[spec])
    assert [(one.name, one.requests) for one in by_endpoint.groups] == [("a", None), ("b", None)]


# --- whose it is -----------------------------------------------------------------------------------------------------
def test_what_nobody_owns_by_hand() -> None:
    lines = [
        worlds.instances("a", "ml.m5.large", 1, tags='{"Team":"risk"}'),
        worlds.instances("b", "ml.m5.large", 2, tags='{"app":"b"}'),
        worlds.instances("c", "ml.m5.large", 5),
    ]
    bill, hour = worlds.bill(lines, days=1), D("0.1152")
    assert spent(bill).unattributed_cost == 24 * 5 * hour
    by_team = spent(bill, "tag:team")
    assert {one.name: one.effective_cost for one in by_team.groups} == {
        "(no tag team)": 24 * 7 * hour,
        "risk": 24 * hour,
    }
    assert (by_team.unattributed_cost, by_team.unattributed_pct) == (24 * 7 * hour, D("87.5"))
    assert spent(bill, "account", owner_tag="app").unattributed_cost == 24 * 6 * hour


def test_a_tag_that_no_charge_has_is_refused_with_those_that_there_are() -> None:
    bill = worlds.bill([worlds.instances("a", "ml.m5.large", 1, tags='{"team":"risk"}')], days=1)
    with pytest.raises(UsageError, match="the tags are: team"):
        spent(bill, "tag:taem")
    with pytest.raises(UsageError, match="has any tag"):
        spent(worlds.bill([worlds.instances("a", "ml.m5.large", 1)], days=1), "tag:team")


@pytest.mark.parametrize("text", ["", "workloads", "tag", "tag:", "account:1", "Team"])
def test_what_is_no_dimension_is_refused_with_those_that_are(text: str) -> None:
    with pytest.raises(UsageError, match="principal or tag:KEY"):
        Dimension.read(text)


def test_principals_and_models_have_groups_of_their_own_and_one_for_the_rest() -> None:
    bill = worlds.bill([tokens("input", "1", "3"), worlds.instances("a", "ml.m5.large", 1)], days=1)
    called = bill.charges.with_columns(
        iam_principal=pl.when(pl.col("model").is_not_null()).then(pl.lit("arn:aws:iam::1:role/chat"))
    )
    by_principal = spent(_with(bill, called), "principal")
    assert group(by_principal, "arn:aws:iam::1:role/chat").effective_cost == 3
    assert group(by_principal, "(no IAM principal in the bill)").key is None
    assert group(spent(bill, "model"), "anthropic.claude-sonnet-4-6").effective_cost == 3


def test_small_ones_are_rolled_up_and_nothing_is_lost() -> None:
    bill = worlds.bill([worlds.instances(f"e{count}", "ml.m5.large", count) for count in range(1, 8)], days=1)
    found = spent(bill, top=2)
    assert [one.name for one in found.groups] == ["e7", "e6"]
    assert found.rest is not None
    assert (found.rest.groups, found.rest.effective_cost) == (5, 15 * 24 * D("0.1152"))
    assert spent(bill, top=7).rest is None


def test_a_bill_in_another_currency_is_added_up_in_it_and_converted_once_at_the_end() -> None:
    bill = worlds.bill([worlds.instances("a", "ml.m5.large", 1)], days=1, factor=84, currency="INR")
    found = spent(bill, fx=Fx.read("0.0119@2026-10-31"))
    assert (found.currency, found.effective_cost) == ("INR", 24 * 84 * D("0.1152"))
    assert found.effective_cost_usd == 24 * 84 * D("0.1152") * D("0.0119")


def test_a_bill_without_inference_has_no_groups() -> None:
    found = spent(worlds.bill([Line("BoxUsage:g5.xlarge", "1", "1", service="AmazonEC2")], days=1))
    assert (found.groups, found.effective_cost, found.unattributed_pct) == ((), D(0), None)


# --- laws ------------------------------------------------------------------------------------------------------------
METERS = (
    ("USE1-Host:ml.m5.large", "Hrs", "AmazonSageMaker"),
    ("USE1-AsyncInf:ml.g5.xlarge", "Hrs", "AmazonSageMaker"),
    ("USE1-Tsform:ml.g5.xlarge", "Hrs", "AmazonSageMaker"),
    ("USE1-Hst:Data-Bytes-In", "GB", "AmazonSageMaker"),
    ("USE1-ServerlessInf:Mem-2GB", "Second", "AmazonSageMaker"),
    ("USE1-NovaLite-input-tokens", "1K tokens", "AmazonBedrock"),
    ("USE1-NovaLite-input-tokens-batch", "1K tokens", "AmazonBedrock"),
)
words = st.text(max_size=8)
resources = st.none() | st.one_of(
    words,
    st.builds("arn:aws:sagemaker:us-east-1:1:endpoint/{}".format, words),
    st.builds("arn:aws:x:::transform-job/{}".format, words),
    st.builds("arn:aws:bedrock:us-east-1:1:application-inference-profile/{}".format, words),
)
tags = st.dictionaries(st.sampled_from(["team", "Team", "user:team", "app", "Name"]), words, max_size=3).map(json.dumps)


@st.composite
def charges(draw: st.DrawFn) -> Line:
    usage_type, unit, service = draw(st.sampled_from(METERS))
    return Line(
        usage_type,
        draw(st.sampled_from(["1", "0.001", "12"])),
        draw(st.sampled_from(["0", "0.1", "7.0000001"])),
        draw(resources),
        account=draw(st.sampled_from(["000000000001", "2"])),
        unit=unit,
        service=service,
        tags=draw(tags),
        hours=draw(st.sampled_from([(0,), (0, 1)])),
    )


@settings(max_examples=25)
@given(st.lists(charges(), min_size=1, max_size=8))
def test_groups_partition_the_charges_whatever_tags_and_names_are(drawn: list[Line]) -> None:
    bill = worlds.bill(drawn, days=1)
    whole = D(bill.charges["effective_cost"].sum())
    tagged = any(tag_value(line.tags, "team") for line in drawn)
    workloads = discover(bill, Config(), Path())
    for by in (*DIMENSIONS, *(["tag:team"] if tagged else [])):
        found = spending(bill, workloads, View(Dimension.read(by)))
        assert (found.effective_cost, sum((one.effective_cost for one in found.groups), D(0))) == (whole, whole)
        assert len({one.name for one in found.groups}) == len(found.groups)
    rolled = spending(bill, workloads, View(Dimension.read("endpoint"), top=1))
    rest = D(0) if rolled.rest is None else rolled.rest.effective_cost
    assert rolled.groups[0].effective_cost + rest == whole


@pytest.mark.parametrize("by", [*DIMENSIONS, "tag:team", "tag:app"])
def test_the_demo_s_groups_add_up_to_its_inference(demo_bill: Bill, by: str) -> None:
    found = spent(demo_bill, by)
    inference = D(demo_bill.spend.filter(kind="inference")["effective_cost"].sum())
    assert found.effective_cost == inference
    assert sum(one.effective_cost for one in found.groups) == inference
    assert sum(one.billed_cost for one in found.groups) == D(
        demo_bill.spend.filter(kind="inference")["billed_cost"].sum()
    )
    for one in found.groups:
        assert sum(part.cost for part in one.components) == one.effective_cost


@pytest.fixture(scope="module")
def demo_bill(tmp_path_factory: pytest.TempPathFactory) -> Bill:
    folder: Path = tmp_path_factory.mktemp("demo") / "account"
    write_demo(folder)
    return read_bill([str(folder / "bill")])


def _with(bill: Bill, charges: pl.DataFrame) -> Bill:
    return replace(bill, charges=charges)
