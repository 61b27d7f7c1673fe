"""What changed between a baseline and now, layer by layer; layers are the same where their names are."""

from __future__ import annotations

from typing import NamedTuple

from analysis.gate.costs import Costs, LayerCost


class Change(NamedTuple):
    """A layer in the baseline and now; ``None`` where it is not there."""

    old: LayerCost | None
    new: LayerCost | None

    @property
    def name(self) -> str:
        """The layer's name."""
        layer = self.new or self.old
        assert layer is not None
        return layer.name

    def both(self, quantity: str) -> tuple[int, int]:
        """``mult_adds`` or ``params`` in the baseline and now; 0 where the layer is not there."""
        old, new = (0 if layer is None else getattr(layer, quantity) for layer in self)
        return old, new

    def growth(self, quantity: str) -> int:
        """By how much ``mult_adds`` or ``params`` grew; negative where they shrank."""
        old, new = self.both(quantity)
        return new - old


def changes(old: Costs, new: Costs) -> list[Change]:
    """Every layer of both: those of now in their order, then those that are gone."""
    before = {layer.name: layer for layer in old.layers}
    now = [Change(before.pop(layer.name, None), layer) for layer in new.layers]
    return now + [Change(layer, None) for layer in before.values()]


def grown(found: list[Change], quantity: str) -> list[Change]:
    """The layers whose ``mult_adds`` or ``params`` grew, most first; new layers among them."""
    more = [change for change in found if change.growth(quantity) > 0]
    return sorted(more, key=lambda change: -change.growth(quantity))


def come_or_gone(found: list[Change]) -> tuple[list[Change], list[Change]]:
    """The layers added and those removed, the costliest first."""

    def most(change: Change) -> tuple[int, int]:
        return -max(change.both("mult_adds")), -max(change.both("params"))

    added = sorted((change for change in found if change.old is None), key=most)
    return added, sorted((change for change in found if change.new is None), key=most)
