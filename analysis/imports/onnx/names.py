"""Layer names as people know them: module paths, as far as the exporter kept them."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from onnx import NodeProto

from analysis.cost.counted import Weight
from analysis.imports.onnx.tensors import printable_path

PARAMETER = re.compile(r"^(?P<module>[^:/]+)\.(weight|weight_(orig|v|g)|bias|in_proj_weight)(_quantized)?$")
SCOPES = "pkg.torch.onnx.name_scopes"
UNTOLD = re.compile(r"^([a-z]|node)?_?\d*$")
"""Node names that say nothing."""

PREFIXES = ("StatefulPartitionedCall/", "import/")


def layer_name(node: NodeProto, weights: Sequence[Weight]) -> str:
    """The module's path: of the weight a node holds, of the scope the exporter noted, or of the node's own name."""
    path = next((found["module"] for weight in weights if (found := PARAMETER.match(weight.name))), None)
    return printable_path(path or _scope(node) or _node_path(node.name) or _unnamed(node, weights))


def _scope(node: NodeProto) -> str:
    """The innermost module of torch's exporter, which lists modules and last the call."""
    noted = next((given.value for given in node.metadata_props if given.key == SCOPES), None)
    if noted is None or len(noted) > 10_000:
        return ""
    try:
        scopes = ast.literal_eval(noted)
        return str(scopes[-2])
    except (ValueError, SyntaxError, IndexError, TypeError, MemoryError, RecursionError):
        return ""


def _node_path(name: str) -> str:
    """``/features/features.0/conv/Conv`` of torch's older exporter as ``features.0.conv``; others as they are."""
    if UNTOLD.match(name):
        return ""
    if not name.startswith("/"):
        for prefix in PREFIXES:
            name = name.removeprefix(prefix)
        return name
    path = ""
    for part in name.strip("/").split("/")[:-1]:
        path = part if part.startswith(f"{path}.") or not path else f"{path}.{part}"
    return path or name.strip("/")


def _unnamed(node: NodeProto, weights: Sequence[Weight]) -> str:
    """After the weight, as Caffe 2's exporter writes it, or after the output."""
    named = weights[0].name.removesuffix("_w_0") if weights else next(filter(None, node.output), "")
    return named or node.op_type
