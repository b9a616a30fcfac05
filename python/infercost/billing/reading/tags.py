"""Tags as one canonical text per set of tags: a JSON object with sorted keys, under the owner's own names."""

import json

import polars as pl

from infercost.schema.errors import InputError

# CUR 2.0 marks the tags of users (`user_team` in Parquet, `user:team` elsewhere); FOCUS does not.
_MARKS = ("user_", "user:")


def canonical_tags(tags: pl.Series, files: pl.Series) -> pl.Series:
    """Returns JSON objects as canonical JSON text; no tags at all are null.

    Args:
        tags: JSON text.
        files: the file that each of them stands in.

    Raises:
        InputError: a text that is no JSON object; names its file.

    Example:
        >>> tags = pl.Series(['{"user_team": "risk", "app": "fraud", "user_empty": ""}', "{}"])
        >>> canonical_tags(tags, pl.Series(["a.csv", "a.csv"])).to_list()
        ['{"app":"fraud","team":"risk"}', None]
    """
    distinct = tags.drop_nulls().unique()
    if distinct.is_empty():
        return tags.cast(pl.String)
    texts = []
    for text in distinct:
        try:
            texts.append(_canonical(text))
        except (ValueError, RecursionError) as error:
            file = files.filter(tags == text)[0]
            raise InputError(f"{file}: tags are no JSON object: {text[:80]!r} ({error})") from error
    return tags.replace_strict(distinct, pl.Series(texts, dtype=pl.String), default=None, return_dtype=pl.String)


def _canonical(text: str) -> str | None:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError(f"found {type(found).__name__}")
    # A tag without a mark wins over a marked one of the same name: it is the name that the owner wrote.
    named = {_unmarked(key): value for key, value in sorted(found.items(), key=lambda item: not _is_marked(item[0]))}
    kept = {key: value for key, value in named.items() if value not in ("", None)}
    return json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":")) if kept else None


def _is_marked(key: str) -> bool:
    return key.startswith(_MARKS)


def _unmarked(key: str) -> str:
    return key[len(_MARKS[0]) :] if _is_marked(key) else key
