"""Random small scenarios, one per (pattern, seed), made to hit limits and ties."""

from twin.generator.scenario import SECOND, random_scenario

__all__ = ["SECOND", "random_scenario"]
