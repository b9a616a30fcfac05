"""What an export leaves unknown by its columns alone, in words."""

from collections.abc import Iterable, Mapping

import polars as pl

from infercost.billing.costs import FEE, NET_OF_COMMITMENTS, NET_UNBLENDED
from infercost.billing.reading.head import Head
from infercost.billing.reading.names import plain

# Columns that say the same; `...` stands for any ending.
_ALIKE = (
    ("product", "product_product_name", "product_name"),
    ("product_region_code", "product_region"),
    ("resource_tags", "tags", "resource_tags_..."),
    ("PublisherName", "ServiceProviderName"),
    ("Keys.SERVICE", "Keys.SERVICE_CODE"),
    ("Metrics.AmortizedCost.Amount", "Metrics.NetAmortizedCost.Amount"),
)

# Private discounts alone ask for these: where not one net column is there, none is missed.
_NET = frozenset(map(plain, (NET_UNBLENDED, *NET_OF_COMMITMENTS)))
_OF_DISCOUNTS = frozenset(map(plain, (*NET_OF_COMMITMENTS, *FEE)))


def missing(head: Head, columns: Mapping[str, str]) -> list[str]:
    """Returns the columns that are not there, and no other that says the same.

    Args:
        head: of a file.
        columns: those that are looked for, by name.
    """
    names = {plain(name) for name, dtype in head.columns if dtype != pl.Null}
    unasked = frozenset() if names & _NET else _OF_DISCOUNTS
    return [
        name
        for name in columns
        if plain(name) not in unasked and not any(_is_there(one, names) for one in _alike(name))
    ]


def missing_said(head: Head, serves: Mapping[str, str]) -> list[str]:
    """Returns a sentence for each column that is not there.

    Args:
        head: of a file.
        serves: column to what is lost without it.
    """
    return [f"{head.file}: the column {name} is missing: {serves[name]}" for name in missing(head, serves)]


def restored_accounts(head: Head, accounts: Iterable[str]) -> list[str]:
    """Returns a sentence for each column of account ids that a converter made numbers of."""
    wanted = {plain(name) for name in accounts}
    return [
        f"{head.file}: the account ids of the column {name} are numbers, which have no zeros in front: zeros were put"
        " back to 12 digits, the length of every id of AWS. That is an assumption: export ids as text"
        for name, dtype in head.columns
        if plain(name) in wanted and dtype.is_numeric()
    ]


def _alike(name: str) -> tuple[str, ...]:
    return next((names for names in _ALIKE if plain(name) in map(plain, names)), (name,))


def _is_there(name: str, names: Iterable[str]) -> bool:
    if name.endswith("..."):
        return any(one.startswith(plain(name)) and one != plain(name) for one in names)
    return plain(name) in names
