"""Tags as one canonical text per set of tags: a JSON object with sorted keys, under the owner's own names."""

import json

import polars as pl

from infercost.schema.errors import InputError

# CUR 2.0 marks the tags of users (`user_team` in Parquet, `user:team` elsewhere); FOCUS does not.
_MARKS = ("user_", "user:")


def canonical_tags(tags: pl.Series) -> pl.Series:
    """Returns JSON objects as canonical JSON text; no tags at all are null.

    Raises:
        InputError: a text that is no JSON object.

    Example:
        >>> canonical_tags(pl.Series(['{"user_team": "risk", "app": "fraud", "user_empty": ""}', "{}"])).to_list()
        ['{"app":"fraud","team":"risk"}', None]
    """
    distinct = tags.drop_nulls().unique()
    if distinct.is_empty():
        return tags.cast(pl.String)
    texts = [_canonical(text) for text in distinct]
    return tags.replace_strict(distinct, pl.Series(texts, dtype=pl.String), default=None, return_dtype=pl.String)


def _canonical(text: str) -> str | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"tags are no JSON object: {text[:80]!r} ({error})") from error
    if not isinstance(found, dict):
        raise InputError(f"tags are no JSON object: {text[:80]!r}")
    # A tag without a mark wins over a marked one of the same name: it is the name that the owner wrote.
    named = {_unmarked(key): value for key, value in sorted(found.items(), key=lambda item: not _is_marked(item[0]))}
    kept = {key: value for key, value in named.items() if value not in ("", None)}
    return json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":")) if kept else None


def _is_marked(key: str) -> bool:
    return key.startswith(_MARKS)


def _unmarked(key: str) -> str:
    return key[len(_MARKS[0]) :] if _is_marked(key) else key
