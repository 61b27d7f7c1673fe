"""The built module: the published network's parameters, trainable, exportable."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
import torch
from torch import nn

import analysis
from analysis.networks import CATALOGUE, TRUNCATED, Network
from analysis.networks.modules import network_module
from analysis.networks.rows import Conv, Head, Pool, Row

# arXiv:1801.04381, Table 2: t, c, n, s of the bottlenecks
V2_BOTTLENECKS = [
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
]
# arXiv:1704.04861, Table 1: channels after each depthwise separable convolution
V1_CHANNELS = [64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024]
# arXiv:1905.02244, Tables 1 and 2: kernel, exp size, out, whether SE, of the bottlenecks
V3_LARGE_BOTTLENECKS = [
    (3, 16, 16, False),
    (3, 64, 24, False),
    (3, 72, 24, False),
    (5, 72, 40, True),
    (5, 120, 40, True),
    (5, 120, 40, True),
    (3, 240, 80, False),
    (3, 200, 80, False),
    (3, 184, 80, False),
    (3, 184, 80, False),
    (3, 480, 112, True),
    (3, 672, 112, True),
    (5, 672, 160, True),
    (5, 960, 160, True),
    (5, 960, 160, True),
]
V3_SMALL_BOTTLENECKS = [
    (3, 16, 16, True),
    (3, 72, 24, False),
    (3, 88, 24, False),
    (5, 96, 40, True),
    (5, 240, 40, True),
    (5, 240, 40, True),
    (5, 120, 48, True),
    (5, 144, 48, True),
    (5, 288, 96, True),
    (5, 576, 96, True),
    (5, 576, 96, True),
]
# the authors' code of MnasNet-A1: repeats, kernel, expansion, out, whether SE
MNASNET_BLOCKS = [
    (1, 3, 1, 16, False),
    (2, 3, 6, 24, False),
    (3, 5, 3, 40, True),
    (4, 3, 6, 80, False),
    (2, 3, 6, 112, True),
    (3, 5, 6, 160, True),
    (1, 3, 6, 320, False),
]


def multiple_of_8(width: float) -> int:
    channels = max(8, int(width + 4) // 8 * 8)
    return channels + 8 if channels < 0.9 * width else channels


def conv_bn(shape: tuple[int, int, int, int]) -> list[tuple[int, ...]]:
    """A convolution's weight, then batch norm's scale and shift."""
    return [shape, (shape[0],), (shape[0],)]


def v2_shapes(alpha: float, t_of_the_rest: float, in_channels: int, classes: int) -> list[tuple[int, ...]]:
    m = multiple_of_8(32 * alpha)
    shapes = conv_bn((m, in_channels, 3, 3))
    for t, c, n, _ in V2_BOTTLENECKS:
        t, c = (t_of_the_rest if t == 6 else t), multiple_of_8(c * alpha)
        for _ in range(n):
            hidden = round(m * t)
            shapes += conv_bn((hidden, m, 1, 1)) if t != 1 else []
            shapes += conv_bn((hidden, 1, 3, 3)) + conv_bn((c, hidden, 1, 1))
            m = c
    last = multiple_of_8(1280 * max(1.0, alpha))
    return shapes + conv_bn((last, m, 1, 1)) + [(classes, last), (classes,)]


def v1_shapes(alpha: float, in_channels: int, classes: int, channels: list[int]) -> list[tuple[int, ...]]:
    m = max(int(32 * alpha), 8)
    shapes = conv_bn((m, in_channels, 3, 3))
    for c in (max(int(c * alpha), 8) for c in channels):
        shapes += conv_bn((m, 1, 3, 3)) + conv_bn((c, m, 1, 1))
        m = c
    return [*shapes, (classes, m), (classes,)]


def squeeze_excite(hidden: int, width: int) -> list[tuple[int, ...]]:
    """Weight and bias there and back."""
    return [(width, hidden), (width,), (hidden, width), (hidden,)]


def v3_shapes(alpha: float, classes: int, bottlenecks: list, last: int, penultimate: int) -> list[tuple[int, ...]]:
    published, m = 16, multiple_of_8(16 * alpha)
    shapes = conv_bn((m, 3, 3, 3))
    for k, exp, c, se in bottlenecks:
        hidden = m if exp == published else multiple_of_8(m * exp / published)
        shapes += conv_bn((hidden, m, 1, 1)) if exp != published else []
        shapes += conv_bn((hidden, 1, k, k))
        shapes += squeeze_excite(hidden, multiple_of_8(hidden / 4)) if se else []
        published, m = c, multiple_of_8(c * alpha)
        shapes += conv_bn((m, hidden, 1, 1))
    last, penultimate = multiple_of_8(last * alpha), multiple_of_8(penultimate * max(1.0, alpha))
    return [*shapes, *conv_bn((last, m, 1, 1)), (penultimate, last), (penultimate,), (classes, penultimate), (classes,)]


def mnasnet_shapes(alpha: float, classes: int) -> list[tuple[int, ...]]:
    m = multiple_of_8(32 * alpha)
    shapes = conv_bn((m, 3, 3, 3))
    for n, k, t, c, se in MNASNET_BLOCKS:
        for _ in range(n):
            shapes += conv_bn((m * t, m, 1, 1)) if t != 1 else []
            shapes += conv_bn((m * t, 1, k, k))
            shapes += squeeze_excite(m * t, max(1, m // 4)) if se else []
            shapes += conv_bn((multiple_of_8(c * alpha), m * t, 1, 1))
            m = multiple_of_8(c * alpha)
    return [*shapes, *conv_bn((1280, m, 1, 1)), (classes, 1280), (classes,)]


def full_conv_shapes() -> list[tuple[int, ...]]:
    sizes = [3, 32, *V1_CHANNELS]
    shapes = [shape for m, c in zip(sizes, sizes[1:], strict=False) for shape in conv_bn((c, m, 3, 3))]  # noqa: RUF007
    return [*shapes, (1000, 1024), (1000,)]


def plain_shapes(sizes: list[int], channels: int, flat: int, dense: list[int], classes: int) -> list[tuple[int, ...]]:
    """3×3 convolutions, then fully connected layers from ``flat`` pixels a channel, all with bias."""
    sizes, units = [channels, *sizes], [flat * sizes[-1], *dense, classes]
    shapes = [(c, m, 3, 3) for m, c in pairwise(sizes)] + [(out, into) for into, out in pairwise(units)]
    return [part for shape in shapes for part in (shape, shape[:1])]


def parameter_shapes(module: nn.Module) -> list[tuple[int, ...]]:
    return [tuple(parameter.shape) for parameter in module.parameters()]


def on_meta(network: str) -> nn.Module:
    """The network as published, with shapes and no memory."""
    with torch.device("meta"):
        return network_module(analysis.make_design(network).layers())


@pytest.mark.parametrize(
    ("alpha", "t", "in_channels", "classes"),
    [(1.0, 6, 3, 1000), (0.35, 6, 3, 1000), (1.4, 6, 3, 1001), (0.75, 2.5, 1, 7), (0.5, 1, 4, 10), (0.6, 0.3, 3, 2)],
)
def test_v2_parameter_shapes_are_the_published_networks_in_order(alpha, t, in_channels, classes):
    module = analysis.build("mobilenet_v2", alpha=alpha, t=t, in_channels=in_channels, classes=classes)
    assert parameter_shapes(module) == v2_shapes(alpha, t, in_channels, classes)


@pytest.mark.parametrize(
    ("alpha", "in_channels", "classes"), [(1.0, 3, 1000), (0.25, 3, 1000), (0.33, 1, 7), (1.7, 5, 20)]
)
def test_v1_parameter_shapes_are_the_published_networks_in_order(alpha, in_channels, classes):
    module = analysis.build("mobilenet_v1", alpha=alpha, in_channels=in_channels, classes=classes)
    assert parameter_shapes(module) == v1_shapes(alpha, in_channels, classes, V1_CHANNELS)


def test_shallow_v1_parameter_shapes():
    shallow = V1_CHANNELS[:6] + V1_CHANNELS[11:]
    assert parameter_shapes(analysis.build("mobilenet_v1_shallow")) == v1_shapes(1.0, 3, 1000, shallow)


def test_full_conv_v1_parameter_shapes():
    assert parameter_shapes(analysis.build("mobilenet_v1_full_conv")) == full_conv_shapes()


@pytest.mark.parametrize(("alpha", "classes"), [(1.0, 1000), (0.75, 1001), (0.35, 7), (1.25, 10)])
def test_v3_parameter_shapes_are_the_published_networks_in_order(alpha, classes):
    large = analysis.build("mobilenet_v3_large", alpha=alpha, classes=classes)
    small = analysis.build("mobilenet_v3_small", alpha=alpha, classes=classes)
    assert parameter_shapes(large) == v3_shapes(alpha, classes, V3_LARGE_BOTTLENECKS, 960, 1280)
    assert parameter_shapes(small) == v3_shapes(alpha, classes, V3_SMALL_BOTTLENECKS, 576, 1024)


@pytest.mark.parametrize(("alpha", "classes"), [(1.0, 1000), (0.35, 1000), (0.5, 7), (1.4, 10)])
def test_mnasnet_parameter_shapes_are_the_published_networks_in_order(alpha, classes):
    assert parameter_shapes(analysis.build("mnasnet_a1", alpha=alpha, classes=classes)) == mnasnet_shapes(
        alpha, classes
    )


def test_plain_networks_parameter_shapes_in_order():
    vgg = [64, 64, 128, 128, *[256] * 3, *[512] * 6]
    assert parameter_shapes(on_meta("vgg16")) == plain_shapes(vgg, 3, 7 * 7, [4096, 4096], 1000)
    lenet = analysis.build("pd_lenet", classes=7)
    assert parameter_shapes(lenet) == plain_shapes([32, 64, 128, 256], 1, 3 * 7, [64, 32], 7)


@pytest.mark.parametrize(("of", "function"), [("max", nn.functional.max_pool2d), ("average", nn.functional.avg_pool2d)])
def test_a_pool_takes_the_maximum_or_the_mean_of_each_window(of: str, function):
    network = plain_network(Pool(of, k=3, s=2))
    layers = network.layers(height=21, width=34)
    module, x = network_module(layers).eval(), torch.randn(2, 3, 21, 34)
    pooled = module[:2](x)
    assert torch.equal(pooled, function(module[0](x), 3, 2))
    assert tuple(layers[1].output) == tuple(pooled.shape[1:]) == (8, 10, 16)
    assert module(x).shape == (2, 5)


def plain_network(*rows: Row) -> Network:
    """A convolution, some rows, and a classifier on the whole map."""
    first, last = Conv(8, activation="relu", batch_norm=False), Head(5, pooled=False)
    return Network(name="plain", label="Plain", source="", rounding=TRUNCATED, rows=(first, *rows, last))


def test_strides_of_v2_are_the_tables():
    strides = [module.stride[0] for module in analysis.build("mobilenet_v2").modules() if isinstance(module, nn.Conv2d)]
    expected = [2]
    for t, _, n, s in V2_BOTTLENECKS:
        for stride in [s] + [1] * (n - 1):
            expected += [1] * (t != 1) + [stride, 1]
    assert strides == [*expected, 1]


WEIGHTED = (nn.Conv2d, nn.Linear)
RELU6, RELU, SWISH = [nn.ReLU6], [nn.ReLU], [nn.Hardswish]
# the activation of every convolution but the linear projections, in order; V3 as the column NL of its tables
NONLINEARITIES = {
    "mobilenet_v1": 27 * RELU6,
    "mobilenet_v1_full_conv": 14 * RELU6,
    "mobilenet_v1_shallow": 17 * RELU6,
    "mobilenet_v2": 35 * RELU6,
    "mobilenet_v3_large": SWISH + (1 + 5 * 2) * RELU + 9 * 2 * SWISH + SWISH,
    "mobilenet_v3_small": SWISH + (1 + 2 * 2) * RELU + 8 * 2 * SWISH + SWISH,
    "mnasnet_a1": 33 * RELU,
    "pd_light": 19 * RELU6,
}
PLAIN = {"vgg16": 15, "pd_lenet": 6}  # convolutions and hidden dense layers


@pytest.mark.parametrize("network", PLAIN)
def test_a_plain_network_has_biases_no_batch_norm_and_relu_after_all_but_the_last(network: str):
    weighted = [(name, leaf) for name, leaf in on_meta(network).named_modules() if isinstance(leaf, WEIGHTED)]
    assert all(leaf.bias is not None for _, leaf in weighted)
    last = {name: list(on_meta(network).get_submodule(name.rpartition(".")[0]))[-1] for name, _ in weighted}
    assert [type(leaf) for leaf in last.values()] == PLAIN[network] * RELU + [nn.Linear]
    assert not any(isinstance(leaf, nn.BatchNorm2d) for leaf in on_meta(network).modules())


@pytest.mark.parametrize("network", NONLINEARITIES)
def test_every_convolution_has_batch_norm_and_all_but_the_linear_ones_their_activation(network: str):
    found = []
    for name, module in analysis.build(network).named_modules():
        if isinstance(module, nn.Sequential) and hasattr(module, "conv"):
            assert isinstance(module.bn, nn.BatchNorm2d)
            activations = [type(leaf) for leaf in list(module.children())[2:]]
            assert len(activations) == (not name.endswith("project"))
            found += activations
    assert found == NONLINEARITIES[network]


# a narrower squeeze, of 2 channels, may be dead from the start, as units without batch norm may
TRAINED_ALPHA = {"mnasnet_a1": 1.0, "pd_lenet": 1.0}
# torch's own first weights let almost nothing through 16 layers without batch norm
HE_WEIGHTS = ("vgg16", "pd_lenet")


@pytest.mark.parametrize("network", CATALOGUE)
def test_a_step_of_training_lowers_the_loss_and_moves_every_parameter(network: str):
    torch.manual_seed(0)
    module = analysis.build(network, alpha=TRAINED_ALPHA.get(network, 0.25), classes=5, in_channels=3, resolution=64)
    for leaf in module.train().modules():
        if network in HE_WEIGHTS and isinstance(leaf, WEIGHTED):
            nn.init.kaiming_normal_(leaf.weight, nonlinearity="relu")
    images, labels = torch.randn(8, 3, 64, 64), torch.arange(8) % 5
    optimizer = torch.optim.SGD(module.parameters(), lr=0.002 if network in HE_WEIGHTS else 0.02)
    losses = []
    for _ in range(8):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(module(images), labels)
        loss.backward()
        losses.append(loss.item())
        assert all(bool(torch.isfinite(p.grad).all()) and bool(p.grad.any()) for p in module.parameters())
        optimizer.step()
    assert losses[-1] < losses[0]


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("shape", [(2, 3, 64, 64), (2, 3, 33, 97), (3, 1, 60, 120), (2, 16, 130, 40)])
@pytest.mark.parametrize("network", CATALOGUE)
def test_forward_maps_images_to_classes(network: str, shape: tuple[int, ...], training: bool):
    module = analysis.build(network, alpha=0.1, in_channels=shape[1], classes=7, resolution=shape[2:]).train(training)
    assert module(torch.randn(shape)).shape == (shape[0], 7)


def test_the_shortcut_adds_the_blocks_input():
    module = analysis.build("mobilenet_v2", alpha=0.5).eval()
    block = module.get_submodule("bottleneck3_2")
    x = torch.randn(1, 16, 8, 8)
    straight = nn.Sequential(*block.children())(x)
    assert torch.allclose(block(x), x + straight)


def test_the_shortcut_survives_the_activations_written_in_place():
    block = analysis.build("mobilenet_v2", alpha=0.5).eval().get_submodule("bottleneck3_2")
    x = torch.randn(1, 16, 8, 8)
    before = x.clone()
    block(x)
    assert torch.equal(x, before)


@pytest.mark.parametrize(
    ("network", "gate", "block"),
    [("mobilenet_v3_large", nn.functional.hardsigmoid, "bottleneck6"), ("mnasnet_a1", torch.sigmoid, "bottleneck4_2")],
)
def test_a_branch_scales_each_channel_by_its_gate(network: str, gate, block: str):
    branch = analysis.build(network, alpha=0.5).eval().get_submodule(block).se
    x = torch.randn(2, branch.expand.linear.out_features, 5, 7)
    pooled, reduce, expand = x.mean((2, 3)), branch.reduce.linear, branch.expand.linear
    inside = (pooled @ reduce.weight.T + reduce.bias).clamp(min=0)
    gates = gate(inside @ expand.weight.T + expand.bias)
    assert torch.allclose(branch(x), x * gates.reshape(2, -1, 1, 1), atol=1e-6)


@pytest.mark.parametrize(("network", "t"), [("mobilenet_v2", 4), ("mobilenet_v3_small", None), ("mnasnet_a1", None)])
def test_submodules_are_named_as_the_layers(network: str, t: float | None):
    names = dict(analysis.build(network, t=t).named_modules())
    assert [layer for layer in analysis.layer_table(network, t=t)["layer"] if layer not in names] == []


def test_the_stored_weights_are_parameters_running_statistics_and_little_else():
    buffer = io.BytesIO()
    torch.save(analysis.build("mobilenet_v2").state_dict(), buffer)
    values = 3_504_872 + 34_112  # parameters, and a running mean and variance for each batch-norm scale and shift
    assert 4 * values < buffer.getbuffer().nbytes < 4 * values * 1.02


def test_state_moves_between_two_builds_of_one_design():
    options = {"alpha": 0.25, "t": 3, "classes": 4}
    one, other = analysis.build("mobilenet_v2", **options).eval(), analysis.build("mobilenet_v2", **options).eval()
    other.load_state_dict(one.state_dict())
    x = torch.randn(1, 3, 40, 40)
    assert torch.equal(one(x), other(x))


@pytest.mark.parametrize(
    ("network", "t"),
    [
        *[("mobilenet_v2", 2), ("mobilenet_v1_shallow", None), ("mobilenet_v3_small", None)],
        *[("vgg16", None), ("pd_lenet", None), ("pd_light", 3)],
    ],
)
def test_it_exports_to_onnx(network: str, t: float | None, tmp_path):
    onnx = pytest.importorskip("onnx")
    pytest.importorskip("onnxscript")
    module = analysis.build(network, alpha=0.25, t=t, resolution=(32, 48), classes=5, in_channels=3).eval()
    path = tmp_path / "network.onnx"
    torch.onnx.export(module, (torch.zeros(1, 3, 32, 48),), path, verbose=False)
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    convolutions = sum(isinstance(leaf, nn.Conv2d) for leaf in module.modules())
    assert sum(node.op_type == "Conv" for node in model.graph.node) == convolutions
    pools = sum(isinstance(leaf, nn.MaxPool2d) for leaf in module.modules())
    assert sum(node.op_type == "MaxPool" for node in model.graph.node) == pools
    assert [side.dim_value for side in model.graph.output[0].type.tensor_type.shape.dim] == [1, 5]
