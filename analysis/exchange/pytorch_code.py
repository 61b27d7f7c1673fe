"""A design as a PyTorch file that stands alone: torch is its only import, and every number in it is the design's."""

from __future__ import annotations

import builtins
import keyword
import re
import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby

from analysis.cost.totals import design_totals
from analysis.exchange.code_blocks import SCALING, Block, BlockClass, Part, block_of
from analysis.exchange.code_layers import class_of, layer_classes, words_of
from analysis.exchange.code_text import WIDTH, call, text_literal
from analysis.networks.design import Design
from analysis.networks.layers import Layer
from analysis.version import VERSION

JOINS = {
    "x + y": "the input is added",
    "x + y if self.shortcut else y": "the input is added where there is a shortcut",
    "x * y[:, :, None, None]": "one gate a channel scales the input",
}


def pytorch_code(design: Design) -> str:
    """The design as Python source: a class a kind of block, a line a block, and what it prints when it is run.

    Submodules and parameters have the names of :func:`analysis.api.build`'s, so that either loads the other's state.
    Raises ``OverflowError`` where a total does not fit a 64-bit integer.
    """
    totals, source = design_totals(design), design.entry.source.rstrip(".")
    facts = [
        f"{design.label} in PyTorch, written by multadds {VERSION}.",
        f"{totals.mult_adds:,} Mult-Adds (convolutions and matrix products, a multiply-add as one), "
        f"{totals.params:,} parameters; input [N, {design.in_channels}, {design.height}, {design.width}], "
        f"output [N, {design.classes}].",
    ]
    facts += [f"Source: {source}."] if source else []
    return layers_code(design.layers(), label=design.entry.label, facts=facts)


def layers_code(layers: Sequence[Layer], *, label: str, facts: Sequence[str]) -> str:
    """The network of these layers as Python source; ``label`` names its class, ``facts`` are its docstring."""
    blocks = {name: _block(name, list(members)) for name, members in groupby(layers, key=lambda layer: layer.block)}
    classes = _classes([block for block in blocks.values() if isinstance(block, Block)])
    name = _class_name(label, {"Tensor", *classes, *map(class_of, layers)})
    definitions = [
        *layer_classes(layers),
        *(_class(each) for each in classes.values()),
        _network(name, label, blocks, classes),
        _main(name, layers[0]).splitlines(),
    ]
    imports = ["import torch", "from torch import Tensor, nn"]
    return "\n".join(
        [*_docstring(facts), "", *imports, *(line for each in definitions for line in ("", "", *each)), ""]
    )


def _block(name: str, layers: Sequence[Layer]) -> Layer | Block:
    return layers[0] if layers[0].name == name else block_of(name, layers)


def _classes(blocks: Sequence[Block]) -> dict[str, BlockClass]:
    """The classes of all kinds of blocks, that of their branches first."""
    branches = [part for block in blocks for part in block.parts.values() if isinstance(part, Block)]
    scaling = BlockClass(branches, None) if branches else None
    kinds: dict[str, list[Block]] = {}
    for block in blocks:
        kinds.setdefault(block.kind, []).append(block)
    classes = {kind: BlockClass(members, scaling) for kind, members in kinds.items()}
    return classes if scaling is None else {SCALING: scaling, **classes}


def _docstring(facts: Sequence[str]) -> list[str]:
    first, *others = (textwrap.wrap(text_literal(fact), WIDTH - 3, break_long_words=False) for fact in facts)
    lines = [*first, *([""] if others else []), *(line for fact in others for line in fact)]
    return [f'"""{lines[0]}"""'] if len(lines) == 1 else [f'"""{lines[0]}', *lines[1:], '"""']


def _class_name(label: str, taken: set[str]) -> str:
    """The network's label as the name of a class."""
    name = re.sub(r"[^0-9A-Za-z]", "", label)
    unfit = not name or name[0].isdigit() or keyword.iskeyword(name) or hasattr(builtins, name)
    return f"Network{name}" if unfit or name in taken | {"nn", "torch"} else name


def _class(of: BlockClass) -> list[str]:
    forward = _result(of)
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", of.kind).capitalize()
    summary = f"{words}: {', '.join(part.name for part in of.parts)}{_joined(forward)}."
    return [
        f"class {of.kind}(nn.Module):",
        *textwrap.wrap(f'"""{summary}"""', WIDTH, initial_indent="    ", subsequent_indent="    "),
        "",
        *call("def ", "__init__", of.arguments.signature(), indent=4, end=" -> None:"),
        "        super().__init__()",
        *(line for part in of.parts for line in _part(part)),
        *(["        self.shortcut = shortcut"] if of.shortcut == "shortcut" else []),
        *([f"        self.activation = {of.joined}()"] if of.joined != "None" else []),
        "",
        "    def forward(self, x: Tensor) -> Tensor:",
        *_steps(of, forward),
    ]


def _part(part: Part) -> Iterator[str]:
    if not part.switch:
        yield from call(f"self.{part.name} = ", part.made_by, part.words, indent=8)
        return
    yield f"        self.{part.name} = nn.Identity()"
    yield f"        if {part.switch}:"
    yield from call(f"self.{part.name} = ", part.made_by, part.words, indent=12)
    if part.hidden:
        yield f"        hidden = {part.hidden}"


def _steps(of: BlockClass, result: str) -> list[str]:
    """The lines of the forward pass: a part a line, then what is returned."""
    main = [part.name for part in of.parts if not part.beside]
    calls = [f"self.{name}({'y' if index else 'x'})" for index, name in enumerate(main)]
    calls, result = (calls[:-1], calls[-1]) if result == "y" else (calls, result)
    return [*(f"        y = {call}" for call in calls), f"        return {result}"]


def _result(of: BlockClass) -> str:
    if of.scales:
        return "x * y[:, :, None, None]"
    beside = [part.name for part in of.parts if part.beside]
    added = f"self.{beside[0]}(x) + y" if beside else "x + y"
    result = {"True": added, "False": "y"}.get(of.shortcut, f"{added} if self.shortcut else y")
    return f"self.activation({result})" if of.joined != "None" else result


def _joined(forward: str) -> str:
    told = JOINS.get(forward, "" if forward == "y" else "the input, or what its shortcut makes of it, is added")
    return f"; {told}" if told else ""


def _network(name: str, label: str, blocks: dict[str, Layer | Block], classes: dict[str, BlockClass]) -> Iterator[str]:
    yield f"class {name}(nn.Sequential):"
    yield f'    """{text_literal(label)}."""'
    yield ""
    yield "    def __init__(self) -> None:"
    yield "        super().__init__()"
    for block, made in blocks.items():
        if isinstance(made, Layer):
            made_by, words = class_of(made), words_of(made)
        else:
            of = classes[made.kind]
            made_by, words = made.kind, of.arguments.given(of.blocks.index(made))
        yield from call(f"self.{block} = ", made_by, words, indent=8)


def _main(name: str, first: Layer) -> str:
    shape = ", ".join(str(int(side)) for side in (1, *first.input))
    return f"""if __name__ == "__main__":
    network = {name}().eval()
    parameters = sum(parameter.numel() for parameter in network.parameters())
    with torch.no_grad():
        output = network(torch.zeros({shape}))
    print(f"{{parameters:,}} parameters, output {{tuple(output.shape)}}")
"""
