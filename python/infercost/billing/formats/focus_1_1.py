"""FOCUS 1.1: adds capacity reservations, quantities of commitments, meters of SKUs. AWS never exported it."""

from infercost.billing.formats.focus import PUBLISHER, Focus


class Focus11(Focus):
    """FOCUS 1.1."""

    version = "1.1"
    own = PUBLISHER
