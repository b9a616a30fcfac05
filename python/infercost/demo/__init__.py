"""The example account: a bill, the traffic behind it, and what its owners know. Imports nothing of ours but schema.

The bill is plain arithmetic over hand-written usage, so that it can prove the rest of infercost right or wrong.
"""

from infercost.demo.write import write_demo

__all__ = ["write_demo"]
