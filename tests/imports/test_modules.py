"""A user's module is counted to the integer, whatever it is made of: data on top, by hand or by torch's own figures."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import prune

import analysis

MAP = (1, 16, 14, 14)


class Called(nn.Module):
    """Parts that a function of them and the inputs calls."""

    def __init__(self, call, **parts) -> None:
        super().__init__()
        self.call = call
        for name, part in parts.items():
            setattr(self, name, part)

    def forward(self, *args: Tensor, **named: Tensor):
        return self.call(self, *args, **named)


def called(call, **parts) -> Called:
    return Called(call, **parts)


def weight(*shape: int) -> nn.Parameter:
    return nn.Parameter(torch.zeros(shape))


def alias() -> nn.Module:
    conv = nn.Conv2d(16, 16, 1)
    one, two, three = (nn.Sequential(conv) for _ in range(3))
    return called(lambda s, x: s.three.forward(s.two(s.one(x))), one=one, two=two, three=three)


def tied() -> nn.Module:
    net = called(lambda s, x: s.out(s.table(x)), table=nn.Embedding(50, 8), out=nn.Linear(8, 50, bias=False))
    net.out.weight = net.table.weight
    return net


def attention(batch_first: bool, need_weights: bool) -> nn.Module:
    part = nn.MultiheadAttention(64, 4, batch_first=batch_first)
    return called(lambda s, x: s.part(x, x, x, need_weights=need_weights)[0], part=part)


def sdpa(s, x):
    return functional.scaled_dot_product_attention(x, x, x)


LSTM_STEPS = 15

# name: module, inputs, Mult-Adds, parameters
COUNTS = {
    "convolution": (nn.Conv2d(16, 32, 3, padding=1), MAP, 903_168, 4640),
    "batch of four": (nn.Conv2d(16, 32, 3, padding=1), (4, 16, 14, 14), 4 * 903_168, 4640),
    "functional convolution": (
        called(lambda s, x: functional.conv2d(x, s.w, padding=1), w=weight(32, 16, 3, 3)),
        MAP,
        903_168,
        4608,
    ),
    "mean": (called(lambda s, x: x.mean([2, 3])), MAP, 0, 0),
    "global pool": (nn.AdaptiveAvgPool2d(1), MAP, 0, 0),
    "transposed": (nn.ConvTranspose2d(16, 8, 4, 2, 1), MAP, 401_408, 16 * 8 * 16 + 8),
    "transposed depthwise": (
        *(nn.ConvTranspose2d(16, 16, 3, 2, 1, output_padding=1, groups=16), MAP),
        *(28_224, 16 * 9 + 16),
    ),
    "attention": (called(sdpa), (1, 4, 64, 16), 524_288, 0),
    "multi-head": (attention(True, True), (1, 100, 64), 2_918_400, 16_640),
    "multi-head, no weights": (attention(True, False), (1, 100, 64), 2_918_400, 16_640),
    "multi-head, length first": (attention(False, True), (100, 1, 64), 2_918_400, 16_640),
    "three calls": (called(lambda s, x: s.c(s.c(s.c(x))), c=nn.Conv2d(16, 16, 1)), MAP, 3 * 50_176, 272),
    "aliased, one through forward": (alias(), MAP, 3 * 50_176, 272),
    "not called": (called(lambda s, x: x * 1, c=nn.Conv2d(16, 16, 1)), MAP, 0, 272),
    "linear on a sequence": (nn.Linear(64, 32), (1, 100, 64), 204_800, 2080),
    "LSTM": (nn.LSTM(10, 20), (5, 3, 10), 36_000, 2560),
    "LSTM, projected": (nn.LSTM(10, 20, proj_size=7), (5, 3, 10), LSTM_STEPS * (80 * 17 + 140), 1360 + 140 + 160),
    "GRU, two layers, both ways": (
        *(nn.GRU(10, 20, 2, bidirectional=True, batch_first=True), (3, 5, 10)),
        *(LSTM_STEPS * 2 * 60 * (10 + 20 + 40 + 20), 2 * (60 * 90 + 4 * 60)),
    ),
    "RNN": (nn.RNN(10, 20), (5, 3, 10), LSTM_STEPS * 20 * 30, 640),
    "embedding": (nn.Embedding(50, 8), "1x128:int64", 0, 400),
    "tied embedding": (tied(), "1x128:int64", 128 * 8 * 50, 400),
    "einsum": (
        *(called(lambda s, x, y: torch.einsum("bhqd,bhkd->bhqk", x, y)), ("2x3x5x8", "2x3x7x8")),
        *(2 * 3 * 5 * 7 * 8, 0),
    ),
    "bmm": (called(lambda s, x, y: torch.bmm(x, y)), ("4x5x6", "4x6x7"), 4 * 5 * 6 * 7, 0),
    "baddbmm": (called(lambda s, a, x, y: torch.baddbmm(a, x, y)), ("4x5x7", "4x5x6", "4x6x7"), 840, 0),
    "matmul that repeats": (called(lambda s, x, y: x @ y), ("5x6", "4x6x7"), 840, 0),
    "matmul of vectors": (called(lambda s, x, y: x @ y), ("9", "9"), 9, 0),
    "Conv1d": (nn.Conv1d(3, 8, 3, stride=2), "1x3x33", 3 * 3 * 8 * 16, 80),
    "Conv3d": (nn.Conv3d(2, 4, (1, 3, 5), padding=(0, 1, 2)), "1x2x3x4x5", 15 * 2 * 4 * 60, 124),
    "group norm": (nn.GroupNorm(4, 16), MAP, 0, 32),
    "layer norm": (nn.LayerNorm(64), "1x100x64", 0, 128),
    "instance norm": (nn.InstanceNorm2d(16, affine=True), MAP, 0, 32),
    "bilinear": (nn.Bilinear(3, 4, 5), ("2x3", "2x4"), 2 * 5 * (3 * 4 + 4), 65),
    "parametrised": (nn.utils.parametrizations.weight_norm(nn.Conv2d(16, 32, 3, padding=1)), MAP, 903_168, 4672),
    "weight norm by hook": (nn.Sequential(nn.utils.weight_norm(nn.Linear(64, 32))), "1x64", 2048, 2112),
    "pruned": (nn.Sequential(prune.identity(nn.Linear(64, 32), "weight")), "1x64", 2048, 2080),
    "lazy": (nn.Sequential(nn.LazyConv2d(32, 3, padding=1)), MAP, 903_168, 4640),
    "data parallel": (nn.DataParallel(nn.Conv2d(16, 32, 3, padding=1)), MAP, 903_168, 4640),
    "half precision": (nn.Conv2d(16, 32, 3, padding=1).half(), MAP, 903_168, 4640),
}


@pytest.mark.parametrize("name", COUNTS)
def test_a_module_costs_what_it_does_by_hand_and_fvcore_agrees(name: str):
    module, inputs, mult_adds, params = COUNTS[name]
    counted = analysis.count(module, inputs)
    audit = analysis.audit(counted)
    assert (counted.mult_adds, counted.params) == (mult_adds, params)
    assert (audit.agrees, audit.fvcore_mult_adds, audit.numel_params) == (True, mult_adds, params), audit


@pytest.mark.parametrize("name", COUNTS)
def test_the_rows_of_the_table_sum_to_its_total(name: str):
    module, inputs, mult_adds, params = COUNTS[name]
    table = analysis.layer_table(analysis.count(module, inputs, audit=False))
    assert (table["mult_adds"].sum(), table["params"].sum()) == (mult_adds, params)
    assert table["layer"].is_unique


@pytest.mark.parametrize("name", ["three calls", "aliased, one through forward", "tied embedding", "multi-head"])
def test_fvcore_stands_beside_every_row(name: str):
    module, inputs, mult_adds, _ = COUNTS[name]
    table = analysis.layer_table(analysis.count(module, inputs), audit=True)
    assert table["fvcore_mult_adds"].tolist() == table["mult_adds"].tolist()
    assert table["fvcore_mult_adds"].sum() == mult_adds


def test_a_bias_is_shown_apart():
    (layer,) = analysis.count(nn.Conv2d(16, 32, 3, padding=1), MAP).layers
    assert layer.terms["bias"] == 6272
    assert (layer.params, layer.weights) == (4640, 4608)


@pytest.mark.parametrize("training", [True, False])
def test_training_and_evaluation_cost_the_same(training: bool):
    net = nn.Sequential(nn.Conv2d(16, 32, 3), nn.BatchNorm2d(32), nn.Dropout(), nn.MultiheadAttention(12, 4)).train(
        training
    )
    net = called(lambda s, x: s.n[3](*[s.n[:3](x)[0]] * 3)[0], n=net)
    assert analysis.count(net, MAP).mult_adds == 9 * 16 * 32 * 144 + 4 * 32 * 12 * 12 * 12 + 2 * 12 * 32 * 32 * 12


def test_what_no_module_owns_is_a_row_of_its_own():
    net = called(lambda s, x: s.c(x).flatten(2).transpose(1, 2) @ x.flatten(2), c=nn.Conv2d(16, 16, 1))
    counted = analysis.count(net, MAP)
    assert [(layer.name, layer.mult_adds) for layer in counted.layers] == [
        ("c", 50_176),
        ("unattributed", 196 * 16 * 196),
    ]
    assert analysis.audit(counted).agrees is True


def test_what_is_not_called_is_named():
    net = called(lambda s, x: s.a(x), a=nn.Conv2d(16, 16, 1), b=nn.Conv2d(16, 16, 1), c=nn.BatchNorm2d(16))
    counted = analysis.count(net, MAP)
    assert [(layer.name, layer.mult_adds, layer.params) for layer in counted.layers[1:]] == [
        ("b", 0, 272),
        ("c", 0, 32),
    ]
    assert "Not called: b, c." in counted.notes


def test_frozen_parameters_are_said_and_not_counted():
    net = nn.Sequential(nn.Linear(4, 5), nn.Linear(5, 6))
    net[0].requires_grad_(False)
    counted = analysis.count(net, (1, 4))
    assert [(layer.kind, layer.mult_adds, layer.params) for layer in counted.layers] == [("fc", 20, 0), ("fc", 30, 36)]
    assert "25 frozen parameters are not among the parameters." in counted.notes
    assert analysis.audit(counted).agrees is True


def add(s, a, b, scale=None):
    return {"sum": s.fc(a) + s.fc(b)}


@pytest.mark.parametrize(
    ("inputs", "text"),
    [
        (("2x4", "2x4"), "2x4, 2x4"),
        (((2, 4), (2, 4)), "2x4, 2x4"),
        ((torch.ones(2, 4), (2, 4)), "2x4, 2x4"),
        ({"a": "2x4", "b": (2, 4)}, "a=2x4, b=2x4"),
        ({"b": "2x4", "a": torch.ones(2, 4), "scale": None}, "b=2x4, a=2x4, scale=None"),
    ],
)
def test_inputs_may_be_several_named_shapes_or_tensors(inputs, text: str):
    counted = analysis.count(called(add, fc=nn.Linear(4, 3)), inputs)
    assert (counted.mult_adds, counted.input, analysis.audit(counted).agrees) == (48, text, True)


@dataclass
class Output:
    logits: Tensor
    hidden: tuple


def test_a_forward_may_return_an_object_with_fields():
    net = called(lambda s, x: Output(s.fc(x), (x * 2,)), fc=nn.Linear(4, 3))
    counted = analysis.count(net, (1, 4))
    assert (counted.mult_adds, analysis.audit(counted).agrees) == (12, True)
    assert (counted.peak_elements, counted.peak_unfused_elements) == (4 + 3, 4 + 3 + 4)


def test_control_flow_that_depends_on_numbers_runs_on_the_cpu():
    net = called(lambda s, x: s.a(x) if x.sum().item() > 0 else s.b(x), a=nn.Linear(4, 3), b=nn.Linear(4, 7))
    counts = [analysis.count(net, tensor) for tensor in (torch.ones(1, 4), torch.zeros(1, 4))]
    assert [counted.mult_adds for counted in counts] == [12, 28]
    assert "run on the CPU, since shapes alone do not decide" in counts[0].notes[0]
    assert analysis.audit(counts[0]).agrees is True


def test_a_packed_sequence_counts_its_steps():
    def packed(s, x):
        return s.part(nn.utils.rnn.pack_padded_sequence(x, [5, 3, 2]))[0].data

    counted = analysis.count(called(packed, part=nn.LSTM(10, 20)), (5, 3, 10))
    assert counted.mult_adds == 10 * 2400
    assert analysis.audit(counted).agrees is True


def test_a_compiled_module_is_the_one_inside():
    net = torch.compile(nn.Sequential(nn.Linear(4, 3)))
    assert [layer.name for layer in analysis.count(net, (1, 4)).layers] == ["0"]


def test_a_script_module_is_counted_without_fvcore():
    net = torch.jit.script(nn.Sequential(nn.Linear(4, 3), nn.ReLU()))
    counted = analysis.count(net, (1, 4))
    assert (counted.mult_adds, counted.params) == (12, 15)
    assert "TorchScript is compiled already" in analysis.audit(counted).not_run


def test_a_quantised_module_is_refused():
    net = torch.ao.nn.quantized.Linear(4, 3)
    with pytest.raises(ValueError, match=r"^net is quantised .*; count the network before it is quantised$"):
        analysis.count(called(lambda s, x: s.net(x), net=net), (1, 4))


def test_what_fvcore_cannot_trace_says_so():
    net = called(lambda s, a, b, c: torch.einsum("ij,jk,kl->il", a, b, c))
    counted = analysis.count(net, ("2x3", "3x4", "4x5"))
    assert counted.mult_adds > 0
    assert analysis.audit(counted).not_run.startswith("fvcore cannot trace it, ValueError: einsum is counted of two")


def test_a_difference_is_named_by_its_module(monkeypatch):
    from analysis.cost import handles

    monkeypatch.setitem(handles.HANDLES, "aten::scaled_dot_product_attention", lambda inputs, outputs: 7)
    net = nn.Sequential(called(sdpa), nn.Linear(16, 16))
    audit = analysis.audit(analysis.count(net, (1, 4, 64, 16)))
    assert (audit.agrees, audit.differing) == (False, ["0"])
    assert audit.layers == {"1": 4 * 64 * 16 * 16}


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ("1yx3", "input must be a shape like 1x3x224x224 or 1x128:int64, got 1yx3"),
        ("1x3:float7", "type of an input must be one of .*, got float7"),
        ((1, 0, 3), "sides of an input must be >= 1 and fit the memory, got 1x0x3"),
        ((10**9, 10**9, 10**9), "sides of an input must be >= 1 and fit the memory, got 1000000000x"),
        ((1, 5), "Linear raised RuntimeError: .*"),
        (object(), "input must be a shape, a tensor, or several of them, got <object"),
    ],
)
def test_a_wrong_input_is_one_sentence(inputs, message: str):
    with pytest.raises(ValueError, match=f"^{message}"):
        analysis.count(nn.Linear(4, 3), inputs)


def test_only_modules_are_counted():
    with pytest.raises(ValueError, match=r"^a torch.nn.Module is counted, got function$"):
        analysis.count(test_only_modules_are_counted, (1, 4))


def test_a_counted_module_survives_json():
    import json

    from analysis.cost.counted import counted_from

    counted = analysis.count(nn.Linear(4, 3), (1, 4))
    again = counted_from(json.loads(json.dumps(counted.to_dict())))
    assert again.to_dict() == counted.to_dict()
    assert analysis.audit(again) == analysis.audit(counted)
