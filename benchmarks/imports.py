"""ONNX files read by the child process: our MobileNetV2, and a file near the size limit with the memory it takes."""

from __future__ import annotations

import io
from itertools import count
from statistics import median
from time import perf_counter

import numpy as np

from benchmarks.report import Row, verdict

MOST_SECONDS = 2.0
STEP = 32 * 2**20


def rows(*, quick: bool) -> list[Row]:
    from analysis.imports.onnx.process import MEMORY_BYTES

    rounds = 3 if quick else 9
    ours, large = exported(), large_file()
    seconds, seconds_large = (median(read(data) for _ in range(rounds)) for data in (ours, large))
    memory = least_memory(large)
    return [
        Row(
            "MobileNetV2's ONNX file imported", f"{seconds:.2f} s", f"< {MOST_SECONDS:g} s",
            f"{seconds / MOST_SECONDS:.2f} x", verdict(seconds < MOST_SECONDS),
            f"{len(ours) / 1e6:.1f} MB, child process and its imports included, median of {rounds}",
        ),
        Row(
            f"an ONNX file of {len(large) / 1e6:.0f} MB imported", f"{seconds_large:.2f} s",
            note=f"24 million weights as raw data; median of {rounds}",
        ),
        Row(
            "address space that suffices for it", f"{memory / 2**20:,.0f} MiB", f"<= {MEMORY_BYTES / 2**20:,.0f} MiB",
            f"{memory / MEMORY_BYTES:.2f} x", verdict(memory <= MEMORY_BYTES),
            f"the least limit, in steps of {STEP // 2**20} MiB, under which the file is counted",
        ),
    ]  # fmt: skip


def exported() -> bytes:
    """MobileNetV2 as torch's exporter writes it."""
    import torch

    import analysis

    file = io.BytesIO()
    x = torch.zeros(1, 3, 224, 224)
    torch.onnx.export(analysis.build("mobilenet_v2").eval(), (x,), file, dynamo=False, verbose=False)
    return file.getvalue()


def large_file() -> bytes:
    """A fully connected layer whose weights fill the file."""
    from onnx import TensorProto, helper, numpy_helper

    weight = numpy_helper.from_array(np.ones((8_000, 3_100), np.float32), "w")
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"])],
        "large",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 8_000])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 3_100])],
        [weight],
    )
    return helper.make_model(graph).SerializeToString()


def read(data: bytes) -> float:
    """Seconds that a file takes, whole child included."""
    from analysis.imports.onnx import read_onnx_limited

    begin = perf_counter()
    read_onnx_limited(data, name="net")
    return perf_counter() - begin


def least_memory(data: bytes) -> int:
    """The least limit of address space, in steps, within which the file is counted."""
    from analysis.imports.onnx import Refused, read_onnx_limited

    for limit in count(len(data) // STEP * STEP, STEP):
        try:
            read_onnx_limited(data, name="net", memory=limit)
        except Refused:
            continue
        return limit
    raise AssertionError("no limit suffices")
