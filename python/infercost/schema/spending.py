"""`infercost workloads --format json`: what inference costs, by whom or what, and per unit of what came out of it.

Keys are only ever added. Money is a decimal string in the currency of the bill; null is unknown or not of the kind.
"""

from decimal import Decimal
from typing import Literal

from pydantic import Field

from infercost.schema.analysis import Period, Spend
from infercost.schema.fx import Fx
from infercost.schema.inspection import Aside, Unread
from infercost.schema.strict import PlainDecimal, Strict


class TokenCost(Strict):
    """Tokens of one class; null where a unit is unknown or what they carry is no count of tokens."""

    token_class: str  # input, output, cache-read, cache-write-5m, cache-write-1h
    tokens: PlainDecimal | None
    effective_cost: Decimal
    per_million: PlainDecimal | None


class SpendingGroup(Strict):
    """One account, model, endpoint ... and its inference. `key` is AWS's own id of it, null where charges have none."""

    name: str
    key: str | None
    accounts: tuple[str, ...]
    regions: tuple[str, ...]
    served: str  # in words: real-time 40 x ml.g4dn.xlarge
    effective_cost: Decimal
    billed_cost: Decimal
    share_pct: Decimal  # of the whole
    components: tuple[Spend, ...]  # instance, storage, tokens ...
    # Requests of the workloads that lie in the group as a whole and whose traffic is known, and what these cost.
    requests: int | None
    requests_cost: Decimal | None
    per_1000_requests: PlainDecimal | None
    requests_evidence: str | None
    tokens: tuple[TokenCost, ...]
    cache_read_pct: Decimal | None  # of the tokens that went in
    # Of what is paid by the hour: cost of hours without a request, and cost of hours of which that is not known.
    idle_cost: Decimal | None
    idle_unknown_cost: Decimal | None
    unattributed_cost: Decimal  # of charges without the owner's tag


class Rest(Strict):
    """The groups that are not listed one by one."""

    groups: int
    effective_cost: Decimal
    billed_cost: Decimal


class Spending(Strict):
    """The whole answer. The groups and the rest partition the charges: together they are `effective_cost`."""

    schema_version: Literal[1] = Field(default=1, alias="schema")
    period: Period
    currency: str
    format: str
    files: int
    rows: int
    by: str
    owner_tag: str | None  # whose absence makes a charge unattributed; null: a charge without any tag is
    selected: bool  # by --select; then it is not all of the bill's inference
    bill_effective_cost: Decimal
    effective_cost: Decimal
    billed_cost: Decimal
    unattributed_cost: Decimal
    unattributed_pct: Decimal | None
    idle_cost: Decimal | None
    idle_unknown_cost: Decimal | None
    groups: tuple[SpendingGroup, ...]
    rest: Rest | None
    not_included: tuple[Spend, ...]  # money around inference that no group has
    untold: tuple[str, ...]  # what the export can't tell, in words
    warnings: tuple[str, ...]
    # Rows of the export that are no charges of this bill, and deliveries that lie there: as in `infercost analyze`.
    set_aside: tuple[Aside, ...] = ()
    unread: tuple[Unread, ...] = ()
    fx: Fx | None = None
    effective_cost_usd: Decimal | None = None  # of a bill in another currency, at that rate
