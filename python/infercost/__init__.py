"""Reads an AWS bill, replays the requests behind it, and proves the cheapest way to serve each model."""

__version__ = "0.1.0"
