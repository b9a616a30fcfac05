"""The formats of billing exports: one file each, one line here."""

from collections.abc import Sequence

from infercost.billing.delivery.file import File
from infercost.billing.formats.cur_2_0 import Cur20
from infercost.billing.formats.focus_1_2 import Focus12
from infercost.billing.formats.format import Format
from infercost.billing.formats.known import name_of
from infercost.billing.reading.head import Head, read_head
from infercost.billing.reading.source import Source
from infercost.schema.errors import InputError

FORMATS: tuple[Format, ...] = (
    Focus12(),
    Cur20(),
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
    readable = head.container in {"csv", "parquet"}
    found = next((candidate for candidate in FORMATS if candidate.matches(head)), None)
    if found is not None and readable:
        return found
    if found is not None:
        raise InputError(f"{head.file}: {found.name} in a ZIP archive, which is not read yet: unpack it")
    known = name_of(head)
    if known is not None:
        raise InputError(
            f"{head.file}: this is {known}, which infercost knows but does not read yet."
            " It reads FOCUS 1.2 and CUR 2.0: create one of those under AWS Data Exports"
        )
    shown = ", ".join(repr(name[:40]) for name, _ in head.columns[:6]) or "nothing"
    raise InputError(
        f"{head.file}: of no known billing format; its header starts with {shown}."
        " infercost reads FOCUS 1.2 and CUR 2.0, and tells them by their headers"
    )
