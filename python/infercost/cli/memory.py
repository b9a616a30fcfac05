"""How much memory polars may take for speed: large exports are read beside other programs, and on small machines."""

import os


def restrain() -> None:
    """Asks polars to hold few row groups ahead and to give freed memory back; before polars is imported.

    Whoever has set these variables knows better. Neither costs time: half as many pools of memory as processors serve
    them all, and a row group ahead keeps two processors busy.
    """
    half = max(1, (os.cpu_count() or 1) // 2)
    os.environ.setdefault("_RJEM_MALLOC_CONF", f"narenas:{half},dirty_decay_ms:100,muzzy_decay_ms:0")
    os.environ.setdefault("POLARS_ROW_GROUP_PREFETCH_SIZE", str(half))
