"""The base of every authored model, and the one way in for text from outside."""

import difflib
import json
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, ValidationError

from infercost.schema.errors import UsageError

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NonNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0)]
AtLeastOne = Annotated[int, Field(ge=1)]
# Of any size without an exponent: the price of a token is 0.0000008, not 8E-7.
PlainDecimal = Annotated[Decimal, PlainSerializer(lambda number: f"{number:f}", return_type=str, when_used="json")]


class Strict(BaseModel):
    """Frozen; refuses unknown keys, NaN and infinity."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Reads a TOML or JSON file.

        Raises:
            UsageError: the file is missing, is not TOML or JSON, or a key or value is refused.
        """
        return cls.parse(_document(path), str(path))

    @classmethod
    def parse(cls, document: Mapping[str, Any], place: str) -> Self:
        """Checks a document; `place` names it in messages."""
        try:
            return cls.model_validate(document)
        except ValidationError as error:
            details = "\n".join(f"  {line}" for line in _lines(cls, error))
            raise UsageError(f"{place}: not valid\n{details}") from None


def _document(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); check the path") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: is not UTF-8 text; save it as UTF-8") from None
    try:
        loaded = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except ValueError as error:
        raise UsageError(f"{path}: cannot be parsed: {error}") from None
    except RecursionError:
        raise UsageError(f"{path}: is nested too deeply to be one of ours") from None
    if not isinstance(loaded, dict):
        raise UsageError(f"{path}: a table of keys was expected, found {type(loaded).__name__}")
    return loaded


def _lines(model: type[BaseModel], error: ValidationError) -> Iterator[str]:
    """One line for each mistake: its place, and what is wrong in the words of the file, not of pydantic."""
    known = sorted(_keys(model))
    for item in error.errors(include_url=False):
        place, context = item["loc"], item.get("ctx", {})
        match item["type"]:
            case "extra_forbidden":
                near = difflib.get_close_matches(str(place[-1]), known, n=1)
                said = f"unknown key; did you mean `{near[0]}`?" if near else "unknown key"
            case "missing":
                said = "missing"
            case "union_tag_not_found":
                place, said = (*place, context["discriminator"].strip("'")), "missing"
            case "union_tag_invalid":
                place = (*place, context["discriminator"].strip("'"))
                said = f"{context['tag']!r} is none of {context['expected_tags']}"
            case "too_short" if len(item["input"]) > context["actual_length"]:
                continue  # the mistakes in its items are told already, and they are why it came out too short
            case "value_error":
                said = str(context["error"])
            case "string_type":
                said = f"text in quotes is expected (found {_shown(item['input'])})"
            case "tuple_type":
                said = f"a list in square brackets is expected (found {_shown(item['input'])})"
            case _:
                said = f"{item['msg']} (found {_shown(item['input'])})"
        yield f"{'.'.join(map(str, place))}: {said}" if place else said


def _shown(given: object) -> str:
    text = repr(given)
    return text if len(text) <= 60 else text[:57] + "..."


def _keys(model: type[BaseModel], seen: set[type[BaseModel]] | None = None) -> set[str]:
    """Every key that a model or a model inside it knows: what a typo is compared with."""
    seen = set() if seen is None else seen
    if model in seen:
        return set()
    seen.add(model)
    keys: set[str] = set()
    for name, field in model.model_fields.items():
        keys.add(field.alias or name)
        stack: list[Any] = [field.annotation]
        while stack:
            part = stack.pop()
            if isinstance(part, type) and issubclass(part, BaseModel):
                keys |= _keys(part, seen)
            else:
                stack.extend(get_args(part))
    return keys
