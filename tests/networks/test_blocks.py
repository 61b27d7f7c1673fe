"""The blocks that a network of one's own may have: ResNet's is the published network, and each is what torch does."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

import analysis
from analysis.cost import closed_form
from analysis.cost.audit_count import count_module
from analysis.networks import DIVISIBLE, TRUNCATED, Layer, Network, Rounding
from analysis.networks.branches import SqueezeExcite
from analysis.networks.checks import RowError
from analysis.networks.modules import network_module, undrawn_module
from analysis.networks.reference import REFERENCES
from analysis.networks.reference.counted import calls
from analysis.networks.rows import (
    BottleneckResidual,
    Conv,
    ConvLast,
    Dense,
    DepthwiseSeparable,
    Dropout,
    Head,
    InvertedResidual,
    Pool,
    Row,
)


def network(*rows: Row, rounding: Rounding = TRUNCATED, **options) -> Network:
    return Network(name="own", label="Own", source="", rounding=rounding, rows=rows, **options)


def resnet(**options) -> Network:
    """arXiv:1512.03385, Table 1, 50 layers."""
    stages = ((256, 3, 1), (512, 4, 2), (1024, 6, 2), (2048, 3, 2))
    stem = (Conv(64, k=7, s=2, activation="relu"), Pool("max", k=3, s=2, padding=1))
    return network(*stem, *(BottleneckResidual(c, n=n, s=s, **options) for c, n, s in stages), Head(1000))


def total(layers: list[Layer]) -> tuple[int, int]:
    return sum(map(closed_form.mult_adds, layers)), sum(map(closed_form.params, layers))


def test_resnet_50_is_rows_layer_for_layer():
    layers = [layer for layer in resnet().layers() if layer.weighted]
    reference = calls(REFERENCES["resnet50"])
    assert len(layers) == len(reference) == 54  # 50 with weights on the main path, 4 on shortcuts
    for layer, call in zip(layers, reference, strict=True):
        assert closed_form.mult_adds(layer) == call.mult_adds, layer.name
        assert tuple(layer.output)[: len(call.output) - 1] == call.output[1:], layer.name
        if isinstance(call.layer, nn.Conv2d):
            assert (layer.kernel, layer.stride) == (call.layer.kernel_size, call.layer.stride[0]), layer.name


def test_both_counts_of_resnet_50_are_the_references():
    layers = resnet().layers()
    module = undrawn_module(layers)
    assert total(layers) == (3_857_973_248, 25_557_032)
    assert count_module(module, (1, 3, 224, 224)).mult_adds == 3_857_973_248
    assert sum(parameter.numel() for parameter in module.parameters()) == 25_557_032


def test_resnet_50_with_the_references_weights_gives_its_outputs():
    torch.manual_seed(0)
    reference, rows = REFERENCES["resnet50"].build().eval(), network_module(resnet().layers()).eval()
    rows.load_state_dict(dict(zip(rows.state_dict(), reference.state_dict().values(), strict=True)))
    x = torch.randn(1, 3, 64, 64)
    with torch.no_grad():
        torch.testing.assert_close(rows(x), reference(x))


# arXiv:1611.05431, Table 1: millions of parameters, billions of Mult-Adds; the stride is in the 3×3
@pytest.mark.parametrize(
    ("options", "params", "mult_adds"), [({}, 25.5, 4.1), ({"expansion": 2, "groups": 32}, 25.0, 4.2)]
)
def test_resnet_50_and_resnext_50_as_printed(options: dict, params: float, mult_adds: float):
    counted = total(resnet(strided="middle", **options).layers())
    assert counted[1] / 1e6 == pytest.approx(params, abs=0.1)
    assert counted[0] / 1e9 == pytest.approx(mult_adds, abs=0.05)


def test_the_stride_is_where_the_row_says():
    for strided, strides in {"first": [2, 1, 1, 2], "middle": [1, 2, 1, 2]}.items():
        layers = network(BottleneckResidual(32, s=2, strided=strided), Head(5)).layers()
        assert [layer.stride for layer in layers[:4]] == strides


def test_a_projection_is_exactly_where_the_size_or_the_rounded_channels_change():
    made = network(Conv(60), BottleneckResidual(64, n=2), Head(5), rounding=DIVISIBLE)
    alphas = [0.5, 0.75, 1.0, 1.25]  # 60 · α and 64 · α: 32 and 32, 48 and 48, 64 and 64, 72 and 80
    for alpha in alphas:
        names = [layer.name for layer in made.layers(alpha=alpha) if layer.beside]
        assert names == (["residual2_1.shortcut"] if alpha == 1.25 else [])
    (projection, *_) = [layer for layer in made.layers(alpha=np.array(alphas)) if layer.beside]
    assert projection.present.tolist() == [False, False, False, True]


def test_the_input_or_its_convolution_is_added_before_the_activation():
    layers = network(BottleneckResidual(8, n=2, activation="relu"), Head(5), in_channels=4).layers()
    module, x = network_module(layers).eval(), torch.randn(1, 4, 6, 6)
    for block in (module.residual1_1, module.residual1_2):
        y = block.expand(block.conv(block.reduce(x)))
        kept = x.clone()
        shortcut = block.shortcut(x) if block is module.residual1_1 else x
        expected = nn.functional.relu(y + shortcut)
        found = block(x)
        assert torch.equal(x, kept)
        torch.testing.assert_close(found, expected)
        x = found


def test_groups_stay_at_every_alpha_and_channels_are_multiples_of_them():
    made = network(Conv(48), Pool("max"), Conv(96, groups=6, n=2), BottleneckResidual(64, groups=8), Head(5))
    for alpha in np.arange(0.05, 2, 0.05):
        layers = made.layers(alpha=float(alpha), rounding=Rounding(divisor=4, least=1))
        grouped = [layer for layer in layers if layer.groups != 1]
        assert [layer.groups for layer in grouped] == [6, 6, 8]
        assert all(
            layer.input.channels % layer.groups == layer.output.channels % layer.groups == 0 for layer in grouped
        )


@pytest.mark.parametrize("multiple", [1, 3, 32])
@pytest.mark.parametrize("rounding", [TRUNCATED, DIVISIBLE])
def test_rounding_to_a_multiple_is_the_same_on_arrays(rounding: Rounding, multiple: int):
    widths = np.linspace(0.5, 900, 1000)
    found = rounding(widths, multiple=multiple)
    assert found.tolist() == [rounding(float(width), multiple=multiple) for width in widths]
    assert (found % multiple == 0).all()
    assert (found >= rounding.keep * widths).all()


def test_a_row_with_its_own_alpha_keeps_it():
    rows = [Conv(64), Conv(64, alpha=0.5), DepthwiseSeparable(64, alpha=1.5), InvertedResidual(64, t=2, alpha=0.25)]
    rows += [BottleneckResidual(64, alpha=2), ConvLast(64, alpha=2)]
    made = network(*rows, Head(5, pooled=False))
    for alpha in (0.25, np.array([1.0, 2.0])):
        last = {layer.block: layer.output.channels for layer in made.layers(alpha=alpha)}
        assert list(last.values())[1:] == [32, 96, 16, 128, 128, 5]
        assert np.all(last["conv1"] == 64 * alpha)


def test_a_branch_is_as_wide_as_its_ratio_says():
    widths = {}
    for squeezes in ("map", "block input"):
        se = SqueezeExcite("sigmoid", squeezes, ratio=1 / 16)
        layers = network(Conv(32), DepthwiseSeparable(64, se=se), Head(5), rounding=Rounding(least=1)).layers()
        widths[squeezes] = [layer.output.channels for layer in layers if layer.branch_of]
    assert widths == {"map": [32, 2, 32], "block input": [32, 2, 32]}


@pytest.mark.parametrize("of", ["max", "average"])
def test_a_padded_pool_is_torchs(of: str):
    layers = network(Pool(of, k=3, s=2, padding=1), Head(5)).layers(height=21, width=34)
    x = torch.randn(2, 3, 21, 34)
    found = network_module(layers)[0](x)
    function = nn.functional.max_pool2d if of == "max" else nn.functional.avg_pool2d
    assert torch.equal(found, function(x, 3, 2, 1))
    assert tuple(layers[0].output) == tuple(found.shape[1:]) == (3, 11, 17)


def test_a_dropout_costs_nothing_and_drops_while_training():
    layers = network(Conv(8), Dropout(0.4), Head(5)).layers(height=32, width=32)
    assert [layer.kind for layer in layers] == ["conv", "dropout", "pool", "fc"]
    assert [layer.name for layer in layers][1] == "dropout2"
    assert (closed_form.mult_adds(layers[1]), closed_form.params(layers[1]), closed_form.alive(layers[1])) == (0, 0, 0)
    module, x = network_module(layers), torch.ones(4, 8, 50, 50)
    assert torch.equal(module.eval().dropout2(x), x)
    torch.manual_seed(0)
    assert (module.train().dropout2(x) == 0).float().mean().item() == pytest.approx(0.4, abs=0.01)


def test_a_head_of_two_layers_reads_a_whole_map():
    layers = network(Conv(8), Head(5, pooled=False, penultimate=12)).layers(height=9, width=7)
    assert network_module(layers)(torch.randn(2, 3, 9, 7)).shape == (2, 5)
    assert [tuple(layer.input) for layer in layers[1:]] == [(8 * 9 * 7, 1, 1), (12, 1, 1)]


def own(*rows: Row) -> dict[str, int]:
    """The receptive field of every layer on the way a design's table shows it."""
    table = analysis.layer_table(network(*rows))
    return dict(zip(table["layer"], table["receptive_field"], strict=True))


def test_receptive_fields_pass_by_a_shortcuts_convolution():
    fields = own(Conv(8, s=2), BottleneckResidual(32, s=2, k=5), Conv(16, groups=4), Head(5))
    # conv 3 in steps of 2; the 5×5 adds 4 steps of 4 after the strided 1×1; the last 3×3 adds 2 steps of 4
    within = ["reduce", "conv", "expand", "shortcut"]
    assert [fields[f"residual2.{layer}"] for layer in within] == [3, 3 + 4 * 4, 3 + 4 * 4, 3]
    assert fields["conv3"] == 3 + 4 * 4 + 2 * 4


def test_a_formula_of_a_grouped_convolution_divides_the_channels():
    table = analysis.layer_table(network(Conv(32), Conv(64, s=2, groups=8), Head(5))).set_index("layer")
    assert table.loc["conv2", "formula"] == f"3·3·4·64·112·112 = {9 * 4 * 64 * 112**2:,}"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Conv(100, groups=8), "groups must divide c = 100, got 8"),
        (lambda: BottleneckResidual(100, groups=8), "groups must divide c / expansion = 25, got 8"),
        (lambda: BottleneckResidual(100, k=4), "k must be odd, got 4"),
        (lambda: Pool("max", k=3, padding=2), "padding must be at most half the window, 1, got 2"),
        (lambda: network(Conv(8)), "the last row must be a head"),
        (lambda: network(), "the last row must be a head"),
        (
            lambda: network(Conv(8, n=1999), Conv(8), Head(5)),
            "the repeats of all rows must be at most 2,000, got 2,001",
        ),
        (lambda: network(Head(5), Head(5)), "row 1: a head must be the last row"),
        (lambda: network(Dense(5), Head(5)), "row 2: a head after a dense row must have pooled off"),
        (
            lambda: network(Dense(5), Dropout(), Conv(4), Head(5)),
            "row 3: only dense, dropout and head rows can follow a dense row, got conv",
        ),
        (
            lambda: network(Conv(100), Dropout(), Conv(64, groups=8), Head(5)),
            "row 3: groups must divide the channels it reads = 100, got 8",
        ),
        (lambda: network(Conv(8, groups=2), Head(5)).layers(), "row 1: groups must divide in_channels = 3, got 2"),
        (
            lambda: network(Conv(8, s=16), Pool("max", k=15), Head(5)).layers(),
            "row 2: k must fit the map of 14×14, got 15 with padding 0",
        ),
        (
            lambda: network(Conv(8), Pool("max", k=20), Head(5)).layers(height=np.array([40, 17]), width=99),
            "row 2: k must fit the map of 17×99, got 20 with padding 0",
        ),
        (lambda: network(InvertedResidual(8), Head(5)).layers(), "row 1: t must be given where the network has none"),
    ],
)
def test_a_row_that_cannot_be_is_refused(make, message: str):
    with pytest.raises(ValueError) as error:  # noqa: PT011 the whole message is compared
        make()
    assert str(error.value) == message


def test_an_error_says_which_row_and_why():
    with pytest.raises(RowError) as error:
        network(Conv(8), Dense(5), Conv(4), Head(5))
    assert (error.value.number, error.value.reason.startswith("only dense")) == (3, True)
