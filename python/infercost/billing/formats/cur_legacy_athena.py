"""Legacy CUR as Parquet, in Athena and in copies from there: snake case, and still a column for each tag."""

from collections.abc import Set as AbstractSet

import polars as pl

from infercost.billing.formats import cur
from infercost.billing.reading.columns import Columns
from infercost.billing.reading.head import Head

_NEEDS = cur.in_snake_case(cur.NEEDS)
_PER_KEY = ("resource_tags_", "cost_category_")
# What CUR 2.0 moved into its map of products, and what it has that legacy CUR never had.
_LEGACY = {"product_region", "product_servicename"}
_NEWER = {
    *("resource_tags", "product", "cost_category", "discount", "tags", "bill_payer_account_name"),
    *("line_item_usage_account_name", "line_item_iam_principal", "line_item_user_identifier"),
}


class CurLegacyAthena:
    """Legacy CUR under the names that Athena has for it."""

    name = "legacy CUR (Athena)"
    currency = cur.CURRENCY_IN_SNAKE_CASE
    needs = _NEEDS
    serves = cur.in_snake_case(cur.SERVES) | {
        "product_product_name": cur.NO_PRODUCTS,
        "resource_tags_...": cur.NO_TAGS,
    }

    def matches(self, head: Head) -> bool:
        """Tells it from CUR 2.0, whose names are spelled alike, by columns where that has maps."""
        return is_legacy(head) and len(head.names & set(_NEEDS)) >= 3

    def fields(self, columns: Columns) -> dict[str, pl.Expr]:
        """Maps the columns by name."""
        columns.require(self.needs)
        return cur.fields(columns)

    def warnings(self, head: Head, types: AbstractSet[str]) -> tuple[str, ...]:
        """Names the columns that the report lacks, and what that costs."""
        return cur.warnings(head, self.serves, types)


def is_legacy(head: Head) -> bool:
    """Returns whether a header in snake case is of legacy CUR; both are read alike, so only the name hangs on it."""
    names = head.names
    of_old = bool(names & _LEGACY) or any(name.startswith(_PER_KEY) for name in names)
    return of_old and not names & _NEWER
