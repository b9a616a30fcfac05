"""How a long job tells how far it is."""

from collections.abc import Callable

# (what is being done, in words; the share of it that is done, 0 to 1). Called often: it must be cheap.
Progress = Callable[[str, float], None]
# (what is being done, in words; requests dealt with so far; how many there are, None where nobody knows). As cheap.
Count = Callable[[str, int, int | None], None]


def silent(*_told: object) -> None:
    """Tells nobody."""
