"""How well a figure is known."""

from enum import StrEnum


class Evidence(StrEnum):
    """From strongest to weakest: measured, modelled, assumed."""

    MEASURED = "measured"
    MODELLED = "modelled"
    ASSUMED = "assumed"

    @property
    def rank(self) -> int:
        """0 for the strongest.

        >>> Evidence.ASSUMED.rank
        2
        """
        return list(Evidence).index(self)


def weakest(*links: Evidence) -> Evidence:
    """The evidence of a result: that of its weakest link.

    >>> weakest(Evidence.MEASURED, Evidence.ASSUMED, Evidence.MODELLED)
    <Evidence.ASSUMED: 'assumed'>
    """
    return max(links, key=lambda link: link.rank)
