"""The command line. One file per command; what is heavy is imported by the command that needs it."""

from infercost.cli.app import main

__all__ = ["main"]
