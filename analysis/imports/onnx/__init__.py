"""ONNX files, counted node by node. Nothing here imports onnx before a file is read."""

from analysis.imports.onnx.errors import Refused, SizesWanted
from analysis.imports.onnx.process import read_onnx_limited
from analysis.imports.onnx.read import read_onnx

__all__ = ["Refused", "SizesWanted", "read_onnx", "read_onnx_limited"]
