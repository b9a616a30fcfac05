"""What each charge is: distinct lines are classified once, in Python, and joined back."""

import re
from collections.abc import Callable

import polars as pl

from infercost.billing.classify.bedrock import read_bedrock
from infercost.billing.classify.marketplace import read_marketplace
from infercost.billing.classify.meaning import OTHER_SERVICE, UNRECOGNISED, Line, Meaning
from infercost.billing.classify.regions import REGION_OF_PREFIX, split_prefix
from infercost.billing.classify.sagemaker import read_sagemaker
from infercost.billing.classify.units import factor
from infercost.schema.charges import CLASSIFICATION
from infercost.schema.errors import IncompleteError

# EC2 families with accelerators: nothing but the family marks an instance as one that may serve models.
_ACCELERATOR = r"(?:BoxUsage|SpotUsage):(?:g|gr|p|inf|trn)\d"
_EC2 = re.compile(rf"(?:^|-){_ACCELERATOR}[\w-]*\.[\w-]+$")
# Rows that may matter, in one expression: a superset of all that is classified as more than "other-service".
_SERVICES = r"(?i)sagemaker|bedrock|savings ?plan"
_METERS = rf"{_ACCELERATOR}|MP:.*(?i:token|provisionedthroughput)"

# A word in a service's code or name: the first that is found counts.
_PRODUCTS = {
    "savingsplan": "savings-plan",
    "savings plan": "savings-plan",
    "sagemaker": "sagemaker",
    "bedrock edition)": "marketplace",
    "bedrockfoundationmodels": "marketplace",
    "bedrockagentcore": "agentcore",
    "bedrock agentcore": "agentcore",
    "bedrock": "bedrock",
    "ec2": "ec2",
    "elastic compute cloud": "ec2",
}
_COMMITMENT_TYPES = ("SavingsPlanNegation", "SavingsPlanRecurringFee", "SavingsPlanUpfrontFee")
# What tells one distinct line from another: `nature` is told from a charge by `nature()`, the rest are its columns.
LINE_KEYS = Line._fields
# AWS's own codes say whose a row is. Others are opaque ids of Marketplace, and only the name tells what they sell.
_OWN_CODES = ("Amazon", "AWS")


def may_matter(service_code: pl.Expr, service_name: pl.Expr | None, usage_type: pl.Expr) -> pl.Expr:
    """Returns the filter that keeps all of machine learning, accelerators and Savings Plans, and little else.

    Args:
        service_code: of the row, as text; `usage_type` likewise.
        service_name: None where the names are not known yet: then every row is kept that its name may make matter.
        usage_type: as billed.
    """
    if service_name is None:
        own = service_code.str.starts_with(_OWN_CODES[0]) | service_code.str.starts_with(_OWN_CODES[1])
        named = ~own.fill_null(value=False)
    else:
        named = service_name.str.contains(_SERVICES).fill_null(value=False)
    return (
        named
        | service_code.str.contains(_SERVICES).fill_null(value=False)
        | usage_type.str.contains(_METERS).fill_null(value=False)
    )


def classify(charges: pl.DataFrame) -> pl.DataFrame:
    """Adds the columns of schema.charges.CLASSIFICATION, and the region where only the usage type's prefix says it.

    Args:
        charges: the columns of schema.charges.CHARGES, and any others.

    Returns:
        The same rows in the same order.

    Raises:
        IncompleteError: a metered inference line has a unit that nobody has told us: a quantity cannot be counted.
    """
    charges = charges.with_columns(nature().alias("nature"))
    known = classify_lines(charges.select(LINE_KEYS).unique(maintain_order=True))
    return (
        charges.join(known, on=LINE_KEYS, how="left", nulls_equal=True, maintain_order="left", validate="m:1")
        .with_columns(pl.coalesce("region_id", "prefix_region").alias("region_id"))
        .drop("nature", "prefix_region")
    )


def classify_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """Adds the columns of CLASSIFICATION to distinct lines, and `prefix_region`: where the usage type's prefix says.

    Args:
        lines: LINE_KEYS, each combination once.

    Raises:
        IncompleteError: a metered inference line has a unit that nobody has told us: a quantity cannot be counted.
    """
    meanings = [meaning_of(Line(*row)) for row in lines.select(LINE_KEYS).iter_rows()]
    _refuse_unknown_units(lines, meanings)
    columns = {name: [getattr(meaning, name) for meaning in meanings] for name in CLASSIFICATION}
    known = pl.concat([lines, pl.DataFrame(columns, schema=CLASSIFICATION)], how="horizontal")
    return known.with_columns(_region_of(lines).alias("prefix_region"))


def meaning_of(line: Line) -> Meaning:
    """Returns what a line of a bill is.

    Example:
        >>> name = "USE1-NovaPro-cache-read-input-token-count"
        >>> meaning_of(Line("usage", "AmazonBedrock", None, name, None, "1K tokens", None)).token_class
        'cache-read'
    """
    product = _product(line)
    if product is None:
        return OTHER_SERVICE
    if line.nature == "commitment" or (line.nature == "usage" and product == "savings-plan"):
        return Meaning("commitment")
    if line.nature == "other":
        return Meaning("related")  # tax, credits, refunds, discounts: shown with their product, not advised on
    if not line.usage_type:
        return UNRECOGNISED
    _prefix, body = split_prefix(line.usage_type)
    return _READERS[product](line, body)


def unknown_prefixes(charges: pl.DataFrame) -> list[str]:
    """Returns the region prefixes that the table of regions does not know."""
    prefixes = {split_prefix(name)[0] for name in charges["usage_type"].drop_nulls().unique()}
    return sorted(prefix for prefix in prefixes if prefix is not None and prefix not in REGION_OF_PREFIX)


def _product(line: Line) -> str | None:
    """Returns what sells the line: by its code, and by its name where the code is missing or opaque."""
    found = _named(line.service_code) or _named(line.service_name)
    usage_type = line.usage_type or ""
    if found == "bedrock" and "MP:" in usage_type:
        return "marketplace"
    if found is None and "MP:" in usage_type and not line.service_name:
        # Marketplace sells much else. Without a product name the spelling of the meter has to do.
        meter = read_marketplace(line, split_prefix(usage_type)[1]).meter
        return None if meter is None else "marketplace"
    if found == "ec2" or not (line.service_code or line.service_name):
        return "ec2" if _EC2.search(usage_type) else None  # other services bill instances by such names too
    return found


def _named(service: str | None) -> str | None:
    name = (service or "").lower()
    return next((product for word, product in _PRODUCTS.items() if word in name), None)


def _read_agents(_line: Line, _body: str) -> Meaning:
    return Meaning("related", component="agents")


def _read_accelerator(line: Line, body: str) -> Meaning:
    return Meaning(
        "self-managed",
        component="instance",
        meter="instance_ns",
        meter_factor=factor("instance_ns", line.unit),
        instance_type=body.rpartition(":")[2],
    )


_READERS: dict[str, Callable[[Line, str], Meaning]] = {
    "sagemaker": read_sagemaker,
    "bedrock": read_bedrock,
    "marketplace": read_marketplace,
    "agentcore": _read_agents,
    "ec2": _read_accelerator,
}


def nature() -> pl.Expr:
    """Returns what a charge is before its usage type is looked at: usage, commitment or other.

    A commitment's fee, its negation and its unused part are no use of the service.
    """
    is_commitment = (
        pl.col("line_item_type").is_in(_COMMITMENT_TYPES).fill_null(value=False)
        | (pl.col("commitment_discount_status").str.to_lowercase() == "unused").fill_null(value=False)
        | ((pl.col("charge_category") == "Purchase") & pl.col("commitment_discount_id").is_not_null())
    )
    return (
        pl.when(is_commitment)
        .then(pl.lit("commitment"))
        .when(pl.col("charge_category") == "Usage")
        .then(pl.lit("usage"))
        .otherwise(pl.lit("other"))
    )


def _region_of(lines: pl.DataFrame) -> pl.Series:
    prefixes = [split_prefix(name or "")[0] for name in lines["usage_type"]]
    return pl.Series([REGION_OF_PREFIX.get(prefix or "") for prefix in prefixes], dtype=pl.String)


def _refuse_unknown_units(lines: pl.DataFrame, meanings: list[Meaning]) -> None:
    unknown = {
        (line["usage_type"], line["unit"])
        for line, meaning in zip(lines.iter_rows(named=True), meanings, strict=True)
        if meaning.kind == "inference" and meaning.meter is not None and meaning.meter_factor is None
    }
    if not unknown:
        return
    usage_type, unit = min(unknown, key=str)
    more = f" ({len(unknown) - 1} more like it)" if len(unknown) > 1 else ""
    said = "has no unit" if unit is None else f"is billed in the unit {unit!r}, which is not known"
    raise IncompleteError(
        f"usage type {usage_type!r} {said}{more}: its quantity cannot be counted."
        " Export the column that holds the unit (pricing_unit, PricingUnit), or report the unit to this project"
    )
