"""CSV: a row for each recommendation, workload that stays or has no answer, investigation, commitment and rate."""

import csv
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from io import StringIO

from infercost.report import facts
from infercost.report.text import UNKNOWN, exact, flat, plain
from infercost.schema.analysis import Analysis, RejectedAlternative, WorkloadSummary

COLUMNS = (
    "record",
    "id",
    "workload",
    "actionType",
    "accountId",
    "region",
    "resourceId",
    "tags",
    "currentResourceSummary",
    "recommendedResourceSummary",
    "currencyCode",
    "currentMonthlyCost",
    "estimatedMonthlyCost",
    "estimatedMonthlySavings",
    "estimatedSavingsPercentage",
    "savingsLow",
    "savingsHigh",
    "strandedCommitment",
    "upperBoundMonthlySavings",
    "evidence",
    "implementationEffort",
    "restartNeeded",
    "rollbackPossible",
    "latency",
    "conditions",
    "reason",
    "rejectedAlternatives",
    "command",
    "assumptions",
    "periodStart",
    "periodEnd",
    "hourlyCommitment",
    "committedCost",
    "usedCommitment",
    "unusedCommitment",
    "coveragePercentage",
    "utilisationPercentage",
    "netSavings",
    "commitmentEnd",
    "savingsRatePercentage",
    "listCost",
    "effectiveCost",
)
BETWEEN = " | "
# What a spreadsheet takes for the start of a formula; the last four are their full-width forms.
_FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20")

Cell = str | Decimal | bool | datetime | None


def render(analysis: Analysis) -> str:
    """Savings that count stand in `estimatedMonthlySavings` alone: its sum is the total of the analysis."""
    memory = StringIO()
    table = csv.DictWriter(memory, COLUMNS, restval="", lineterminator="\n")
    table.writeheader()
    for row in _rows(analysis):
        every = {
            **row,
            "currencyCode": analysis.bill.currency,
            "periodStart": analysis.period.start,
            "periodEnd": analysis.period.end,
        }
        table.writerow({name: cell(value) for name, value in every.items()})
    return memory.getvalue()


def cell(value: Cell) -> str:
    """A cell that a spreadsheet shows and never runs.

    >>> [cell(value) for value in ("=1+1", " @SUM(A1)", "fine", Decimal("-5.50"), None, True)]
    ["'=1+1", "' @SUM(A1)", 'fine', '-5.5', '', 'true']
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return exact(value)
    if isinstance(value, datetime):
        return value.isoformat()
    text = plain(value)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


def _rows(analysis: Analysis) -> Iterator[dict[str, Cell]]:
    for one in analysis.recommendations:
        fields = one.model_dump(by_alias=True, include=set(_SAME))
        yield {
            **fields,
            "record": "recommendation",
            "id": one.recommendation_id,
            "workload": facts.names(analysis, one.workload_ids),
            "tags": _tags(one.tags),
            "conditions": BETWEEN.join(one.conditions),
            "rejectedAlternatives": _rejected(one.rejected_alternatives),
            "assumptions": BETWEEN.join(f"{key} {value}" for key, value in flat(one.assumptions)),
        }
    for kept in analysis.kept:
        yield {
            **_workload(facts.workload(analysis, kept.workload_id)),
            "record": "kept",
            "reason": kept.reason,
            "rejectedAlternatives": _rejected(kept.rejected_alternatives),
        }
    for workload in facts.unadvised(analysis):
        yield {
            **_workload(workload),
            "record": "no answer",
            "reason": BETWEEN.join(facts.remarks(analysis, workload)),
        }
    for found in analysis.investigations:
        yield {
            "record": "investigation",
            "id": found.investigation_id,
            "workload": facts.names(analysis, found.workload_ids),
            "actionType": found.action_type,
            "accountId": found.account_id,
            "upperBoundMonthlySavings": found.upper_bound_monthly_savings,
            "reason": BETWEEN.join((found.title, found.finding, f"missing: {found.missing_evidence}")),
            "command": found.command,
        }
    for held in analysis.commitments:
        yield {
            "record": "commitment",
            "id": held.commitment_id,
            "currentResourceSummary": held.kind,
            "hourlyCommitment": held.hourly,
            "committedCost": held.committed,
            "usedCommitment": held.used,
            "unusedCommitment": held.unused,
            "coveragePercentage": held.coverage,
            "utilisationPercentage": held.utilisation,
            "netSavings": held.net_savings,
            "commitmentEnd": held.end,
            "reason": BETWEEN.join(facts.commitment_notes(held)),
        }
    for rate in analysis.savings_rates:
        yield {
            "record": "savings rate",
            "currentResourceSummary": rate.base,
            "savingsRatePercentage": rate.rate,
            "listCost": rate.list_cost,
            "effectiveCost": rate.effective_cost,
            "unusedCommitment": rate.unused_commitment,
            "reason": rate.null_reason,
        }


# Fields of a recommendation that are a column as they are.
_SAME = (
    "action_type",
    "account_id",
    "region",
    "resource_id",
    "current_resource_summary",
    "recommended_resource_summary",
    "current_monthly_cost",
    "estimated_monthly_cost",
    "estimated_monthly_savings",
    "estimated_savings_percentage",
    "savings_low",
    "savings_high",
    "stranded_commitment",
    "evidence",
    "implementation_effort",
    "restart_needed",
    "rollback_possible",
    "latency",
)


def _workload(workload: WorkloadSummary) -> dict[str, Cell]:
    return {
        "id": workload.id,
        "workload": workload.name,
        "accountId": workload.account_id,
        "region": workload.region,
        "resourceId": BETWEEN.join(workload.resource_ids),
        "tags": _tags(workload.tags),
        "currentResourceSummary": workload.deployment,
        "currentMonthlyCost": workload.monthly_cost,
        "evidence": workload.evidence,
    }


def _tags(tags: dict[str, str]) -> str:
    return BETWEEN.join(f"{key}={value}" for key, value in sorted(tags.items()))


def _rejected(alternatives: tuple[RejectedAlternative, ...]) -> str:
    return BETWEEN.join(f"{one.deployment}: {_cost(one)}: {facts.rejection(one)}" for one in alternatives)


def _cost(one: RejectedAlternative) -> str:
    return UNKNOWN if one.estimated_monthly_cost is None else exact(one.estimated_monthly_cost)
