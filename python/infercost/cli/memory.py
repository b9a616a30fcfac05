"""How much memory polars may take for speed: large exports are read beside other programs, and on small machines."""

import os


def restrain() -> None:
    """Asks polars to hold few row groups ahead and to give freed memory back; before polars is imported.

    Whoever has set these variables knows better. Neither costs time: half as many pools of memory as processors serve
    them all, and a row group for each processor keeps it busy.
    """
    processors = os.cpu_count() or 1
    pools = max(1, processors // 2)
    os.environ.setdefault("_RJEM_MALLOC_CONF", f"narenas:{pools},dirty_decay_ms:500,muzzy_decay_ms:0,tcache_max:4096")
    os.environ.setdefault("POLARS_ROW_GROUP_PREFETCH_SIZE", str(processors))
