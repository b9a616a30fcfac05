"""CUR 2.0, table COST_AND_USAGE_REPORT of AWS Data Exports: any subset of its columns, in any order."""

from collections.abc import Set as AbstractSet

import polars as pl

from infercost.billing.formats import cur, cur_legacy_athena
from infercost.billing.reading.columns import Columns
from infercost.billing.reading.head import Head

_NEEDS = cur.in_snake_case(cur.NEEDS)
_SIGNS = frozenset(_NEEDS) | {"line_item_product_code", "line_item_usage_amount", "bill_payer_account_id"}


class Cur20:
    """CUR 2.0. Tags and products are maps, which are JSON text in CSV and in some conversions to Parquet."""

    name = "CUR 2.0"
    currency = cur.CURRENCY_IN_SNAKE_CASE
    needs = _NEEDS
    serves = cur.in_snake_case(cur.SERVES) | {
        "product": cur.NO_PRODUCTS,
        "resource_tags": cur.NO_TAGS,
        "line_item_iam_principal": "who called a Bedrock model stays unknown",
    }

    def matches(self, head: Head) -> bool:
        """Tells CUR 2.0 by its snake case names, and from legacy CUR in Athena by the maps that replaced columns."""
        return len(head.names & _SIGNS) >= 3 and not cur_legacy_athena.is_legacy(head)

    def fields(self, columns: Columns) -> dict[str, pl.Expr]:
        """Maps the columns by name."""
        columns.require(self.needs)
        return cur.fields(columns)

    def warnings(self, head: Head, types: AbstractSet[str]) -> tuple[str, ...]:
        """Names the columns that a selection left out, and what that costs."""
        return cur.warnings(head, self.serves, types)
