"""The authored scenario and the engine's own reading of it: the same keys, and no key but those."""

import copy
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl
import pytest

from infercost import _core, engine
from infercost.schema.errors import UsageError
from infercost.schema.scenario import Scenario

SECOND = 1_000_000_000
# What names the variant of a union.
TAGS = ("kind", "pattern")
# What only the authored models know.
AUTHORED_ONLY = {"prices", "model", "model.compiled_for_neuron", "model.arm_build"}
# The engine has one type for every scalable target and one for every law; of these not all go everywhere: `ideal` is
# for asynchronous endpoints, and no trace has a column of cold requests.
REFUSED = re.compile(r"(?<!{async}\.scaling\.policies\[\]){ideal}\.kind|cold_service{trace}\.kind")
# Keys that an author may leave out and the engine may not: the traffic's reader knows how long its file is.
FILLED_IN = {"traffic{rates}.duration_s", "traffic{trace}.duration_s"}


@dataclass(frozen=True)
class Key:
    """What a schema says of one key. `types`: primitive types; `values`: the strings that are allowed, if not all."""

    types: frozenset[str]
    values: frozenset[str]
    nullable: bool
    required: bool


# --- both schemas, flat: path -> key ---------------------------------------------------------------------------------
def flatten(schema: dict[str, Any]) -> dict[str, Key]:
    """Every key by path: `[]` is an element of a list, `{name}` a variant of a tagged union."""
    return dict(walk(schema, schema, ""))


def walk(root: dict[str, Any], node: dict[str, Any], path: str) -> Iterator[tuple[str, Key]]:
    for option in options(root, node):
        keys = option.get("properties", {})
        # a tagged union of one variant is a table with a constant: both get the name of their variant
        variant = next((keys[tag]["const"] for tag in TAGS if "const" in keys.get(tag, {})), None)
        here = path if variant is None else f"{path}{{{variant}}}"
        for name, key in keys.items():
            place = f"{here}.{name}" if here else name
            yield place, describe(root, key, required=name in option.get("required", ()))
            yield from walk(root, key, place)
        if "items" in option:
            yield from walk(root, option["items"], f"{path}[]")


def options(root: dict[str, Any], node: dict[str, Any]) -> list[dict[str, Any]]:
    """The schemas one of which a value keeps to, references and unions resolved."""
    if "$ref" in node:
        return options(root, root["$defs"][node["$ref"].removeprefix("#/$defs/")])
    for union in ("oneOf", "anyOf"):
        if union in node:
            return [option for part in node[union] for option in options(root, part)]
    return [node]


def describe(root: dict[str, Any], node: dict[str, Any], *, required: bool) -> Key:
    found = options(root, node)
    types = {kind for one in found for kind in ([one["type"]] if isinstance(one["type"], str) else one["type"])}
    values = {value for one in found for value in one.get("enum", [one["const"]] if "const" in one else [])}
    return Key(
        types=frozenset(types - {"null"}),
        values=frozenset(value for value in values if isinstance(value, str)),
        nullable="null" in types,
        required=required,
    )


AUTHORED = flatten(Scenario.model_json_schema(mode="serialization"))
ENGINE = flatten(engine.scenario_schema())


def test_both_know_the_same_keys() -> None:
    assert set(AUTHORED) - set(ENGINE) == AUTHORED_ONLY
    assert set(ENGINE) - set(AUTHORED) == set()


@pytest.mark.parametrize("path", sorted(ENGINE))
def test_a_key_means_the_same_to_both(path: str) -> None:
    authored, engines = AUTHORED[path], ENGINE[path]
    assert authored.types == engines.types
    assert authored.values == engines.values
    assert authored.nullable == (engines.nullable or path in FILLED_IN)
    # authored keys have defaults and are all written out; the engine has none: what may be absent is what may be null
    assert engines.required == (not engines.nullable)
    assert engines.required or not authored.required


def test_every_table_is_closed() -> None:
    for schema in (Scenario.model_json_schema(), engine.scenario_schema()):
        tables = [node for node in nodes(schema) if node.get("type") == "object" and "properties" in node]
        assert len(tables) > 20
        assert [node for node in tables if node.get("additionalProperties") is not False] == []


def nodes(node: object) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from nodes(part)


# --- documents that hold every key between them ----------------------------------------------------------------------
INSTANCES = {"region": "us-east-1", "instance_type": "ml.m5.xlarge"}
MODEL = {"region": "us-east-1", "model_id": "amazon.nova-lite-v1:0"}
POLICIES: tuple[dict[str, Any], ...] = (
    {"kind": "target-tracking", "metric": "backlog-per-instance", "target": 5},
    {"kind": "step", "metric": "has-backlog-without-capacity", "adjustment": 1},
    {"kind": "scheduled", "at_s": [1, 2], "min": 1, "max": 2},
)
SCALING = {"min": 0, "max": 4, "policies": POLICIES}
IDEAL = {"min": 0, "max": 4, "policies": [{"kind": "ideal"}]}
LAUNCH = {"image_gb": 1, "model_gb": 2, "container_caching": True}
MODELS = {"model_mb": [10, 20, 30], "memory_mb": 40, "disk_mb": 50, "volume_gb": 10}
SERVING = {
    **INSTANCES,
    **LAUNCH,
    "routing": "prefix-aware",
    "prefix_concurrency_threshold": 3,
    "volume_gb": 10,
    "available": 2,
    "pools": [{"instance_type": "ml.m5.large", "available": 1}],
    "scaling": SCALING | {"min": 1},
}
VARIANT = {key: value for key, value in SERVING.items() if key != "region"}
POPULARITIES: tuple[dict[str, Any], ...] = (
    {"kind": "uniform", "count": 3},
    {"kind": "zipf", "count": 3, "exponent": 1},
    {"kind": "shares", "shares": [1, 2]},
)
TRAFFICS: tuple[dict[str, Any], ...] = (
    {"kind": "poisson", "rate_per_s": 1, "duration_s": 10, "start": "2026-10-01T00:00:00Z"},
    {"kind": "renewal", "rate_per_s": 1, "interarrival_cv": 1, "duration_s": 10, "start": "2026-10-01T00:00:00Z"},
    {"kind": "rates", "path": "rates.csv", "duration_s": 10, "start": "2026-10-01T00:00:00Z"},
    {"kind": "trace", "path": "trace.csv", "duration_s": 10, "start": "2026-10-01T00:00:00Z"},
)
SERVICES: tuple[dict[str, Any], ...] = (
    {"kind": "constant", "mean_ms": 10},
    {"kind": "exponential", "mean_ms": 10},
    {"kind": "gamma", "mean_ms": 10, "cv": 0.5},
    {"kind": "hyperexponential", "mean_ms": 10, "cv": 2},
    {"kind": "lognormal", "mean_ms": 10, "cv": 1},
    {"kind": "trace"},
)
COLUMNS = {
    "rates": pl.DataFrame({"start_ns": [0], "end_ns": [10 * SECOND], "requests": [3]}),
    "trace": pl.DataFrame({"arrival_ns": [0, SECOND], "service_ns": [1, 2], "first_token_ns": [1, 1]}),
}


def document(
    traffic: dict[str, Any], service: dict[str, Any], popularity: dict[str, Any], queue: dict[str, Any]
) -> dict[str, Any]:
    """As the engine gets it: every key written out."""
    carried = {"payload_bytes": 1, "response_bytes": 1, "input_tokens": 1, "output_tokens": 1}
    authored = {
        "traffic": traffic,
        "service": service,
        "streaming": {"first_token": service},
        "request": {**carried, "models": popularity, "prefixes": popularity},
        "deployment": [
            {
                "id": "a",
                "pattern": "real-time",
                **SERVING,
                "variants": [{"name": "b", "weight": 2, **VARIANT}, {"name": "c", "shadow_share": 0.5, **VARIANT}],
            },
            {
                "id": "b",
                "pattern": "serverless",
                "region": "us-east-1",
                "memory_mb": 1024,
                "max_concurrency": 2,
                "provisioned_concurrency": 1,
                "scaling": SCALING,
            },
            {"id": "c", "pattern": "async", **INSTANCES, **LAUNCH, "concurrency": 1, "scaling": queue},
            {"id": "d", "pattern": "batch-transform", **INSTANCES, "every_s": 5},
            {"id": "m", "pattern": "multi-model", **INSTANCES, **LAUNCH, **MODELS, "scaling": SCALING | {"min": 1}},
            {
                "id": "i",
                "pattern": "inference-components",
                **INSTANCES,
                "max_instances": 3,
                "instance_scale_in": "consolidation",
                "host": {"accelerators": 1, "vcpus": 4, "memory_mb": 16_000},
                "volume_gb": 10,
                "components": [
                    {"name": "a", "memory_mb": 1_000, **LAUNCH, "scaling": SCALING},
                    {"name": "b", "base": "a"},
                ],
            },
            {"id": "e", "pattern": "bedrock-on-demand", **MODEL},
            {"id": "f", "pattern": "bedrock-batch", **MODEL, "every_s": 5},
            {"id": "g", "pattern": "bedrock-provisioned", **MODEL},
        ],
        "slo": {"p99_ms": 100, "deadline_s": 60},
        "assumptions": {
            "real_time": {"container_queue_limit": 3},
            "serverless": {"cold_service": None if service["kind"] == "trace" else service},
            "instances": {"launch": {"kind": "lognormal", "median_s": 10, "p95_s": 20}},
        },
    }
    authored_only = {"prices", "model"}
    return Scenario.parse(authored, "test").model_dump(mode="json", by_alias=True, exclude=authored_only)


DOCUMENTS = {
    **{
        traffic["kind"]: document(traffic, SERVICES[0], popularity, IDEAL)
        for traffic, popularity in zip(TRAFFICS[:3], POPULARITIES, strict=True)
    },
    **{f"{one['kind']} service": document(TRAFFICS[0], one, POPULARITIES[0], SCALING) for one in SERVICES[:-1]},
    "trace": document(TRAFFICS[-1], SERVICES[-1], POPULARITIES[0], SCALING),
}
Way = tuple[str | int, ...]


def keys_of(node: object, path: str = "", way: Way = ()) -> Iterator[tuple[str, Way]]:
    """Every key of a document: its path as in the schemas, and the way to it."""
    if isinstance(node, list):
        for index, element in enumerate(node):
            yield from keys_of(element, f"{path}[]", (*way, index))
    if isinstance(node, dict):
        variants = [f"{path}{{{node[tag]}}}" for tag in TAGS if tag in node]
        here = next((one for one in variants if any(place.startswith(f"{one}.") for place in ENGINE)), path)
        for name, value in node.items():
            place = f"{here}.{name}" if here else name
            yield place, (*way, name)
            yield from keys_of(value, place, (*way, name))


def table_at(whole: dict[str, Any], way: Way) -> dict[str, Any]:
    """The table that holds the key at the end of `way`."""
    found: Any = whole
    for step in way[:-1]:
        found = found[step]
    table: dict[str, Any] = found
    return table


def complaint(read: Callable[[], object]) -> str | None:
    """What a reader refuses a document with; None where it takes it."""
    try:
        read()
    except UsageError as error:
        return str(error)
    return None


def engine_says(whole: dict[str, Any], columns: pl.DataFrame | None = None) -> str | None:
    return complaint(lambda: _core.simulate(json.dumps(whole).encode(), columns))


def models_say(whole: dict[str, Any]) -> str | None:
    return complaint(lambda: Scenario.parse(whole, "test"))


def test_the_documents_hold_every_key_between_them_and_are_accepted() -> None:
    authored = {place for place in ENGINE if not REFUSED.search(place)}
    assert {place for whole in DOCUMENTS.values() for place, _ in keys_of(whole)} == authored
    for name, whole in DOCUMENTS.items():
        assert engine_says(whole, COLUMNS.get(name)) is None
        assert models_say(whole) is None


def add_sibling(table: dict[str, Any], name: str) -> str:
    del name
    table["intruder"] = 1
    return "intruder"


def rename(table: dict[str, Any], name: str) -> str:
    table[f"{name}_x"] = table.pop(name)
    return name


def replace_value(table: dict[str, Any], name: str) -> str:
    table[name] = [[]]
    return ""


@pytest.mark.parametrize("mutate", [add_sibling, rename, replace_value])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_key_but_those_known_is_let_in(name: str, mutate: Callable[[dict[str, Any], str], str]) -> None:
    let_in = []
    for place, way in keys_of(DOCUMENTS[name]):
        whole = copy.deepcopy(DOCUMENTS[name])
        named = mutate(table_at(whole, way), str(way[-1]))
        for reader in (engine_says, models_say):
            said = reader(whole)
            if said is None or named not in said:
                let_in.append((place, reader.__name__, said))
    assert let_in == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_engine_has_no_defaults(name: str) -> None:
    for place, way in keys_of(DOCUMENTS[name]):
        whole = copy.deepcopy(DOCUMENTS[name])
        del table_at(whole, way)[str(way[-1])]
        if ENGINE[place].required:
            assert str(way[-1]) in (engine_says(whole) or ""), place
