"""What each line of a bill is: `lines` asks one reader per service, and joins the answers back."""

from infercost.billing.classify.lines import classify, may_matter, meaning_of, unknown_prefixes

__all__ = ["classify", "may_matter", "meaning_of", "unknown_prefixes"]
