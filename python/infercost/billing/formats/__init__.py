"""The formats of billing exports: one file each, one line here."""

import concurrent.futures
from collections.abc import Mapping, Sequence

from infercost.billing.delivery.file import File
from infercost.billing.formats.converted import Converted
from infercost.billing.formats.cost_explorer import CostExplorer
from infercost.billing.formats.cur_2_0 import Cur20
from infercost.billing.formats.cur_legacy import CurLegacy
from infercost.billing.formats.cur_legacy_athena import CurLegacyAthena
from infercost.billing.formats.focus_1_0 import Focus10
from infercost.billing.formats.focus_1_1 import Focus11
from infercost.billing.formats.focus_1_2 import Focus12
from infercost.billing.formats.focus_1_3 import Focus13
from infercost.billing.formats.focus_1_4 import Focus14
from infercost.billing.formats.format import Format
from infercost.billing.formats.known import refusal
from infercost.billing.reading.cost_explorer import refuse_pages
from infercost.billing.reading.head import Head, read_head
from infercost.billing.reading.source import Source
from infercost.schema.errors import InputError

FORMATS: tuple[Format, ...] = (
    Cur20(),
    CurLegacy(),
    CurLegacyAthena(),
    Focus10(),
    Focus11(),
    Focus12(),
    Focus13(),
    Focus14(),
    CostExplorer(),
    Converted(),
)

_AT_ONCE = 16  # headers read side by side: S3 answers in tens of milliseconds
# From the one that tells most to the one that tells least; every name starts with one of them.
_PREFERRED = ("CUR 2.0", "legacy CUR", "FOCUS", "Cost Explorer", "")


def open_sources(files: Sequence[File]) -> tuple[Format, list[Source]]:
    """Returns the one format of all files, and the files grouped by header: columns may differ from file to file.

    Raises:
        InputError: a file is damaged, of no known format or of one that is no bill, or the formats are mixed.
        IncompleteError: pages of an answer of Cost Explorer are missing.
    """
    with concurrent.futures.ThreadPoolExecutor(_AT_ONCE) as pool:
        heads = dict(zip(files, pool.map(read_head, files), strict=True))
    by_format: dict[str, list[File]] = {}
    for file, head in heads.items():
        by_format.setdefault(_format_of(head).name, []).append(file)
    if len(by_format) > 1:
        raise _mixed(by_format)
    answers = [file for file, head in heads.items() if head.container == "json"]
    if answers:
        refuse_pages(answers)
    groups: dict[object, list[File]] = {}
    for file, head in heads.items():
        groups.setdefault((head.container, head.columns, file.bucket), []).append(file)
    return _format_of(heads[files[0]]), [Source(heads[group[0]], tuple(group)) for group in groups.values()]


def currency_column(format_name: str) -> str:
    """Returns what a format calls the column of the currency: a message names it as the file spells it."""
    return next(known.currency for known in FORMATS if known.name == format_name)


def _mixed(by_format: Mapping[str, Sequence[File]]) -> InputError:
    found = " and ".join(
        f"{name} ({len(files)} {'file' if len(files) == 1 else 'files'}, such as {files[0]})"
        for name, files in sorted(by_format.items())
    )
    best = min(by_format, key=lambda name: [name.startswith(start) for start in _PREFERRED].index(True))
    return InputError(
        f"exports of {len(by_format)} formats lie there: {found}. Formats are not mixed: name the files of one of them"
        f" only, best of {best}. Where they hold different months, write each as FOCUS with `infercost bill convert"
        " --to focus`, and name what that has written"
    )


def _format_of(head: Head) -> Format:
    refused = refusal(head)
    if refused is not None:
        raise InputError(f"{head.file}: {refused}")
    found = next((candidate for candidate in FORMATS if candidate.matches(head)), None)
    if found is not None:
        return found
    shown = ", ".join(repr(name[:40]) for name, _ in head.columns[:6]) or "nothing"
    raise InputError(
        f"{head.file}: of no known billing format; its header starts with {shown}. infercost reads"
        f" {', '.join(known.name for known in FORMATS)}, and tells them by their headers"
    )
