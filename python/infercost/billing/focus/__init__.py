"""Charges as FOCUS 1.2: how FOCUS books them, under which names, and the file. `write` is the face."""

from infercost.billing.focus.write import Written, write

__all__ = ["Written", "write"]
