"""A manifest: AWS's own list of the files of one delivery. It comes from a bucket, and is hostile until checked."""

import concurrent.futures
import dataclasses
import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import pydantic

from infercost.aws.objects import SCHEME
from infercost.billing.delivery.layout import read_layout
from infercost.billing.delivery.listing import Entry
from infercost.billing.reading.content import open_bytes
from infercost.billing.reading.head import reading
from infercost.schema.errors import InputError

_LARGEST = 64 << 20  # bytes; a manifest of 20,000 columns and 10,000 files has three million
_AT_ONCE = 16  # manifests fetched side by side: S3 answers one in tens of milliseconds
_STAMP = re.compile(r"\d{8}T\d{6}|\d{4}-\d{2}-\d{2}T\d{2}:?\d{2}:?\d{2}(?:\.\d+)?")
_MENTIONS = (b'"reportKeys"', b'"dataFiles"')


@dataclasses.dataclass(frozen=True)
class Manifest:
    """One delivery of one month, as AWS lists it.

    Attributes:
        entry: where the list lies.
        export: which export it is of, however often it is delivered.
        month: "2026-10".
        delivery: the id of the assembly (legacy CUR) or execution (Data Exports), or the folder of its files.
        keys: the files, as keys of the bucket; none where a delivery is empty or not finished.
    """

    entry: Entry
    export: str
    month: str
    delivery: str
    keys: tuple[str, ...]

    @property
    def stamp(self) -> str | None:
        """When it was delivered, as digits that sort by time, or None: old assemblies have ids without a time."""
        for name in (self.delivery, self.folder[-1] if self.folder else "", self.entry.folder[-1]):
            if found := _STAMP.match(name):
                return re.sub(r"\D", "", found[0]).ljust(23, "0")
        return None

    @property
    def folder(self) -> tuple[str, ...]:
        """The folders of its files, in the bucket."""
        return tuple(self.keys[0].split("/")[:-1]) if self.keys else ()

    @property
    def is_current(self) -> bool:
        """Whether it is the month's own, which AWS keeps pointing to the newest delivery, and not a delivery's own."""
        name, layout = self.entry.folder[-1], self.entry.layout
        is_month = layout is not None and layout.delivery[-1] == name and len(layout.delivery) == 1
        return is_month or name not in {self.delivery, *self.folder[-1:]}


class _Period(pydantic.BaseModel):
    start: str | None = None


class _DataFile(pydantic.BaseModel):
    s3Uri: str | None = None  # noqa: N815 -- AWS's name
    key: str | None = None


class _Listed(pydantic.BaseModel):
    """What both kinds of manifests hold, of which nothing else is kept."""

    assemblyId: str | None = None  # noqa: N815 -- AWS's name
    executionId: str | None = None  # noqa: N815 -- AWS's name
    exportArn: str | None = None  # noqa: N815 -- AWS's name
    account: str | None = None
    reportName: str | None = None  # noqa: N815 -- AWS's name
    reportId: str | None = None  # noqa: N815 -- AWS's name
    billingPeriod: _Period | None = None  # noqa: N815 -- AWS's name
    reportKeys: list[str] | None = None  # noqa: N815 -- AWS's name
    dataFiles: list[str | _DataFile] | None = None  # noqa: N815 -- AWS's name

    def keys(self, named: str) -> tuple[str, ...]:
        """The keys of the files, each once.

        Raises:
            InputError: a key leaves its folder, or names nothing.
        """
        given = [item if isinstance(item, str) else item.s3Uri or item.key or "" for item in self.dataFiles or ()]
        keys = []
        for address in [*(self.reportKeys or ()), *given]:
            key = address.removeprefix(SCHEME).partition("/")[2] if address.startswith(SCHEME) else address
            parts = [part for part in key.split("/") if part]  # without a prefix AWS begins a key with a slash
            if not parts or not {".", ".."}.isdisjoint(parts) or "\\" in key:
                raise InputError(f"{named}: the manifest names {address[:80]!r}, which is no file of an export")
            keys.append("/".join(parts))
        return tuple(dict.fromkeys(keys))


def read_manifests(entries: Sequence[Entry]) -> dict[Entry, Manifest | None]:
    """Returns what JSON documents are: manifests, or None for all others.

    Raises:
        InputError: one says that it is a manifest, and is none that can be followed.
    """
    with concurrent.futures.ThreadPoolExecutor(_AT_ONCE) as pool:
        return dict(zip(entries, pool.map(_read, entries), strict=True))


def _read(entry: Entry) -> Manifest | None:
    if entry.size > _LARGEST:
        return None
    with reading(entry.file), open_bytes(entry.file) as stream:
        content = stream.read(_LARGEST)
    if not any(mention in content for mention in _MENTIONS):
        return None
    try:
        listed = _Listed.model_validate_json(content)
    except pydantic.ValidationError as error:
        first: Any = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{entry.file}: not a manifest that can be read: {where}: {first['msg']}") from error
    keys = listed.keys(entry.file.name)
    layout = (read_layout(keys[0].split("/")[:-1]) if keys else None) or entry.layout
    month = _month(listed.billingPeriod) or (layout.month if layout else None)
    if month is None and not keys:
        return None
    if month is None:
        raise InputError(f"{entry.file}: the manifest names no billing period, so its month is not known")
    above = "/".join(layout.export) if layout else ""
    export = listed.exportArn or ":".join(filter(None, (listed.account, listed.reportName or listed.reportId))) or above
    delivery = listed.assemblyId or listed.executionId or (layout.delivery[-1] if layout else "")
    return Manifest(entry, export, month, delivery, keys)


def _month(period: _Period | None) -> str | None:
    """The month of `20261001T000000.000Z`, or of `2026-10-01`."""
    try:
        return f"{dt.date.fromisoformat((period.start or '').partition('T')[0]):%Y-%m}" if period else None
    except ValueError:
        return None
