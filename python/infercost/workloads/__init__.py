"""Workloads: what is served, found in the charges and joined with its traffic, its profiles and its owner's words."""

from infercost.workloads.discover import discover

__all__ = ["discover"]
