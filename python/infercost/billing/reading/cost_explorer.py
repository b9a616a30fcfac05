"""Answers of Cost Explorer's get-cost-and-usage as flat rows: one for each period and group, all cells text.

The columns are named by where a cell stands: `TimePeriod.Start`, `Estimated`, `Keys.USAGE_TYPE`, `Tags.team`,
`Metrics.UnblendedCost.Amount`. A document is one answer, or a list of the pages of one; numbers keep their text.
"""

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import polars as pl
from pydantic import BaseModel, TypeAdapter, ValidationError

from infercost.billing.delivery.file import File
from infercost.billing.reading.content import open_bytes
from infercost.schema.errors import IncompleteError, InputError

_MIDNIGHT = "T00:00:00Z"  # hours have it, days go without
_NO_KEYS = ("Estimated", "Metrics.", "TimePeriod.")
_KEY_OF = {"DIMENSION": "Keys", "TAG": "Tags", "COST_CATEGORY": "CostCategories"}

Row = dict[str, str | None]


class _Metric(BaseModel):
    Amount: str
    Unit: str | None = None


class _Group(BaseModel):
    Keys: list[str]
    Metrics: dict[str, _Metric]


class _Period(BaseModel):
    Start: str
    End: str


class _Result(BaseModel):
    TimePeriod: _Period
    Estimated: bool | None = None
    Total: dict[str, _Metric] | None = None
    Groups: list[_Group] = []


class _Definition(BaseModel):
    Type: str
    Key: str


class _Page(BaseModel):
    ResultsByTime: list[_Result]
    GroupDefinitions: list[_Definition] = []
    NextPageToken: str | None = None


_PAGES = TypeAdapter(list[_Page])


def columns_of(file: File) -> tuple[str, ...] | None:
    """Returns the columns of an answer of Cost Explorer, or None if the document is something else.

    Raises:
        InputError: the file is no JSON document, or an answer that is damaged.
    """
    document = _parse(file)
    if not any(isinstance(page, dict) and "ResultsByTime" in page for page in document):
        return None
    names: dict[str, None] = dict.fromkeys(("TimePeriod.Start", "TimePeriod.End", "Estimated"))
    for row in _rows(_validate(file, document)):
        names.update(dict.fromkeys(row))
    return tuple(names)


def keys_of(file: File) -> tuple[str, ...]:
    """Returns the outermost keys of a document: enough to tell what it is."""
    return tuple(str(key) for page in _parse(file)[:1] if isinstance(page, dict) for key in page)


def refuse_pages(files: Sequence[File]) -> None:
    """Refuses answers that are not whole, or that would be counted twice.

    Raises:
        InputError: two periods of a group overlap, or of answers that are grouped in two ways.
        IncompleteError: every page says that another one follows.
    """
    answers = {file: _validate(file, _parse(file)) for file in files}
    if all(page.NextPageToken for pages in answers.values() for page in pages):
        raise IncompleteError(
            f"{files[-1]}: the answer of Cost Explorer goes on (NextPageToken): ask for the pages that follow, and give"
            " all of them"
        )
    _refuse_twice(answers)
    _refuse_questions(answers)


class _Span(NamedTuple):
    """A time that a file has costs of, as texts that sort."""

    start: str
    end: str
    file: File


def _span(start: str, end: str, file: File) -> _Span:
    return _Span(start.removesuffix(_MIDNIGHT), end.removesuffix(_MIDNIGHT), file)


def _refuse_twice(answers: Mapping[File, Sequence[_Page]]) -> None:
    """No two periods of a group may overlap, whatever their length: a month says once more what its days say."""
    of_group: dict[tuple[str | None, ...], list[_Span]] = {}
    for file, pages in answers.items():
        for row in _rows(pages):
            group = tuple(row[name] for name in sorted(row) if not name.startswith(_NO_KEYS))
            span = _span(row["TimePeriod.Start"] or "", row["TimePeriod.End"] or "", file)
            of_group.setdefault(group, []).append(span)
    for group, spans in of_group.items():
        for before, span in itertools.pairwise(sorted(spans)):
            if span.start < before.end or span[:2] == before[:2]:
                where = "" if before.file == span.file else f" and in {before.file}"
                raise InputError(
                    f"{span.file}: {' '.join(map(str, group))[:120]} stands there twice{where}, and would be counted"
                    f" twice ({before.start} to {before.end}, {span.start} to {span.end}). Give each page once, and of"
                    " answers by the hour, day or month only one"
                )


def _refuse_questions(answers: Mapping[File, Sequence[_Page]]) -> None:
    """Answers that are grouped in other ways have no group in common, and yet tell the same costs."""
    asked = {
        (_span(result.TimePeriod.Start, result.TimePeriod.End, file), _question(page))
        for file, pages in answers.items()
        for page in pages
        for result in page.ResultsByTime
    }
    furthest: dict[tuple[str, ...], _Span] = {}
    for span, keys in sorted(asked):
        for others, before in furthest.items():
            if others != keys and span.start < before.end:
                raise InputError(
                    f"{span.file} and {before.file} are answers of Cost Explorer for the same time, grouped by"
                    f" {_said(keys)} and by {_said(others)}: every cost would count twice. Give one of them, best one"
                    " by SERVICE and USAGE_TYPE"
                )
        furthest[keys] = max(span, furthest.get(keys, span), key=lambda one: one.end)


def _question(page: _Page) -> tuple[str, ...]:
    return tuple(sorted(f"{one.Type} {one.Key}" for one in page.GroupDefinitions))


def _said(keys: Sequence[str]) -> str:
    return " and ".join(keys)[:120] or "nothing"


def read_answer(file: File, columns: Sequence[str]) -> pl.DataFrame:
    """Returns the rows of a file, with the columns given."""
    return pl.DataFrame(list(_rows(_validate(file, _parse(file)))), schema=dict.fromkeys(columns, pl.String))


def _parse(file: File) -> list[object]:
    """The pages of a document; numbers keep their text, for they may be money."""
    try:
        with open_bytes(file) as stream:
            document = json.load(stream, parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{file}: not a JSON document: {error}") from error
    return document if isinstance(document, list) else [document]


def _validate(file: File, document: Sequence[object]) -> list[_Page]:
    try:
        return _PAGES.validate_python(document)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError(f"{file}: a damaged answer of Cost Explorer: page {place}: {first['msg']}") from error


def _rows(pages: Sequence[_Page]) -> Iterator[Row]:
    for page in pages:
        for result in page.ResultsByTime:
            period = {
                "TimePeriod.Start": result.TimePeriod.Start,
                "TimePeriod.End": result.TimePeriod.End,
                "Estimated": None if result.Estimated is None else str(result.Estimated),
            }
            for group in result.Groups or _ungrouped(result):
                yield {**period, **_keys(page.GroupDefinitions, group.Keys), **_amounts(group.Metrics)}


def _keys(definitions: Sequence[_Definition], keys: Sequence[str]) -> Row:
    """Keys by their names. Those of tags and cost categories come as `team$risk`, and as `team$` without a value."""
    if len(definitions) != len(keys):
        return dict(zip(map(str, range(len(keys))), keys, strict=True))  # nothing says what they are
    return {
        f"{_KEY_OF.get(one.Type, 'Keys')}.{one.Key}": key
        if one.Type == "DIMENSION"
        else key.removeprefix(f"{one.Key}$")
        for one, key in zip(definitions, keys, strict=True)
    }


def _ungrouped(result: _Result) -> list[_Group]:
    return [_Group(Keys=[], Metrics=result.Total)] if result.Total else []


def _amounts(metrics: dict[str, _Metric]) -> Row:
    return {
        f"Metrics.{name}.{part}": value
        for name, metric in metrics.items()
        for part, value in (("Amount", metric.Amount), ("Unit", metric.Unit))
    }
