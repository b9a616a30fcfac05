"""What a text report is printed on."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Paper:
    """Width in columns, and whether colour may be used. The default is what files and pipes get."""

    columns: int = 100
    colour: bool = False
