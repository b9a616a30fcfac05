"""The nearest known relative of a usage type that nobody has told us: what to compare it with on AWS's price list.

`data/known_types.csv` holds the shapes of usage types that were seen, without region prefixes, dated and sourced.
Likeness is rapidfuzz's token sort ratio: the order of suffixes says nothing, and a megabyte of nonsense takes no time,
which is more than difflib could say.
"""

import csv
import re
from functools import cache
from importlib.resources import files

from rapidfuzz import fuzz, process

from infercost.billing.classify.regions import is_prefix, split_prefix

_LEAST = 50  # of 100: less is no relation
_LONGEST = 200  # no usage type comes near it
_SEPARATORS = re.compile(r"[-_:.]+")


def nearest(service: str | None, usage_type: str | None) -> str | None:
    """Returns the known usage type, without region prefix, that a name of the same service is most like; None if none.

    Args:
        service: code or name of the service, as billed.
        usage_type: as billed, with or without its region prefix.

    Example:
        >>> nearest("AmazonBedrock", "EUC1-Nova3Lite-input-tokens-turbo")
        'NovaLite-input-tokens'
        >>> nearest("AmazonSageMaker", "Host:ml.g7.xlarge-Reserved")
        'Host:ml.g6.xlarge'
        >>> nearest("AmazonSageMaker", "Quux") is None
        True
    """
    known = _known(is_sagemaker="sagemaker" in (service or "").lower())
    found = process.extractOne(_words(usage_type or ""), known, scorer=fuzz.token_sort_ratio, score_cutoff=_LEAST)
    return None if found is None else str(found[2])


@cache
def _known(*, is_sagemaker: bool) -> dict[str, str]:
    """Usage type to its words: of SageMaker, or of all three families of Bedrock."""
    text = (files("infercost.billing.classify") / "data" / "known_types.csv").read_text(encoding="utf-8")
    return {
        row["usage_type"]: _words(row["usage_type"])
        for row in csv.DictReader(text.splitlines())
        if (row["service"] == "AmazonSageMaker") == is_sagemaker
    }


def _words(usage_type: str) -> str:
    """Lower case, without region prefixes, words apart."""
    _, body = split_prefix(usage_type[:_LONGEST])
    words = [word for word in _SEPARATORS.split(body) if not is_prefix(word)]
    return " ".join(words).lower()
