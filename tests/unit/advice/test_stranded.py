"""What a plan goes on paying for."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import worlds
from infercost.advice.stranded import stranded
from infercost.schema.config import Config
from infercost.schema.workload import Workload
from infercost.workloads import discover
from worlds import Line, World, kept

PLAN = "arn:aws:savingsplans::1:savingsplan/x"


def covered(hours: tuple[int, ...]) -> Workload:
    line = worlds.instances("it", "ml.g5.xlarge", 1, plan=PLAN, hours=hours)
    return discover(worlds.bill([line], days=1), Config(), Path())[0]


def test_in_each_hour_the_plan_first_pays_for_the_new_deployment() -> None:
    paid = Decimal("1.408")
    after = {0: Decimal("1.0"), 1: Decimal("3.0"), 2: Decimal(0)}
    expected = (paid - 1) + 0 + paid
    assert stranded(covered((0, 1, 2)), "real-time", after, worlds.START) == expected


def test_no_plan_pays_for_serverless_or_bedrock() -> None:
    after = dict.fromkeys(range(3), Decimal(100))
    for pattern in ("serverless", "bedrock-on-demand", None):
        assert stranded(covered((0, 1, 2)), pattern, after, worlds.START) == 3 * Decimal("1.408")


def test_uncovered_usage_is_not_stranded() -> None:
    workload = covered((0,))
    free = replace(workload, charges=workload.charges.with_columns(commitment_discount_id=None))
    assert stranded(free, None, {}, worlds.START) == 0


def test_what_a_plan_goes_on_paying_is_the_reason_to_keep_it(documents: World) -> None:
    documents.lines = [
        worlds.instances("documents", "ml.g5.xlarge", 3, plan="arn:aws:savingsplans::1:savingsplan/x"),
        Line("USE1-Hst:Data-Bytes-In", "0.36", "0.016", worlds.endpoint("documents"), unit="GB"),
    ]
    found = documents.answer()
    assert found.recommendations == ()
    reason = kept(found, "documents")
    assert reason is not None
    assert "a commitment goes on paying" in reason.reason
    assert "[SP-2]" in reason.reason
