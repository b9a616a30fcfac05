"""The nearest known relative of a usage type that nobody has told us."""

import csv
from importlib.resources import files
from pathlib import Path

import pytest

from infercost.billing.classify import meaning_of, nearest
from infercost.billing.classify.regions import REGION_OF_PREFIX
from unit.billing.test_usage_types import facts, line, whole

KNOWN = [
    *csv.DictReader((files("infercost.billing.classify") / "data" / "known_types.csv").read_text("utf-8").splitlines())
]


@pytest.mark.parametrize(
    ("service", "usage_type", "relative"),
    [
        ("AmazonBedrock", "EUC1-Nova3Lite-input-tokens-turbo", "NovaLite-input-tokens"),
        ("AmazonBedrock", "USE1-tokens-input-turbo-NovaLite", "NovaLite-input-tokens"),
        ("Amazon Bedrock", "USE1-ProvisionedThroughput-ModelUnits-NoCommit-Nova2.0Lite-x", None),
        ("AmazonSageMaker", "USE1-Hosting:ml.g6.xlarge", "Host:ml.g6.xlarge"),
        ("AmazonSageMaker", "USE1-AsyncInference:ml.g6.xlarge", "AsyncInf:ml.g6.xlarge"),
        ("Amazon SageMaker", "XYZ9-ServerlessInference:Mem-4GB", "ServerlessInf:Mem-4GB"),
        ("5x9k2opaque", "USE1-MP:USE1_ThinkingTokenCount_Global-Units", "MP:InputTokenCount_Global-Units"),
    ],
)
def test_the_nearest_relative(service: str, usage_type: str, relative: str | None) -> None:
    assert nearest(service, usage_type) == (relative or "Nova2.0Lite-ProvisionedThroughput-NoCommit-ModelUnits")


@pytest.mark.parametrize("usage_type", [None, "", "Quux", "USE1-", "x" * 1_000_000, "\0\ud800"])
def test_what_is_like_nothing_has_no_relative(usage_type: str | None) -> None:
    assert nearest("AmazonSageMaker", usage_type) is None


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known["usage_type"])
def test_a_known_type_is_read_and_is_its_own_relative(known: dict[str, str]) -> None:
    assert meaning_of(line(known["service"], f"USE1-{known['usage_type']}", "Hrs")).kind != "unrecognised"
    for prefix in ("", "USE1-", "XYZ9-"):
        assert nearest(known["service"], prefix + known["usage_type"]) == known["usage_type"]


def test_every_usage_type_of_the_fact_sheet_is_known(shared: Path) -> None:
    known = {(row["service"], row["usage_type"]) for row in KNOWN}
    others = {"AmazonEC2", "AmazonBedrockAgentCore"}
    for fact in facts(shared):
        if whole(fact) and "Parent" not in fact.usage_type and fact.service not in others:
            body = fact.usage_type
            for prefix in REGION_OF_PREFIX:
                body = body.removeprefix(f"{prefix}-").replace(f"MP:{prefix}_", "MP:")
            assert (fact.service, body) in known
    assert len(known) == len(KNOWN)
    assert all(row["source"] and row["as_of"] and row["evidence"] in {"seen", "inferred"} for row in KNOWN)
