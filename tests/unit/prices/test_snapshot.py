"""The shipped price list: made by the written rule, from the facts, and from nothing else."""

import importlib.util
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest

from infercost.prices import keys, models, snapshot

REPOSITORY = Path(__file__).parents[3]
SCRIPT = REPOSITORY / "tools" / "make_price_snapshot.py"
DATA = REPOSITORY / "python" / "infercost" / "prices" / "data"


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_price_snapshot", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_the_same_facts_make_the_shipped_bytes(shared: Path, tmp_path: Path) -> None:
    environment = {"INFERCOST_SHARED": str(shared.resolve())}
    subprocess.run([sys.executable, SCRIPT, tmp_path], check=True, env=environment)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(snapshot.TABLES)
    for table in snapshot.TABLES:
        assert (tmp_path / table).read_bytes() == (DATA / table).read_bytes(), table


def test_every_row_has_source_date_and_a_price_under_a_known_key() -> None:
    for row in snapshot.rows():
        assert row.source.strip(), row
        assert row.as_of[:2] == "20", row
        assert row.price_usd >= 0, row
        assert keys.unit_of(row.key).name == row.unit, row


def test_no_key_has_two_prices_in_one_region() -> None:
    places = [(row.key, row.region) for row in snapshot.rows()]
    assert len(set(places)) == len(places)


def test_nothing_is_shipped_that_the_rule_keeps_out() -> None:
    for row in snapshot.rows():
        text = f"{row.key} {row.confidence}".lower()
        assert not any(word in text for word in ("claude_platform", "low", "superseded", "suspect", "third-party")), row
        assert row.region.startswith("geo:") or row.region[-1].isdigit(), row


def test_inferred_prices_are_never_better_than_modelled() -> None:
    inferred = [row for row in snapshot.rows() if row.layer == "inferred"]
    assert inferred
    assert {row.evidence.value for row in inferred} == {"modelled"}


def test_every_profile_has_a_geography_and_every_plain_id_a_region() -> None:
    for row in snapshot.rows():
        model = keys.model_of(row.key)
        geo = None if model is None else models.geography(model)
        assert row.region.startswith("geo:") == (geo is not None), row
        assert geo is None or row.region == f"geo:{geo}", row


def _instance(**fields: str) -> Mapping[str, str]:
    known = {"component": "hosting", "instance_type": "ml.x1.large", "region": "us-east-1", "basis": "", "source": "s"}
    return known | {"price_usd": "1", "as_of": "2026-01-01", "confidence": "as-listed"} | fields


@pytest.mark.parametrize(
    ("rivals", "expected"),
    [
        pytest.param([{"price_usd": "1"}, {"price_usd": "2", "as_of": "2026-02"}], "2", id="newest date wins"),
        pytest.param(
            [{"price_usd": "1", "as_of": "2026-02-03"}, {"price_usd": "2", "as_of": "2026"}], "1", id="partly"
        ),
        pytest.param(
            [{"price_usd": "1"}, {"price_usd": "2", "confidence": "as-billed", "as_of": "2026-09"}],
            "1",
            id="listed beats billed elsewhere",
        ),
        pytest.param(
            [
                {"price_usd": "1", "confidence": "as-billed", "as_of": "2023-12"},
                {"price_usd": "2", "confidence": "inferred-high", "source": "EC2 price of 2026-07-20"},
            ],
            "1",
            id="billed elsewhere beats inferred",
        ),
        pytest.param([{"price_usd": "1", "as_of": "2020"}, {"price_usd": "2", "as_of": "unknown"}], "1", id="undated"),
        pytest.param([{"confidence": "SUPERSEDED: before the cut"}], None, id="superseded is out"),
        pytest.param([{"confidence": "SUSPECT: equals another type"}], None, id="suspect is out"),
        pytest.param([{"confidence": "inferred-low", "source": "EC2 price of 2026-07-20"}], None, id="too weak"),
        pytest.param([{"price_usd": ""}], None, id="no price is no row"),
        pytest.param([{"region": "any"}], None, id="no region is no row"),
        pytest.param([{"component": "training"}], None, id="training is not served"),
        pytest.param([{"price_usd": "1"}, {"price_usd": "2"}], None, id="what disagrees on one day is unknown"),
        pytest.param([{"price_usd": "1.0"}, {"price_usd": "1"}], "1.0", id="the same price twice is one"),
    ],
)
def test_conflicts_are_settled_by_the_rule(
    maker: ModuleType, rivals: list[dict[str, str]], expected: str | None
) -> None:
    for order in (rivals, rivals[::-1]):
        settled = maker.settle(maker.instances([_instance(**rival) for rival in order]))
        assert [float(one.price_usd) for one in settled] == ([] if expected is None else [float(expected)])


def test_us_default_is_us_east_1_and_other_vendors_rates_are_out(maker: ModuleType) -> None:
    fact = {
        "model_id": "amazon.nova-lite-v1:0",
        "region": "us-default",
        "variant": "",
        "service_tier": "standard",
        "context_tier": "base",
        "dimension": "input",
        "price_usd": "0.06",
        "unit": "USD/1M tokens",
        "as_of": "2026-11-22 (newest wheel that day)",
        "confidence": "as-listed",
        "source": "s",
    }
    [row] = maker.settle(maker.tokens([fact]))
    assert (row.key, row.region, row.as_of) == (
        "bedrock:amazon.nova-lite-v1:0:standard:input",
        "us-east-1",
        "2026-11-22",
    )
    for other in (
        {"variant": "claude_platform"},
        {"model_id": "claude_platform/claude-opus-5"},
        {"model_id": "claude-sonnet-4-5"},
        {"context_tier": ">200k"},
        {"unit": "USD/image"},
    ):
        assert maker.settle(maker.tokens([fact | other])) == [], other


def test_an_inferred_price_is_as_old_as_the_price_it_was_made_from(maker: ModuleType) -> None:
    fact = _instance(
        confidence="inferred-high",
        as_of="derived 2026-11-22",
        source="EC2 price of 2019-04-05 (list @83e9ebd; 2026-07-20)",
    )
    assert maker.date(fact) == "2019-04-05"
