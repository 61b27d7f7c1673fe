"""The audit: two counts, what fvcore counts besides, what it does not count, and when it does not run."""

from __future__ import annotations

import dataclasses
import json

import pytest
import torch
from torch import nn

import analysis
from analysis.cost.audit_count import count_module
from analysis.cost.limits import MOST_BUILT_PARAMS, too_large_to_build
from analysis.networks import modules

SMALL = {"alpha": 0.35, "resolution": 64}


@pytest.fixture
def no_build(monkeypatch):
    """Building fails the test."""

    def refuse(*_, **__):
        raise AssertionError("the design was built")

    for name in ("network_module", "undrawn_module"):
        monkeypatch.setattr(modules, name, refuse)


def test_both_counts_of_mobilenet_v2_as_published():
    audit = analysis.audit("mobilenet_v2")
    assert (audit.mult_adds, audit.fvcore_mult_adds) == (300_774_272, 300_774_272)
    assert (audit.params, audit.numel_params) == (3_504_872, 3_504_872)
    assert audit.agrees is True


def test_what_fvcore_counts_besides_is_its_own_total_less_mult_adds():
    # 2 · 6,678,112 batch-norm elements and 62,720 pooled ones; fvcore prints 314,193,216
    audit = analysis.audit("mobilenet_v2")
    assert audit.besides == {"batch_norm": 13_356_224, "adaptive_avg_pool2d": 62_720}
    assert audit.mult_adds + sum(audit.besides.values()) == 314_193_216


def test_what_fvcore_does_not_count_is_named_and_bounded():
    # 35 ReLU6 and 10 shortcuts; every one is an operation for each element it writes
    audit = analysis.audit("mobilenet_v2")
    module = analysis.build("mobilenet_v2").eval()
    written = [0]
    for leaf in module.modules():
        if isinstance(leaf, nn.ReLU6) or getattr(leaf, "shortcut", False):
            leaf.register_forward_hook(lambda leaf, args, y: written.append(y.numel()))
    module(torch.zeros(1, 3, 224, 224))
    assert {name: audit.not_counted[name] for name in ("ReLU6", "shortcut additions")} == {
        "ReLU6": 35,
        "shortcut additions": 10,
    }
    assert audit.not_counted_elements == sum(written)
    assert audit.not_counted_share == sum(written) / 300_774_272


WRITERS = {
    "ReLU": nn.ReLU,
    "hard-swish": nn.Hardswish,
    "sigmoid": nn.Sigmoid,
    "hard-sigmoid": nn.Hardsigmoid,
    "squeeze-excite multiplications": modules.SqueezeExcite,
}


@pytest.mark.parametrize("network", ["mobilenet_v3_large", "mobilenet_v3_small", "mnasnet_a1"])
def test_every_activation_and_product_fvcore_leaves_out_is_named_with_its_calls_and_bounded(network: str):
    audit, module, written = analysis.audit(network), analysis.build(network).eval(), [0]
    for leaf in module.modules():
        if type(leaf) in WRITERS.values() or getattr(leaf, "shortcut", False):
            leaf.register_forward_hook(lambda leaf, args, y: written.append(y.numel()))
    module(torch.zeros(1, 3, 224, 224))
    calls = {name: sum(type(leaf) is kind for leaf in module.modules()) for name, kind in WRITERS.items()}
    calls["shortcut additions"] = sum(getattr(leaf, "shortcut", False) for leaf in module.modules())
    assert audit.not_counted == {name: number for name, number in calls.items() if number}
    assert audit.not_counted_elements == sum(written)


def test_noting_what_fvcore_passes_over_leaves_its_own_total_alone():
    from fvcore.nn import FlopCountAnalysis

    audit = analysis.audit("mobilenet_v3_large", **SMALL)
    module = analysis.build("mobilenet_v3_large", **SMALL).eval()
    own = FlopCountAnalysis(module, torch.zeros(1, 3, 64, 64)).unsupported_ops_warnings(False)
    assert audit.fvcore_mult_adds + sum(audit.besides.values()) == own.total()


@pytest.mark.parametrize("network", analysis.networks())
def test_nothing_is_unattributed(network: str):
    assert analysis.audit(network, **SMALL).unattributed == 0


@pytest.mark.parametrize("field", ["fvcore_mult_adds", "numel_params"])
def test_a_difference_of_one_is_a_disagreement(field: str):
    audit = analysis.audit("mobilenet_v2", **SMALL)
    off = dataclasses.replace(audit, **{field: getattr(audit, field) + 1})
    assert off.agrees is False
    assert "differ" in off._repr_html_()


def test_a_wrong_wiring_is_caught(monkeypatch):
    real = modules.undrawn_module

    def without_a_layer(layers):
        module = real(layers)
        module.get_submodule("bottleneck5_2").dw = nn.Identity()
        return module

    monkeypatch.setattr(modules, "undrawn_module", without_a_layer)
    audit = analysis.audit("mobilenet_v2", **SMALL)
    assert audit.agrees is False
    assert audit.layers["bottleneck5_2.dw"] == 0


def test_an_audit_survives_json():
    audit = analysis.audit("mobilenet_v1", **SMALL)
    assert analysis.Audit(**json.loads(json.dumps(audit.to_dict()))) == audit


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"alpha": 1000}, "parameters"),
        ({"t": 1000}, "parameters"),
        ({"classes": 1_000_000_000}, "parameters"),
        ({"resolution": 2400, "alpha": 0.05}, "activation elements alive at once"),
        ({"resolution": 65_536, "alpha": 1}, "Mult-Adds"),
    ],
)
def test_a_design_too_large_is_counted_but_not_built(options: dict, what: str, no_build):
    audit = analysis.audit("mobilenet_v2", **options)
    assert audit.mult_adds == analysis.totals("mobilenet_v2", **options).mult_adds
    assert (audit.agrees, audit.fvcore_mult_adds, audit.numel_params) == (None, None, None)
    assert audit.not_run.startswith("too large to build: ")
    assert what in audit.not_run
    assert ", the limit is " in audit.not_run


def test_the_table_of_a_design_too_large_has_an_empty_fvcore_column(no_build):
    table = analysis.layer_table("mobilenet_v2", alpha=100, audit=True)
    assert table["fvcore_mult_adds"].isna().all()


def test_build_refuses_what_is_too_large(no_build):
    with pytest.raises(ValueError, match=rf"MobileNetV2-224 is too large .*{MOST_BUILT_PARAMS:,}$"):
        analysis.build("mobilenet_v2", alpha=100)


def too_large(network: str, **options) -> str | None:
    totals = analysis.totals(network, number_format="int8", **options)
    return too_large_to_build(totals.mult_adds, totals.params, totals.peak_unfused_bytes)


@pytest.mark.parametrize("network", [name for name in analysis.networks() if name != "vgg16"])
def test_every_slider_position_is_small_enough_to_audit(network: str):
    t = 10 if analysis.networks()[network].takes_t else None
    assert too_large(network, alpha=1.4, rho=10 / 7, t=t) is None


def test_vgg_16_is_small_enough_to_audit_as_published_and_narrower():
    assert too_large("vgg16") is too_large("vgg16", alpha=0.25, rho=10 / 7) is None
    assert too_large("vgg16", alpha=1.4) is not None


@pytest.mark.parametrize(
    ("network", "mult_adds", "params"),
    [
        ("vgg16", 15_470_264_320, 138_357_544),  # parameters as Keras applications print
        # by hand: 9·(60·120·32 + 30·60·32·64 + 15·30·64·128 + 7·15·128·256) + 5376·64 + 64·32 + 32·6
        ("pd_lenet", 99_740_864, 734_246),
    ],
)
def test_both_counts_of_plain_networks(network: str, mult_adds: int, params: int):
    audit = analysis.audit(network)
    assert (audit.mult_adds, audit.fvcore_mult_adds) == (mult_adds, mult_adds)
    assert (audit.params, audit.numel_params) == (params, params)
    assert audit.agrees is True


def test_what_a_pool_reads_is_within_the_bound_of_what_is_not_counted():
    audit = analysis.audit("pd_lenet")
    maps = [32 * 60 * 120, 64 * 30 * 60, 128 * 15 * 30, 256 * 7 * 15]
    read = [4 * c * h * w for c, h, w in ((32, 30, 60), (64, 15, 30), (128, 7, 15), (256, 3, 7))]
    assert audit.not_counted == {"ReLU": 6, "max pooling": 4}
    assert audit.not_counted_elements == sum(maps) + sum(read) + 64 + 32


def test_counting_keeps_no_map_alive_for_a_backward_pass():
    saved = []
    module = analysis.build("mobilenet_v2", **SMALL)
    with torch.autograd.graph.saved_tensors_hooks(lambda x: saved.append(x.numel()), lambda x: x):
        count_module(module, (1, 3, 64, 64))
    assert sum(saved) == 0


# Pitfalls of counting on [1, 16, 14, 14]: a module, its Mult-Adds
PITFALLS = [
    (nn.Conv2d(16, 32, 3, padding=1), 903_168),
    (nn.ConvTranspose2d(16, 8, 4, stride=2, padding=1), 401_408),
    (nn.ConvTranspose2d(16, 16, 3, stride=2, padding=1, output_padding=1, groups=16), 28_224),
    (nn.Conv2d(16, 32, 1, groups=4), 32 * 4 * 14 * 14),
    (nn.AdaptiveAvgPool2d(1), 0),
    (nn.BatchNorm2d(16), 0),
]


@pytest.mark.parametrize(("module", "mult_adds"), PITFALLS, ids=lambda value: str(value)[:40])
def test_a_single_module_counts_as_it_should(module: nn.Module, mult_adds: int):
    assert count_module(module, (1, 16, 14, 14)).mult_adds == mult_adds


class Functional(nn.Module):
    """A convolution without a module of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(32, 16, 3, 3))

    def forward(self, x):
        return nn.functional.conv2d(x, self.weight, padding=1).mean([2, 3])


class Thrice(nn.Module):
    """One convolution, called three times."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(16, 16, 1)

    def forward(self, x):
        return self.conv(self.conv(self.conv(x)))


def test_a_functional_convolution_counts():
    assert count_module(Functional(), (1, 16, 14, 14)).mult_adds == 903_168


def test_a_module_called_three_times_counts_three_times():
    assert count_module(Thrice(), (1, 16, 14, 14)).mult_adds == 3 * 16 * 16 * 14 * 14


def test_a_batch_of_four_is_four_times_as_much():
    assert count_module(nn.Conv2d(16, 32, 3, padding=1), (4, 16, 14, 14)).mult_adds == 4 * 903_168


@pytest.mark.parametrize("training", [True, False])
def test_the_mode_changes_no_count_and_is_left_as_it_was(training: bool):
    module = analysis.build("mobilenet_v2", **SMALL).train(training)
    count = count_module(module, (1, 3, 64, 64))
    assert count.mult_adds == analysis.totals("mobilenet_v2", **SMALL).mult_adds
    assert {part.training for part in module.modules()} == {training}


def test_counting_leaves_the_weights_and_statistics_alone():
    module = analysis.build("mobilenet_v2", **SMALL).train()
    before = {name: value.clone() for name, value in module.state_dict().items()}
    count_module(module, (1, 3, 64, 64))
    after = module.state_dict()
    assert list(after) == list(before)
    assert all(torch.equal(after[name], value) for name, value in before.items())
