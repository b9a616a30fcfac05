"""Tags as one canonical text per set of tags: a JSON object with sorted keys, under the owner's own names."""

import json
import re

import polars as pl

from infercost.schema.errors import InputError

# CUR marks the tags of users (`user_team` in Parquet, `user:team` elsewhere), and its newer map of all tags those of
# resources besides; FOCUS does not.
_MARK = re.compile(r"^(?:resourceTags?/)?(?:user[_:])?(?=.)")


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
    found = json.loads(text, strict=False)  # a control character within a tag is its owner's
    if not isinstance(found, dict):
        raise ValueError(f"found {type(found).__name__}")
    kept = {key: value for key, value in found.items() if value not in ("", None)}
    named = {key: value for key, value in kept.items() if _unmarked(key) == key}
    # Two keys may differ in their marks only: the name that the owner wrote is its own, any other keeps its mark.
    for key in sorted(kept.keys() - named.keys()):
        short = _unmarked(key)
        named[short if named.get(short, kept[key]) == kept[key] else key] = kept[key]
    return json.dumps(named, sort_keys=True, ensure_ascii=False, separators=(",", ":")) if named else None


def _unmarked(key: str) -> str:
    return _MARK.sub("", key)
