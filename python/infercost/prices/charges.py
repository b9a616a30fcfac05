"""Usage x price = charges. The only place where a quantity meets a price."""

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
)
from infercost.schema.usage import METERS

UNKNOWN = "unknown"

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


def price_usage(deployment: Deployment, usage: Mapping[str, int], book: PriceBook) -> tuple[PricedCharge, ...]:
    """Prices what the engine counted.

    Args:
        deployment: says by which usage types AWS bills each meter, and where.
        usage: meter of schema.usage: quantity, over the whole run. Meters that AWS doesn't bill for this pattern
            (data through an asynchronous endpoint, tokens of provisioned throughput [PT-1]) are left out.
        book: the prices.

    Returns:
        One charge for each usage type with a quantity above zero, in the order of schema.usage. Costs are exact,
        rounded once to 12 decimals, half to even. An unknown price leaves price and cost None.

    Example:
        >>> nova = BedrockOnDemand(
        ...     id="a", pattern="bedrock-on-demand", region="us-east-1", model_id="amazon.nova-pro-v1:0"
        ... )
        >>> [charge] = price_usage(nova, {"input_tokens": 1_000}, PriceBook.shipped())
        >>> charge.cost_usd, charge.price_source
        (Decimal('0.0008'), 'list')
    """
    unknown = set(usage) - set(METERS)
    if unknown:
        raise ValueError(f"no such meter: {', '.join(sorted(unknown))}")
    keys = _keys(deployment)
    quantities: dict[str, int] = {}
    for meter in METERS:
        quantity = usage.get(meter, 0)
        if quantity < 0:
            raise ValueError(f"{meter}: {quantity} is negative")
        if quantity and meter in keys:
            quantities[keys[meter]] = quantities.get(keys[meter], 0) + quantity
    quantities |= _stored(deployment, usage.get("instance_ns", 0))
    return tuple(_charge(key, quantity, deployment.region, book) for key, quantity in quantities.items())


def overrides(charges: Iterable[PricedCharge]) -> dict[str, str]:
    """The prices of charges as `[prices]` of a scenario takes them: by the unit of a price row, not of a quantity.

    >>> nova = BedrockBatch(id="a", pattern="bedrock-batch", region="us-east-1", model_id="amazon.nova-pro-v1:0")
    >>> overrides(price_usage(nova, {"input_tokens": 1_000}, PriceBook.shipped()))
    {'bedrock:amazon.nova-pro-v1:0:batch:input': '0.4'}
    """
    found = {}
    for charge in charges:
        if charge.unit_price_usd is not None:
            unit = unit_of(charge.usage_type)
            per_unit = rounded(Fraction(charge.unit_price_usd) * unit.base / unit.quantity_base)
            found[charge.usage_type] = format(per_unit.normalize(), "f")
    return found


def total_cost(charges: Iterable[PricedCharge]) -> tuple[Decimal, tuple[str, ...]]:
    """The cost that is known, and the usage types whose price isn't: with any, the sum is a lower bound, no cost."""
    known, unknown = Decimal(0), []
    for charge in charges:
        if charge.cost_usd is None:
            unknown.append(charge.usage_type)
        else:
            known += charge.cost_usd
    return known, tuple(unknown)


def _charge(key: str, quantity: int, region: str, book: PriceBook) -> PricedCharge:
    unit, price = unit_of(key), book.find(key, region)
    per_quantity = None if price is None else Fraction(price.price_usd) * unit.quantity_base / unit.base
    return PricedCharge(
        usage_type=key,
        unit=unit.quantity_name,
        quantity=rounded(Fraction(quantity, unit.quantity_base)),
        unit_price_usd=None if per_quantity is None else rounded(per_quantity, 24),
        cost_usd=None if per_quantity is None else rounded(per_quantity * Fraction(quantity, unit.quantity_base)),
        price_source=UNKNOWN if price is None else price.layer,
    )


def _stored(deployment: Deployment, instance_ns: int) -> Mapping[str, int]:
    """Gigabytes x nanoseconds of storage, which exists as long as its instance does [RT-B4, BT-1]."""
    match deployment:
        case MultiModel(volume_gb=int(volume_gb)) | InferenceComponents(volume_gb=int(volume_gb)):
            component = "Host"
        case Asynchronous(volume_gb=int(volume_gb)):
            component = "AsyncInf"
        case BatchTransform(volume_gb=int(volume_gb)):
            component = "Tsform"
        case _:
            return {}
    return {volume_key(component): instance_ns * volume_gb} if instance_ns else {}


def _keys(deployment: Deployment) -> Mapping[str, str]:
    """What AWS bills each meter by; meters that are missing here are free."""
    keys: Mapping[str, str]
    match deployment:
        # instances [RT-B1], however many models [MME-7] or copies and adapters [IC-8], and data [RT-B4]
        case RealTime() | MultiModel() | InferenceComponents():
            keys = {"instance_ns": f"Host:{deployment.instance_type}", **_DATA}
        case Asynchronous():  # instances, the S3 request of each result [AY-6], messages about it [AY-5]
            keys = {
                "instance_ns": f"AsyncInf:{deployment.instance_type}",
                "s3_put_requests": S3_PUT,
                "sns_notifications": SNS_PUBLISH,
            }
        case BatchTransform():  # instances for the life of the job [BT-1]
            keys = {"instance_ns": f"Tsform:{deployment.instance_type}"}
        case Serverless():  # time by memory size, and data [SL-9]
            keys = {"serverless_ms": f"ServerlessInf:Mem-{deployment.memory_mb / 1024:g}GB", **_DATA}
        case BedrockOnDemand():
            keys = {meter: token_key(deployment.model_id, "standard", one) for meter, one in _TOKENS.items()}
        case BedrockBatch():
            keys = {meter: token_key(deployment.model_id, "batch", one) for meter, one in _BATCH_TOKENS.items()}
        case BedrockProvisioned():  # by the hour, tokens at no charge [PT-1]
            unit = model_unit_key(deployment.model_id, deployment.commitment, custom_model=deployment.custom_model)
            keys = {"model_unit_ns": unit}
    return keys
