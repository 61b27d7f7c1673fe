"""A design as an ONNX file, written straight from its layers: no exporter, and no torch, is needed.

Nodes have the layers' names and weights the names that :func:`analysis.api.build`'s have, so that either's fit the
other. The graph is the network as it runs: batch norm is kept as a node of its own, dropout is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analysis.cost.totals import design_totals
from analysis.networks.branches import BRANCH
from analysis.networks.design import Design
from analysis.networks.layers import Activation, Layer
from analysis.networks.values import check_count
from analysis.version import VERSION

if TYPE_CHECKING:
    import onnx

MOST_BYTES = 100_000_000
"""Of an exported file, unless told: VGG 16 as published has five times as many."""

OPSET = 17
LEAST_OPSET, MOST_OPSET = 14, 21
"""Hard-swish is an operator since opset 14."""

EPSILON = 1e-5
"""In batch norm: torch's."""

ACTIVATIONS: dict[Activation, tuple[str, dict[str, float]]] = {
    "relu": ("Relu", {}),
    "relu6": ("Clip", {}),
    "hard_swish": ("HardSwish", {}),
    "sigmoid": ("Sigmoid", {}),
    "hard_sigmoid": ("HardSigmoid", {"alpha": 1 / 6, "beta": 0.5}),
}

Weights = Mapping[str, NDArray[np.float32]]


def onnx_bytes(
    design: Design,
    *,
    opset: int = OPSET,
    batch: int | None = None,
    weights: Weights | None = None,
    most_bytes: int = MOST_BYTES,
) -> bytes:
    """The design as an ONNX model: ``input`` [N, C, H, W] to ``output`` [N, classes], of 32-bit floats.

    ``batch`` fixes N. ``weights`` are by the names of ``build(design).state_dict()``; without, they are drawn as torch
    draws them, the same at every call: a file to count, convert and time, not to classify with.
    Raises ``ValueError`` for a file of more than ``most_bytes``, of which weights are nearly all.
    """
    check_count("opset", opset, LEAST_OPSET, MOST_OPSET)
    totals = design_totals(design)
    if totals.params * 4 > most_bytes:
        size = f"{totals.params * 4:,} bytes of weights"
        raise ValueError(f"{design.label} has {size}, the limit of an ONNX file is {most_bytes:,}")
    import onnx

    model = onnx_model(design.layers(), name=design.network, opset=opset, batch=batch, weights=weights)
    model.doc_string = f"{design.label}: {totals.mult_adds:,} Mult-Adds, {totals.params:,} parameters"
    facts = {"network": design.network, "mult_adds": str(totals.mult_adds), "params": str(totals.params)}
    onnx.helper.set_model_props(model, facts)
    return bytes(model.SerializeToString())


def onnx_model(
    layers: Sequence[Layer], *, name: str, opset: int = OPSET, batch: int | None = None, weights: Weights | None = None
) -> onnx.ModelProto:
    """The model of any network's layers, with the shape of every map in it."""
    from onnx import TensorProto, helper, shape_inference

    graph = _Graph(_drawn(layers) if weights is None else weights)
    last = graph.network(layers)
    graph.node("Identity", "output", [last], {}, output="output")
    count = "N" if batch is None else check_count("batch", batch, 1, 65_536)
    ends = [
        helper.make_tensor_value_info(end, TensorProto.FLOAT, [count, *shape])
        for end, shape in (("input", _sides(layers[0])), ("output", [int(layers[-1].output.channels)]))
    ]
    made = helper.make_graph(graph.nodes, name, ends[:1], ends[1:], graph.initializers)
    imports = [helper.make_opsetid("", opset)]
    ir_version = helper.find_min_ir_version_for(imports)
    model = helper.make_model(
        made, opset_imports=imports, producer_name="multadds", producer_version=VERSION, ir_version=ir_version
    )
    return shape_inference.infer_shapes(model, check_type=True, strict_mode=True)


def _sides(layer: Layer) -> list[int]:
    return [int(side) for side in layer.input]


class _Graph:
    """Nodes and weights, as the layers add them; a method a kind of layer, each gives the name of its output."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[Any] = []
        self.initializers: list[Any] = []
        self.constants: set[str] = set()

    def node(self, kind: str, name: str, inputs: Sequence[str], options: Mapping[str, Any], *, output: str = "") -> str:
        from onnx import helper

        output = output or f"{name}.output"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], name=name, **options))
        return output

    def weight(self, name: str) -> str:
        from onnx import numpy_helper

        if name not in self.weights:
            raise ValueError(f"the weights must hold {name}, as the built network's state does")
        array = np.ascontiguousarray(self.weights[name], dtype=np.float32)
        self.initializers.append(numpy_helper.from_array(array, name))
        return name

    def constant(self, name: str, value: NDArray[Any]) -> str:
        from onnx import numpy_helper

        if name not in self.constants:
            self.constants.add(name)
            self.initializers.append(numpy_helper.from_array(value, name))
        return name

    def network(self, layers: Sequence[Layer]) -> str:
        x = "input"
        for name, members in groupby(layers, key=lambda layer: layer.block):
            x = self.block(name, list(members), x)
        return x

    def block(self, name: str, layers: Sequence[Layer], x: str) -> str:
        """A block's main path and branches, then what is added to it."""
        y, added = x, x
        for branch_of, members in groupby(layers, key=lambda layer: layer.branch_of):
            if branch_of:
                y = self.branch(f"{name}.{BRANCH}", list(members), y)
                continue
            for layer in members:
                if layer.beside:
                    added = self.layer(layer, x)
                else:
                    y = self.layer(layer, y)
        last = next(layer for layer in reversed(layers) if not layer.beside)
        if last.shortcut:
            y = self.node("Add", f"{name}.add", [added, y], {})
        return self.activation(f"{name}.{last.joined}", last.joined, y)

    def branch(self, name: str, layers: Sequence[Layer], x: str) -> str:
        """The gates that the branch makes of ``x``, times ``x``."""
        gates = x
        for layer in layers:
            gates = self.layer(layer, gates)
        axes = self.constant("height_and_width", np.array([2, 3], np.int64))
        gates = self.node("Unsqueeze", f"{name}.unsqueeze", [gates, axes], {})
        return self.node("Mul", f"{name}.mul", [x, gates], {})

    def layer(self, layer: Layer, x: str) -> str:
        if layer.kind == "dropout":
            return x
        if layer.kind == "pool":
            return self.pool(layer, x)
        x = self.fully_connected(layer, x) if layer.kind == "fc" else self.convolution(layer, x)
        if layer.batch_norm:
            parts = ("weight", "bias", "running_mean", "running_var")
            weights = [self.weight(f"{layer.name}.bn.{part}") for part in parts]
            x = self.node("BatchNormalization", f"{layer.name}.bn", [x, *weights], {"epsilon": EPSILON})
        return self.activation(f"{layer.name}.{layer.activation}", layer.activation, x)

    def pool(self, layer: Layer, x: str) -> str:
        if layer.pooling == "global":
            pooled = self.node("GlobalAveragePool", layer.name, [x], {})
            return self.node("Flatten", f"{layer.name}.flatten", [pooled], {"axis": 1})
        window = _window(layer, layer.padding)
        if layer.pooling == "max":
            return self.node("MaxPool", layer.name, [x], window)
        return self.node("AveragePool", layer.name, [x], {**window, "count_include_pad": 1})

    def convolution(self, layer: Layer, x: str) -> str:
        name = f"{layer.name}.conv"
        options = {**_window(layer, int(layer.kernel[0]) // 2), "group": int(layer.groups)}
        return self.node("Conv", name, [x, *self.with_bias(layer, name)], options)

    def fully_connected(self, layer: Layer, x: str) -> str:
        name = f"{layer.name}.linear"
        if layer.flattened is not None:
            x = self.node("Flatten", f"{layer.name}.flatten", [x], {"axis": 1})
        return self.node("Gemm", name, [x, *self.with_bias(layer, name)], {"transB": 1})

    def with_bias(self, layer: Layer, name: str) -> list[str]:
        return [self.weight(f"{name}.{part}") for part in ("weight", *(["bias"] if layer.bias else []))]

    def activation(self, name: str, activation: Activation | None, x: str) -> str:
        if activation is None:
            return x
        kind, options = ACTIVATIONS[activation]
        return self.node(kind, name, [x, *(self.limits() if activation == "relu6" else [])], options)

    def limits(self) -> list[str]:
        """What ReLU6 cuts at, as inputs of its operator."""
        least, most = np.array(0, np.float32), np.array(6, np.float32)
        return [self.constant("relu6.least", least), self.constant("relu6.most", most)]


def _window(layer: Layer, padding: int) -> dict[str, list[int]]:
    kernel = [int(side) for side in layer.kernel]
    return {"kernel_shape": kernel, "strides": [layer.stride] * 2, "pads": [padding] * 4}


def _drawn(layers: Sequence[Layer]) -> Weights:
    """Weights and biases in ±1 / √(inputs of one output), as torch draws them; batch norm changes nothing."""
    random, weights = np.random.default_rng(0), {}
    for layer in (layer for layer in layers if layer.weighted):
        bound = np.float32(_fan_in(layer) ** -0.5)
        for name, shape in _drawn_shapes(layer):
            weights[name] = (2 * random.random(shape, np.float32) - 1) * bound
        if layer.batch_norm:
            one = np.ones(int(layer.output.channels), np.float32)
            parts = {"weight": one, "bias": 0 * one, "running_mean": 0 * one, "running_var": one}
            weights |= {f"{layer.name}.bn.{part}": value for part, value in parts.items()}
    return weights


def _fan_in(layer: Layer) -> int:
    return int(layer.input.channels) // int(layer.groups) * int(layer.kernel[0]) * int(layer.kernel[1])


def _drawn_shapes(layer: Layer) -> Iterator[tuple[str, tuple[int, ...]]]:
    c_out, within = int(layer.output.channels), int(layer.input.channels) // int(layer.groups)
    part = "linear" if layer.kind == "fc" else "conv"
    kernel = () if layer.kind == "fc" else (int(layer.kernel[0]), int(layer.kernel[1]))
    yield f"{layer.name}.{part}.weight", (c_out, within, *kernel)
    if layer.bias:
        yield f"{layer.name}.{part}.bias", (c_out,)
