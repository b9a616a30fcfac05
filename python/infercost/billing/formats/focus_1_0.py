"""FOCUS 1.0: the table of AWS Data Exports before FOCUS_1_2_AWS, and what tools make. It has no invoice ids."""

from infercost.billing.formats.focus import PUBLISHER, Focus


class Focus10(Focus):
    """FOCUS 1.0."""

    version = "1.0"
    own = PUBLISHER
