"""Advice: which deployment is cheapest and keeps its promise, how sure that is, and what was rejected."""

from infercost.advice.analysis import analyze
from infercost.advice.replay import simulate

__all__ = ["analyze", "simulate"]
