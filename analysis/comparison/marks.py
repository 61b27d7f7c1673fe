"""How the designs of a comparison are told apart: a letter, a colour and a line pattern each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """``dash`` is the pattern's name in plotly, ``dashes`` the same in SVG; ``pattern`` fills a bar."""

    letter: str
    colour: str
    dash: str
    dashes: str
    pattern: str

    @property
    def dark(self) -> bool:
        """Whether black reads better than white on the colour."""
        return self.letter in "CDEF"


MARKS = (
    Mark("A", "#0072B2", "solid", "none", ""),
    Mark("B", "#D55E00", "dash", "8 4", "/"),
    Mark("C", "#009E73", "dot", "2 3", "x"),
    Mark("D", "#CC79A7", "dashdot", "8 3 2 3", "-"),
    Mark("E", "#E69F00", "longdash", "14 4", "\\"),
    Mark("F", "#56B4E9", "longdashdot", "14 3 2 3", "."),
)
"""Okabe and Ito's palette, which colour-blind readers tell apart, and never colour alone."""

LETTERS = tuple(mark.letter for mark in MARKS)
MOST = len(MARKS)
"""How many designs a comparison may hold."""
