"""Networks that are not made of rows, counted operation by operation: reference networks, modules, ONNX files."""

from analysis.cost.counted.counted import Counted, CountedLayer, counted_from
from analysis.cost.counted.layers import counted_network
from analysis.cost.counted.operations import Operation, Value, Weight

__all__ = ["Counted", "CountedLayer", "Operation", "Value", "Weight", "counted_from", "counted_network"]
