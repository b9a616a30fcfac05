from collections.abc import Callable, Sequence
from typing import Final, Protocol, Self, final, type_check_only

__all__ = [
    "BUILD_PROFILE",
    "CsvReader",
    "CsvRows",
    "Outcome",
    "Table",
    "launches",
    "scenario_schema",
    "simulate",
    "stream",
]

@type_check_only
class ArrowStream(Protocol):
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

BUILD_PROFILE: Final[str]

@final
class Table:
    @property
    def num_rows(self) -> int: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

@final
class CsvReader:
    def __new__(cls, header: Sequence[str], columns: Sequence[int], *, largest_row_bytes: int) -> Self: ...
    def read(self, piece: bytes) -> int: ...
    def end(self) -> None: ...
    def take(self) -> CsvRows: ...

@final
class CsvRows:
    @property
    def columns(self) -> Table: ...
    def pick(self, rows: Sequence[int], columns: Sequence[int]) -> Table: ...

@final
class Outcome:
    @property
    def summary(self) -> bytes: ...
    @property
    def usage(self) -> Table: ...
    @property
    def requests(self) -> Table | None: ...

def simulate(
    scenario: bytes,
    columns: ArrowStream | Sequence[ArrowStream] | None = None,
    *,
    latency: bool = True,
    record: bool = False,
    threads: int | None = None,
    block_rows: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[Outcome]: ...
def stream(scenario: bytes, columns: ArrowStream | Sequence[ArrowStream] | None = None) -> Table: ...
def launches(scenario: bytes, count: int) -> list[int]: ...
def scenario_schema() -> str: ...
