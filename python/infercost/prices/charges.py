"""Usage x price = charges. The only place where a quantity meets a price."""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from infercost.prices.book import PriceBook
from infercost.prices.keys import (
    DATA_IN,
    DATA_OUT,
    S3_PUT,
    SNS_PUBLISH,
    Dimension,
    model_unit_key,
    token_key,
    unit_of,
    volume_key,
)
from infercost.prices.number import rounded
from infercost.schema.outcome import PricedCharge
from infercost.schema.scenario import (
    Asynchronous,
    BatchTransform,
    BedrockBatch,
    BedrockOnDemand,
    BedrockProvisioned,
    Deployment,
    InferenceComponents,
    MultiModel,
    RealTime,
    Serverless,
    parts,
)
from infercost.schema.usage import METERS, Quantities

UNKNOWN = "unknown"

# Instances for as long as they exist [RT-B1], however many models they hold [MME-7]; of a job, for its life [BT-1].
_COMPONENTS = {
    "real-time": "Host",
    "multi-model": "Host",
    "inference-components": "Host",
    "async": "AsyncInf",
    "batch-transform": "Tsform",
}
_ORDER = {meter: place for place, meter in enumerate(METERS)}
_DATA = {"data_in_bytes": DATA_IN, "data_out_bytes": DATA_OUT}
# A cache write whose time to live is not known is of the default one, 5 minutes [PC-1]; it moves the price [BR-3].
_TOKENS: Mapping[str, Dimension] = {
    "input_tokens": "input",
    "output_tokens": "output",
    "cache_read_tokens": "cache_read",
    "cache_write_tokens": "cache_write_5m",
}
# Bedrock batch has no prompt cache: what a trace says was cached is plain input there [BB-5].
_BATCH_TOKENS: Mapping[str, Dimension] = {meter: "output" if meter == "output_tokens" else "input" for meter in _TOKENS}


def price_usage(deployment: Deployment, usage: Quantities, book: PriceBook) -> tuple[PricedCharge, ...]:
    """Prices what the engine counted.

    Args:
        deployment: says by which usage types AWS bills each meter, and where.
        usage: quantity by meter of schema.usage and part, over the whole run. Meters that AWS doesn't bill for this
            pattern (data through an asynchronous endpoint, tokens of provisioned throughput [PT-1]) are left out.
        book: the prices.

    Returns:
        One charge for each usage type with a quantity above zero, in the order of schema.usage. Costs are exact,
        rounded once to 12 decimals, half to even. An unknown price leaves price and cost None.

    Example:
        >>> nova = BedrockOnDemand(
        ...     id="a", pattern="bedrock-on-demand", region="us-east-1", model_id="amazon.nova-pro-v1:0"
        ... )
        >>> [charge] = price_usage(nova, {("input_tokens", 0): 1_000}, PriceBook.shipped())
        >>> charge.cost, charge.price_source
        (Decimal('0.0008'), 'list')
    """
    unknown = {meter for meter, _ in usage} - set(METERS)
    if unknown:
        raise ValueError(f"no such meter: {', '.join(sorted(unknown))}")
    keys, instances = _keys(deployment), _instances(deployment)
    quantities: Counter[str] = Counter()
    stored: Counter[str] = Counter()
    for (meter, part), quantity in sorted(usage.items(), key=lambda item: (_ORDER[item[0][0]], item[0][1])):
        if quantity < 0:
            raise ValueError(f"{meter}: {quantity} is negative")
        if meter == "instance_ns" and instances:
            key, volume_gb = instances[part]
            quantities[key] += quantity
            stored[volume_key(key.partition(":")[0])] += quantity * (volume_gb or 0)
        elif meter in keys:
            quantities[keys[meter]] += quantity
    return tuple(
        _charge(key, quantity, deployment.region, book) for key, quantity in (quantities + stored).items() if quantity
    )


def overrides(charges: Iterable[PricedCharge], usd_per_unit: Decimal = Decimal(1)) -> dict[str, str]:
    """The prices of charges as `[prices]` of a scenario takes them: USD by the unit of a price row, not of a quantity.

    `usd_per_unit`: what a unit of the charges' currency is in USD.

    >>> nova = BedrockBatch(id="a", pattern="bedrock-batch", region="us-east-1", model_id="amazon.nova-pro-v1:0")
    >>> overrides(price_usage(nova, {("input_tokens", 0): 1_000}, PriceBook.shipped()))
    {'bedrock:amazon.nova-pro-v1:0:batch:input': '0.4'}
    """
    found = {}
    for charge in charges:
        if charge.unit_price is not None:
            unit = unit_of(charge.usage_type)
            per_unit = rounded(Fraction(charge.unit_price) * Fraction(usd_per_unit) * unit.base / unit.quantity_base)
            found[charge.usage_type] = format(per_unit.normalize(), "f")
    return found


def total_cost(charges: Iterable[PricedCharge]) -> tuple[Decimal, tuple[str, ...]]:
    """The cost that is known, and the usage types whose price isn't: with any, the sum is a lower bound, no cost."""
    known, unknown = Decimal(0), []
    for charge in charges:
        if charge.cost is None:
            unknown.append(charge.usage_type)
        else:
            known += charge.cost
    return known, tuple(unknown)


def _charge(key: str, quantity: int, region: str, book: PriceBook) -> PricedCharge:
    unit, price = unit_of(key), book.find(key, region)
    per_quantity = None if price is None else Fraction(price.amount) * unit.quantity_base / unit.base
    return PricedCharge(
        usage_type=key,
        unit=unit.quantity_name,
        quantity=rounded(Fraction(quantity, unit.quantity_base)),
        unit_price_usd=None if per_quantity is None else rounded(per_quantity, 24),
        cost_usd=None if per_quantity is None else rounded(per_quantity * Fraction(quantity, unit.quantity_base)),
        price_source=UNKNOWN if price is None else price.layer,
    )


def _instances(deployment: Deployment) -> tuple[tuple[str, int | None], ...]:
    """What AWS bills the hours of each part's instances by, and the gigabytes of storage that each of them has.

    Storage exists as long as its instance does [RT-B4, BT-1].
    """
    component = _COMPONENTS.get(deployment.pattern)
    return tuple((f"{component}:{part.instance_type}", part.volume_gb) for part in parts(deployment))


def _keys(deployment: Deployment) -> Mapping[str, str]:
    """What AWS bills each meter but instances by; meters that are missing here are free."""
    keys: Mapping[str, str]
    match deployment:
        case RealTime() | MultiModel() | InferenceComponents():  # data [RT-B4]
            keys = _DATA
        case Asynchronous():  # the S3 request of each result [AY-6], messages about it [AY-5]
            keys = {"s3_put_requests": S3_PUT, "sns_notifications": SNS_PUBLISH}
        case BatchTransform():
            keys = {}
        case Serverless():  # time by memory size, and data [SL-9]; provisioned concurrency by both its times [SL-11]
            size = f"{deployment.memory_mb / 1024:g}GB"
            keys = {
                "serverless_ms": f"ServerlessInf:Mem-{size}",
                "provisioned_ms": f"ProvisionedConcurrency:Mem-{size}",
                "provisioned_ns": f"ProvisionedConcurrency:Usage-{size}",
                **_DATA,
            }
        case BedrockOnDemand():
            keys = {meter: token_key(deployment.model_id, "standard", one) for meter, one in _TOKENS.items()}
        case BedrockBatch():
            keys = {meter: token_key(deployment.model_id, "batch", one) for meter, one in _BATCH_TOKENS.items()}
        case BedrockProvisioned():  # by the hour, tokens at no charge [PT-1]
            unit = model_unit_key(deployment.model_id, deployment.commitment, custom_model=deployment.custom_model)
            keys = {"model_unit_ns": unit}
    return keys
