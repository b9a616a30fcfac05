"""What inference costs, by whom or what, as CSV: one row for each group, and one for the rest."""

import csv
from io import StringIO

from infercost.report.csv import BETWEEN, Cell, cell
from infercost.report.text import exact
from infercost.schema.spending import Spending, SpendingGroup

_TOKENS = {
    "input": "Input",
    "output": "Output",
    "cache-read": "CacheRead",
    "cache-write-5m": "CacheWrite5m",
    "cache-write-1h": "CacheWrite1h",
}
COLUMNS = (
    *("record", "by", "name", "key", "accountIds", "regions", "served", "currencyCode", "effectiveCost", "billedCost"),
    *("sharePercentage", "components", "requests", "requestsCost", "costPer1000Requests", "requestsEvidence"),
    *(f"{name}Tokens" for name in ("input", "output", "cacheRead", "cacheWrite5m", "cacheWrite1h")),
    *(f"costPerMillion{name}Tokens" for name in _TOKENS.values()),
    *("cacheReadPercentage", "idleCost", "idleUnknownCost", "unattributedCost", "periodStart", "periodEnd"),
)


def render(spending: Spending) -> str:
    """Rows of `group` and `rest` add up to the whole: `effectiveCost` may be summed."""
    memory = StringIO()
    table = csv.DictWriter(memory, COLUMNS, restval="", lineterminator="\n")
    table.writeheader()
    rows = [_group(one) for one in spending.groups]
    if spending.rest is not None:
        rest = spending.rest
        rows.append(
            {
                "record": "rest",
                "name": f"{rest.groups} more",
                "effectiveCost": rest.effective_cost,
                "billedCost": rest.billed_cost,
            }
        )
    for row in rows:
        every = {
            **row,
            "by": spending.by,
            "currencyCode": spending.currency,
            "periodStart": spending.period.start,
            "periodEnd": spending.period.end,
        }
        table.writerow({name: cell(value) for name, value in every.items()})
    return memory.getvalue()


def _group(one: SpendingGroup) -> dict[str, Cell]:
    row: dict[str, Cell] = {
        "record": "group",
        "name": one.name,
        "key": one.key,
        "accountIds": BETWEEN.join(one.accounts),
        "regions": BETWEEN.join(one.regions),
        "served": one.served,
        "effectiveCost": one.effective_cost,
        "billedCost": one.billed_cost,
        "sharePercentage": one.share_pct,
        "components": BETWEEN.join(f"{spend.name}: {exact(spend.cost)}" for spend in one.components),
        "requests": None if one.requests is None else str(one.requests),
        "requestsCost": one.requests_cost,
        "costPer1000Requests": one.per_1000_requests,
        "requestsEvidence": one.requests_evidence,
        "cacheReadPercentage": one.cache_read_pct,
        "idleCost": one.idle_cost,
        "idleUnknownCost": one.idle_unknown_cost,
        "unattributedCost": one.unattributed_cost,
    }
    for token in one.tokens:
        name = _TOKENS[token.token_class]
        row[f"{name[0].lower()}{name[1:]}Tokens"] = token.tokens
        row[f"costPerMillion{name}Tokens"] = token.per_million
    return row
