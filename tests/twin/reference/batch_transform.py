"""Batch transform: jobs whose files are shared out over instances of their own."""

from collections.abc import Mapping, Sequence
from typing import Any

from twin.reference.jobs import jobs
from twin.reference.result import Ledger, Request, Result, Window, ns, work_ns

Call = list[Request]


def simulate(
    scenario: Mapping[str, Any],
    deployment: Mapping[str, Any],
    rows: Sequence[Mapping[str, int]],
    drawn: Sequence[int] = (),
) -> Result:
    del drawn  # instances start when startup_s is over
    requests = [Request(ordinal, row) for ordinal, row in enumerate(rows)]
    ledger = Ledger(Window.of(scenario))
    for start, members in jobs(requests, deployment["every_s"]):
        files = _files(deployment, members)
        if any(files):
            _run_job(scenario, deployment, start, files, ledger)
    return ledger.result(requests)


def _files(deployment: Mapping[str, Any], members: Sequence[Request]) -> list[list[Call]]:
    """The calls of each file; what is refused is in none."""
    limit = deployment["max_payload_mb"] * 1_000_000
    accepted = [one for one in members if not (limit and one.row["payload_bytes"] > limit)]
    count = deployment["files"]
    contents: list[list[Request]] = [[] for _ in range(count)]
    for position, one in enumerate(accepted):
        contents[position * count // len(accepted)].append(one)
    files = [_calls(deployment, content, limit) for content in contents]
    called = {one for calls in files for call in calls for one in call}
    for one in members:
        if one not in called:
            one.end("refused")
    return files


def _calls(deployment: Mapping[str, Any], content: list[Request], limit: int) -> list[Call]:
    if not content:
        return []
    if deployment["split_type"] == "none":
        return [content] if not limit or _bytes(content) <= limit else []
    if deployment["batch_strategy"] == "single-record":
        return [[one] for one in content]
    calls: list[Call] = [[]]
    for one in content:
        if limit and calls[-1] and _bytes([*calls[-1], one]) > limit:
            calls.append([])
        calls[-1].append(one)
    return calls


def _bytes(call: Call) -> int:
    return sum(one.row["payload_bytes"] for one in call)


def _run_job(
    scenario: Mapping[str, Any], deployment: Mapping[str, Any], start: int, files: list[list[Call]], ledger: Ledger
) -> None:
    assumed = scenario["assumptions"]["batch_transform"]
    window = ledger.window
    work_starts = start + ns(assumed["startup_s"])
    instances = deployment["instances"]
    timeout = ns(deployment["invocation_timeout_s"])
    job_ends = work_starts
    for instance in range(instances):
        workers = [work_starts] * deployment["max_concurrent_transforms"]
        for file in range(instance, len(files), instances):
            for call in files[file]:
                first_free = workers.index(min(workers))
                begins = workers[first_free]
                work = work_ns(sum(one.row["service_ns"] for one in call), deployment["speed"])
                status = "completed"
                if work > timeout:
                    status, work = "timed_out", (1 + deployment["retries"]) * timeout
                ends = begins + work
                workers[first_free] = ends
                job_ends = max(job_ends, ends)
                for one in call:
                    if window.cut and ends > window.horizon:
                        one.end("unfinished")
                    else:
                        one.end(status, begins, ends)
    billed_from = start if assumed["bill_startup"] else work_starts
    billed_to = min(job_ends, window.horizon) if window.cut else job_ends
    ledger.span("instance_ns", billed_from, billed_to, instances)
