"""What is common to all patterns, worked by hand. Times in comments are in seconds."""

import ast
import sys
from pathlib import Path

from twin.by_hand import instance_s, run, seconds
from twin.examples import SECOND, rows, scenario

REFERENCE = Path(__file__).parent / "reference"


def test_the_reference_imports_only_the_standard_library_and_itself() -> None:
    for path in sorted(REFERENCE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0
                names = [node.module or ""]
            for name in names:
                root = name.split(".")[0]
                assert root in sys.stdlib_module_names or name.startswith("twin.reference"), f"{path.name}: {name}"
            assert not (isinstance(node, ast.Name) and node.id in {"__import__", "importlib", "exec", "eval"}), (
                path.name
            )


def test_work_is_divided_by_speed_and_rounded_half_up_to_at_least_a_nanosecond() -> None:
    stream = rows([(0, 0), (1, 0), (2, 0)])
    stream[0]["service_ns"], stream[1]["service_ns"], stream[2]["service_ns"] = 5, 4, 0
    result = run(scenario("real-time", 100, {"speed": 2.0}), stream)
    assert [finish - start for _, _, start, finish, *_ in result.requests if finish and start is not None] == [3, 2, 1]


def test_cut_leaves_unfinished_what_ends_after_the_horizon() -> None:
    # done at exactly 10: completed; done at 11: unfinished. One instance, 10 s.
    result = run(scenario("real-time", 10, {"concurrency": 2}, end="cut"), rows([(5, 5), (5, 6)]))
    assert seconds(result) == [("completed", 5, 10), ("unfinished", None, None)]
    assert instance_s(result) == 10


def test_warm_up_lives_in_the_state_but_in_no_figure() -> None:
    # warm-up 2: the first keeps the worker until 5, the second is reported; 8 s are billed
    example = scenario("real-time", 10, warmup_s=2.0)
    result = run(example, rows([(0, 5), (2, 1)]))
    assert result.requests == [(1, "completed", 5 * SECOND, 6 * SECOND, False, None)]
    assert instance_s(result) == 8
