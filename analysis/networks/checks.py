"""What a network's rows must be to one another, at any α, resolution and t."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.networks.rows import Conv, Dense, Dropout, Head, Pool, Row
from analysis.networks.scaling import check_groups

MOST_BLOCKS = 2_000
"""The most repeats of all rows together; a page or a table of more helps nobody."""


class RowError(ValueError):
    """A row that cannot be where it is; ``number`` counts the rows from 1, as the names of layers do."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(number, reason)
        self.number = number
        self.reason = reason

    def __str__(self) -> str:
        return f"row {self.number}: {self.reason}"


def check_rows(rows: Sequence[Row]) -> None:
    """``RowError`` for the first row that cannot follow those before it, ``ValueError`` for what is wrong with all.

    The last row is the head, no row reads a map after a fully connected layer, and groups divide published channels.
    """
    if not rows or not isinstance(rows[-1], Head):
        raise ValueError("the last row must be a head")
    blocks = sum(row.n for row in rows)
    if blocks > MOST_BLOCKS:
        raise ValueError(f"the repeats of all rows must be at most {MOST_BLOCKS:,}, got {blocks:,}")
    channels, vector = None, False
    for number, row in enumerate(rows, start=1):
        try:
            _check(row, channels, vector=vector, last=number == len(rows))
        except ValueError as error:
            raise RowError(number, str(error)) from None
        channels = getattr(row, "c", channels)
        vector = vector or isinstance(row, Dense)


def _check(row: Row, channels: int | None, *, vector: bool, last: bool) -> None:
    if isinstance(row, Head) and not last:
        raise ValueError("a head must be the last row")
    if vector and isinstance(row, Head) and row.pooled:
        raise ValueError("a head after a dense row must have pooled off")
    if vector and not isinstance(row, Dense | Dropout | Head):
        raise ValueError(f"only dense, dropout and head rows can follow a dense row, got {row.label}")
    if isinstance(row, Conv) and channels is not None:
        check_groups(row.groups, channels, "the channels it reads")


def multiples(rows: Sequence[Row]) -> list[int]:
    """For each row, what its output channels must be a multiple of: the groups of the convolution that reads them."""
    found, read = [], 1
    for row in reversed(rows):
        found.append(read)
        if not isinstance(row, (Pool, Dropout)):
            read = row.groups if isinstance(row, Conv) else 1
    return found[::-1]
