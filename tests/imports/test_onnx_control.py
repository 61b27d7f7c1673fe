"""Branches, loops, functions and operators that nobody knows: counted as far as can be, and said."""

from __future__ import annotations

import io

import numpy as np
import pytest
import torch
from onnx import AttributeProto, TensorProto, helper, load_from_string
from torch import Tensor, nn

from analysis.imports.onnx import Refused, read_onnx

node = helper.make_node
ROWS = {"x": [1, 100, 64]}
IMAGE = {"x": [1, 3, 32, 32]}


def graph(nodes, inputs=(), outputs=("out",), weights=()):
    given = [helper.make_tensor_value_info(name, kind, shape) for name, kind, shape in inputs]
    made = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs]
    held = [
        helper.make_tensor(name, 1, shape, np.ones(shape, np.float32).tobytes(), raw=True) for name, shape in weights
    ]
    return helper.make_graph(nodes, "inner", given, made, held)


def two_branches():
    then = graph([node("MatMul", ["x", "w1"], ["out"])], weights=[("w1", (64, 32))])
    other = graph(
        [node("MatMul", ["x", "w2"], ["a"]), node("MatMul", ["a", "w3"], ["out"])],
        weights=[("w2", (64, 64)), ("w3", (64, 32))],
    )
    return {"then_branch": then, "else_branch": other}


def test_of_two_branches_the_costlier_one_is_counted_and_said(file):
    nodes = [
        node("ReduceSum", ["x"], ["sum"], keepdims=0),
        node("Greater", ["sum", "zero"], ["condition"]),
        node("If", ["condition"], ["z"], name="choice", **two_branches()),
        node("MatMul", ["z", "head"], ["y"]),
    ]
    data = file(*nodes, inputs=ROWS, weights={"head": (32, 10)}, constants={"zero": np.float32(0)})
    counted = read_onnx(data, name="net")
    assert counted.mult_adds == 100 * (64 * 64 + 64 * 32 + 32 * 10)
    assert counted.params == 64 * 64 + 64 * 32 + 32 * 10
    assert "If choice: of its two branches the costlier one is counted." in counted.notes


@pytest.mark.parametrize(("condition", "weights"), [(True, 64 * 32), (False, 64 * 64 + 64 * 32)])
def test_of_a_known_condition_its_branch_is_counted(file, condition, weights):
    data = file(
        node("If", ["condition"], ["y"], **two_branches()), inputs=ROWS, constants={"condition": np.array(condition)}
    )
    counted = read_onnx(data, name="net")
    assert (counted.mult_adds, counted.params) == (100 * weights, weights)
    assert not any("branches" in note for note in counted.notes)


def body():
    inputs = [
        ("round", TensorProto.INT64, []),
        ("go", TensorProto.BOOL, []),
        ("state", TensorProto.FLOAT, [1, 100, 64]),
    ]
    nodes = [
        node("MatMul", ["state", "w"], ["next"]),
        node("Identity", ["go"], ["goes"]),
        node("Relu", ["next"], ["seen"]),
    ]
    return graph(nodes, inputs, ("goes", "next", "seen"))


def test_a_loop_costs_its_body_as_often_as_it_runs(file):
    nodes = [
        node("Loop", ["rounds", "", "x"], ["last", "all"], name="steps", body=body()),
        node("MatMul", ["all", "head"], ["y"]),
    ]
    data = file(*nodes, inputs=ROWS, weights={"w": (64, 64), "head": (64, 10)}, constants={"rounds": np.array(7)})
    counted = read_onnx(data, name="net")
    assert counted.mult_adds == 7 * 100 * 64 * 64 + 7 * 100 * 64 * 10  # the head reads what every round put out
    assert counted.params == 64 * 64 + 64 * 10
    assert counted.layers[0].formula == "7·(64·64·100)"


def test_a_loop_of_unknown_rounds_is_counted_once_and_said(file):
    nodes = [
        node("ReduceMax", ["x"], ["most"], keepdims=0),
        node("Cast", ["most"], ["rounds"], to=TensorProto.INT64),
        node("Loop", ["rounds", "", "x"], ["y", "all"], name="steps", body=body()),
    ]
    counted = read_onnx(file(*nodes, inputs=ROWS, weights={"w": (64, 64)}), name="net")
    assert counted.mult_adds == 100 * 64 * 64
    assert "Loop steps: how often its body runs is not known; it is counted once." in counted.notes


def test_a_scan_costs_its_body_for_each_entry(file):
    inputs = [("state", TensorProto.FLOAT, [1, 64]), ("entry", TensorProto.FLOAT, [1, 64])]
    nodes = [
        node("Add", ["state", "entry"], ["sum"]),
        node("MatMul", ["sum", "w"], ["next"]),
        node("Tanh", ["next"], ["seen"]),
    ]
    made = node("Scan", ["first", "x"], ["last", "y"], num_scan_inputs=1, body=graph(nodes, inputs, ("next", "seen")))
    data = file(made, inputs={"first": [1, 64], "x": [50, 1, 64]}, weights={"w": (64, 64)})
    counted = read_onnx(data, name="net")
    assert (counted.mult_adds, counted.params) == (50 * 64 * 64, 64 * 64)


def test_a_loop_of_torchs_scripts_is_read():
    class Steps(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.cell = nn.Linear(16, 16)

        def forward(self, x: Tensor) -> Tensor:
            for _ in range(5):
                x = torch.relu(self.cell(x))
            return x

    scripted, target = torch.jit.script(Steps().eval()), io.BytesIO()
    torch.onnx.export(scripted, (torch.zeros(2, 16),), target, dynamo=False, verbose=False)
    counted = read_onnx(target.getvalue(), name="net")
    assert (counted.mult_adds, counted.params) == (5 * 2 * 16 * 16, 16 * 16 + 16)


def function(name, nodes, inputs, attributes=()):
    return helper.make_function(
        "local",
        name,
        inputs,
        ["out"],
        nodes,
        [helper.make_opsetid("", 17), helper.make_opsetid("local", 1)],
        attributes,
    )


def test_functions_are_read_at_every_call_with_their_attributes(file):
    convolve = node("Conv", ["in", "kernel"], ["out"])
    convolve.attribute.add(name="strides", ref_attr_name="step", type=AttributeProto.INTS)
    twice = [node("Stem", ["in", "kernel"], ["a"], domain="local", step=[2, 2]), node("Relu", ["a"], ["out"])]
    functions = [function("Stem", [convolve], ["in", "kernel"], ["step"]), function("Block", twice, ["in", "kernel"])]
    nodes = [
        node("Block", ["x", "w"], ["a"], domain="local"),
        node("Stem", ["x", "v"], ["y"], domain="local", step=[1, 1]),
    ]
    data = file(*nodes, inputs=IMAGE, weights={"w": (8, 3, 3, 3), "v": (8, 3, 3, 3)}, functions=functions)
    counted = read_onnx(data, name="net")
    assert (counted.mult_adds, counted.params) == (8 * 27 * (15 * 15 + 30 * 30), 2 * 8 * 27)


def test_an_operator_nobody_knows_is_listed_with_a_bound(file):
    nodes = [node("Conv", ["x", "w"], ["c"]), node("Wonder", ["c"], ["y"], domain="unheard.of")]
    counted = read_onnx(file(*nodes, inputs=IMAGE, weights={"w": (8, 3, 3, 3)}), name="net")
    assert (counted.mult_adds, counted.unknown) == (8 * 27 * 900, ("Wonder",))
    assert "Wonder y puts out a tensor whose size is not known; what it costs has no bound here." in counted.notes


def test_the_bound_holds_every_pair_of_a_number_read_and_a_number_written(file):
    wonder = node("Wonder", ["c", "table"], ["y"], domain="unheard.of")
    data = file(node("Conv", ["x", "w"], ["c"]), wonder, inputs=IMAGE, weights={"w": (8, 3, 3, 3), "table": (5, 5)})
    model = load_from_string(data)
    model.graph.output[0].CopyFrom(helper.make_tensor_value_info("y", 1, [1, 10]))
    counted = read_onnx(model.SerializeToString(), name="net")
    assert counted.not_counted_elements == (8 * 900 + 25) * 10
    assert counted.not_counted_share == pytest.approx((8 * 900 + 25) * 10 / (8 * 27 * 900))
    assert counted.params == 8 * 27 + 25


def test_what_follows_an_unknown_size_is_unknown_and_its_weights_are_counted(file):
    nodes = [node("Wonder", ["x"], ["z"], domain="unheard.of"), node("MatMul", ["z", "w"], ["y"])]
    counted = read_onnx(file(*nodes, inputs=ROWS, weights={"w": (64, 10)}), name="net")
    assert (counted.mult_adds, counted.params, counted.unknown) == (0, 640, ("Wonder", "MatMul"))


def test_a_data_dependent_size_is_not_guessed(file):
    nodes = [
        node("NonZero", ["x"], ["at"]),
        node("Transpose", ["at"], ["rows"], perm=[1, 0]),
        node("Cast", ["rows"], ["f"], to=1),
        node("MatMul", ["f", "w"], ["y"]),
    ]
    counted = read_onnx(file(*nodes, inputs=ROWS, weights={"w": (3, 4)}), name="net")
    assert counted.unknown == ("MatMul",)


def test_a_function_that_calls_itself_is_refused(file):
    itself = function("Again", [node("Again", ["in"], ["out"], domain="local")], ["in"])
    with pytest.raises(Refused, match="more than 32 deep"):
        read_onnx(file(node("Again", ["x"], ["y"], domain="local"), inputs=ROWS, functions=[itself]), name="net")


def test_functions_that_multiply_are_refused(file):
    levels = [function("F0", [node("Relu", ["in"], ["out"])], ["in"])]
    for level in range(1, 9):
        names = ["in", *(f"t{at}" for at in range(9)), "out"]
        calls = [node(f"F{level - 1}", [names[at]], [names[at + 1]], domain="local") for at in range(10)]
        levels.append(function(f"F{level}", calls, ["in"]))
    with pytest.raises(Refused, match="more than 20,000 nodes"):
        read_onnx(file(node("F8", ["x"], ["y"], domain="local"), inputs=ROWS, functions=levels), name="net")
