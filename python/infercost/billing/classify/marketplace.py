"""Bedrock models sold through AWS Marketplace: `USW2-MP:USW2_InputTokenCount-Units`, newer `..._input_tokens_standard`.

The usage type names no model; the product does: "Claude 3 Haiku (Amazon Bedrock Edition)".
"""

import re
from decimal import Decimal

from infercost.billing.classify.bedrock import read_bedrock
from infercost.billing.classify.meaning import Line, Meaning
from infercost.billing.classify.regions import is_prefix
from infercost.billing.classify.token_meter import read_meter, split_words
from infercost.billing.classify.units import factor

_EDITION = re.compile(r"\s*\(amazon bedrock edition\)\s*$", re.IGNORECASE)
_METER = re.compile(r"(?:MP:)?(?P<meter>.+)-Units", re.IGNORECASE)
_OTHER_METERS = {
    "search_units": "search-units",
    "created_image": "images",
    "inputimagecount": "images",
}


def edition_of(service_name: str | None) -> str | None:
    """Returns the model that a product "... (Amazon Bedrock Edition)" sells.

    Example:
        >>> edition_of("Claude 3 Haiku (Amazon Bedrock Edition)")
        'Claude 3 Haiku'
    """
    found = _EDITION.search(service_name or "")
    return None if found is None else (service_name or "")[: found.start()]


def read_marketplace(line: Line, body: str) -> Meaning:
    """Returns the meaning of a Marketplace usage type without its leading region prefix."""
    found = _METER.fullmatch(body)
    if found is None:
        return read_bedrock(line, body)
    model = edition_of(line.service_name)
    name = _without_region(found["meter"])
    tokens = read_meter(split_words(name) or ())
    if tokens is not None:
        return Meaning(
            "inference",
            "bedrock-batch" if tokens.tier == "batch" else "bedrock-on-demand",
            component=tokens.component,
            meter=tokens.meter,
            meter_factor=_factor(line, tokens.meter),
            model=model,
            token_class=tokens.token_class,
            tier=tokens.tier,
            scope=tokens.scope,
            custom_model=tokens.custom_model,
        )
    if "provisionedthroughput" in name.lower():
        return Meaning(
            "inference",
            "bedrock-provisioned",
            component="model-units",
            meter="model_unit_ns",
            meter_factor=_factor(line, "model_unit_ns"),
            model=model,
            custom_model="custom" in name.lower(),
        )
    # What one unit of an embedding is, nobody has said: it is shown without a meter.
    component = "embeddings" if "embed" in name.lower() else _OTHER_METERS.get(name.lower())
    if component is None:
        return read_bedrock(line, body)
    return Meaning(
        "inference", "bedrock-on-demand", component=component, model=model, tier="standard", scope="regional"
    )


def _without_region(name: str) -> str:
    """The second region prefix of the name: USW2-MP:USW2_InputTokenCount-Units."""
    region, _, rest = name.partition("_")
    return rest if rest and is_prefix(region) else name


def _factor(line: Line, meter: str) -> Decimal | None:
    return factor(meter, line.unit, marketplace=True, description=line.charge_description)
