"""Inference components of examples worked by hand. Times in comments are in seconds.

Unless a test says otherwise: instances of 4 accelerators and 2000 MB to schedule; a copy takes one accelerator and
200 MB; an instance takes 350 to launch, a copy 150 more; an empty instance is released after 720; nothing drains.
"""

from typing import Any

from twin import by_hand
from twin.examples import SECOND, component, rows, scenario, scheduled
from twin.reference.result import Result

UPPER = 2**63  # a route to the second of two copies
HOST = {"accelerators": 4, "vcpus": 48.0, "memory_mb": 2500}
Asked = tuple[float, float, int]  # arrival, service, component


def run(
    components: list[dict[str, Any]],
    requests: list[Asked] | None = None,
    deployment: dict[str, Any] | None = None,
    assumptions: dict[str, dict[str, Any]] | None = None,
    *,
    routes: dict[int, int] | None = None,
    duration_s: float = 3600,
    **more: Any,  # noqa: ANN401 -- keys of the scenario and of [run]
) -> Result:
    """`requests`: in seconds; `routes`: by request, 0 where none is given."""
    requests = requests or []
    stream = rows([(arrival, service) for arrival, service, _ in requests], payload_bytes=10)
    for position, (_, _, number) in enumerate(requests):
        stream[position]["model"] = number
        stream[position]["route"] = (routes or {}).get(position, 0)
    assumed = {"instances": {"drain_s": 0}} | (assumptions or {})
    keys = {"host": HOST, "components": components, **(deployment or {})}
    return by_hand.run(scenario("inference-components", duration_s, keys, assumed, **more), stream)


def copy(name: str, **keys: Any) -> dict[str, Any]:  # noqa: ANN401 -- keys of the component
    return component(name, **{"memory_mb": 200, **keys})


def scaled(at_s: float, to: int, **keys: Any) -> dict[str, Any]:  # noqa: ANN401 -- keys of the component
    """Brought to `to` copies at an instant, up or down."""
    return {"scaling": {"min": 0, "max": 99, "policies": [scheduled(at_s, least=to, most=to)]}, **keys}


def starts(result: Result) -> list[float | str]:
    """The start of work of what has one, else its status."""
    return [status if start is None else start / SECOND for _, status, start, *_ in result.requests]


def counts(result: Result) -> tuple[float, int | None]:
    """Instance seconds in service of an hour, and the most at once."""
    assert result.instances_mean is not None
    return round(result.instances_mean * 3600, 3), result.instances_peak
