"""Speed and memory, side by side with peers: `make bench`, after the benchmark of the engine alone in Rust.

Medians and ratios for people to read; no threshold, no test depends on them. Run from the root of the project, with
`tests` on the path: the formula for the mean wait and the columns of CUR 2.0 are the tests' own.
"""

import argparse

from rich.console import Console

from benches import boundary, comparison, ingestion, large, machine, memory, whole_job
from benches.peers import PEERS
from benches.queue_model import Queue
from benches.table import Section, render

_WIDTH = 160


def main() -> None:
    """Measures, then prints one table."""
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=large.ROWS, help="of the large export; its CSV has a twentieth")
    rows = options.parse_args().rows
    machine.refuse_debug()
    console = Console()
    console.width = max(console.width, _WIDTH)
    console.print(machine.describe())
    sections: list[Section] = []
    with Console(stderr=True).status("") as status:
        for workers in (1, 8):
            status.update(f"peers: M/M/{workers}")
            sections.append(comparison.compare(Queue(workers)))
        status.update("the boundary")
        sections += [boundary.crossing(), boundary.starting()]
        status.update("ingestion")
        sections += ingestion.measure()
        status.update(f"a large export: {rows:,} rows, generated once and kept")
        sections += large.measure(rows, rows // 20)
        status.update("the whole job")
        sections.append(whole_job.measure())
        status.update("memory")
        sections.append(memory.measure())
    console.print(render(sections))
    for peer in PEERS:
        console.print(f"{peer.name}: {peer.gives}")
    console.print("ratio: time per item against the first line of the section, so more is slower")
    console.print("peak MB: resident memory of the whole process, the highest of its runs")


if __name__ == "__main__":
    main()
