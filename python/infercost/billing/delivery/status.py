"""The table beside a CUR for Athena that says whether the export is just being refreshed."""

from collections.abc import Iterable, Iterator

import polars as pl

from infercost.billing.delivery.listing import Entry
from infercost.billing.reading.content import open_bytes
from infercost.billing.reading.head import reading

_READY = "READY"
_LARGEST = 1 << 20  # bytes; it holds one cell


def warn_of_refresh(entries: Iterable[Entry]) -> Iterator[str]:
    """Yields a warning for each status that is another one than ready.

    Args:
        entries: what lies in folders called `cost_and_usage_data_status`.
    """
    for entry in entries:
        if entry.parts[-1].lower().endswith(".parquet") and entry.size <= _LARGEST:
            with reading(entry.file), open_bytes(entry.file) as stream:
                table = pl.read_parquet(stream.read())
            found = table["status"].to_list() if "status" in table.columns else []
            if any(status != _READY for status in found):
                yield (
                    f"{entry.file}: the export is being refreshed (status {found[0]!r}), so files may be of two"
                    " deliveries: read it again when the status is READY"
                )
