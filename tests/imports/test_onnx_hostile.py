"""Hostile files: each ends in one sentence that names no path, within the limits, and the next file is read."""

from __future__ import annotations

import io
import os
import sys
import time
import zipfile

import numpy as np
import pytest
from onnx import ModelProto, TensorProto, helper, load_from_string

from analysis.imports.onnx import Refused, SizesWanted, read_onnx_limited

node = helper.make_node
IMAGE = {"x": [1, 3, 32, 32]}


def stem(file) -> bytes:
    return file(node("Conv", ["x", "w"], ["y"]), inputs=IMAGE, weights={"w": (8, 3, 3, 3)})


def changed(data: bytes, change) -> bytes:
    model = load_from_string(data)
    change(model)
    return model.SerializeToString()


def refused(data: bytes, **limits) -> str:
    """The one sentence with which a file is refused."""
    with pytest.raises(Refused) as error:
        read_onnx_limited(data, name="net", **limits)
    sentence = str(error.value)
    assert "\n" not in sentence
    assert len(sentence) < 300
    assert not any(part in sentence for part in (os.sep, "Traceback", "Error"))
    return sentence


def test_a_good_file_is_counted_by_a_child_and_onnx_is_not_needed_here(file):
    counted = read_onnx_limited(stem(file), name="net")
    assert (counted.mult_adds, counted.params, counted.layers[0].formula) == (8 * 27 * 900, 216, "3·3·3·8·30·30")


def test_a_zip_bomb():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("net.onnx", bytes(50_000_000))
    assert refused(packed.getvalue()) == "the file is a zip archive, not an ONNX model"


@pytest.mark.parametrize("kept", [0, 1, 50, 500])
def test_a_truncated_file(file, kept):
    assert "not an ONNX model" in refused(stem(file)[:kept])


def test_a_file_cut_off_behind_its_graph(file):
    assert "cut off" in refused(changed(stem(file), lambda model: model.ClearField("opset_import")))


@pytest.mark.parametrize("seed", range(3))
def test_random_bytes(seed):
    assert "not an ONNX model" in refused(np.random.default_rng(seed).bytes(100_000))


def test_a_file_over_the_size_limit_starts_no_child(monkeypatch):
    monkeypatch.setattr(sys, "executable", "nothing")
    assert refused(bytes(100_000_001)) == "the file has 100,000,001 bytes, the limit is 100,000,000"


def chain(length: int) -> list:
    return [node("Relu", ["x" if at == 0 else f"v{at}"], [f"v{at + 1}"]) for at in range(length)]


def test_a_node_too_many(file):
    assert "more than 20,000 nodes" in refused(file(*chain(20_001), inputs=IMAGE, output="v20001"))
    assert read_onnx_limited(file(*chain(20_000), inputs=IMAGE, output="v20000"), name="net").mult_adds == 0


def test_an_initialiser_too_many(file):
    def fill(model: ModelProto) -> None:
        model.graph.initializer.extend(helper.make_tensor(f"t{at}", 1, [0], []) for at in range(100_001))

    assert "initialisers and inputs, the limit is 100,000" in refused(changed(stem(file), fill))


def test_a_cyclic_graph(file):
    nodes = [node("Add", ["x", "b"], ["a"]), node("Relu", ["a"], ["b"]), node("Relu", ["b"], ["y"])]
    assert "cycle" in refused(file(*nodes, inputs=IMAGE))


def test_nodes_out_of_order_are_sorted(file):
    nodes = [node("Relu", ["c"], ["y"]), node("Conv", ["x", "w"], ["c"])]
    assert (
        read_onnx_limited(file(*nodes, inputs=IMAGE, weights={"w": (8, 3, 3, 3)}), name="net").mult_adds == 8 * 27 * 900
    )


def test_a_value_that_nothing_makes(file):
    assert (
        refused(file(node("Relu", ["ghost"], ["y"]), inputs=IMAGE))
        == "a node reads ghost, which nothing makes before it"
    )


@pytest.mark.parametrize("side", [-2, -(2**62), 2**31, 2**62])
def test_sizes_that_no_tensor_has(file, side):
    assert "must be from 0 to 2,147,483,647" in refused(file(node("Relu", ["x"], ["y"]), inputs={"x": [1, side]}))


def test_more_numbers_than_an_integer_counts(file):
    assert "over the int64 limit" in refused(
        file(node("MatMul", ["x", "z"], ["y"]), inputs={"x": [2**30, 2**30], "z": [2**30, 2**30]})
    )
    assert "numbers, which is the limit" in refused(file(node("Relu", ["x"], ["y"]), inputs={"x": [2**31 - 1] * 3}))


def test_integers_stay_exact_beyond_a_floats_reach(file):
    data = file(node("MatMul", ["x", "z"], ["y"]), inputs={"x": [2**20 + 1, 2**19 + 3], "z": [2**19 + 3, 2**20 + 7]})
    assert read_onnx_limited(data, name="net").mult_adds == (2**20 + 1) * (2**19 + 3) * (2**20 + 7)


def test_a_million_dimensions(file):
    def stretch(model: ModelProto) -> None:
        model.graph.initializer[0].dims.extend([2**31 - 1] * 1_000_000)

    assert "1,000,004 dimensions" in refused(changed(stem(file), stretch))


def outside(model: ModelProto, location: str) -> None:
    weight = model.graph.initializer[0]
    weight.ClearField("raw_data")
    weight.data_location = TensorProto.EXTERNAL
    weight.external_data.add(key="location", value=location)


@pytest.mark.parametrize(
    "location", ["weights.bin", "/etc/passwd", "../../../../etc/passwd", "/dev/zero", "/dev/stdin"]
)
def test_weights_in_another_file_are_counted_by_their_shape_and_never_opened(file, location):
    counted = read_onnx_limited(changed(stem(file), lambda model: outside(model, location)), name="net")
    assert (counted.mult_adds, counted.params) == (8 * 27 * 900, 216)
    assert "216 numbers are kept in other files, which were not opened; their shapes were counted." in counted.notes


def test_two_gigabytes_that_are_declared_and_not_there(file):
    def grow(model: ModelProto) -> None:
        model.graph.initializer[0].dims[0] = 20_000_000

    assert "declared with 540,000,000 numbers, and the file holds 216 of them" in refused(changed(stem(file), grow))


def field(number: int, content: bytes) -> bytes:
    """A field of protobuf's wire format that holds bytes."""
    length, size = b"", len(content)
    while size > 127:
        length, size = length + bytes([size & 127 | 128]), size >> 7
    tag = number << 3 | 2
    return bytes([tag] if tag < 128 else [tag & 127 | 128, tag >> 7]) + length + bytes([size]) + content


def nested(levels: int) -> bytes:
    """An If whose branch is an If, so deep; written by hand, since protobuf's own writer refuses it too."""
    made = field(1, b"x") + field(2, b"y") + field(4, b"Relu")
    for _ in range(levels):
        graph = field(1, made) + field(12, field(1, b"y"))
        branches = [
            field(5, field(1, name) + field(6, graph) + b"\xa0\x01\x05") for name in (b"then_branch", b"else_branch")
        ]
        made = field(1, b"c") + field(2, b"y") + field(4, b"If") + branches[0] + (branches[1] if levels < 15 else b"")
    return made


def test_a_branch_in_a_branch_and_so_on(file):
    def nest(levels: int) -> bytes:
        shell = file(node("Not", ["c"], ["n"]), inputs=IMAGE, constants={"c": np.array(True)})
        model = ModelProto.FromString(shell)
        node_at, opsets = (
            model.graph.SerializeToString(),
            [field(8, one.SerializeToString()) for one in model.opset_import],
        )
        return b"\x08\x08" + field(7, node_at + field(1, nested(levels))) + b"".join(opsets)

    assert read_onnx_limited(nest(8), name="net").not_counted == {"Relu": 1}
    assert "nested too deep" in refused(nest(40))


def test_a_name_that_is_made_twice(file):
    nodes = [node("Relu", ["x"], ["y"]), node("Tanh", ["x"], ["y"])]
    assert refused(file(*nodes, inputs=IMAGE)) == "y is made twice"


def test_names_that_are_no_text(file):
    data = stem(file).replace(b"Conv", b"\xff\xfe\xfd\xfc")
    assert "not what an ONNX model should be" in refused(data)


def test_a_name_of_a_million_letters_is_cut(file):
    counted = read_onnx_limited(
        file(node("W" * 1_000_000, ["x"], ["y"], name="n" * 1_000_000, domain="unheard.of"), inputs=IMAGE), name="net"
    )
    assert max(map(len, (*counted.unknown, *counted.notes, *(layer.name for layer in counted.layers)))) < 600


def test_a_size_named_with_a_million_letters_is_called_after_its_input(file):
    data = file(node("Relu", ["x"], ["y"]), inputs={"x": [1, "h" * 1_000_000]})
    with pytest.raises(SizesWanted) as wanted:
        read_onnx_limited(data, name="net")
    assert (wanted.value.names, wanted.value.inputs) == (("x[1]",), {"x": "1 × x[1]"})


def test_a_constant_that_would_fill_the_memory_is_not_made(file):
    nodes = [
        node("ConstantOfShape", ["huge"], ["c"]),
        node("Expand", ["c", "huge"], ["e"]),
        node("Add", ["x", "e"], ["y"]),
    ]
    data = file(*nodes, inputs={"x": [1]}, constants={"huge": np.array([2**20, 2**20])})
    assert read_onnx_limited(data, name="net").mult_adds == 0


def test_a_file_that_takes_too_long_is_ended_and_the_next_one_is_read(file):
    begin = time.monotonic()
    sentence = refused(file(*chain(20_000), inputs=IMAGE, output="v20000"), seconds=0.3)
    assert sentence == "reading the file took more than 0.3 s, which is the limit"
    assert time.monotonic() - begin < 10
    assert read_onnx_limited(stem(file), name="net").mult_adds == 8 * 27 * 900


def test_a_file_near_the_size_limit_is_counted_within_its_memory(file):
    data = file(
        node("Conv", ["x", "w"], ["c"]),
        node("Flatten", ["c"], ["f"]),
        node("MatMul", ["f", "fc"], ["y"]),
        inputs=IMAGE,
        weights={"w": (8, 3, 3, 3), "fc": (7200, 3400)},
    )
    assert 97_000_000 < len(data) < 100_000_000
    assert read_onnx_limited(data, name="net").params == 216 + 7200 * 3400
    assert "more memory than the limit of 128 MiB" in refused(data, memory=2**27)
    assert read_onnx_limited(stem(file), name="net").params == 216
