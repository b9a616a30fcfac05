"""What each line of a bill is: `lines` asks one reader per service, and joins the answers back."""

from infercost.billing.classify.lines import LINE_KEYS, classify, classify_lines, join_lines, meaning_of, nature
from infercost.billing.classify.products import is_opaque, may_matter
from infercost.billing.classify.relatives import nearest
from infercost.billing.classify.remarks import remarks

__all__ = [
    "LINE_KEYS",
    "classify",
    "classify_lines",
    "is_opaque",
    "join_lines",
    "may_matter",
    "meaning_of",
    "nature",
    "nearest",
    "remarks",
]
