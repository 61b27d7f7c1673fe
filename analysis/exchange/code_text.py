"""Python code as text: values, calls and definitions broken over lines as a formatter would leave them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

WIDTH = 100
"""Of a line of written code."""


def literal(value: Any) -> str:
    """A number, switch or ``None`` as code; numpy's integers as Python's."""
    return repr(value.item() if hasattr(value, "item") else value)


def call(start: str, name: str, words: Sequence[str], *, indent: int, end: str = "") -> list[str]:
    """``start name(words) end`` on one line where it fits, else a word a line."""
    space = " " * indent
    line = f"{space}{start}{name}({', '.join(words)}){end}"
    if len(line) <= WIDTH:
        return [line]
    return [f"{space}{start}{name}(", *(f"{space}    {word}," for word in words), f"{space}){end}"]


def text_literal(text: str) -> str:
    """Text that stands between the quotes of a docstring as itself."""
    return text.replace("\\", "\\\\").replace('"', '\\"')
