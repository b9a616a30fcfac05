"""Advice: which deployment is cheapest and keeps its promise, how sure that is, and what was rejected."""

from infercost.advice.analysis import analyze
from infercost.advice.every_pattern import every_pattern
from infercost.advice.replay import simulate

__all__ = ["analyze", "every_pattern", "simulate"]
