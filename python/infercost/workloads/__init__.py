"""Workloads: what is served, found in the charges and joined with its traffic, its profiles and its owner's words."""

from infercost.workloads.dimension import Dimension
from infercost.workloads.discover import discover
from infercost.workloads.spending import View, spending

__all__ = ["Dimension", "View", "discover", "spending"]
