"""Open sizes: asked for by name, given by name or as a whole shape, and carried through a file's own arithmetic."""

from __future__ import annotations

import io

import pytest
import torch
from onnx import helper
from torch import Tensor, nn

import analysis
from analysis.imports.onnx import Refused, SizesWanted, read_onnx

node = helper.make_node
POOLED = (node("Conv", ["image", "w"], ["c"]), node("GlobalAveragePool", ["c"], ["y"]))
OPEN = {"inputs": {"image": ["batch", 3, "height", "width"]}, "weights": {"w": (8, 3, 3, 3)}}


def test_open_sizes_are_asked_for_by_name_and_the_batch_is_one(file):
    with pytest.raises(SizesWanted) as wanted:
        read_onnx(file(*POOLED, **OPEN), name="net")
    assert wanted.value.names == ("height", "width")
    assert wanted.value.inputs == {"image": "batch × 3 × height × width"}
    assert str(wanted.value) == "the file leaves 2 sizes open: height, width; image is batch × 3 × height × width"


@pytest.mark.parametrize("sizes", [{"height": 10, "width": 20}, {"image": (1, 3, 10, 20)}, {"image": [1, 3, 10, 20]}])
def test_sizes_are_given_by_name_or_as_a_shape(file, sizes):
    counted = read_onnx(file(*POOLED, **OPEN), name="net", sizes=sizes)
    assert (counted.mult_adds, counted.input) == (8 * 3 * 9 * 8 * 18, "1×3×10×20")


def test_what_was_taken_as_the_batch_is_said(file):
    assert (
        "batch is a batch of 1." in read_onnx(file(*POOLED, **OPEN), name="net", sizes={"height": 9, "width": 9}).notes
    )


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ({"hight": 10, "width": 20}, "no open size is called hight; there are: batch, height, width, image"),
        ({"height": 0, "width": 20}, "a size of height must be an integer >= 1, got 0"),
        ({"height": -5, "width": 20}, "a size of height must be an integer >= 1, got -5"),
        ({"image": (1, 3, 10)}, "image has 4 dimensions, got a shape of 3"),
        ({"picture": (1, 3, 10, 10)}, "no input is called picture"),
        ({"height": 1, "width": 1}, "a size of c must be from 0 to 2,147,483,647, got -1"),
        ({"height": 2**40, "width": 20}, "a size of image must be from 0 to 2,147,483,647, got 1,099,511,627,776"),
    ],
)
def test_a_wrong_size_is_named(file, sizes, message):
    with pytest.raises(Refused, match=message):
        read_onnx(file(*POOLED, **OPEN), name="net", sizes=sizes)


def test_a_size_without_a_name_is_called_after_its_input(file):
    data = file(*POOLED, inputs={"image": [None, 3, None, 32]}, weights={"w": (8, 3, 3, 3)})
    with pytest.raises(SizesWanted) as wanted:
        read_onnx(data, name="net")
    assert wanted.value.names == ("image[2]",)
    assert read_onnx(data, name="net", sizes={"image[2]": 32}).mult_adds == 8 * 3 * 9 * 30 * 30


def test_an_open_first_size_that_is_called_a_length_is_no_batch(file):
    data = file(node("Relu", ["x"], ["y"]), inputs={"x": ["sequence_length", "batch", 16]})
    with pytest.raises(SizesWanted) as wanted:
        read_onnx(data, name="net")
    assert wanted.value.names == ("sequence_length", "batch")


def test_several_inputs_share_a_size_by_its_name(file):
    data = file(
        node("MatMul", ["query", "key"], ["y"]), inputs={"query": ["N", "length", 64], "key": ["N", 64, "length"]}
    )
    counted = read_onnx(data, name="net", sizes={"length": 50})
    assert (counted.mult_adds, counted.input) == (50 * 64 * 50, "query 1×50×64, key 1×64×50")


def test_a_fixed_shape_may_be_replaced(file):
    data = file(*POOLED, inputs={"image": [1, 3, 32, 32]}, weights={"w": (8, 3, 3, 3)})
    assert read_onnx(data, name="net", sizes={"image": (2, 3, 10, 10)}).mult_adds == 2 * 8 * 27 * 64


def test_sizes_that_the_graph_cannot_take_are_refused(file):
    nodes = [node("Flatten", ["image"], ["f"]), node("MatMul", ["f", "w"], ["y"], name="classify")]
    data = file(*nodes, inputs={"image": [1, 3, "height", 8]}, weights={"w": (3 * 64, 10)})
    assert read_onnx(data, name="net", sizes={"height": 8}).mult_adds == 1920
    with pytest.raises(Refused, match="MatMul classify does not fit: Incompatible dimensions"):
        read_onnx(data, name="net", sizes={"height": 9})


class Arithmetic(nn.Module):
    """Shapes computed in the graph: a view of what the batch leaves, and a resize to another map's sides."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.branch = nn.Conv2d(8, 8, 3, stride=2, padding=1)
        self.last = nn.Conv2d(8, 4, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        y = nn.functional.interpolate(self.branch(x), size=x.shape[2:], mode="bilinear")
        tokens = (x + y).reshape(x.shape[0], 8, x.shape[2] * x.shape[3]).transpose(1, 2)
        scores = tokens @ tokens.transpose(1, 2)
        return self.last(x) + scores.mean()


@pytest.mark.parametrize("dynamo", [False, True])
def test_sizes_computed_in_the_graph_are_computed(dynamo: bool):
    x, target = torch.zeros(1, 3, 24, 32), io.BytesIO()
    if dynamo:
        sides = {2: torch.export.Dim("height", min=4, max=512), 3: torch.export.Dim("width", min=4, max=512)}
        program = torch.onnx.export(Arithmetic().eval(), (x,), dynamic_shapes=({**sides},), verbose=False)
        target.write(program.model_proto.SerializeToString())
    else:
        axes = {"x": {2: "height", 3: "width"}}
        options = {"input_names": ["x"], "dynamic_axes": axes, "verbose": False}
        torch.onnx.export(Arithmetic().eval(), (x,), target, dynamo=False, **options)
    counted = read_onnx(target.getvalue(), name="net", sizes={"height": 40, "width": 48})
    stem, branch, last, scores = 8 * 27 * 20 * 24, 8 * 72 * 10 * 12, 8 * 4 * 20 * 24, (20 * 24) ** 2 * 8
    assert counted.mult_adds == stem + branch + last + scores
    assert counted.unknown == ()


def test_an_open_export_of_our_network_counts_at_every_size():
    module, target = analysis.build("mobilenet_v2", alpha=0.5, resolution=(64, 64)).eval(), io.BytesIO()
    axes = {"x": {0: "batch", 2: "height", 3: "width"}}
    options = {"input_names": ["x"], "dynamic_axes": axes, "verbose": False}
    torch.onnx.export(module, (torch.zeros(1, 3, 64, 64),), target, dynamo=False, **options)
    counted = read_onnx(target.getvalue(), name="v2", sizes={"height": 193, "width": 224})
    assert counted.mult_adds == analysis.totals("mobilenet_v2", alpha=0.5, resolution=(193, 224)).mult_adds
