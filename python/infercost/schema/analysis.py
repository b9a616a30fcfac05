"""`infercost analyze --format json`: the one artifact from which every other format is rendered.

Keys are only ever added. Money is a decimal string. Field names of recommendations are AWS Cost Optimization Hub's.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from infercost.schema.fx import Fx
from infercost.schema.inspection import Aside, Unread
from infercost.schema.strict import Strict

ActionType = Literal[
    "Delete",
    "Rightsize",
    "ScaleIn",
    "PurchaseSavingsPlans",
    "MigrateToGraviton",
    "SwitchServingPattern",
    "ScaleToZero",
    "TuneAutoscaling",
    "ScheduleScaling",
    "Consolidate",
    "MigrateAccelerator",
    "UseBatchInference",
    "EnablePromptCaching",
    "ChangeServiceTier",
    "ChangeInferenceProfile",
    "TrimTokens",
    "SwitchModel",
    "PurchaseProvisionedThroughput",
    "ReleaseProvisionedThroughput",
]
# In place of the id, in the spend by account.
NO_ACCOUNT = "no account"
Effort = Literal["VeryLow", "Low", "Medium", "High", "VeryHigh"]


class Period(Strict):
    """The month analysed; `covered_hours` are the hours that have charges, `closed` says that AWS has billed it."""

    start: datetime
    end: datetime
    covered_hours: int
    closed: bool


class Spend(Strict):
    """A named amount of money, with what it is made of."""

    name: str
    cost: Decimal
    detail: str = ""


class UnrecognisedSpend(Spend):
    """A usage type of a machine learning service that nobody has told us, as billed.

    `nearest` is the known usage type, without region prefix, that its name is most like; null where none is like it.
    """

    service: str | None = None
    rows: int = 0
    nearest: str | None = None


class BillSummary(Strict):
    """What the export holds, by effective cost unless the name says otherwise.

    `set_aside` are rows of the export that are no charges of this bill, `unread` are deliveries and files that lie
    there; both as in `infercost bill inspect`.
    """

    format: str
    files: int
    rows: int
    payers: tuple[str, ...]
    currency: str
    billed_cost: Decimal
    effective_cost: Decimal
    inference_effective_cost: Decimal
    by_account: tuple[Spend, ...]
    related_not_inference: tuple[Spend, ...]
    training: tuple[Spend, ...]
    self_managed_accelerators: tuple[Spend, ...]
    unrecognised: tuple[UnrecognisedSpend, ...]
    recognised_pct: Decimal | None  # of what the ML services' usage costs; null where that is no share of it
    services: tuple[Spend, ...] = ()
    development: tuple[Spend, ...] = ()  # notebooks, Studio, processing
    set_aside: tuple[Aside, ...] = ()
    unread: tuple[Unread, ...] = ()

    @property
    def breakdown(self) -> tuple[Spend, ...]:
        """Where the machine learning money goes: one total for each of the lists above."""
        return (
            Spend(name="inference", cost=self.inference_effective_cost),
            _total("training", self.training),
            _total("self-managed accelerators", self.self_managed_accelerators),
            _total("related to inference", self.related_not_inference),
            _total("development", self.development),
            _total("unrecognised", self.unrecognised),
        )


def _total(name: str, spends: Sequence[Spend]) -> Spend:
    return Spend(name=name, cost=sum((one.cost for one in spends), Decimal(0)))


class Reconciliation(Strict):
    """The export's own total against the total of the charges; `difference` above half a cent exits 4."""

    export_total: Decimal
    charges_total: Decimal
    difference: Decimal


class BacktestQuantity(Strict):
    """A meter as billed and as simulated."""

    meter: str
    billed: Decimal
    simulated: Decimal
    error_pct: float


class Backtest(Strict):
    """`quantities`, or the reason why there are none."""

    quantities: tuple[BacktestQuantity, ...] = ()
    null_reason: str | None = None


class WorkloadSummary(Strict):
    """One workload as found in the bill."""

    id: str
    name: str
    service: str
    pattern: str
    account_id: str = Field(alias="accountId")
    region: str
    resource_ids: tuple[str, ...]
    tags: dict[str, str]
    effective_cost: Decimal
    monthly_cost: Decimal
    unit_cost: str | None
    deployment: str  # in words: 40 x ml.g4dn.xlarge, always on
    evidence: str
    backtest: Backtest
    notes: tuple[str, ...] = ()


class RejectedAlternative(Strict):
    """What else was tried, and why not. `rule`: the id of the rule that forbids it, null where cost or latency does."""

    deployment: str
    estimated_monthly_cost: Decimal | None = Field(alias="estimatedMonthlyCost")
    reason: str
    rule: str | None = None


class Recommendation(Strict):
    """A better deployment, with range, evidence and every rejected one."""

    recommendation_id: str = Field(alias="recommendationId")
    workload_ids: tuple[str, ...] = Field(alias="workloadIds")
    action_type: ActionType = Field(alias="actionType")
    account_id: str = Field(alias="accountId")
    region: str
    resource_arn: str | None = Field(alias="resourceArn")
    resource_id: str | None = Field(alias="resourceId")
    tags: dict[str, str]
    current_resource_summary: str = Field(alias="currentResourceSummary")
    recommended_resource_summary: str = Field(alias="recommendedResourceSummary")
    current_monthly_cost: Decimal = Field(alias="currentMonthlyCost")
    estimated_monthly_cost: Decimal = Field(alias="estimatedMonthlyCost")
    estimated_monthly_savings: Decimal = Field(alias="estimatedMonthlySavings")
    estimated_savings_percentage: Decimal = Field(alias="estimatedSavingsPercentage")
    savings_low: Decimal = Field(alias="savingsLow")
    savings_high: Decimal = Field(alias="savingsHigh")
    stranded_commitment: Decimal = Field(alias="strandedCommitment")
    currency_code: str = Field(alias="currencyCode")
    evidence: str
    implementation_effort: Effort = Field(alias="implementationEffort")
    restart_needed: bool = Field(alias="restartNeeded")
    rollback_possible: bool = Field(alias="rollbackPossible")
    lookback_days: int = Field(alias="recommendationLookbackPeriodInDays")
    assumptions: dict[str, Any]
    conditions: tuple[str, ...]
    latency: str | None = None  # p99 120 ms of 200 ms, in words
    rejected_alternatives: tuple[RejectedAlternative, ...] = Field(alias="rejectedAlternatives")
    scenario: dict[str, Any]  # replay it: infercost simulate


class Kept(Strict):
    """A workload that already is served the cheapest way that was found, with what was rejected."""

    workload_id: str = Field(alias="workloadId")
    reason: str
    rejected_alternatives: tuple[RejectedAlternative, ...] = Field(alias="rejectedAlternatives")


class Investigation(Strict):
    """What looks like a saving but lacks evidence. Never in totals."""

    investigation_id: str = Field(alias="investigationId")
    workload_ids: tuple[str, ...] = Field(alias="workloadIds")
    title: str
    finding: str
    action_type: ActionType | None = Field(alias="actionType")
    account_id: str = Field(alias="accountId")
    upper_bound_monthly_savings: Decimal | None = Field(alias="upperBoundMonthlySavings")
    missing_evidence: str = Field(alias="missingEvidence")
    command: str


class Commitment(Strict):
    """A Savings Plan, a reservation or provisioned throughput held; money over the period of the bill.

    `unknown` says why a field is null.
    """

    kind: str
    hourly: Decimal | None  # what is committed to
    coverage: Decimal | None  # per cent of the list cost of `base` that it pays for
    utilisation: Decimal | None  # per cent of what is committed to
    end: datetime | None
    commitment_id: str | None = None
    committed: Decimal | None = None
    used: Decimal | None = None
    unused: Decimal | None = None
    net_savings: Decimal | None = None  # list cost of what it covers, less its cost with what was not used
    base: str | None = None  # the usage that it can pay for, in words
    unknown: dict[str, str] = {}


class SavingsRate(Strict):
    """Effective Savings Rate of some usage: 1 - cost / list cost, in per cent, before credits and tax."""

    base: str  # which usage, in words
    rate: Decimal | None
    list_cost: Decimal | None  # what the same usage costs on demand
    effective_cost: Decimal
    unused_commitment: Decimal | None  # a part of the cost too; null where it stands for other usage as well
    null_reason: str | None = None


class Totals(Strict):
    """Over the recommendations, at most one per workload; per month of 730 hours."""

    monthly_cost: Decimal
    estimated_monthly_savings: Decimal
    savings_low: Decimal
    savings_high: Decimal


class Analysis(Strict):
    """The whole answer."""

    schema_version: Literal[1] = Field(default=1, alias="schema")
    period: Period
    prices_as_of: str | None
    price_basis: str
    price_shares: dict[str, Decimal] = {}  # layer: share of the priced cost in per cent
    seed: int
    bill: BillSummary
    reconciliation: Reconciliation
    workloads: tuple[WorkloadSummary, ...]
    recommendations: tuple[Recommendation, ...]
    kept: tuple[Kept, ...] = ()
    investigations: tuple[Investigation, ...]
    commitments: tuple[Commitment, ...]
    savings_rates: tuple[SavingsRate, ...] = ()
    totals: Totals
    warnings: tuple[str, ...] = ()
    fx: Fx | None = None  # what list prices were converted by, of a bill that is not in USD

    @property
    def backtest_worst_pct(self) -> float | None:
        """The largest difference between a billed and a simulated quantity; None without any."""
        errors = [abs(one.error_pct) for workload in self.workloads for one in workload.backtest.quantities]
        return max(errors, default=None)
