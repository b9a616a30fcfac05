"""How a long job tells how far it is."""

from collections.abc import Callable

# (what is being done, in words; the share of it that is done, 0 to 1). Called often: it must be cheap.
Progress = Callable[[str, float], None]


def silent(_step: str, _share: float) -> None:
    """Tells nobody."""
