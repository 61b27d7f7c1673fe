"""The built module: the published network's parameters, trainable, exportable."""

from __future__ import annotations

import io

import pytest
import torch
from torch import nn

import analysis
from analysis.networks import CATALOGUE

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


def full_conv_shapes() -> list[tuple[int, ...]]:
    sizes = [3, 32, *V1_CHANNELS]
    shapes = [shape for m, c in zip(sizes, sizes[1:], strict=False) for shape in conv_bn((c, m, 3, 3))]  # noqa: RUF007
    return [*shapes, (1000, 1024), (1000,)]


def parameter_shapes(module: nn.Module) -> list[tuple[int, ...]]:
    return [tuple(parameter.shape) for parameter in module.parameters()]


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


def test_strides_of_v2_are_the_tables():
    strides = [module.stride[0] for module in analysis.build("mobilenet_v2").modules() if isinstance(module, nn.Conv2d)]
    expected = [2]
    for t, _, n, s in V2_BOTTLENECKS:
        for stride in [s] + [1] * (n - 1):
            expected += [1] * (t != 1) + [stride, 1]
    assert strides == [*expected, 1]


@pytest.mark.parametrize("network", CATALOGUE)
def test_every_convolution_but_the_linear_ones_is_followed_by_batch_norm_and_relu6(network: str):
    leaves = [m for m in analysis.build(network).modules() if isinstance(m, (nn.Conv2d, nn.BatchNorm2d, nn.ReLU6))]
    for index, leaf in enumerate(leaves):
        if isinstance(leaf, nn.Conv2d):
            assert isinstance(leaves[index + 1], nn.BatchNorm2d)
    projections = sum(name.endswith("project.conv") for name, _ in analysis.build(network).named_modules())
    convolutions = sum(isinstance(leaf, nn.Conv2d) for leaf in leaves)
    assert sum(isinstance(leaf, nn.ReLU6) for leaf in leaves) == convolutions - projections


@pytest.mark.parametrize("network", CATALOGUE)
def test_a_step_of_training_lowers_the_loss_and_moves_every_parameter(network: str):
    torch.manual_seed(0)
    module = analysis.build(network, alpha=0.25, classes=5, resolution=64).train()
    images, labels = torch.randn(8, 3, 64, 64), torch.arange(8) % 5
    optimizer = torch.optim.SGD(module.parameters(), lr=0.02)
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


def test_submodules_are_named_as_the_layers():
    names = dict(analysis.build("mobilenet_v2", t=4).named_modules())
    assert [layer for layer in analysis.layer_table("mobilenet_v2", t=4)["layer"] if layer not in names] == []


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


@pytest.mark.parametrize(("network", "t"), [("mobilenet_v2", 2), ("mobilenet_v1_shallow", None)])
def test_it_exports_to_onnx(network: str, t: float | None, tmp_path):
    onnx = pytest.importorskip("onnx")
    pytest.importorskip("onnxscript")
    module = analysis.build(network, alpha=0.25, t=t, resolution=(32, 48), classes=5).eval()
    path = tmp_path / "network.onnx"
    torch.onnx.export(module, (torch.zeros(1, 3, 32, 48),), path, verbose=False)
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    convolutions = sum(isinstance(leaf, nn.Conv2d) for leaf in module.modules())
    assert sum(node.op_type == "Conv" for node in model.graph.node) == convolutions
    assert [side.dim_value for side in model.graph.output[0].type.tensor_type.shape.dim] == [1, 5]
