"""Little accounts."""

from pathlib import Path
from typing import Any

import pytest

import worlds
from worlds import World


@pytest.fixture
def dashboard(tmp_path: Path) -> World:
    """An instance of its own for a call now and then; serverless was measured."""
    world = World(tmp_path, [worlds.instances("dashboard", "ml.m5.large", 1)], [])
    world.workloads.append(_dashboard(world.every("dashboard", 120, from_h=8, to_h=18)))
    return world


def _dashboard(traffic: str) -> dict[str, Any]:
    return {
        "name": "dashboard",
        "match": {"resource": ["endpoint/dashboard"]},
        "traffic": traffic,
        "interaction": "interactive",
        "slo": {"p99_ms": 15_000},
        "payload_bytes": 1_000,
        "response_bytes": 100,
        "profile": [
            {
                "instance_type": "ml.m5.large",
                "concurrency": 2,
                "service": {"kind": "constant", "mean_ms": 250},
                "evidence": "measured",
            },
            {
                "memory_mb": 6144,
                "service": {"kind": "constant", "mean_ms": 250},
                "evidence": "measured",
                "cold_start_median_s": 4,
                "cold_start_p95_s": 12,
            },
        ],
    }


@pytest.fixture
def documents(tmp_path: Path) -> World:
    """Half a minute of GPU each in office hours, for people who can wait a quarter of an hour."""
    world = World(tmp_path, [worlds.instances("documents", "ml.g5.xlarge", 3)], [])
    world.workloads.append(
        {
            "name": "documents",
            "match": {"resource": ["endpoint/documents"]},
            "traffic": world.every("documents", 40, from_h=8, to_h=20),
            "interaction": "near-real-time",
            "payload_bytes": 8_000_000,
            "profile": [
                {
                    "instance_type": "ml.g5.xlarge",
                    "service": {"kind": "constant", "mean_ms": 30_000},
                    "evidence": "measured",
                }
            ],
        }
    )
    return world


@pytest.fixture
def media(tmp_path: Path) -> World:
    """Tokens by the hour, for a catalogue that nobody waits for."""
    lines = [worlds.tokens("input", 20_000_000, "0.00006"), worlds.tokens("output", 1_000_000, "0.00024")]
    world = World(tmp_path, lines, [])
    world.workloads.append(
        {
            "name": "media",
            "match": {"model": ["NovaLite"]},
            "traffic": world.hourly("media", 1_000, input_tokens=20_000_000, output_tokens=1_000_000),
            "interaction": "offline",
            "slo": {"deadline_s": 172_800},
        }
    )
    return world


@pytest.fixture
def forgotten(tmp_path: Path) -> World:
    """A GPU that waited for a request all week."""
    world = World(tmp_path, [worlds.instances("forgotten", "ml.g5.xlarge", 1)], [])
    world.workloads.append(
        {
            "name": "forgotten",
            "match": {"resource": ["endpoint/forgotten"]},
            "traffic": world.hourly("forgotten", 0),
        }
    )
    return world
