"""Whole exports made of choices: sound headers, any cells; and answers of Cost Explorer."""

import csv
import gzip
import io
import json
from collections.abc import Callable

from fuzz.choices import Choices
from fuzz.words import AMOUNTS, TIMES, cell, word
from unit.billing.legacy_exports import legacy, snake
from unit.billing.make_exports import Row, cur, focus

_ROWS = 6  # of a file at most: more take time and find no more
_FORMATS: tuple[Callable[..., Row], ...] = (focus, cur, legacy, snake)
_DROPPED = (0, 0, 0, 0, 1, 2)
_METRICS = ("UnblendedCost", "NetUnblendedCost", "AmortizedCost", "UsageQuantity")
_KEYS = ("USAGE_TYPE", "SERVICE", "RECORD_TYPE", "LINKED_ACCOUNT")


def table(choices: Choices) -> dict[str, bytes]:
    """One or two CSV files of one format."""
    template = choices.pick(_FORMATS)()
    for _ in range(choices.pick(_DROPPED)):
        template.pop(choices.pick(list(template)))
    files = {}
    for name in ("a.csv", "b.csv.gz")[: 1 + choices.number(2)]:
        content = as_csv([_row(choices, template) for _ in range(1 + choices.number(_ROWS))])
        files[name] = gzip.compress(content, mtime=0) if name.endswith("gz") else content
    return files


def answer(choices: Choices) -> dict[str, bytes]:
    """What Cost Explorer might say, in one page or two."""
    keys = [choices.pick(_KEYS) for _ in range(choices.number(3))]
    keys = ["USAGE_TYPE", *dict.fromkeys(key for key in keys if key != "USAGE_TYPE")]
    metrics = list(dict.fromkeys(["UnblendedCost", *(choices.pick(_METRICS) for _ in range(choices.number(4)))]))
    pages = [
        {
            "GroupDefinitions": [{"Type": "DIMENSION", "Key": key} for key in keys],
            "ResultsByTime": [_result(choices, keys, metrics) for _ in range(choices.number(4))],
        }
        for _ in range(1 + choices.number(2))
    ]
    return {"answer.json": json.dumps(pages if choices.number(2) else pages[0]).encode()}


def _row(choices: Choices, template: Row) -> Row:
    row = dict(template)
    for _ in range(choices.number(5)):
        name = choices.pick(list(row))
        row[name] = cell(choices, name)
    return row


def as_csv(rows: list[Row]) -> bytes:
    """The rows under the names of the first."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _result(choices: Choices, keys: list[str], metrics: list[str]) -> dict[str, object]:
    day = 1 + choices.number(31)
    start, end = f"2026-10-{day:02}", f"2026-10-{day + 1:02}" if day < 31 else "2026-11-01"
    if choices.number(16) == 0:
        start = choices.pick(TIMES)
    groups = [_group(choices, keys, metrics) for _ in range(choices.number(4))]
    return {
        "TimePeriod": {"Start": start, "End": end},
        "Total": {},
        "Groups": groups,
        "Estimated": bool(choices.number(2)),
    }


def _group(choices: Choices, keys: list[str], metrics: list[str]) -> dict[str, object]:
    unit = choices.pick(("USD", "USD", "USD", "EUR", "N/A"))
    return {
        "Keys": [cell(choices, key) for key in keys],
        "Metrics": {
            name: {
                "Amount": choices.pick(AMOUNTS) if choices.number(8) else word(choices),
                "Unit": choices.pick(("Hrs", "N/A", "1K tokens")) if name == "UsageQuantity" else unit,
            }
            for name in metrics
        },
    }
