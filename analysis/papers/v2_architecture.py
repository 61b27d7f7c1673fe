"""Recipes of MobileNetV2 (arXiv:1801.04381), Tables 2 and 3: the rows, and the channels and memory at each size."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from analysis.networks import Design, Layer, make_design
from analysis.papers.amount import Amount, amount
from analysis.papers.counts import layers_of
from analysis.papers.recipe import Recipe, Recipes, Tables, Way

V1, V2 = make_design("mobilenet_v1"), make_design("mobilenet_v2")
SIDES = (112, 56, 28, 14, 7, 1)
BYTES = 2
"""Bytes of a 16-bit activation, as Table 3's caption says."""

OPERATORS = ("conv2d", *["bottleneck"] * 7, "conv2d 1x1", "avgpool 7x7", "conv2d 1x1")


def rows_of_table_2() -> list[list[Layer]]:
    """The layers of each row; the head is the last two rows."""
    rows: dict[str, list[Layer]] = {}
    for layer in layers_of(V2):
        row = layer.name if layer.block == "head" else layer.block.split("_")[0]
        rows.setdefault(row, []).append(layer)
    return list(rows.values())


def table_2() -> Recipes:
    """Each row's input and channels, and section 4's number of bottlenecks."""
    recipes: Recipes = {}
    for number, (operator, layers) in enumerate(zip(OPERATORS, rows_of_table_2(), strict=True), start=1):
        label, first, last = f"{number}: {operator}", layers[0], layers[-1]
        x = first.input
        size = f"{x.height}×{x.width}×{x.channels}"
        recipes[label, "input_size"] = _shape(size, f"Input of layer {first.name}.")
        if number <= 9:
            recipes[label, "channels"] = _plain(amount(int(last.output.channels), f"channels of {last.name}"))
    recipes["residual bottleneck layers, in the text", "layers"] = _bottlenecks
    return recipes


def _shape(size: str, note: str) -> Callable[[], Recipe]:
    return lambda: Recipe(size, note=note, design=V2)


def _plain(computed: Amount) -> Callable[[], Recipe]:
    return lambda: Recipe(computed, design=V2)


def _bottlenecks() -> Recipe:
    blocks = {layer.block for layer in layers_of(V2)}
    inverted = [block for block in blocks if block.startswith("bottleneck")]
    computed = amount(len(inverted), "repeats in Table 2's bottleneck rows")
    both = computed + amount(1, "first convolution") + amount(1, "last convolution")
    return Recipe(computed, (Way("with the convolutions before and after them", both),), design=V2)


def table_3() -> Recipes:
    """The most channels at each size, and their memory in 16 bits."""
    recipes: Recipes = {}
    widest = {
        "MobileNetV1": {side: _widest_v1(side) for side in SIDES},
        "MobileNetV2": {side: _widest_v2(side) for side in SIDES},
        "ShuffleNet (2x, g=3)": dict(zip(SIDES, SHUFFLENET, strict=True)),
    }
    for network, channels in widest.items():
        for side in SIDES:
            recipes |= _cell(network, side, channels[side])
        recipes |= _most(network, channels)
    return recipes


def _widest_v1(side: int) -> int:
    return _widest(layers_of(V1), side)


def _widest_v2(side: int) -> int:
    """Between the blocks: neither the inside of a block nor the convolutions around them need stand whole in memory."""
    return _widest([layer for layer in layers_of(V2) if layer.name.endswith(".project") or not layer.weighted], side)


def _widest(layers: Iterable[Layer], side: int) -> int:
    return max(int(layer.output.channels) for layer in layers if layer.output.height == side and layer.kind != "fc")


SHUFFLENET = (48, 48, 480, 960, 1920, 1920)
"""Channels of ShuffleNet 2×, g = 3: twice the 24, 240, 480 and 960 of arXiv:1707.01083, Table 1."""

SHUFFLENET_G2 = {28: 200, 14: 400, 7: 800, 1: 800}
"""The stages' channels for g = 2 in the same table."""

PRINTED = {
    "MobileNetV1": dict(zip(SIDES, (64, 128, 256, 512, 1024, 1024), strict=True)),
    "MobileNetV2": dict(zip(SIDES, (16, 32, 64, 160, 320, 1280), strict=True)),
    "ShuffleNet (2x, g=3)": dict(zip(SIDES, (32, 48, 400, 800, 1600, 1600), strict=True)),
}
"""The channels that Table 3 prints."""


def _cell(network: str, side: int, channels: int) -> Recipes:
    row = f"{side}×{side}, {network}"
    computed, printed = amount(channels, "channels"), amount(PRINTED[network][side], "channels printed")
    design: Design | None = {"MobileNetV1": V1, "MobileNetV2": V2}.get(network)
    return {
        (row, "channels"): lambda: Recipe(computed, _channel_ways(network, side), design=design),
        (row, "kilobytes"): lambda: Recipe(_memory(computed, side), _memory_ways(printed, side), design=design),
    }


def _channel_ways(network: str, side: int) -> tuple[Way, ...]:
    if network == "MobileNetV2" and side in (56, 28, 14):
        return (_next_row(side),)
    if network.startswith("Shuffle") and side in SHUFFLENET_G2:
        doubled = amount(2) * amount(SHUFFLENET_G2[side], "channels of ShuffleNet's Table 1 for g = 2")
        return (Way("the width of g = 2, not of g = 3", doubled),)
    if network.startswith("Shuffle") and side == 112:
        first = amount(24, "channels of the first convolution")
        return (Way("the first convolution as for 1×", first), Way("as for 1.5×", amount("1.5") * first))
    return ()


def _next_row(side: int) -> Way:
    """Table 2's widest row that starts from a map of that side, whatever the map it ends with."""
    rows = [row for row in rows_of_table_2()[1:8] if row[0].input.height == side]
    widest = max(rows, key=lambda row: row[-1].output.channels)
    ends = widest[-1].output
    why = f"Table 2's widest row with an input of {side}×{side}, whose output is {ends.height}×{ends.width}"
    return Way(why, amount(int(ends.channels), f"channels of {widest[0].block.split('_')[0]}"))


def _memory(channels: Amount, side: int) -> Amount:
    return channels * amount(side) * amount(side) * amount(BYTES, "bytes")


def _memory_ways(printed: Amount, side: int) -> tuple[Way, ...]:
    """The printed channels' memory, to fewer digits."""
    memory = _memory(printed, side)
    return (
        Way("the printed channels in 16 bits", memory),
        Way("the printed channels in 16 bits, in hundreds", memory, place=2),
        Way("the printed channels in 16 bits, in tens", memory, place=1),
        Way("the printed channels in 16 bits, cut off instead of rounded", memory, "cut off"),
        Way("the printed channels in 16 bits, rounded up", memory, "rounded up"),
        Way("the printed channels in 32 bits", memory * amount(2)),
        Way("the printed channels in 32 bits, in KiB", memory * amount(2) * amount(1000) / amount(1024)),
    )


CAPTION = "112×112 left out, whose memory the caption reduces for MobileNetV2 and ShuffleNet"


def _most(network: str, channels: dict[int, int]) -> Recipes:
    """The largest of a column; another version of the text leaves 112×112 out."""
    design = {"MobileNetV1": V1, "MobileNetV2": V2}.get(network)
    printed = PRINTED[network]
    whole = Way("the largest of the printed column, in hundreds", _largest(printed, SIDES), place=2)
    rest = Way(f"{CAPTION}, in hundreds", _largest(printed, SIDES[1:]), place=2)
    return {
        (f"max, {network}", "kilobytes"): lambda: Recipe(_largest(channels, SIDES), (whole, rest), design=design),
        (f"max, {network}, in another version of the text", "kilobytes"): lambda: Recipe(
            _largest(channels, SIDES[1:]), (rest,), design=design
        ),
    }


def _largest(channels: dict[int, int], sides: tuple[int, ...]) -> Amount:
    side = max(sides, key=lambda side: channels[side] * side * side)
    return _memory(amount(channels[side], "channels"), side)


def recipes() -> Tables:
    """The recipes by table."""
    return {2: table_2(), 3: table_3()}
