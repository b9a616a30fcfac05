"""JSON: the model as it is, every digit of it. Pure ASCII, so that no name in it acts on a terminal."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from infercost.report.text import exact
from infercost.schema.analysis import Analysis
from infercost.schema.inspection import Inspection
from infercost.schema.outcome import Outcome, Untried
from infercost.schema.spending import Spending


def render(analysis: Analysis) -> str:
    """The whole analysis; reads back as `Analysis`."""
    return _dumped(analysis.model_dump(by_alias=True))


def render_outcomes(outcomes: Sequence[Outcome]) -> str:
    """One object for one deployment, `{"outcomes": [...]}` for several."""
    dumped = _of_each(outcomes)
    return _dumped(dumped[0] if len(dumped) == 1 else {"outcomes": dumped})


def render_spending(spending: Spending) -> str:
    """The whole answer; reads back as `Spending`."""
    return _dumped(spending.model_dump(by_alias=True))


def render_inspection(inspection: Inspection) -> str:
    """The whole answer; reads back as `Inspection`."""
    return _dumped(inspection.model_dump(by_alias=True))


def render_comparison(outcomes: Sequence[Outcome], untried: Sequence[Untried]) -> str:
    """As of several outcomes, with `untried` patterns beside them where there are any."""
    if not untried:
        return render_outcomes(outcomes)
    return _dumped({"outcomes": _of_each(outcomes), "untried": [one.model_dump() for one in untried]})


def _of_each(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    return [one.model_dump(by_alias=True, exclude=_unsaid(one)) for one in outcomes]


def _unsaid(one: Outcome) -> set[str]:
    """What is left out where there is none of it."""
    return {name for name in ("timings_s", "notes") if not getattr(one, name)}


def _dumped(document: dict[str, Any]) -> str:
    return json.dumps(document, default=_text, indent=2, allow_nan=False) + "\n"


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return exact(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in JSON")
