"""What each charge is: distinct lines are classified once, in Python, and joined back."""

import dataclasses
from collections.abc import Callable

import polars as pl

from infercost.billing.classify.bedrock import read_bedrock
from infercost.billing.classify.marketplace import read_marketplace
from infercost.billing.classify.meaning import OTHER_SERVICE, UNRECOGNISED, Line, Meaning
from infercost.billing.classify.products import product_of
from infercost.billing.classify.regions import REGION_OF_PREFIX, split_prefix
from infercost.billing.classify.sagemaker import read_sagemaker
from infercost.billing.classify.units import factor
from infercost.schema.charges import CLASSIFICATION, QUANTITY

_COMMITMENT_TYPES = ("SavingsPlanNegation", "SavingsPlanRecurringFee", "SavingsPlanUpfrontFee")
# What tells one distinct line from another: `nature` is told from a charge by `nature()`, the rest are its columns.
LINE_KEYS = Line._fields


def classify(charges: pl.DataFrame) -> pl.DataFrame:
    """Adds the columns of schema.charges.CLASSIFICATION, and the region where only the usage type's prefix says it.

    Args:
        charges: the columns of schema.charges.CHARGES, and any others.

    Returns:
        The same rows in the same order.
    """
    charges = charges.with_columns(nature().alias("nature"))
    return join_lines(charges, classify_lines(charges.select(LINE_KEYS).unique(maintain_order=True)))


def classify_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """Adds the columns of CLASSIFICATION to distinct lines, and `prefix_region`: where the usage type's prefix says.

    Args:
        lines: LINE_KEYS, each combination once, and any other columns.
    """
    meanings = [meaning_of(Line(*row)) for row in lines.select(LINE_KEYS).iter_rows()]
    columns = {name: [getattr(meaning, name) for meaning in meanings] for name in CLASSIFICATION}
    # as text: polars would import all of numpy to look at a Decimal
    columns["meter_factor"] = [None if factor is None else f"{factor:f}" for factor in columns["meter_factor"]]
    told = pl.DataFrame(columns, schema=CLASSIFICATION | {"meter_factor": pl.String}).cast({"meter_factor": QUANTITY})
    known = pl.concat([lines, told], how="horizontal")
    return known.with_columns(_region_of(lines).alias("prefix_region"))


def join_lines(charges: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Gives each charge what its line is.

    Args:
        charges: LINE_KEYS and any other columns. Those of LINE_KEYS that are missing come with the lines, where the
            others tell a line by themselves.
        lines: as `classify_lines` returns them.

    Returns:
        The same rows in the same order, without `nature`.
    """
    keys = [name for name in LINE_KEYS if name in charges.columns]
    return (
        charges.join(lines, on=keys, how="left", nulls_equal=True, maintain_order="left", validate="m:1")
        .with_columns(pl.coalesce("region_id", "prefix_region").alias("region_id"))
        .drop("nature", "prefix_region")
    )


def meaning_of(line: Line) -> Meaning:
    """Returns what a line of a bill is.

    Example:
        >>> name = "USE1-NovaPro-cache-read-input-token-count"
        >>> meaning_of(Line("usage", "AmazonBedrock", None, name, "1K tokens", None)).token_class
        'cache-read'

    In a unit that nobody has told us there is nothing to count:

        >>> meaning = meaning_of(Line("usage", "AmazonBedrock", None, name, "tokens", None))
        >>> meaning.kind, meaning.meter
        ('inference', None)
    """
    product = product_of(line)
    if product is None:
        return OTHER_SERVICE
    if line.nature == "commitment" or (line.nature == "usage" and product == "savings-plan"):
        return Meaning("commitment")
    if line.nature == "other":
        return Meaning("related")  # tax, credits, refunds, discounts: shown with their product, not advised on
    if not line.usage_type:
        return UNRECOGNISED
    meaning = _READERS[product](line, split_prefix(line.usage_type)[1])
    return meaning if meaning.meter_factor is not None else dataclasses.replace(meaning, meter=None)


def _read_agents(_line: Line, _body: str) -> Meaning:
    return Meaning("related", component="agents")


def _read_accelerator(line: Line, body: str) -> Meaning:
    return Meaning(
        "self-managed",
        component="instance",
        meter="instance_ns",
        meter_factor=factor("instance_ns", line.unit),
        instance_type=body.rpartition(":")[2].lower(),
    )


_READERS: dict[str, Callable[[Line, str], Meaning]] = {
    "sagemaker": read_sagemaker,
    "bedrock": read_bedrock,
    "marketplace": read_marketplace,
    "agentcore": _read_agents,
    "ec2": _read_accelerator,
}


def nature() -> pl.Expr:
    """Returns what a charge is before its usage type is looked at, from columns of CHARGES.

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
