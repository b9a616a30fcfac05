"""What looks like a saving but lacks evidence: an upper bound, what is missing, the command that would settle it."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

import polars as pl

from infercost.advice.backtest import billed_quantities
from infercost.advice.bench import Trial
from infercost.advice.breakeven import on_demand_estimate
from infercost.advice.cloudwatch import reach, requests_of
from infercost.advice.eligible import by_sagemaker_plans
from infercost.advice.explanation import describe, money
from infercost.advice.pricing import cents, monthly
from infercost.advice.savings import Costs
from infercost.advice.search import Found
from infercost.alternatives.delete import billed_requests
from infercost.billing.bill import Bill
from infercost.prices.book import PriceBook
from infercost.prices.charges import price_usage, total_cost
from infercost.schema.analysis import ActionType, Investigation
from infercost.schema.scenario import Asynchronous, BedrockBatch, BedrockOnDemand, BedrockProvisioned, RealTime
from infercost.schema.uncounted import uncounted_meters
from infercost.schema.workload import Workload

_TRAINING_GPUS = r"(?:^|\.)(?:p3|p4|p5|g5|g6)"  # also p4d, g6e ... [TR-4]
_RELEASE: ActionType = "ReleaseProvisionedThroughput"
_AUTOSCALE: ActionType = "TuneAutoscaling"
# Jobs start some hours apart and may each take a day [BB-2, BB-6]: two days hold both.
_BATCH_DEADLINE_S = 172_800
_PLAN_DISCOUNT = Decimal("0.64")  # the most that AWS says a SageMaker Savings Plan takes off [SP-1]


@dataclass(frozen=True)
class Lead:
    """An investigation before it has a number. `upper_bound` is per month, null where no figure is known."""

    title: str
    finding: str
    missing: str
    command: str
    account_id: str
    action: ActionType | None = None
    upper_bound: Decimal | None = None
    workload_ids: tuple[str, ...] = ()


def numbered(leads: list[Lead]) -> tuple[Investigation, ...]:
    """The leads from the largest bound down, those without one last."""
    ranked = sorted(
        leads, key=lambda one: (one.upper_bound is None, -(one.upper_bound or 0), one.account_id, one.title)
    )
    return tuple(
        Investigation(
            investigationId=f"INV-{number}",
            workloadIds=one.workload_ids,
            title=one.title,
            finding=one.finding,
            actionType=one.action,
            accountId=one.account_id,
            upperBoundMonthlySavings=None if one.upper_bound is None else cents(one.upper_bound),
            missingEvidence=one.missing,
            command=one.command,
        )
        for number, one in enumerate(ranked, 1)
    )


def of_workload(workload: Workload, found: Found, costs: Costs, bill: Bill, book: PriceBook) -> Iterator[Lead]:
    """What one workload leaves open."""
    if found.unproven is not None and found.current is not None:
        lead = _unproven(workload, found.unproven, found.current, costs)
        yield lead if found.doubt is None else replace(lead, missing=found.doubt.missing, command=found.doubt.step)
    elif costs.billed > 0 and workload.traffic is None:
        yield from _without_traffic(workload, costs, bill)
        yield from _perhaps_batch(workload, costs, book)
    elif costs.billed > 0 and workload.traffic is not None and not workload.traffic.requests:
        yield from _without_requests(workload, found, bill)
    elif costs.billed > 0 and workload.service == "Amazon SageMaker" and not workload.profiles and found.delete is None:
        yield _without_profile(workload, costs)
    elif found.best is None and found.current is not None:
        yield from _release(workload, found, costs)
        if (workload.slo.deadline_s or _BATCH_DEADLINE_S) < _BATCH_DEADLINE_S:
            yield from _perhaps_batch(workload, costs, book)


def of_bill(bill: Bill) -> Iterator[Lead]:
    """What the bill alone shows."""
    yield from _training(bill)
    yield from _uncovered(bill)


def _without_traffic(workload: Workload, costs: Costs, bill: Bill) -> Iterator[Lead]:
    """Paid by the hour, and nobody knows for what: at most all of it could be saved."""
    deployment = workload.deployment
    if isinstance(deployment, BedrockProvisioned):
        rule, action = "PT-1", _RELEASE
    elif isinstance(deployment, RealTime | Asynchronous):
        rule, action = "RT-B1", _AUTOSCALE
    else:
        return
    yield Lead(
        title=f"{workload.name}: paid by the hour, use unknown",
        finding=f"{describe(deployment)}: billed by the hour, whatever the traffic [{rule}]",
        missing=f"its requests: a saving up to the whole cost is there if few or none come. {reach(workload)}",
        command=requests_of(workload, bill),
        account_id=workload.account_id,
        action=action,
        upper_bound=costs.billed,
        workload_ids=(workload.id,),
    )


def _without_requests(workload: Workload, found: Found, bill: Bill) -> Iterator[Lead]:
    """Counts of zero that the bill contradicts, or that do not speak for the whole period: no saving is known."""
    served = billed_requests(workload)
    if not served and (found.delete is not None or found.rejected):
        return
    if served:
        finding = f"its traffic says that nobody calls it; the bill has {', '.join(served)}"
        missing = (
            f"which is right: counts of another endpoint, variant, model or region look like this. {reach(workload)}"
        )
    else:
        finding = "nothing came, but the traffic does not prove that for the whole period"
        missing = f"counts of its requests without gaps, from the first to the last hour of the bill. {reach(workload)}"
    yield Lead(
        title=f"{workload.name}: whether anybody calls it",
        finding=finding,
        missing=missing,
        command=requests_of(workload, bill),
        account_id=workload.account_id,
        action="Delete",
        workload_ids=(workload.id,),
    )


def _without_profile(workload: Workload, costs: Costs) -> Lead:
    return Lead(
        title=f"{workload.name}: how long a request takes is unknown",
        finding="its traffic is known; without the work of a request no other way to serve it can be simulated",
        missing="a profile: the work of one request on an instance type, measured one at a time",
        command="add [[workload.profile]] to the workload in infercost.toml and analyze again",
        account_id=workload.account_id,
        action=_AUTOSCALE,
        upper_bound=costs.billed,
        workload_ids=(workload.id,),
    )


def _perhaps_batch(workload: Workload, costs: Costs, book: PriceBook) -> Iterator[Lead]:
    """The same tokens at the batch price, where nobody said whether anyone waits [BR-4]."""
    now = workload.deployment
    if not isinstance(now, BedrockOnDemand) or (
        workload.explicit_interaction and workload.interaction == "interactive"
    ):
        return
    if uncounted_meters(workload.charges):
        return
    batch = BedrockBatch(id="batch", region=now.region, pattern="bedrock-batch", model_id=now.model_id)
    tokens = billed_quantities(workload.charges)
    if min(tokens.values(), default=0) < 0:  # corrections of another month outweigh what was used
        return
    usage = {(meter, 0): int(quantity) for meter, quantity in tokens.items()}
    (before, unknown), (after, also_unknown) = (total_cost(price_usage(one, usage, book)) for one in (now, batch))
    if unknown or also_unknown or not before or after >= before:
        return
    bound = costs.saving(after / before)
    yield Lead(
        title=f"{workload.name}: batch, if nobody waits",
        finding=f"the same tokens in batch would cost {money(bound, workload.currency)} a month less [BR-4]",
        missing=_missing_for_batch(workload),
        command=_let_it_wait(workload),
        account_id=workload.account_id,
        action="UseBatchInference",
        upper_bound=bound,
        workload_ids=(workload.id,),
    )


def _missing_for_batch(workload: Workload) -> str:
    if workload.traffic is None:
        return "whether anyone waits for the answers, and when requests come"
    deadline_h = round((workload.slo.deadline_s or 0) / 3600)
    return (
        "whether the answers may take two days: a job may take 24 h and jobs start hours apart; "
        f"the deadline is {deadline_h} h"
    )


def _let_it_wait(workload: Workload) -> str:
    """What to write so that the next run can answer: the preset of a day is too short for batch on Bedrock."""
    words = f'set interaction = "offline", slo = {{ deadline_s = {_BATCH_DEADLINE_S} }}'
    traffic = "" if workload.traffic is not None else " and `traffic`"
    return f"{words}{traffic} of the workload in infercost.toml and analyze again"


def _release(workload: Workload, found: Found, costs: Costs) -> Iterator[Lead]:
    """Model units of a base model that cost more than its tokens [PT-1, BR-1]: only the latency is not known."""
    estimate = on_demand_estimate(workload, found.rejected)
    if estimate is None or estimate >= costs.billed:
        return
    yield Lead(
        title=f"{workload.name}: release the model units",
        finding=f"on demand its tokens would cost {money(estimate, workload.currency)} a month "
        f"instead of {money(costs.billed, workload.currency)} [PT-1, BR-1]",
        missing="how fast the model answers on demand: send it some of your requests; and whether your quota of "
        "tokens and requests per minute takes the peaks",
        command=shlex.join(
            [
                *("aws", "service-quotas", "list-service-quotas", "--service-code", "bedrock"),
                *(
                    "--region",
                    workload.region,
                    "--query",
                    "Quotas[?contains(QuotaName, 'per minute')].[QuotaName,Value]",
                ),
            ]
        ),
        account_id=workload.account_id,
        action=_RELEASE,
        upper_bound=costs.billed - estimate,
        workload_ids=(workload.id,),
    )


def _unproven(workload: Workload, trial: Trial, current: Trial, costs: Costs) -> Lead:
    now, then = current.monthly_cost or Decimal(0), trial.monthly_cost or Decimal(0)
    bound = costs.saving(then / now) if now else Decimal(0)
    if workload.explicit_interaction:
        missing = "traffic of its own: the bill does not tell the peaks inside an hour"
        command = f"infercost analyze BILL --traffic {shlex.quote(_file_name(workload.name))}"
    else:
        missing = "whether anyone waits for the answers: nobody said"
        command = 'set interaction = "near-real-time" or "offline" of the workload in infercost.toml and analyze again'
        if isinstance(trial.deployment, BedrockBatch):
            command = _let_it_wait(workload)
    return Lead(
        title=f"{workload.name}: {describe(trial.deployment)}",
        finding=f"{money(costs.billed, workload.currency)} a month now; served so it would save up to "
        f"{money(bound, workload.currency)}",
        missing=missing,
        command=command,
        account_id=workload.account_id,
        action=trial.candidate.action,
        upper_bound=bound,
        workload_ids=(workload.id,),
    )


def _file_name(name: str) -> str:
    return f"{re.sub(r'[^A-Za-z0-9_-]+', '-', name)}.parquet"


def _training(bill: Bill) -> Iterator[Lead]:
    """Training on GPUs: a pointer without dollars, for no speed ratio is known [TR-3, TR-4]."""
    training = bill.charges.filter(
        (pl.col("kind") == "training") & pl.col("instance_type").str.contains(_TRAINING_GPUS).fill_null(value=False)
    )
    for (account,), rows in training.partition_by("sub_account_id", as_dict=True, maintain_order=True).items():
        cost = monthly(Decimal(rows["effective_cost"].sum() or 0), Decimal(bill.covered_hours))
        types = ", ".join(rows["instance_type"].unique().sort())
        region = next(iter(rows["region_id"].drop_nulls().unique().sort()), "us-east-1")
        yield Lead(
            title="Training on GPUs: try Trainium",
            finding=f"{money(cost, bill.currency)} a month of training on {types} [TR-4]",
            missing="how fast these models train on Trainium: AWS's figures are claims, not yours [TR-3]",
            command=f"aws sagemaker list-training-jobs --region {shlex.quote(str(region))} --sort-by CreationTime",
            account_id=str(account or "unknown account"),
            action="MigrateAccelerator",
        )


def _uncovered(bill: Bill) -> Iterator[Lead]:
    """Eligible usage that no Savings Plan covers. One month is too little to commit on: never a recommendation."""
    usage = by_sagemaker_plans(bill.charges)
    if usage.is_empty():
        return
    uncovered = Decimal(usage.filter(pl.col("commitment_discount_id").is_null())["effective_cost"].sum() or 0)
    whole = Decimal(usage["effective_cost"].sum() or 0)
    if uncovered <= 0 or whole <= 0:
        return
    cost = monthly(uncovered, Decimal(bill.covered_hours))
    yield Lead(
        title="SageMaker usage outside any Savings Plan",
        finding=f"{money(cost, bill.currency)} a month, {uncovered / whole:.0%} of what a plan can cover, is on "
        "demand; right-size first: a plan for what is about to shrink is lost [SP-1, SP-2]",
        missing="several months of use, and the rates of the plans: up to 64 % less is AWS's own figure",
        command=(
            "aws ce get-savings-plans-purchase-recommendation --savings-plans-type SAGEMAKER_SP "
            "--term-in-years ONE_YEAR --payment-option NO_UPFRONT --lookback-period-in-days SIXTY_DAYS"
        ),
        account_id=", ".join(bill.payers),
        action="PurchaseSavingsPlans",
        upper_bound=cost * _PLAN_DISCOUNT,
    )
