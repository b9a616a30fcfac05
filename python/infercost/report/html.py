"""HTML: one file that needs no other, for screens in light and dark and for paper. The page is in page.html."""

from functools import cache
from importlib import resources

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from infercost.report import facts
from infercost.report.text import money, plain
from infercost.schema.analysis import Analysis


def render(analysis: Analysis) -> str:
    """The whole report. Everything from outside is escaped by the template engine, and the page allows no script."""
    return _page().render(analysis=analysis, facts=facts, money=money)


@cache
def _page() -> Template:
    text = resources.files("infercost.report").joinpath("page.html").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_safe
    )
    return environment.from_string(text)


def _safe(value: object) -> object:
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value
