"""Batch transform: jobs whose files are shared out over instances of their own."""

from collections.abc import Mapping, Sequence
from typing import Any

from twin.reference.jobs import jobs
from twin.reference.result import Ledger, Request, Result, Window, ns, work_ns


def simulate(scenario: Mapping[str, Any], deployment: Mapping[str, Any], rows: Sequence[Mapping[str, int]]) -> Result:
    requests = [Request(ordinal, row) for ordinal, row in enumerate(rows)]
    ledger = Ledger(Window.of(scenario))
    for start, members in jobs(requests, deployment["every_s"]):
        accepted = []
        for one in members:
            if one.row["payload_bytes"] > deployment["max_payload_mb"] * 1_000_000:
                one.end("refused")
            else:
                accepted.append(one)
        if accepted:
            _run_job(scenario, deployment, start, accepted, ledger)
    return ledger.result(requests)


def _run_job(
    scenario: Mapping[str, Any], deployment: Mapping[str, Any], start: int, accepted: list[Request], ledger: Ledger
) -> None:
    assumed = scenario["assumptions"]["batch_transform"]
    window = ledger.window
    work_starts = start + ns(assumed["startup_s"])
    instances, files = deployment["instances"], deployment["files"]
    contents: list[list[Request]] = [[] for _ in range(files)]
    for position, one in enumerate(accepted):
        contents[position * files // len(accepted)].append(one)
    job_ends = work_starts
    for instance in range(instances):
        workers = [work_starts] * deployment["max_concurrent_transforms"]
        for file in range(instance, files, instances):
            for one in contents[file]:
                first_free = workers.index(min(workers))
                begins = workers[first_free]
                ends = begins + work_ns(one.row["service_ns"], deployment["speed"])
                workers[first_free] = ends
                job_ends = max(job_ends, ends)
                if window.cut and ends > window.horizon:
                    one.end("unfinished")
                else:
                    one.end("completed", begins, ends)
    billed_from = start if assumed["bill_startup"] else work_starts
    billed_to = min(job_ends, window.horizon) if window.cut else job_ends
    ledger.span("instance_ns", billed_from, billed_to, instances)
