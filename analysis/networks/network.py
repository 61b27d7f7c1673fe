"""A network: pure data, row for row its paper's table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.networks.checks import RowError, check_rows, multiples
from analysis.networks.layers import Layer
from analysis.networks.maps import Map
from analysis.networks.rounding import Rounding
from analysis.networks.rows import Dense, Head, InvertedResidual, Row, Scaling
from analysis.networks.sizes import Number, Size


@dataclass(frozen=True, kw_only=True)
class Network:
    """``label`` is as the papers write it, ``source`` names paper and table, ``t`` is as published.

    ``base`` is the input's height and width in px at ρ = 1.
    """

    name: str
    label: str
    source: str
    rounding: Rounding
    rows: tuple[Row, ...]
    t: float | None = None
    base: tuple[int, int] = (224, 224)
    in_channels: int = 3
    presets: tuple[tuple[float, int], ...] = ()
    """The (α, height) pairs the authors released or printed, in px; the width is at the base's aspect ratio."""

    def __post_init__(self) -> None:
        check_rows(self.rows)

    @property
    def classes(self) -> int:
        """The classes of its head as published."""
        return next(row.classes for row in reversed(self.rows) if isinstance(row, Head))

    @property
    def takes_t(self) -> bool:
        """Whether any row follows the expansion factor."""
        return any(isinstance(row, InvertedResidual) and row.t is None for row in self.rows)

    @property
    def flattens(self) -> bool:
        """Whether a fully connected layer reads a whole map: its parameters then depend on the resolution."""
        return any(isinstance(row, Dense) or (isinstance(row, Head) and not row.pooled) for row in self.rows)

    def layers(
        self,
        *,
        alpha: Number = 1.0,
        height: Size | None = None,
        width: Size | None = None,
        t: Number | None = None,
        classes: Size | None = None,
        in_channels: Size | None = None,
        rounding: Rounding | None = None,
    ) -> list[Layer]:
        """Every layer in order, for one design (numbers) or a grid (broadcastable arrays); as published by default.

        Layers that no design of the grid has are left out; the others say where they are ``present``. ``RowError``
        names the first row that does not fit what it reads.
        """
        scaling = Scaling(
            alpha=alpha,
            t=self.t if t is None else t,
            classes=classes,
            rounding=self.rounding if rounding is None else rounding,
        )
        x = Map(
            self.in_channels if in_channels is None else in_channels,
            self.base[0] if height is None else height,
            self.base[1] if width is None else width,
        )
        return [layer for layer in self._lower(x, scaling) if layer.present is not False]

    def _lower(self, x: Map, scaling: Scaling) -> Iterator[Layer]:
        for number, (row, multiple) in enumerate(zip(self.rows, multiples(self.rows), strict=True), start=1):
            scaled = scaling.of(getattr(row, "alpha", None), multiple)
            for repeat in range(row.n):
                block = row.label if row.label == "head" else f"{row.label}{number}"
                block += f"_{repeat + 1}" if row.n > 1 else ""
                try:
                    layers = list(row.lower(block, x, scaled, first=repeat == 0))
                except ValueError as error:
                    raise RowError(number, str(error)) from None
                yield from layers
                x = layers[-1].output
