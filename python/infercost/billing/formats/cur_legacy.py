"""Legacy CUR as CSV: names with a slash, a column for each tag and for each attribute of a product."""

from collections.abc import Set as AbstractSet

import polars as pl

from infercost.billing.formats import cur
from infercost.billing.reading.columns import Columns
from infercost.billing.reading.head import Head

_CATEGORIES = ("lineitem/", "bill/", "identity/")


class CurLegacy:
    """Legacy CUR. Its columns come and go: one is there from the month on in which a service or tag first needs it."""

    name = "legacy CUR"
    currency = cur.CURRENCY
    needs = cur.NEEDS
    serves = cur.SERVES | {
        "product/ProductName": cur.NO_PRODUCTS,
        "resourceTags/...": cur.NO_TAGS,
    }

    def matches(self, head: Head) -> bool:
        """Tells legacy CUR by the slash in its names."""
        return any(name.startswith(_CATEGORIES) for name in head.names)

    def fields(self, columns: Columns) -> dict[str, pl.Expr]:
        """Maps the columns by name."""
        columns.require(self.needs)
        return cur.fields(columns)

    def warnings(self, head: Head, types: AbstractSet[str]) -> tuple[str, ...]:
        """Names the columns that the report lacks, and what that costs."""
        return cur.warnings(head, self.serves, types)
