"""Batch transform worked by hand. Times in comments are in seconds."""

from typing import Any

from twin.by_hand import instance_s, run, seconds
from twin.examples import rows, scenario


def test_batch_transform_idle_instances_are_billed_to_the_end_of_the_job() -> None:
    # 5 requests of 10 s in 2 files: 0, 1, 2 in file 0 (floor(i x 2 / 5)), 3, 4 in file 1; 3 instances, the third idle.
    # The job starts at the last arrival, 4, works from 244. Instance 0: 3 x 10 = until 274, instance 1 until 264.
    stream = rows([(index, 10) for index in range(5)])
    result = run(scenario("batch-transform", 300, {"instances": 3, "files": 2}), stream)
    assert seconds(result) == [
        ("completed", 244, 254),
        ("completed", 254, 264),
        ("completed", 264, 274),
        ("completed", 244, 254),
        ("completed", 254, 264),
    ]
    assert instance_s(result) == 3 * 30


def test_batch_transform_deals_files_out_in_turn() -> None:
    # 5 requests in 4 files: 0, 1 | 2 | 3 | 4; file 3 goes to instance 0 again: 0, 1, 4 there, 2 on 1, 3 on 2
    stream = rows([(index, 10) for index in range(5)])
    result = run(scenario("batch-transform", 300, {"instances": 3, "files": 4}), stream)
    assert [start for _, start, _ in seconds(result)] == [244, 254, 244, 244, 264]


def test_batch_transform_jobs_by_the_clock() -> None:
    # every 100: arrivals at 0 and 99 go at 100, the one at 100 at 200. Work 240 s later, two workers.
    result = run(
        scenario("batch-transform", 150, {"every_s": 100.0, "max_concurrent_transforms": 2}),
        rows([(0, 5), (99, 6), (100, 7)]),
    )
    assert seconds(result) == [("completed", 340, 345), ("completed", 340, 346), ("completed", 440, 447)]
    assert instance_s(result) == 6 + 7


def transformed(sizes_mb: list[float], **keys: Any) -> list[tuple[str, float | None, float | None]]:  # noqa: ANN401 -- keys of the deployment
    """Records of 10 s each, all at 0; work begins at 0 in the answer (240 later in truth)."""
    stream = rows([(0, 10)] * len(sizes_mb))
    for row, size in zip(stream, sizes_mb, strict=True):
        row["payload_bytes"] = round(size * 1_000_000)
    result = run(scenario("batch-transform", 3000, keys), stream)
    return [
        (status, None if start is None else start - 240, None if finish is None else finish - 240)
        for status, start, finish in seconds(result)
    ]


def test_a_record_above_the_limit_is_refused_and_none_without_a_limit() -> None:
    assert transformed([2, 2.000001], max_payload_mb=2) == [("completed", 0, 10), ("refused", None, None)]
    assert transformed([2, 200], max_payload_mb=0) == [("completed", 0, 10), ("completed", 10, 20)]


def test_without_a_split_a_call_carries_a_file() -> None:
    # 4 records in 2 files of 2: 20 each, done together; the second file is above the limit of 6, its records are not
    whole = transformed([3, 3, 3, 3.1], split_type="none", files=2)
    assert whole == [("completed", 0, 20), ("completed", 0, 20), ("refused", None, None), ("refused", None, None)]
    # no limit; one worker: one file after the other
    whole = transformed([3, 3, 3, 3.1], split_type="none", files=2, max_payload_mb=0)
    assert whole == [("completed", 0, 20), ("completed", 0, 20), ("completed", 20, 40), ("completed", 20, 40)]
    # the record that is too large by itself is in no file
    whole = transformed([1, 7, 1], split_type="none")
    assert whole == [("completed", 0, 20), ("refused", None, None), ("completed", 0, 20)]


def test_multi_record_calls_carry_as_many_records_of_a_file_as_the_limit_holds() -> None:
    # limit 6: 3 and 3 fit exactly; 2 and 4 are the next, then 5. Files are not mixed.
    keys = {"batch_strategy": "multi-record"}
    calls = transformed([3, 3, 2, 4, 5], **keys)
    assert calls == [
        ("completed", 0, 20),
        ("completed", 0, 20),
        ("completed", 20, 40),
        ("completed", 20, 40),
        ("completed", 40, 50),
    ]
    # two files: 0, 1, 2 and 3, 4; the second worker takes the next call of the same file, then across the seam
    calls = transformed([3, 3, 1, 1, 1], files=2, max_concurrent_transforms=2, **keys)
    assert calls == [
        ("completed", 0, 20),
        ("completed", 0, 20),
        ("completed", 0, 10),
        ("completed", 10, 30),
        ("completed", 10, 30),
    ]
    # without a limit a call takes all of the file
    assert transformed([300, 3, 1], max_payload_mb=0, **keys) == [("completed", 0, 30)] * 3


def test_the_work_of_a_call_is_the_sum_of_its_records_rounded_once() -> None:
    # three records of 1 ns at speed 2: 1.5, so 2; one by one: 1 each
    stream = rows([(0, 1e-9)] * 3)
    for strategy, took in (("multi-record", 2), ("single-record", 3)):
        result = run(scenario("batch-transform", 300, {"speed": 2.0, "batch_strategy": strategy}), stream)
        assert max(finish or 0 for _, _, _, finish, *_ in result.requests) == 240 * 10**9 + took


def test_a_call_that_takes_too_long_is_tried_again_on_its_worker() -> None:
    # 10 a record, limit 10: in time. Two in a call are 20: cut at 10, 1 + 2 times: 30, and the next begins then.
    keys = {"batch_strategy": "multi-record", "invocation_timeout_s": 10.0, "retries": 2}
    calls = transformed([3, 3, 5], **keys)
    assert calls == [("timed_out", 0, 30), ("timed_out", 0, 30), ("completed", 30, 40)]
    assert transformed([3, 3, 5], **{**keys, "retries": 0})[2] == ("completed", 10, 20)


def test_there_is_no_job_where_everything_is_refused() -> None:
    stream = rows([(0, 10)] * 2, payload_bytes=4_000_000)
    for keys in ({"split_type": "none"}, {"max_payload_mb": 3}):
        result = run(scenario("batch-transform", 3000, keys, {"batch_transform": {"bill_startup": True}}), stream)
        assert [status for status, _, _ in seconds(result)] == ["refused", "refused"]
        assert instance_s(result) == 0
