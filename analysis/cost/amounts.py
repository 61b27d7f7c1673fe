"""Budgets as people write them: counts such as ``300M`` or ``3.5e6``, sizes such as ``1.5 MB`` or ``512KiB``."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import numpy as np

from analysis.cost.limits import INT64_MAX
from analysis.networks.values import shortened

LONGEST = 40
"""Characters of a budget; longer text is no budget."""

NUMBER = r"([+-]?(?:[0-9]{1,3}(?:[,_ ][0-9]{3})+|[0-9]+)?(?:\.[0-9]+)?(?:e[+-]?[0-9]{1,3})?)"
"""``300000000``, ``300,000,000``, ``1.5``, ``.5`` or ``3.5e6``."""

COUNTS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
"""Prefixes of a count, in either case: nobody writes thousandths of a Mult-Add."""

SIZES = {"": 1, "b": 1, "byte": 1, "bytes": 1}
SIZES |= {f"{prefix}b": 1000**power for power, prefix in enumerate("kmgt", start=1)}
SIZES |= {f"{prefix}i{b}": 1024**power for power, prefix in enumerate("kmgt", start=1) for b in ("", "b")}
"""Units of a size: 1 MB is 1,000,000 bytes, 1 MiB is 1,048,576."""


def read_count(name: str, value: Any) -> int:
    """A count from ``"300M"``, ``"300 M"``, ``"0.3G"``, ``"3.5e6"``, ``"300,000,000"`` or a number; rounded down.

    Raises ``ValueError`` naming the value and what would be one.
    """
    return _read(name, value, COUNTS, "a count such as 300M")


def read_bytes(name: str, value: Any) -> int:
    """Bytes from ``"1.5 MB"``, ``"512KiB"``, ``"2 kB"``, ``"1MiB"`` or a plain number of bytes; rounded down.

    ``512K`` (1000 or 1024?) and ``1Mb`` (bits?) can be read in two ways, and are refused.
    Raises ``ValueError`` naming the value and what would be one.
    """
    if isinstance(value, str) and re.search(r"[KMGT]b\s*$", value):
        raise ValueError(f"{name} must be in bytes, written as MB or KiB, got {_quoted(value)} (bits?)")
    return _read(name, value, SIZES, "a size such as 1.5MB or 512KiB")


def count_text(value: int) -> str:
    """The shortest text that :func:`read_count` reads as exactly this count: ``300M``, ``3.5M``, ``1234``."""
    return _shortest(value, {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12})


def size_text(value: int) -> str:
    """The shortest text that :func:`read_bytes` reads as exactly these bytes: ``1.5MB``, ``512KiB``, ``1234``."""
    decimal = {f"{prefix}B": 1000**power for power, prefix in enumerate("kMGT", start=1)}
    binary = {f"{prefix}iB": 1024**power for power, prefix in enumerate("KMGT", start=1)}
    return _shortest(value, {"": 1} | decimal | binary)


def _shortest(value: int, units: dict[str, int]) -> str:
    """Of the units that are no larger than the value the one that needs fewest digits; whole numbers of binary ones."""
    texts = [
        f"{(Decimal(value) / unit).normalize():f}{name}"
        for name, unit in units.items()
        if value >= unit and (unit % 10 == 0 or value % unit == 0)
    ]
    return min(texts, key=lambda text: (sum(map(str.isdigit, text)), len(text)))


def _read(name: str, value: Any, units: dict[str, int], what: str) -> int:
    text = _text(value)
    match = re.fullmatch(rf"{NUMBER} ?([a-z]*)", text, re.IGNORECASE | re.ASCII) if len(text) <= LONGEST else None
    if match is None or not re.search("[0-9]", match[1].lower().split("e")[0]) or match[2].lower() not in units:
        raise ValueError(f"{name} must be {what}, got {_quoted(value)}")
    number = Decimal(re.sub("[,_ ]", "", match[1])) * units[match[2].lower()]
    if number <= 0:
        raise ValueError(f"{name} must be > 0, got {_quoted(value)}")
    if number < 1:
        raise ValueError(f"{name} must be at least 1, got {_quoted(value)}")
    if number > INT64_MAX:
        raise ValueError(f"{name} must be at most {INT64_MAX:,}, got {_quoted(value)}")
    return int(number)


def _text(value: Any) -> str:
    """Text in one line; a number as Python writes it, which may still be ``nan`` or ``inf``."""
    if isinstance(value, str):
        return " ".join(value[: 2 * LONGEST].split())
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.number, Decimal)):
        return "?"
    if isinstance(value, (int, np.integer)):
        return str(min(int(value), INT64_MAX + 1)) if value > 0 else str(max(int(value), -1))
    return str(value)


def _quoted(value: Any) -> str:
    return repr(shortened(value)) if isinstance(value, str) else shortened(value)
