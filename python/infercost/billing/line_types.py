"""The line item types of CUR: by any case, for queries and warehouses fold what they hold."""

import polars as pl

from infercost.billing.reading.columns import Columns

LINE_ITEM_TYPE = "line_item_line_item_type"
LINE_ITEM_TYPES = (
    *("Usage", "DiscountedUsage", "SavingsPlanCoveredUsage", "FlatRateSubscription"),
    *("SavingsPlanNegation", "SavingsPlanRecurringFee", "SavingsPlanUpfrontFee", "RIFee", "Fee"),
    *("Tax", "Credit", "Refund"),
)
DISCOUNT = "Discount"  # the end of the names of all discounts, of which these are known
_DISCOUNTS = ("EdpDiscount", "PrivateRateDiscount", "BundledDiscount")
_BY_FOLDED = {name.lower(): name for name in (*LINE_ITEM_TYPES, *_DISCOUNTS)}


def as_aws_spells(name: str | None) -> str | None:
    """Returns a line item type as AWS spells it; what AWS does not have stays as it is.

    Example:
        >>> as_aws_spells("savingsplancoveredusage"), as_aws_spells("Novelty")
        ('SavingsPlanCoveredUsage', 'Novelty')
    """
    if name is None:
        return None
    folded = name.lower()
    ended = f"{name[: -len(DISCOUNT)]}{DISCOUNT}" if folded.endswith(DISCOUNT.lower()) else name
    return _BY_FOLDED.get(folded, ended)


def types_of(columns: Columns) -> frozenset[str | None] | None:
    """Returns all types in the rows that are looked at, as AWS spells them; None if that is not known."""
    types = columns.texts(LINE_ITEM_TYPE)
    return None if types is None else frozenset(map(as_aws_spells, types))


def type_of(columns: Columns) -> pl.Expr:
    """Returns the type of a row, as AWS spells it. Where the types are known, only odd ones cost a look."""
    kind, types = columns.text(LINE_ITEM_TYPE), columns.texts(LINE_ITEM_TYPE)
    if types is None:
        discount = kind.str.replace(f"(?i){DISCOUNT}$", DISCOUNT)
        return kind.str.to_lowercase().replace_strict(_BY_FOLDED, default=discount, return_dtype=pl.String)
    odd = {name: spelled for name in types if name is not None and (spelled := as_aws_spells(name)) != name}
    return kind.replace(odd) if odd else kind
