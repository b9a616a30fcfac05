"""The traffic of a workload: its owner's file, a file named after it, or what the bill itself says."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from infercost.billing.bill import Bill
from infercost.schema.errors import UsageError
from infercost.schema.traffic import Traffic
from infercost.traffic.read import read_traffic


def by_stem(paths: Sequence[Path]) -> dict[str, Path]:
    """Traffic files of the command line by the workload that each is named after.

    Raises:
        UsageError: two files are named alike.
    """
    found: dict[str, Path] = {}
    for path in paths:
        stem = path.name.split(".", 1)[0].casefold()
        if stem in found:
            raise UsageError(f"--traffic {path}: {found[stem]} is named after the same workload; give one of them")
        found[stem] = path
    return found


def read(path: Path, shown: str, bill: Bill) -> Traffic:
    """Reads traffic of the bill's period. `shown` is the path as its owner wrote it: what a scenario repeats."""
    traffic = read_traffic(path, start=bill.period_start, duration_s=period_s(bill))
    return replace(traffic, source=shown)


def period_s(bill: Bill) -> float:
    """Seconds of the month that the bill covers."""
    return bill.covered_hours * 3600.0


def refuse_leftovers(leftover: Mapping[str, Path], names: Sequence[str]) -> None:
    """A traffic file that no workload takes is a typo, never silence.

    Raises:
        UsageError: names the file and the workloads that are there.
    """
    for stem, path in leftover.items():
        known = ", ".join(names) or "none"
        raise UsageError(
            f"--traffic {path}: no workload of this bill is named {stem!r} (there are: {known}); rename the file, "
            "or set `traffic` of the workload in infercost.toml"
        )
