"""How much memory polars may take for speed: large exports are read beside other programs, and on small machines."""

import os
import sys


def restrain() -> None:
    """Asks polars to hold few row groups ahead and to give freed memory back; before polars is imported.

    Whoever has set these variables knows better. It costs no time: half as many pools of memory as processors serve
    them all, a thread of the allocator's own gives back what was not used for two seconds, and a row group for each
    processor keeps it busy.
    """
    processors = os.cpu_count() or 1
    pools = max(1, processors // 2)
    settings = f"narenas:{pools},dirty_decay_ms:2000,muzzy_decay_ms:0,tcache_max:4096"
    if sys.platform == "linux":  # elsewhere the allocator has no such thread, and says so on stderr
        settings += ",background_thread:true"
    os.environ.setdefault("_RJEM_MALLOC_CONF", settings)
    os.environ.setdefault("POLARS_ROW_GROUP_PREFETCH_SIZE", str(processors))
