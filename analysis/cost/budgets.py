"""The kinds of budget a network may be held to: which total each bounds, and how it is read and written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from analysis.cost.amounts import count_text, read_bytes, read_count, size_text
from analysis.cost.units import short_bytes, short_count


class Budget(NamedTuple):
    """One kind of budget: its name as an option, in words, the total it bounds, and how it is read and written.

    ``write`` gives four digits, ``exactly`` the shortest text that reads back as the same. ``unit`` says what the
    total counts; of a size, bytes of a number format come before it.
    """

    name: str
    label: str
    total: str
    read: Callable[[str, Any], int]
    write: Callable[[int], str]
    exactly: Callable[[int], str]
    unit: str
    plural: bool = False

    def unit_in(self, number_format: str) -> str:
        """The unit, of a size with its number format: ``bytes, int8, batch norm fused``."""
        size = f"bytes, {number_format}" if self.read is read_bytes else ""
        return ", ".join(filter(None, (size, self.unit)))


_COUNT = (read_count, short_count, count_text)
_SIZE = (read_bytes, short_bytes, size_text)
BUDGETS = {
    budget.total: budget
    for budget in (
        Budget("max_mult_adds", "Mult-Adds", "mult_adds", *_COUNT, "the papers' convention", True),
        Budget("max_params", "Parameters", "params", *_COUNT, "trainable, batch norm's included", True),
        Budget("max_peak_memory", "Peak memory", "peak_activation_bytes", *_SIZE, "batch norm fused"),
        Budget("max_weight_size", "Weight size", "weight_bytes", *_SIZE, ""),
    )
}
"""Every kind of budget, by the total it bounds; a budget is kept by a total that is equal or less."""
