"""What each line of a bill is: `lines` asks one reader per service, and joins the answers back."""

from infercost.billing.classify.lines import classify, meaning_of
from infercost.billing.classify.products import may_matter
from infercost.billing.classify.relatives import nearest
from infercost.billing.classify.remarks import remarks

__all__ = ["classify", "may_matter", "meaning_of", "nearest", "remarks"]
