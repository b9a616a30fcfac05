"""Usage x price = charges, exactly."""

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from infercost.prices.book import PriceBook
from infercost.prices.charges import price_usage, total_cost
from infercost.schema.errors import UsageError
from infercost.schema.scenario import (
    Asynchronous,
    BatchTransform,
    BedrockBatch,
    BedrockOnDemand,
    BedrockProvisioned,
    Deployment,
    Pool,
    RealTime,
    Serverless,
    Variant,
)
from infercost.schema.usage import Quantities

BOOK = PriceBook.shipped()
HOUR_NS = 3_600_000_000_000
WHERE = {"id": "a", "region": "us-east-1"}
ON_DEMAND = BedrockOnDemand(pattern="bedrock-on-demand", model_id="amazon.nova-pro-v1:0", **WHERE)
BATCH = BedrockBatch(pattern="bedrock-batch", model_id="amazon.nova-pro-v1:0", **WHERE)
REAL_TIME = RealTime(pattern="real-time", instance_type="ml.g5.2xlarge", **WHERE)
SERVERLESS = Serverless(pattern="serverless", memory_mb=3072, max_concurrency=5, **WHERE)
ASYNC = Asynchronous(pattern="async", instance_type="ml.g5.2xlarge", **WHERE)
TRANSFORM = BatchTransform(pattern="batch-transform", instance_type="ml.g5.2xlarge", **WHERE)
PROVISIONED = BedrockProvisioned(
    pattern="bedrock-provisioned", model_id="meta.llama3-1-8b-instruct-v1:0", commitment="6-month", **WHERE
)


def used(**meters: int) -> Quantities:
    """Of the first part."""
    return {(meter, 0): quantity for meter, quantity in meters.items()}


EVERYTHING = used(
    instance_ns=HOUR_NS,
    serverless_ms=1_000,
    data_in_bytes=10**9,
    data_out_bytes=2 * 10**9,
    input_tokens=10**6,
    output_tokens=10**6,
    model_unit_ns=HOUR_NS,
)


@pytest.mark.parametrize(("deployment", "usd"), [(ON_DEMAND, "30.973224"), (BATCH, "15.486612")])
def test_the_azure_conversation_hour_on_nova_pro(shared: Path, deployment: Deployment, usd: str) -> None:
    trace = pl.read_csv(shared / "data" / "traces" / "AzureLLMInferenceTrace_conv.csv")
    sums = {"input_tokens": int(trace["ContextTokens"].sum()), "output_tokens": int(trace["GeneratedTokens"].sum())}
    assert sums == {"input_tokens": 22_361_870, "output_tokens": 4_088_665}
    assert total_cost(price_usage(deployment, used(**sums), BOOK)) == (Decimal(usd), ())


@pytest.mark.parametrize(
    ("deployment", "billed"),
    [
        (REAL_TIME, {"Host:ml.g5.2xlarge": "1.515", "Hst:Data-Bytes-In": "0.016", "Hst:Data-Bytes-Out": "0.032"}),
        (
            SERVERLESS,
            {"ServerlessInf:Mem-3GB": "0.00006", "Hst:Data-Bytes-In": "0.016", "Hst:Data-Bytes-Out": "0.032"},
        ),
        (ASYNC, {"AsyncInf:ml.g5.2xlarge": "1.515"}),
        (TRANSFORM, {"Tsform:ml.g5.2xlarge": "1.515"}),
        (
            ON_DEMAND,
            {
                "bedrock:amazon.nova-pro-v1:0:standard:input": "0.8",
                "bedrock:amazon.nova-pro-v1:0:standard:output": "3.2",
            },
        ),
        (
            BATCH,
            {"bedrock:amazon.nova-pro-v1:0:batch:input": "0.4", "bedrock:amazon.nova-pro-v1:0:batch:output": "1.6"},
        ),
        (PROVISIONED, {"bedrock:meta.llama3-1-8b-instruct-v1:0:provisioned:6-month": "13.08"}),
    ],
    ids=lambda value: getattr(value, "pattern", ""),
)
def test_each_pattern_is_billed_by_its_own_usage_types(deployment: Deployment, billed: dict[str, str]) -> None:
    charges = price_usage(deployment, EVERYTHING, BOOK)
    assert {one.usage_type: one.cost for one in charges} == {key: Decimal(cost) for key, cost in billed.items()}


def test_doubling_all_prices_doubles_every_cost() -> None:
    for deployment in (REAL_TIME, SERVERLESS, ASYNC, TRANSFORM, ON_DEMAND, BATCH, PROVISIONED):
        charges = price_usage(deployment, EVERYTHING, BOOK)
        units = {one.usage_type: BOOK.find(one.usage_type, "us-east-1") for one in charges}
        doubled = BOOK.with_overrides({key: str(price.amount * 2) for key, price in units.items() if price})
        twice = price_usage(deployment, EVERYTHING, doubled)
        assert [one.cost for one in twice] == [2 * one.cost for one in charges if one.cost is not None]


def test_a_million_tokens_is_a_unit_of_prices_never_of_quantities() -> None:
    [charge] = price_usage(ON_DEMAND, used(input_tokens=3), BOOK)
    assert (charge.unit, charge.quantity, charge.unit_price) == ("Tokens", Decimal(3), Decimal("0.0000008"))
    assert '"unit_price_usd":"0.0000008"' in charge.model_dump_json(by_alias=True)


def test_cost_is_rounded_once_half_to_even() -> None:
    # 1 ns of a 3.6 USD hour is 1e-12 USD; half of that goes to the even neighbour
    book = BOOK.with_overrides({"Host:ml.g5.2xlarge": "1.8"})
    costs = [price_usage(REAL_TIME, used(instance_ns=ns), book)[0].cost for ns in (1, 2, 3)]
    assert costs == [Decimal(0), Decimal("1e-12"), Decimal("2e-12")]


def test_an_unknown_price_is_none_never_zero() -> None:
    abroad = ON_DEMAND.model_copy(update={"region": "eu-west-3"})
    charges = price_usage(abroad, used(input_tokens=5), BOOK)
    assert [(one.unit_price, one.cost, one.price_source) for one in charges] == [(None, None, "unknown")]
    assert total_cost(charges) == (Decimal(0), ("bedrock:amazon.nova-pro-v1:0:standard:input",))


def test_s3_puts_of_async_are_unknown_until_somebody_says_their_price() -> None:
    usage = used(instance_ns=HOUR_NS, s3_put_requests=1_000_000)
    known, unknown = total_cost(price_usage(ASYNC, usage, BOOK))
    assert (known, unknown) == (Decimal("1.515"), ("Requests-Tier1",))
    priced = price_usage(ASYNC, usage, BOOK.with_overrides({"Requests-Tier1": "0.000005"}))
    assert total_cost(priced) == (Decimal("6.515"), ())


def test_provisioned_concurrency_is_billed_for_the_time_held_and_for_the_work_on_it() -> None:
    usage = used(serverless_ms=5_000, provisioned_ms=2_000_500, provisioned_ns=10 * HOUR_NS)
    held, worked = "ProvisionedConcurrency:Usage-3GB", "ProvisionedConcurrency:Mem-3GB"
    quantities = {one.usage_type: (one.quantity, one.unit) for one in price_usage(SERVERLESS, usage, BOOK)}
    assert quantities == {
        "ServerlessInf:Mem-3GB": (Decimal(5), "Second"),
        held: (Decimal(36_000), "Second"),
        worked: (Decimal("2000.5"), "Second"),
    }
    # no source has either price, and that of work on demand is not taken for it
    assert set(total_cost(price_usage(SERVERLESS, usage, BOOK))[1]) == {held, worked}
    book = BOOK.with_overrides({held: "0.00001", worked: "0.00002"})
    assert total_cost(price_usage(SERVERLESS, usage, book)) == (
        Decimal("0.0003") + Decimal("0.36") + Decimal("0.04001"),
        (),
    )


def test_messages_of_async_are_no_s3_puts() -> None:
    usage = used(s3_put_requests=10, sns_notifications=1_000_000)
    assert total_cost(price_usage(ASYNC, usage, BOOK))[1] == ("Requests-Tier1", "AmazonSNS:Requests-Tier1")
    book = BOOK.with_overrides({"Requests-Tier1": "0", "AmazonSNS:Requests-Tier1": "0.0000005"})
    assert total_cost(price_usage(ASYNC, usage, book)) == (Decimal("0.5"), ())


@pytest.mark.parametrize(("deployment", "key"), [(ASYNC, "AsyncInf"), (TRANSFORM, "Tsform")])
def test_storage_is_billed_by_the_gigabyte_and_month_of_730_hours(deployment: Deployment, key: str) -> None:
    with_volume = deployment.model_copy(update={"volume_gb": 30})
    usage = used(instance_ns=2 * 73 * HOUR_NS)  # two instances for a tenth of a month
    charge = price_usage(with_volume, usage, BOOK)[-1]
    assert (charge.usage_type, charge.unit, charge.quantity) == (f"{key}:VolumeUsage.gp2", "GB-Mo", Decimal(6))
    assert (charge.cost, charge.price_source) == (None, "unknown")
    said = BOOK.with_overrides({f"{key}:VolumeUsage.gp2": "0.14"})
    assert price_usage(with_volume, usage, said)[-1].cost == Decimal("0.84")
    # that of a real-time endpoint's storage is not taken for it: nobody has seen both
    host = BOOK.with_overrides({"Host:VolumeUsage.gp2": "0.14"})
    assert price_usage(with_volume, usage, host)[-1].cost is None
    assert not [one for one in price_usage(deployment, usage, BOOK) if "Volume" in one.usage_type]


def test_each_part_of_an_endpoint_is_billed_by_its_own_type_and_storage() -> None:
    pools = (Pool(instance_type="ml.g6.2xlarge"),)
    variant = Variant(name="b", instance_type="ml.m5.xlarge", volume_gb=20)
    endpoint = REAL_TIME.model_copy(update={"pools": pools, "volume_gb": 10, "variants": (variant,)})
    month = 730 * HOUR_NS
    usage = {
        ("instance_ns", 2): month,
        ("instance_ns", 0): 2 * month,
        ("instance_ns", 1): month,
        ("data_in_bytes", 0): 10**9,
    }
    charges = price_usage(endpoint, usage, BOOK)
    assert [(one.usage_type, one.quantity) for one in charges] == [
        ("Host:ml.g5.2xlarge", Decimal(1460)),
        ("Host:ml.g6.2xlarge", Decimal(730)),
        ("Host:ml.m5.xlarge", Decimal(730)),
        ("Hst:Data-Bytes-In", Decimal(1)),
        ("Host:VolumeUsage.gp2", Decimal(50)),
    ]


def test_one_type_in_two_variants_is_one_charge() -> None:
    twins = REAL_TIME.model_copy(update={"variants": (Variant(name="b", instance_type="ml.g5.2xlarge"),)})
    [charge] = price_usage(twins, {("instance_ns", 0): HOUR_NS, ("instance_ns", 1): HOUR_NS}, BOOK)
    assert (charge.usage_type, charge.quantity) == ("Host:ml.g5.2xlarge", Decimal(2))


def test_storage_of_endpoints_has_a_price_where_somebody_printed_one() -> None:
    with_volume = REAL_TIME.model_copy(update={"instance_type": "ml.m5.xlarge", "volume_gb": 100})
    usage = used(instance_ns=730 * HOUR_NS)
    assert price_usage(with_volume, usage, BOOK)[-1].cost == Decimal("11.2")
    abroad = with_volume.model_copy(update={"region": "eu-central-1"})
    assert price_usage(abroad, usage, BOOK)[-1].price_source == "unknown"


def test_batch_reads_no_cache() -> None:
    [charge] = price_usage(BATCH, used(input_tokens=1, cache_read_tokens=2, cache_write_tokens=4), BOOK)
    assert (charge.usage_type, charge.quantity) == ("bedrock:amazon.nova-pro-v1:0:batch:input", Decimal(7))  # BB-5


def test_nothing_used_is_no_charge() -> None:
    assert price_usage(REAL_TIME, used(instance_ns=0), BOOK) == ()


@pytest.mark.parametrize("usage", [used(instance_ns=-1), used(instances=1)])
def test_usage_that_cannot_be_is_refused(usage: Quantities) -> None:
    with pytest.raises(ValueError, match=r"instance"):
        price_usage(REAL_TIME, usage, BOOK)


def test_a_memory_size_that_does_not_exist_has_no_price_of_another() -> None:
    odd = SERVERLESS.model_copy(update={"memory_mb": 1536})
    with pytest.raises(UsageError, match=r"Mem-1\.5GB"):
        price_usage(odd, used(serverless_ms=1), BOOK)
