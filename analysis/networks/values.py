"""Values from outside, checked where they come in: numbers and counts within limits, and how a message shows them."""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np


def check_number(name: str, value: Any, most: float) -> float:
    """``value`` as a float in (0, most]; ``ValueError`` naming it and the limit otherwise."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a number, got {shortened(value)}") from None
    except OverflowError:
        number = math.inf
    if isinstance(value, (bool, np.bool_)) or math.isnan(number):
        raise ValueError(f"{name} must be a number, got {shortened(value)}")
    if number <= 0:
        raise ValueError(f"{name} must be > 0, got {shortened(value)}")
    if number > most:
        raise ValueError(f"{name} must be at most {most:,}, got {shortened(value)}")
    return number


def check_count(name: str, value: Any, least: int, most: int) -> int:
    """``value`` as an int in [least, most]; ``ValueError`` naming it and the limit otherwise."""
    try:
        number = int(value, 10) if isinstance(value, str) else _whole(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a whole number, got {shortened(value)}") from None
    if number < least:
        raise ValueError(f"{name} must be at least {least:,}, got {shortened(value)}")
    if number > most:
        raise ValueError(f"{name} must be at most {most:,}, got {shortened(value)}")
    return number


def _whole(value: Any) -> int:
    """An integer of any kind, or a float without a fraction (``1e12``); ``TypeError`` otherwise."""
    if isinstance(value, (bool, np.bool_)):
        raise TypeError
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return int(value)
    return operator.index(value)


def shortened(value: Any) -> str:
    """The value for a message, in one line and cut at 40 characters, so that a hostile one stays readable."""
    try:
        text = " ".join(str(value).split())
    except ValueError:  # Python prints no integer of more than 4,300 digits
        text = "an integer of more than 4,300 digits"
    return text if len(text) <= 40 else f"{text[:40]}…"
