"""Every input that was kept: seeds, and all that ever broke a target. Needs no fuzzer."""

from pathlib import Path

import pytest

from fuzz.targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"
KEPT = [(target, file) for target in TARGETS for file in sorted((CORPUS / target).iterdir())]


@pytest.mark.parametrize(("target", "file"), KEPT, ids=lambda value: value.name if isinstance(value, Path) else value)
def test_what_was_kept_breaks_nothing(target: str, file: Path) -> None:
    TARGETS[target](file.read_bytes())


def test_every_target_has_a_corpus() -> None:
    assert {target for target, _ in KEPT} == TARGETS.keys()
    assert {folder.name for folder in CORPUS.iterdir() if folder.is_dir()} == TARGETS.keys()


def test_every_target_is_run_by_make() -> None:
    makefile = (Path(__file__).parents[2] / "Makefile").read_text()
    [line] = [line for line in makefile.splitlines() if line.startswith("FUZZ_TARGETS := ")]
    assert line.split()[2:] == list(TARGETS)
