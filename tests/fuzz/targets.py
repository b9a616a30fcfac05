"""What is fuzzed: each target takes any bytes, and raises where the bill reader does what it must never do.

An InfercostError is an answer. Any other exception, a hang, and a total that a plain second reading of the file does
not confirm are faults.
"""

import gzip
import re
from collections.abc import Callable

import polars as pl

from fuzz import deliveries, exports
from fuzz.choices import Choices
from fuzz.second_reading import check
from fuzz.words import word
from infercost.billing.classify import classify, may_matter, meaning_of, nearest
from infercost.billing.classify.meaning import Line, Nature
from infercost.schema.charges import CHARGES, CLASSIFICATION, KINDS

MATTERS = may_matter(pl.col("service_code"), pl.col("service_name"), pl.col("usage_type"))
NATURES: tuple[Nature, ...] = ("usage", "commitment", "other")


def classifier(data: bytes) -> None:
    """Any line is of some kind, counts what its factor says or nothing, and is let through the filter if it matters."""
    choices = Choices(data)
    nature = choices.pick(NATURES)
    code, name, usage_type, unit, description = (word(choices) or None for _ in range(5))
    line = Line(nature, code, name, usage_type, unit, description)
    found = meaning_of(line)
    assert found == meaning_of(line)
    assert found.kind in KINDS
    assert (found.meter is None) == (found.meter_factor is None)
    nearest(code or name, usage_type)
    given = {"charge_category": "Usage", "service_code": code, "service_name": name, "usage_type": usage_type}
    row = pl.DataFrame([dict.fromkeys(CHARGES) | given | {"unit": unit}], schema=CHARGES)
    assert found.kind == "other-service" or row.filter(MATTERS).height == 1
    assert dict(classify(row).schema) == CHARGES | CLASSIFICATION


def csv_bytes(data: bytes) -> None:
    """Any bytes as a file: as they are, compressed, or compressed and cut."""
    form, content = data[:1] or b"\0", data[1:]
    match form[0] % 4:
        case 1:
            content = gzip.compress(content, mtime=0)
        case 2:
            whole = gzip.compress(content, mtime=0)
            content = whole[: len(whole) * form[0] // 256]
    check({"a.csv": content})


def cells(data: bytes) -> None:
    """An export of any CSV format with a sound header and any cells, in one file or two."""
    check(exports.table(Choices(data)))


def json_bytes(data: bytes) -> None:
    """Any bytes as a JSON document beside nothing else."""
    check({"a.json": data})


def cost_explorer(data: bytes) -> None:
    """What Cost Explorer might say."""
    check(exports.answer(Choices(data)))


def manifests(data: bytes) -> None:
    """Deliveries with manifests that may say anything: never two deliveries of one month."""
    read = check(deliveries.delivered(Choices(data)))
    months = {
        (re.findall(r"2026-?(?:09|10)", name)[0], identity)
        for name in read
        for identity in deliveries.IDS
        if identity in name
    }
    assert len(months) == len({month for month, _ in months}), months


def archives(data: bytes) -> None:
    """ZIP archives of any making."""
    check(deliveries.archive(Choices(data)))


def zip_bytes(data: bytes) -> None:
    """Any bytes as an archive."""
    check({"a.zip": data})


TARGETS: dict[str, Callable[[bytes], None]] = {
    "classifier": classifier,
    "csv": csv_bytes,
    "cells": cells,
    "json": json_bytes,
    "cost_explorer": cost_explorer,
    "manifests": manifests,
    "archives": archives,
    "zip": zip_bytes,
}
