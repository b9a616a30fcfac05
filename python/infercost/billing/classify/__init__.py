"""What each line of a bill is: `lines` asks one reader per service, and joins the answers back."""

from infercost.billing.classify.lines import (
    LINE_KEYS,
    classify,
    classify_lines,
    may_matter,
    meaning_of,
    nature,
    unknown_prefixes,
)

__all__ = ["LINE_KEYS", "classify", "classify_lines", "may_matter", "meaning_of", "nature", "unknown_prefixes"]
