"""The face of the engine: whole, frozen, safe to share, deaf to nonsense."""

import ast
import inspect
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import polars as pl
import pytest

from infercost import _core, engine
from infercost.engine import Run, simulate, stream
from infercost.schema.errors import InfercostError, InputError, UsageError
from infercost.schema.scenario import Scenario

SECOND = 1_000_000_000


def scenario(kind: str = "poisson", **deployment: Any) -> Scenario:  # noqa: ANN401 -- keys of a deployment
    traffic: dict[str, Any] = {"kind": "poisson", "rate_per_s": 50, "duration_s": 600}
    if kind != "poisson":
        traffic = {"kind": kind, "path": "data.parquet", "start": "2026-10-01T00:00:00Z", "duration_s": 600}
    document = {
        "traffic": traffic,
        "service": {"kind": "exponential", "mean_ms": 20},
        "deployment": [
            {
                "id": "it",
                "region": "us-east-1",
                "pattern": "real-time",
                "instance_type": "ml.m5.xlarge",
                "instances": 2,
                **deployment,
            }
        ],
    }
    return Scenario.parse(document, "boundary")


def test_everything_in_the_extension_has_a_face() -> None:
    public = {name for name, one in vars(_core).items() if not (name.startswith("_") or isinstance(one, type))}
    tree = ast.parse(inspect.getsource(engine))
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "_core"
    }
    assert public
    assert public - used == set()


def test_results_are_frozen() -> None:
    (run,) = simulate(scenario())
    for name in ("summary", "usage", "requests", "another"):
        with pytest.raises((AttributeError, TypeError)):
            setattr(run, name, None)
    with pytest.raises(ValueError, match="frozen"):
        run.summary.completed = 0  # type: ignore[misc]  # frozen: that is what is tested


def test_objects_of_the_extension_are_frozen_and_come_from_the_engine_alone() -> None:
    (outcome,) = _core.simulate(scenario().model_dump_json(by_alias=True, exclude={"prices", "model"}).encode())
    for one in (outcome, outcome.usage):
        for name in (*(name for name in dir(one) if not name.startswith("__")), "another"):
            with pytest.raises(AttributeError):
                setattr(one, name, None)
        with pytest.raises(TypeError):
            type(one)()


def test_threads_that_share_a_scenario_get_the_same_bytes() -> None:
    shared = scenario()
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: as_bytes(simulate(shared, record=True)), range(8)))
    assert len(set(results)) == 1


def as_bytes(runs: tuple[Run, ...]) -> str:
    (run,) = runs
    assert run.requests is not None
    return run.summary.model_dump_json() + run.usage.write_csv() + run.requests.write_csv()


GOOD = {"arrival_ns": [0, SECOND, SECOND], "service_ns": [1, 2, 3], "payload_bytes": [0, 1, 2]}


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        ({"service_ns": [1, 2, 3]}, "arrival_ns"),
        ({**GOOD, "arrival_ns": [0, 2, 1]}, "arrival_ns of row 2"),
        ({**GOOD, "arrival_ns": [0, None, 1]}, "arrival_ns"),
        ({**GOOD, "arrival_ns": [0, 1, 600 * SECOND]}, "outside the run"),
        ({**GOOD, "arrival_ns": [-1, 0, 1]}, "outside the run"),
        ({**GOOD, "arrival_ns": [0.0, float("nan"), 1.0]}, "arrival_ns"),
        ({**GOOD, "arrival_ns": ["0", "1", "2"]}, "arrival_ns"),
        ({**GOOD, "service_ns": [1, None, 3]}, "service_ns"),
        ({**GOOD, "service_ns": [1, -2, 3]}, "service_ns of row 1"),
        ({**GOOD, "service_ns": [1.0, float("nan"), 3.0]}, "service_ns"),
        ({**GOOD, "service_ns": [1.0, float("inf"), 3.0]}, "service_ns"),
        ({**GOOD, "payload_bytes": [0, -1, 2]}, "payload_bytes of row 1"),
        ({**GOOD, "payload_bytes": [0, None, 2]}, "payload_bytes"),
        ({**GOOD, "surprise": [0, 1, 2]}, "surprise"),
    ],
)
def test_damaged_columns_of_a_trace_are_refused_by_name(columns: dict[str, list[Any]], named: str) -> None:
    refused(scenario("trace"), columns, named)


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        ({"start_ns": [0], "end_ns": [SECOND]}, "requests"),
        ({"start_ns": [0], "end_ns": [SECOND], "requests": [-1]}, "step 0.*negative"),
        ({"start_ns": [0, SECOND], "end_ns": [SECOND, 2 * SECOND], "requests": [1, None]}, "requests"),
        ({"start_ns": [0], "end_ns": [SECOND], "requests": [float("nan")]}, "requests"),
        ({"start_ns": [SECOND, 0], "end_ns": [2 * SECOND, SECOND], "requests": [1, 1]}, "step 1"),
        ({"start_ns": [0, SECOND], "end_ns": [2 * SECOND, 3 * SECOND], "requests": [1, 1]}, "step 1"),
        ({"start_ns": [2 * SECOND], "end_ns": [SECOND], "requests": [1]}, "step 0"),
        ({"start_ns": [0], "end_ns": [1], "requests": [1]}, "step 0.*whole second"),
        ({"start_ns": [599 * SECOND], "end_ns": [601 * SECOND], "requests": [1]}, "step 0.*leave the run"),
    ],
)
def test_damaged_columns_of_rates_are_refused_by_name(columns: dict[str, list[Any]], named: str) -> None:
    refused(scenario("rates"), columns, named)


def refused(one: Scenario, columns: dict[str, list[Any]], named: str) -> None:
    frame = pl.DataFrame(columns)
    for act in (stream, simulate):
        with pytest.raises((UsageError, InputError), match=named):
            act(one, frame)


def test_a_trace_needs_columns_and_poisson_traffic_has_none() -> None:
    for one, columns in [(scenario("trace"), None), (scenario("rates"), None), (scenario(), pl.DataFrame(GOOD))]:
        for act in (stream, simulate):
            with pytest.raises(InfercostError):
                act(one, columns)


def test_options_out_of_range_are_refused() -> None:
    for options in ({"threads": 0}, {"threads": -1}, {"block_rows": 0}, {"block_rows": -5}):
        with pytest.raises(UsageError):
            simulate(scenario(), **options)  # type: ignore[arg-type]


def test_requests_are_recorded_only_on_demand() -> None:
    (run,) = simulate(scenario())
    assert run.requests is None
