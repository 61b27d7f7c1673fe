"""ONNX files built node by node, as other exporters write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from onnx import FunctionProto, NodeProto, TensorProto, helper, numpy_helper

Shape = Sequence[int | str | None]


@pytest.fixture
def file():
    """The bytes of a file: its nodes, the shapes of its inputs and weights, and constants with their numbers."""

    def build(
        *nodes: NodeProto,
        inputs: Mapping[str, Shape],
        weights: Mapping[str, Sequence[int]] | None = None,
        constants: Mapping[str, Any] | None = None,
        output: str = "y",
        opset: int = 17,
        functions: Sequence[FunctionProto] = (),
    ) -> bytes:
        random = np.random.default_rng(0)
        held = [
            numpy_helper.from_array(random.random(shape, dtype=np.float32), name)
            for name, shape in (weights or {}).items()
        ]
        held += [numpy_helper.from_array(np.asarray(numbers), name) for name, numbers in (constants or {}).items()]
        given = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in inputs.items()]
        made = [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)]
        graph = helper.make_graph(list(nodes), "graph", given, made, held)
        domains = {"": opset, "com.microsoft": 1, "ai.onnx.ml": 3, "unheard.of": 1, "local": 1}
        imports = [helper.make_opsetid(domain, version) for domain, version in domains.items()]
        return helper.make_model(graph, opset_imports=imports, functions=functions).SerializeToString()

    return build
