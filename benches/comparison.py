"""The engine beside its peers on one queue, on one core."""

import statistics
import time

from scipy.stats import t

from benches.peers import PEERS
from benches.peers.peer import Peer
from benches.queue_model import Queue
from benches.table import Line, Section

_RUNS = 7
# Outside this interval a simulator answers another question, and its speed says nothing. Seeds are fixed.
_CONFIDENCE = 0.999


def compare(queue: Queue) -> Section:
    """Requests per second of each simulator.

    Raises:
        SystemExit: one of them does not have the mean wait that theory has.
    """
    lines = tuple(_measure(peer, queue) for peer in PEERS)
    title = f"M/M/{queue.workers} at {queue.utilization:.0%}, one core"
    return Section(title, lines, reference=lines[0], remark=f"theory {queue.wait_ms:.3f} ms")


def _measure(peer: Peer, queue: Queue) -> Line:
    seconds, waits_ms = [], []
    for seed in range(1, _RUNS + 1):
        run = peer.prepare(queue, seed)
        begin = time.perf_counter()
        wait_ms = run()
        seconds.append(time.perf_counter() - begin)
        waits_ms.append(wait_ms)
    found = _agreed(peer, queue, waits_ms)
    return Line(peer.name, tuple(seconds), peer.requests, "requests", remark=found)


def _agreed(peer: Peer, queue: Queue, waits_ms: list[float]) -> str:
    mean_ms = statistics.fmean(waits_ms)
    error_ms = statistics.stdev(waits_ms) / len(waits_ms) ** 0.5
    noise_ms = float(t.ppf((1 + _CONFIDENCE) / 2, len(waits_ms) - 1)) * error_ms
    found = f"wait {mean_ms:.3f} ± {noise_ms:.3f} ms"
    if abs(mean_ms - queue.wait_ms) > noise_ms:
        raise SystemExit(f"{peer.name}: {found}, where theory has {queue.wait_ms:.3f} ms: its speed says nothing")
    return found
