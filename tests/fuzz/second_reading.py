"""A plain second reading of an export: rows and cost of the month, with nothing but the standard library."""

import csv
import gzip
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from infercost.billing.bill import Bill, read_bill
from infercost.schema.errors import InfercostError

_CENT = Decimal("0.01")
_LONGEST_MESSAGE = 4_000
# Names by their letters alone, as every format spells them its own way.
_COSTS = ("billedcost", "lineitemunblendedcost")
_CURRENCIES = ("billingcurrency", "lineitemcurrencycode")
_MONTHS = ("billingperiodstart", "billbillingperiodstartdate", "chargeperiodstart", "lineitemusagestartdate")


def check(files: dict[str, bytes]) -> list[str]:
    """Reads files as a bill: there is a message, or every row and every cent of what was read is there.

    Returns:
        The names of the files that were read, with the members of archives as `a.zip!member`; none with a message.
    """
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / name).write_bytes(content)
        answer = _answer(folder)
        if isinstance(answer, str):
            assert 0 < len(answer) < _LONGEST_MESSAGE
            return []
        names = [str(Path(name).relative_to(folder)) for name in answer.files]
    _check(answer, [_content(files, name) for name in names])
    return names


def _content(files: dict[str, bytes], name: str) -> bytes:
    outer, _, member = name.partition("!")
    if not member:
        return files[outer]
    with zipfile.ZipFile(io.BytesIO(files[outer])) as archive:
        return archive.read(member)


def _answer(folder: str) -> Bill | str:
    """The bill, or the message that says why there is none."""
    try:
        return read_bill([folder])
    except InfercostError as error:
        return str(error)


def _check(bill: Bill, files: list[bytes]) -> None:
    rows = [row for content in files for row in _read(content)]
    mine = [row for row in rows if row.month == f"{bill.month:%Y-%m}" and row.currency in (None, bill.currency)]
    total = sum((row.cost for row in mine), Decimal(0))
    assert bill.rows == len(mine), (bill.rows, len(mine))
    assert abs(bill.charges_total - total) < _CENT, (bill.charges_total, total)
    set_aside = sum(count for reason, count in bill.set_aside.items() if not reason.startswith("copy"))
    assert bill.charges.height + set_aside == len(rows), (bill.charges.height, bill.set_aside, len(rows))
    assert bill.spend["rows"].sum() + _of_month(bill.set_aside) == len(mine)


def _of_month(set_aside: Mapping[str, int]) -> int:
    """Rows of the month that count in no cost; those of other services do."""
    elsewhere = ("copy", "other month", "other currency", "no currency", "other service", "summed")
    return sum(count for reason, count in set_aside.items() if not reason.startswith(elsewhere))


class _Row(NamedTuple):
    month: str
    cost: Decimal
    currency: str | None  # as it stands there; None where no column names it


def _read(content: bytes) -> Iterator[_Row]:
    text = (gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content).decode("utf-8-sig")
    return _read_answer(json.loads(text)) if text.lstrip()[:1] in ("{", "[") else _read_table(text)


def _read_table(text: str) -> Iterator[_Row]:
    # a carriage return alone ends no row: it is a character of a cell
    header, *lines = csv.reader(io.StringIO(re.sub(r"\r(?!\n)", "\uffff", text), newline=""))
    at = {re.sub("[^a-z]", "", name.lower()): place for place, name in enumerate(header)}
    month = next(at[name] for name in _MONTHS if name in at)
    paid = next(at[name] for name in _COSTS if name in at)
    currency = next((at[name] for name in _CURRENCIES if name in at), None)
    for line in lines:
        if line:
            yield _Row(line[month].strip()[:7], Decimal(line[paid]), None if currency is None else line[currency])


def _read_answer(document: Any) -> Iterator[_Row]:  # noqa: ANN401 -- JSON
    for page in document if isinstance(document, list) else [document]:
        for result in page["ResultsByTime"]:
            for group in result["Groups"] or ([{"Metrics": result["Total"]}] if result.get("Total") else []):
                metrics = group["Metrics"]
                paid = metrics.get("NetUnblendedCost") or metrics["UnblendedCost"]
                yield _Row(result["TimePeriod"]["Start"][:7], Decimal(paid["Amount"]), paid["Unit"])
