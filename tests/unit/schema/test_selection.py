"""Which workloads `--select` takes."""

from dataclasses import dataclass, field

import pytest

from infercost.schema.errors import UsageError
from infercost.schema.selection import Selection


@dataclass(frozen=True)
class Thing:
    name: str = "card-fraud"
    service: str = "Amazon SageMaker"
    product_codes: tuple[str, ...] = ("AmazonSageMaker",)
    account_id: str = "012345678901"
    tags: dict[str, str] = field(default_factory=lambda: {"team": "Risk", "env": "prod"})


@pytest.mark.parametrize(
    ("terms", "chosen"),
    [
        ([], True),
        (["account:012345678901"], True),
        (["account:12345678901"], False),
        (["account:0123*"], False),
        (["workload:CARD-*"], True),
        (["workload:card"], False),
        (["service:sagemaker"], True),
        (["service:Amazon SageMaker"], True),
        (["service:amazonsagemaker"], True),
        (["service:bedrock"], False),
        (["tag:team=risk"], True),
        (["tag:Team=risk"], False),
        (["tag:team=r*"], True),
        (["tag:env=dev"], False),
        (["workload:other", "workload:card-fraud"], True),
        (["workload:card-fraud", "service:bedrock"], False),
        (["tag:team=risk", "tag:env=dev"], False),
        (["tag:env=dev", "tag:env=prod"], True),
    ],
)
def test_one_kind_widens_and_kinds_narrow(terms: list[str], chosen: bool) -> None:  # noqa: FBT001 -- an expected value
    assert Selection.parse(terms).matches(Thing()) is chosen


def test_only_terms_make_a_selection() -> None:
    assert not Selection.parse([])
    assert Selection.parse(["workload:*"])


@pytest.mark.parametrize("text", ["", "card-fraud", "workload:", "tag:team", "tag:=x", "tag:team=", "colour:red", ":x"])
def test_other_forms_are_refused_by_name(text: str) -> None:
    with pytest.raises(UsageError, match="account:ID, tag:KEY=VALUE, workload:GLOB or service:NAME"):
        Selection.parse([text])
