"""What is fuzzed: each target takes any bytes, and raises where the bill reader does what it must never do.

An InfercostError is an answer. Any other exception, a hang, and a total that a plain second reading of the file does
not confirm are faults.
"""

import csv
import gzip
import io
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl

from fuzz.choices import Choices
from infercost.billing.bill import Bill, read_bill
from infercost.billing.classify import classify, may_matter, meaning_of, nearest
from infercost.billing.classify.meaning import Line, Nature
from infercost.schema.charges import CHARGES, CLASSIFICATION, KINDS
from infercost.schema.errors import InfercostError
from unit.billing.make_exports import Row, cur, focus

_CENT = Decimal("0.01")
# Words of bills, good and bad, that a mutation of bytes would take long to find.
AMOUNTS = ("", "0", "-0", "1.5", "-3", "1e3", "4E-7", "0.123456789012345678", "12345678901234567890", "NULL", "1_0")
TIMES = (
    *("2026-10-31T23:00:00Z", "2026-10-31", "2026-11-01 00:00:00", "2026-10-01T00:00:00.000Z", "2026-11-01T00:00:00Z"),
    *("2026-09-30T00:00:00Z", "0001-01-01", "9999-12-31T23:59:59Z", ""),
)
TEXTS = (
    *(
        "",
        "NULL",
        "\0",
        "\x1b[2J",
        '"',
        "'",
        "\n",
        "\r\n",
        "\r",
        ",",
        "\ufeff",
        "\u2028",
        "{",
        "[]",
        "x" * 5000,
        "9" * 40,
    ),
    *(
        "NaN",
        "Infinity",
        "0x10",
        "\u0661",
        "1,5",
        " 1.5",
        "0.1234567890123456789",
        "2026-13-01",
        "2026-10-01T00:00+02:00",
    ),
    *("Usage", "usage", "Tax", "Credit", "Purchase", "Adjustment", "SavingsPlanCoveredUsage", "SavingsPlanNegation"),
    *(
        "SavingsPlanRecurringFee",
        "DiscountedUsage",
        "RIFee",
        "Fee",
        "Refund",
        "EdpDiscount",
        "Novelty",
        "Unused",
        "Used",
    ),
    *("AmazonSageMaker", "AmazonBedrock", "AmazonBedrockService", "AmazonEC2", "ComputeSavingsPlans", "AmazonS3"),
    *("Claude 3 Haiku (Amazon Bedrock Edition)", "Host:ml.g5.xlarge", "EU-ServerlessInf:Mem-4GB", "Requests-Tier1"),
    *("USE1-NovaLite-input-tokens-batch", "XYZ9-Nova-cache-write-1h-input-token-count", "Guardrail-TextUnits"),
    *("USE1-Llama-CustomModelImport-Inference-v1:0", "BoxUsage:g5.xlarge", "MP:USE1_InputTokenCount-Units", "Units"),
    *("Hrs", "hour", "1K tokens", "1M tokens", "GB", "Second", "USD", "EUR", "EKSPod-EC2", "InvokeModelInference"),
    *('{"user_team":"risk","team":"risk"}', '{"a":{"b":1}}', "arn:aws:sagemaker:x:1:endpoint/a", "arn:x:reservation/1"),
)
WORDS = (*AMOUNTS, *TIMES, *TEXTS)
_AMOUNT = ("cost", "quantity", "amount", "fee", "to_date", "used_commitment", "_for_billing_period")
_TIME = ("periodstart", "periodend", "_date")
NATURES: tuple[Nature, ...] = ("usage", "commitment", "other")
_LONGEST_MESSAGE = 4_000
_ROWS = 6  # of an export at most: more take time and find no more


def classifier(data: bytes) -> None:
    """Any line is of some kind, counts what its factor says or nothing, and is let through the filter if it matters."""
    choices = Choices(data)
    nature = choices.pick(NATURES)
    code, name, usage_type, unit, description = (_word(choices) or None for _ in range(5))
    line = Line(nature, code, name, usage_type, unit, description)
    found = meaning_of(line)
    assert found == meaning_of(line)
    assert found.kind in KINDS
    assert (found.meter is None) == (found.meter_factor is None)
    nearest(code or name, usage_type)
    given = {"charge_category": "Usage", "service_code": code, "service_name": name, "usage_type": usage_type}
    row = pl.DataFrame([dict.fromkeys(CHARGES) | given | {"unit": unit}], schema=CHARGES)
    assert found.kind == "other-service" or row.filter(may_matter()).height == 1
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
    _read({"a.csv": content})


def cells(data: bytes) -> None:
    """An export with a sound header and any cells, in one file or two."""
    choices = Choices(data)
    make = choices.pick((focus, cur))
    names = list(make())
    dropped = {choices.pick(names) for _ in range(choices.pick((0, 0, 0, 0, 1, 2)))}
    names = [name for name in names if name not in dropped]
    files = {
        name: _as_csv(names, [_row(choices, make) for _ in range(1 + choices.number(_ROWS))])
        for name in ("a.csv", "b.csv.gz")[: 1 + choices.number(2)]
    }
    _read({name: gzip.compress(text, mtime=0) if name.endswith("gz") else text for name, text in files.items()})


TARGETS: dict[str, Callable[[bytes], None]] = {"classifier": classifier, "csv": csv_bytes, "cells": cells}


def _word(choices: Choices) -> str:
    """A word, some text, or several of them in a row."""
    parts = [choices.text() if choices.number(2) else choices.pick(WORDS) for _ in range(1 + choices.number(3))]
    return choices.pick(("", "-", "_", ":")).join(parts)


def _row(choices: Choices, make: Callable[..., Row]) -> Row:
    row = make()
    for _ in range(choices.number(5)):
        name = choices.pick(list(row))
        row[name] = _cell(choices, name.lower())
    return row


def _cell(choices: Choices, column: str) -> str:
    """Mostly what such a column may hold; now and then anything."""
    if choices.number(8) == 0:
        return _word(choices)
    if column.endswith(_TIME):
        return choices.pick(TIMES)
    return choices.pick(AMOUNTS if column.endswith(_AMOUNT) else TEXTS)


def _as_csv(names: list[str], rows: list[Row]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8", "surrogatepass")


def _read(files: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        answer = _answer(folder)
        if isinstance(answer, Bill):
            _check(answer, [content for name, content in files.items() if str(Path(folder) / name) in answer.files])
        else:
            assert 0 < len(answer) < _LONGEST_MESSAGE


def _answer(folder: str) -> Bill | str:
    """The bill, or the message that says why there is none."""
    try:
        return read_bill([folder])
    except InfercostError as error:
        return str(error)


def _check(bill: Bill, files: list[bytes]) -> None:
    """Every row and every cent of the month, as a plain reading of the files has them."""
    rows, cost = 0, Decimal(0)
    for content in files:
        text = (gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content).decode("utf-8-sig")
        header, *lines = csv.reader(io.StringIO(text, newline=""))
        at = {name.lower(): place for place, name in enumerate(header)}
        month = next(at[name] for name in _MONTHS if name in at)
        paid = next(at[name] for name in _COSTS if name in at)
        mine = [line for line in lines if line and line[month].strip()[:7] == f"{bill.month:%Y-%m}"]
        rows += len(mine)
        cost += sum(Decimal(line[paid]) for line in mine)
    assert bill.rows == rows, (bill.rows, rows)
    assert abs(bill.charges_total - cost) < _CENT, (bill.charges_total, cost)
    assert bill.spend["rows"].sum() == rows
    assert abs(Decimal(bill.spend["billed_cost"].sum() or 0) - cost) < _CENT


_COSTS = ("billedcost", "line_item_unblended_cost")
_MONTHS = (
    *("billingperiodstart", "chargeperiodstart"),
    *("bill_billing_period_start_date", "line_item_usage_start_date"),
)
