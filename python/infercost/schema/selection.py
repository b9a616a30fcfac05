"""Which workloads a command is about: `--select account:ID|tag:KEY=VALUE|workload:GLOB|service:NAME`."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Protocol

from infercost.schema.errors import UsageError

KINDS = ("account", "tag", "workload", "service")
_FORMS = "account:ID, tag:KEY=VALUE, workload:GLOB or service:NAME"


class Selectable(Protocol):
    """What a selection looks at: a workload, or its summary."""

    @property
    def name(self) -> str:
        """As people call it."""

    @property
    def service(self) -> str:
        """Amazon SageMaker, Amazon Bedrock."""

    @property
    def product_codes(self) -> Collection[str]:
        """By which the bill knows the service: AmazonSageMaker, AmazonBedrockService."""

    @property
    def account_id(self) -> str:
        """Whose it is."""

    @property
    def tags(self) -> Mapping[str, str]:
        """Of its resources."""


@dataclass(frozen=True)
class Term:
    """One `--select`; `key` is the tag's. Globs, case-insensitive."""

    kind: str
    glob: str
    key: str | None = None

    def matches(self, workload: Selectable) -> bool:
        """Whether the workload has such an account, tag, name or service."""
        if self.kind == "account":
            return workload.account_id == self.glob
        if self.kind == "tag":
            return any(key == self.key and _like(value, self.glob) for key, value in workload.tags.items())
        if self.kind == "service":
            short = workload.service.removeprefix("Amazon ").removeprefix("AWS ")
            return any(_like(name, self.glob) for name in (workload.service, short, *workload.product_codes))
        return _like(workload.name, self.glob)


@dataclass(frozen=True)
class Selection:
    """Terms of one kind widen the choice, terms of different kinds (and different tag keys) narrow it.

    No terms select everything.
    """

    terms: tuple[Term, ...] = ()

    @classmethod
    def parse(cls, texts: Iterable[str]) -> "Selection":
        """Reads terms as typed on the command line.

        >>> Selection.parse(["service:bedrock", "tag:team=risk*"]).terms[1]
        Term(kind='tag', glob='risk*', key='team')

        Raises:
            UsageError: a term is of no known form.
        """
        return cls(tuple(_term(text) for text in texts))

    def matches(self, workload: Selectable) -> bool:
        """Whether the workload is among the chosen."""
        groups: dict[tuple[str, str | None], list[Term]] = {}
        for term in self.terms:
            groups.setdefault((term.kind, term.key), []).append(term)
        return all(any(term.matches(workload) for term in group) for group in groups.values())

    def of(self, kind: str) -> "Selection":
        """The terms of one kind."""
        return Selection(tuple(term for term in self.terms if term.kind == kind))

    def __bool__(self) -> bool:
        return bool(self.terms)


def _term(text: str) -> Term:
    kind, _, value = text.partition(":")
    key = None
    if kind == "tag":
        key, _, value = value.partition("=")
    if kind not in KINDS or not value or key == "":
        raise UsageError(f"--select {text!r} is not understood; give {_FORMS}")
    return Term(kind, value, key)


def _like(text: str, glob: str) -> bool:
    return fnmatchcase(text.lower(), glob.lower())
