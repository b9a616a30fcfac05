"""CSV that is legal and odd, against the standard library; and CSV that is not, with the row that is to blame."""

import csv
import gzip
import io
import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from infercost.billing.bill import read_bill
from infercost.schema.errors import InputError
from unit.billing.make_exports import cur, focus, without, write_csv

HEADER = list(focus())


def text_of(rows: Sequence[Sequence[str]], line_end: str = "\n", *, quote_all: bool = False) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=line_end, quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL)
    writer.writerow(HEADER)
    writer.writerows(rows)
    return text.getvalue().encode()


def row(**given: str) -> list[str]:
    return list(focus(**given).values())


def twin(content: bytes) -> tuple[int, Decimal]:
    """Rows and billed cost, by the standard library."""
    csv.field_size_limit(2_000_000)
    read = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    costs = [Decimal(found["BilledCost"]) for found in read]
    return len(costs), sum(costs, Decimal(0))


ODD = [
    row(BilledCost="1", ChargeDescription='two\nlines, "quoted"\r\n\n'),
    row(BilledCost="2e0", ChargeDescription='"'),
    row(BilledCost="4", ChargeDescription='""\n""'),
    row(BilledCost="8.", ChargeDescription="\x1e\x1f,\x1e\x1f\n\x00\x1b[31m"),
    row(BilledCost="1.6E+1", ResourceId="arn:aws:sagemaker:us-east-1:012345678901:endpoint/naïve\u2028ünïcode 🙂"),
    row(BilledCost="-.5", Tags=json.dumps({"te\nam": "x" * 1_000_000, "\x1b]0;": '"', "": "nobody"})),
]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_odd_rows_are_read_as_the_standard_library_reads_them(
    tmp_path: Path, line_end: str, quoting: int, mark: bytes
) -> None:
    content = mark + text_of(ODD, line_end, quote_all=quoting == csv.QUOTE_ALL)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(content))
    bill = read_bill([str(tmp_path)])
    assert (bill.rows, bill.export_total) == twin(content) == (6, Decimal("30.5"))
    assert bill.charges.height + sum(bill.set_aside.values()) == 6
    assert 'two\nlines, "quoted"\r\n\n' in bill.charges["charge_description"].to_list()


def test_blank_lines_are_no_rows(tmp_path: Path) -> None:
    lines = text_of([row(), row()]).split(b"\n")
    (tmp_path / "a.csv").write_bytes(b"\n\r\n".join(lines) + b"\n\n")
    assert read_bill([str(tmp_path)]).rows == 2


def test_a_row_of_two_fields_that_holds_our_own_mark_is_no_blank_line(tmp_path: Path) -> None:
    rows = [["", "\x1e\x1f", *line[2:]] for line in (row(),)]
    (tmp_path / "a.csv").write_bytes(text_of([row(), *rows]))
    with pytest.raises(InputError, match=r"a\.csv: column BilledCost, row 2: nothing stands there"):
        read_bill([str(tmp_path)])


def test_an_empty_cost_behind_a_blank_line_is_named_by_its_own_row(tmp_path: Path) -> None:
    lines = text_of([row(), row(), row(BilledCost="")]).split(b"\n")
    (tmp_path / "a.csv").write_bytes(b"\n".join([*lines[:2], b"", *lines[2:]]))
    with pytest.raises(InputError, match=r"a\.csv: column BilledCost, row 4: nothing stands there"):
        read_bill([str(tmp_path)])


def test_a_row_of_nothing_but_commas_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(text_of([row(), [""] * len(HEADER), row()]))
    with pytest.raises(InputError, match=r"a\.csv: column \w+: a row of empty fields, where .* is needed"):
        read_bill([str(tmp_path)])


def test_a_file_that_ends_in_half_a_line_end_is_whole(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(text_of([row(), row()], "\r\n")[:-1])
    assert read_bill([str(tmp_path)]).rows == 2


@pytest.mark.parametrize("cell", ['5" disk', '"open', '"closed" after', '"back\\"slash"'])
@pytest.mark.parametrize("others", [0, 3])
def test_a_quote_in_an_odd_place_is_placed(tmp_path: Path, cell: str, others: int) -> None:
    content = text_of([row()] * 7 + [row(ChargeDescription="HERE")] * (1 + others) + [row()])
    (tmp_path / "a.csv").write_bytes(content.replace(b"HERE", cell.encode()))
    with pytest.raises(InputError, match=r"a\.csv: row 8 has "):
        read_bill([str(tmp_path)])


def test_quotes_that_join_two_rows_into_one_are_no_silent_loss(tmp_path: Path) -> None:
    # to polars one field from the first quote to the last, so one row where other readers see three
    content = text_of([row(), row(ChargeDescription="HERE"), row(), row(ChargeDescription="THERE"), row()])
    joined = content.replace(b"THERE", b'"q",x""').replace(b"HERE", b'"""\r\n,')
    (tmp_path / "a.csv").write_bytes(joined)
    with pytest.raises(InputError, match=r"a\.csv: row 2 has "):
        read_bill([str(tmp_path)])


def test_a_blank_first_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"\n\n" + text_of([row()]))
    with pytest.raises(InputError, match=r"a\.csv: its first line is blank"):
        read_bill([str(tmp_path)])


def test_tags_with_half_a_character(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(text_of([row(Tags='{"team": "\\ud800"}')]))
    with pytest.raises(InputError, match=r"a\.csv: tags are no JSON object: .*surrogates not allowed"):
        read_bill([str(tmp_path)])


def test_fifty_headers_in_one_export(tmp_path: Path) -> None:
    optional = ("ChargeDescription", "ConsumedUnit", "RegionId", "Tags", "x_Operation", "ListCost")
    total = Decimal(0)
    for number in range(50):
        cost = Decimal(number) + Decimal(number) / 100
        left_out = [name for place, name in enumerate(optional) if number >> place & 1]
        rows = without([focus(BilledCost=str(cost), ResourceId=f"arn:{number}")] * 2, *left_out)
        write_csv(tmp_path / f"{number}.csv", [{**one, f"x_Own{number}": ""} for one in rows])
        total += 2 * cost
    bill = read_bill([str(tmp_path)])
    assert (bill.rows, bill.export_total, bill.charges.height) == (100, total, 100)


def test_ten_thousand_columns_of_tags(tmp_path: Path) -> None:
    tags = {f"resource_tags_user_key_{number:05}": "" for number in range(10_000)}
    rows = [
        without([cur()], "resource_tags")[0] | tags | {f"resource_tags_user_key_{n * 97:05}": f"v{n}"} for n in range(9)
    ]
    bill = read_bill([str(write_csv(tmp_path / "a.csv.gz", rows))])
    assert sorted(bill.charges["tags"]) == sorted(
        json.dumps({f"key_{n * 97:05}": f"v{n}"}, separators=(",", ":")) for n in range(9)
    )
