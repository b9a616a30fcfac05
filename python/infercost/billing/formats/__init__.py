"""The formats of billing exports: one file each, one line here."""

from collections.abc import Sequence

from infercost.billing.delivery.file import File
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
)


def open_sources(files: Sequence[File]) -> tuple[Format, list[Source]]:
    """Returns the one format of all files, and the files grouped by header: columns may differ from file to file.

    Raises:
        InputError: a file is damaged, of no known format or of one that is not read yet, or the formats are mixed.
    """
    heads = {file: read_head(file) for file in files}
    found = {file: _format_of(head) for file, head in heads.items()}
    first = files[0]
    for file, its_format in found.items():
        if its_format is not found[first]:
            raise InputError(
                f"{first} is {found[first].name}, but {file} is {its_format.name}: both would count the same charges."
                " Name the files of one export only"
            )
    groups: dict[object, list[File]] = {}
    for file, head in heads.items():
        groups.setdefault((head.container, head.columns), []).append(file)
    return found[first], [Source(heads[group[0]], tuple(group)) for group in groups.values()]


def _format_of(head: Head) -> Format:
    refused = refusal(head)
    if refused is not None:
        raise InputError(f"{head.file}: {refused}")
    found = next((candidate for candidate in FORMATS if candidate.matches(head)), None)
    if found is not None and head.container == "zip":
        raise InputError(f"{head.file}: {found.name} in a ZIP archive, which is not read yet: unpack it")
    if found is not None:
        return found
    shown = ", ".join(repr(name[:40]) for name, _ in head.columns[:6]) or "nothing"
    raise InputError(
        f"{head.file}: of no known billing format; its header starts with {shown}. infercost reads"
        f" {', '.join(known.name for known in FORMATS)}, and tells them by their headers"
    )
