"""What of an export is in no figure, in the same words wherever figures are printed."""

from collections.abc import Iterator, Sequence

from infercost.report.text import counted
from infercost.schema.inspection import Aside, Unread


def set_aside(rows: Sequence[Aside], unread: Sequence[Unread]) -> str:
    """Rows by reason, and how many deliveries are not read.

    >>> set_aside([Aside(reason="other service", rows=2), Aside(reason="other month", rows=1)], [])
    '2 rows (other service), 1 row (other month)'
    >>> set_aside([], [])
    'nothing'
    """
    return "; ".join(_parts(rows, unread)) or "nothing"


def _parts(rows: Sequence[Aside], unread: Sequence[Unread]) -> Iterator[str]:
    if rows:
        yield ", ".join(f"{counted(one.rows, 'row')} ({one.reason})" for one in rows)
    if unread:
        more = len(unread) > 1
        yield (
            f"{len(unread):,} {'deliveries or files that are' if more else 'delivery or file that is'} not read:"
            f" infercost bill inspect lists {'them' if more else 'it'}"
        )
