"""Bedrock: on demand, in batch jobs, on provisioned model units."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from twin.reference.jobs import jobs
from twin.reference.result import Ledger, Request, Result, Window

MIN_BATCH_REQUESTS = 100


def on_demand(
    scenario: Mapping[str, Any],
    deployment: Mapping[str, Any],
    rows: Sequence[Mapping[str, int]],
    drawn: Sequence[int] = (),
) -> Result:
    del deployment, drawn  # a model has no parameter that counts and no instance
    requests = [Request(ordinal, row) for ordinal, row in enumerate(rows)]
    ledger = Ledger(Window.of(scenario))
    for one in requests:
        finish = one.arrival + one.row["service_ns"]
        if scenario["service"] is None:
            one.end("completed")
        elif ledger.window.cut and finish > ledger.window.horizon:
            one.end("unfinished")
        else:
            one.end("completed", one.arrival, finish)
        ledger.tokens(one)
    return ledger.result(requests)


def batch(
    scenario: Mapping[str, Any],
    deployment: Mapping[str, Any],
    rows: Sequence[Mapping[str, int]],
    drawn: Sequence[int] = (),
) -> Result:
    del drawn
    hours = scenario["assumptions"]["bedrock"]["batch_hours"]
    requests = [Request(ordinal, row) for ordinal, row in enumerate(rows)]
    ledger = Ledger(Window.of(scenario))
    for start, members in jobs(requests, deployment["every_s"]):
        share = float(members[0].row["route"]) / 2**64
        took = math.floor((hours["low"] + (hours["high"] - hours["low"]) * share) * 3.6e12 + 0.5)
        for one in members:
            if len(members) < MIN_BATCH_REQUESTS:
                one.end("refused")
            elif ledger.window.cut and start + took > ledger.window.horizon:
                one.end("unfinished")
            else:
                one.end("completed", start, start + took)
            ledger.tokens(one)
    return ledger.result(requests)


def provisioned(
    scenario: Mapping[str, Any],
    deployment: Mapping[str, Any],
    rows: Sequence[Mapping[str, int]],
    drawn: Sequence[int] = (),
) -> Result:
    del drawn
    requests = [Request(ordinal, row) for ordinal, row in enumerate(rows)]
    ledger = Ledger(Window.of(scenario))
    for one in requests:
        one.end("completed")
    ledger.span("model_unit_ns", 0, ledger.window.horizon, deployment["model_units"])
    return ledger.result(requests)
