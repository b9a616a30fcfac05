"""What FOCUS says of the commitment on a charge: its kind, its status, and how much of it the charge is."""

import polars as pl

_TYPE = pl.col("line_item_type").fill_null("")
_ID = pl.col("commitment_discount_id")
_PLAN = _ID.str.contains("savingsplan", literal=True) | _TYPE.str.starts_with("SavingsPlan")
_RESERVATION = _ID.str.contains("reserved-instances", literal=True) | _TYPE.is_in(["DiscountedUsage", "RIFee"])
_SPEND = _ID.is_not_null() & _PLAN
_USAGE = pl.col("charge_category") == "Usage"
_PURCHASE = pl.col("charge_category") == "Purchase"


def category() -> pl.Expr:
    """Returns Spend for Savings Plans, Usage for reservations; null for an id that is neither."""
    return _by_kind("Spend", "Usage")


def kind() -> pl.Expr:
    """Returns AWS's name of such commitments."""
    return _by_kind("Savings Plan", "Reserved Instance")


def quantity() -> pl.Expr:
    """Returns how much is bought, used or left unused.

    A Savings Plan is counted in currency, as in FOCUS's own scenarios: what is paid on a purchase, the share of it on
    usage, both before private discounts where they are known. A reservation is counted as its usage is.
    """
    spent = (
        pl.when(_PURCHASE)
        .then(pl.coalesce("unblended_cost", "billed_cost"))
        .when(_USAGE)
        .then(pl.coalesce("amortized_cost", "effective_cost"))
    )
    reserved = pl.when((_USAGE | _PURCHASE) & pl.col("unit").is_not_null()).then("quantity")
    amount = pl.when(_SPEND).then(spent).when(_ID.is_not_null() & _RESERVATION).then(reserved)
    return pl.when(~pl.col("charge_class").eq_missing(pl.lit("Correction"))).then(amount)


def unit() -> pl.Expr:
    """Returns what `quantity` is counted in."""
    counted_in = pl.when(_SPEND).then("billing_currency").otherwise("unit")
    return pl.when(quantity().is_not_null()).then(counted_in)


def _by_kind(plan: str, reservation: str) -> pl.Expr:
    known = pl.when(_PLAN).then(pl.lit(plan)).when(_RESERVATION).then(pl.lit(reservation))
    return pl.when(_ID.is_not_null()).then(known)
