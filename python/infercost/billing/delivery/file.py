"""A file of an export: what it is called, and where its bytes are."""

import dataclasses
from pathlib import Path


@dataclasses.dataclass(frozen=True, order=True)
class File:
    """One file of an export. Printed, it is its name.

    Attributes:
        name: as the user knows it: a path, `s3://bucket/key`, or `bill.zip!member`; every message shows it, and
            `source_file` holds it.
        place: what is read: a local path (of a spool, where the file lay packed), or an `s3://` address.

    Example:
        >>> print(File("bill.zip!a.csv", "spool/0.csv.gz"))
        bill.zip!a.csv
    """

    name: str
    place: str

    @classmethod
    def at(cls, path: Path | str) -> "File":
        """Returns the file that is called as the place where it lies."""
        return cls(str(path), str(path))

    @property
    def in_s3(self) -> bool:
        """Whether it is read from S3."""
        return self.place.startswith("s3://")

    @property
    def bucket(self) -> str | None:
        """The bucket that it is read from."""
        return self.place.split("/", 3)[2] if self.in_s3 else None

    @property
    def path(self) -> Path:
        """Where it lies here. Only for a file that is not in S3."""
        return Path(self.place)

    def __str__(self) -> str:
        return self.name
