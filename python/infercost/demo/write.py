"""Writes the demo account into a folder."""

import io
import os
import tempfile
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import polars as pl

from infercost.demo.charge import Charge
from infercost.demo.focus import export
from infercost.demo.month import NAME
from infercost.demo.part import Workload
from infercost.demo.rest.infrastructure import infrastructure
from infercost.demo.rest.invoice import invoice
from infercost.demo.rest.machine_learning import machine_learning
from infercost.demo.rest.other_teams import other_teams
from infercost.demo.rest.savings_plan import ranking_fleet
from infercost.demo.workloads.card_fraud import card_fraud
from infercost.demo.workloads.chat_assistant import chat_assistant
from infercost.demo.workloads.custom_model import custom_model
from infercost.demo.workloads.dashboard_classifier import dashboard_classifier
from infercost.demo.workloads.forgotten_endpoint import forgotten_endpoint
from infercost.demo.workloads.insurance_documents import insurance_documents
from infercost.demo.workloads.media_analysis import media_analysis
from infercost.demo.workloads.nightly_scoring import nightly_scoring
from infercost.schema.errors import UsageError

_CONFIG_HEAD = """\
# What the owners of the models know. Which serving pattern would be cheapest is for infercost to find out.
schema = 1
"""


def workloads() -> tuple[Workload, ...]:
    """The workloads with an owner, fresh."""
    return (
        card_fraud(),
        nightly_scoring(),
        insurance_documents(),
        dashboard_classifier(),
        forgotten_endpoint(),
        media_analysis(),
        chat_assistant(),
        custom_model(),
    )


def bill(parts: Iterable[Workload]) -> Iterator[Charge]:
    """What these workloads cost, and everything else that the company has."""
    rest = chain(ranking_fleet(), other_teams(), machine_learning(), infrastructure(), invoice())
    return chain(chain.from_iterable(part.charges for part in parts), rest)


def write_demo(directory: Path, *, force: bool = False) -> None:
    """Writes `bill/`, `traffic/` and `infercost.toml`: the same bytes every time.

    Args:
        directory: made if it isn't there.
        force: replaces the demo's own files in a folder that isn't empty; others are left alone.

    Raises:
        UsageError: `directory` is a file, isn't empty, or can't be written.
    """
    if directory.exists() and not directory.is_dir():
        raise UsageError(f"{directory}: is a file; name a folder that is empty or not there yet")
    try:
        if directory.exists() and any(directory.iterdir()) and not force:
            raise UsageError(
                f"{directory}: is not empty; name another folder, or use --force to replace the demo in it"
            )
        for path, content in _files():
            _replace(directory / path, content)
    except OSError as error:
        place = error.filename or directory
        raise UsageError(f"{place}: cannot be written ({error.strerror}); check the path and its permissions") from None


def _files() -> Iterator[tuple[Path, bytes]]:
    parts = workloads()
    yield Path("bill") / f"BILLING_PERIOD={NAME}" / "infercost-demo-00001.csv.gz", export(bill(parts))
    for part in parts:
        yield Path("traffic") / part.file, _table(part.traffic, part.file)
    yield Path("infercost.toml"), "\n".join([_CONFIG_HEAD, *(part.config for part in parts)]).encode()


def _table(frame: pl.DataFrame, name: str) -> bytes:
    target = io.BytesIO()
    if name.endswith(".csv"):
        frame.write_csv(target, datetime_format="%Y-%m-%dT%H:%M:%S%.3fZ")
    else:
        frame.write_parquet(target)
    return target.getvalue()


def _replace(path: Path, content: bytes) -> None:
    """Writes beside the target and renames: a killed run leaves the old file whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(beside).chmod(0o644)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
