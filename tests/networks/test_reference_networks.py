"""The reference networks are their papers' tables: maps, filters and parameters, stage by stage."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from analysis.networks.reference import REFERENCES
from analysis.networks.reference.nasnet import NORMAL, REDUCTION, SameConv, SamePool

pytestmark = pytest.mark.usefixtures("one_thread")

CLASSIFIERS = [name for name, reference in REFERENCES.items() if reference.task == "classification"]

# Krizhevsky, Sutskever, Hinton, NIPS 2012, section 3.5: kernels of each convolution, neurons of each layer
ALEXNET_KERNELS = [(96, 3, 11, 11), (256, 48, 5, 5), (384, 256, 3, 3), (384, 192, 3, 3), (256, 192, 3, 3)]
ALEXNET_NEURONS = [253_440, 186_624, 64_896, 64_896, 43_264, 4096, 4096, 1000]

ALEXNET_ORDER = "conv1 norm1 pool1 conv2 norm2 pool2 conv3 conv4 conv5 pool5"

# Szegedy and others, arXiv:1409.4842, Figure 3: what stands before the first inception module
GOOGLENET_STEM = "conv1 pool1 norm1 conv2 norm2 pool2"

# The same, Table 1: output size
GOOGLENET_TABLE_1 = {
    "conv1": (64, 112, 112),
    "pool1": (64, 56, 56),
    "conv2": (192, 56, 56),
    "pool2": (192, 28, 28),
    "inception3a": (256, 28, 28),
    "inception3b": (480, 28, 28),
    "pool3": (480, 14, 14),
    "inception4a": (512, 14, 14),
    "inception4b": (512, 14, 14),
    "inception4c": (512, 14, 14),
    "inception4d": (528, 14, 14),
    "inception4e": (832, 14, 14),
    "pool4": (832, 7, 7),
    "inception5a": (832, 7, 7),
    "inception5b": (1024, 7, 7),
}

# Iandola and others, arXiv:1602.07360, Table 1: output size, parameters before pruning
SQUEEZENET_TABLE_1 = {
    "features.conv1": ((96, 111, 111), 14_208),
    "features.maxpool1": ((96, 55, 55), 0),
    "features.fire2": ((128, 55, 55), 11_920),
    "features.fire3": ((128, 55, 55), 12_432),
    "features.fire4": ((256, 55, 55), 45_344),
    "features.maxpool4": ((256, 27, 27), 0),
    "features.fire5": ((256, 27, 27), 49_440),
    "features.fire6": ((384, 27, 27), 104_880),
    "features.fire7": ((384, 27, 27), 111_024),
    "features.fire8": ((512, 27, 27), 188_992),
    "features.maxpool8": ((512, 13, 13), 0),
    "features.fire9": ((512, 13, 13), 197_184),
    "classifier.conv10": ((1000, 13, 13), 513_000),
    "classifier.avgpool10": ((1000, 1, 1), 0),
}

# Zhang, Zhou, Lin, Sun, arXiv:1707.01083, Table 1: output side, channels of g = 3 at 1×, units
SHUFFLENET_TABLE_1 = {"stage2": (28, 240, 4), "stage3": (14, 480, 8), "stage4": (7, 960, 4)}

# Zoph and others, arXiv:1707.07012, Figure 2 (ImageNet): two reduction cells, then N normal cells between reductions
NASNET_FIGURE_2 = "reduction ×2, normal ×N, reduction, normal ×N, reduction, normal ×N"

# The same, Figure 4: operations of each cell's five pairs and the states they read (0 is h_i, 1 is h_i-1)
NASNET_FIGURE_4_NORMAL = "sep5 0 + sep3 1, sep5 1 + sep3 1, avg 0 + identity 1, avg 1 + avg 1, sep3 0 + identity 0"
NASNET_FIGURE_4_REDUCTION = "sep5 0 + sep7 1, max 0 + sep7 1, avg 0 + sep5 1, identity 3 + avg 2, sep3 2 + max 0"

# He and others, arXiv:1512.03385, Table 1, 50 layers: output side, output channels, blocks
RESNET_TABLE_1 = {
    "conv2_x": (56, 256, 3),
    "conv3_x": (28, 512, 4),
    "conv4_x": (14, 1024, 6),
    "conv5_x": (7, 2048, 3),
}

# Ioffe, Szegedy, arXiv:1502.03167, Figure 5: output size
INCEPTION_V2_FIGURE_5 = {
    "conv1": (64, 112, 112),
    "pool1": (64, 56, 56),
    "conv2": (192, 56, 56),
    "pool2": (192, 28, 28),
    "inception3a": (256, 28, 28),
    "inception3b": (320, 28, 28),
    "inception3c": (576, 14, 14),
    "inception4a": (576, 14, 14),
    "inception4b": (576, 14, 14),
    "inception4c": (576, 14, 14),
    "inception4d": (576, 14, 14),
    "inception4e": (1024, 7, 7),
    "inception5a": (1024, 7, 7),
    "inception5b": (1024, 7, 7),
}

# The authors' released Inception V3 (tensorflow/models, slim/nets/inception_v3.py): output size of every end point
INCEPTION_V3_END_POINTS = {
    "conv1": (32, 149, 149),
    "conv2": (32, 147, 147),
    "conv3": (64, 147, 147),
    "pool1": (64, 73, 73),
    "conv4": (80, 73, 73),
    "conv5": (192, 71, 71),
    "pool2": (192, 35, 35),
    "inception35_1": (256, 35, 35),
    "inception35_2": (288, 35, 35),
    "inception35_3": (288, 35, 35),
    "reduction17": (768, 17, 17),
    "inception17_1": (768, 17, 17),
    "inception17_2": (768, 17, 17),
    "inception17_3": (768, 17, 17),
    "inception17_4": (768, 17, 17),
    "reduction8": (1280, 8, 8),
    "inception8_1": (2048, 8, 8),
    "inception8_2": (2048, 8, 8),
}

# Chollet, arXiv:1610.02357, Figure 5: maps between the flows; section 4: convolutions of the feature extractor
XCEPTION_FIGURE_5 = {"entry": (728, 19, 19), "middle": (728, 19, 19), "exit": (2048, 10, 10)}
XCEPTION_CONVOLUTIONS = 36


def built(name: str) -> nn.Module:
    """The network without storage: wiring and shapes alone."""
    with torch.device("meta"):
        return REFERENCES[name].build()


def outputs(network: nn.Module, shape: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    """The output shape, without the batch, of every named module; and of the network as ``""``."""
    seen: dict[str, tuple[int, ...]] = {}
    for name, module in network.named_modules():
        module.register_forward_hook(lambda _, args, y, name=name: seen.update({name: tuple(y.shape[1:])}))
    network.eval()(torch.zeros(1, *shape, device="meta"))
    return seen


def params(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def of_type(network: nn.Module, kind: type[nn.Module]) -> dict[str, nn.Module]:
    return {name: module for name, module in network.named_modules() if isinstance(module, kind)}


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_a_reference_network_gives_a_thousand_logits_and_trains_every_parameter(name: str):
    network = built(name).train()
    logits = network(torch.zeros(2, *REFERENCES[name].input_shape, device="meta"))
    logits.sum().backward()
    assert logits.shape == (2, 1000)
    assert [key for key, parameter in network.named_parameters() if parameter.grad is None] == []


@pytest.mark.parametrize("name", [name for name in CLASSIFIERS if name != "alexnet"])
def test_a_reference_network_computes_finite_numbers_that_depend_on_the_image(name: str):
    torch.manual_seed(0)
    network = REFERENCES[name].build().eval()
    with torch.no_grad():
        logits = network(torch.randn(2, 3, 96, 96))
    assert torch.isfinite(logits).all()
    assert not torch.equal(logits[0], logits[1])


def test_alexnet_has_the_kernels_of_two_groups():
    network = built("alexnet")
    assert [tuple(conv.weight.shape) for conv in of_type(network, nn.Conv2d).values()] == ALEXNET_KERNELS


def test_alexnet_has_the_neurons_it_prints_but_in_the_first_layer():
    network = built("alexnet")
    shapes = outputs(network, (3, 227, 227))
    weighted = [*of_type(network, nn.Conv2d), *of_type(network, nn.Linear)]
    neurons = [torch.Size(shapes[name]).numel() for name in weighted]
    assert neurons[1:] == ALEXNET_NEURONS[1:]
    assert neurons[0] == 55 * 55 * 96 != ALEXNET_NEURONS[0]  # Figure 2 prints 55 × 55 × 48 a GPU: 290,400 in all


@pytest.mark.parametrize(("name", "order"), [("alexnet", ALEXNET_ORDER), ("googlenet", GOOGLENET_STEM)])
def test_response_normalisation_stands_where_it_was_published(name: str, order: str):
    layers = dict(built(name).features.named_children())
    norms = [key for key, layer in layers.items() if isinstance(layer, nn.LocalResponseNorm)]
    assert list(layers)[: len(order.split())] == order.split()
    assert norms == ["norm1", "norm2"]


def test_googlenet_has_the_maps_of_table_1():
    shapes = outputs(built("googlenet"), (3, 224, 224))
    assert {name: shapes[f"features.{name}"] for name in GOOGLENET_TABLE_1} == GOOGLENET_TABLE_1


def test_googlenet_as_published_has_5x5_branches_and_no_batch_norm():
    network = built("googlenet")
    kernels = [conv.kernel_size[0] for conv in of_type(network, nn.Conv2d).values()]
    assert {k: kernels.count(k) for k in kernels} == {7: 1, 1: 1 + 9 * 4, 3: 1 + 9, 5: 9}
    assert of_type(network, nn.BatchNorm2d) == {}


@pytest.mark.parametrize("name", SQUEEZENET_TABLE_1)
def test_squeezenet_is_table_1(name: str):
    network = built("squeezenet1_0")
    assert (outputs(network, (3, 227, 227))[name], params(network.get_submodule(name))) == SQUEEZENET_TABLE_1[name]


@pytest.mark.parametrize(("name", "scale"), [("shufflenet_1_5x", 1.5), ("shufflenet_2x", 2)])
def test_shufflenet_is_table_1_times_its_scale(name: str, scale: float):
    network = built(name)
    shapes = outputs(network, (3, 224, 224))
    assert (shapes["features.conv1"][1:], shapes["features.maxpool"][1:]) == ((112, 112), (56, 56))
    for stage, (side, channels, units) in SHUFFLENET_TABLE_1.items():
        assert shapes[f"features.{stage}"] == (channels * scale, side, side)
        assert len(network.get_submodule(f"features.{stage}")) == units


def test_every_pointwise_convolution_of_shufflenet_but_the_first_has_three_groups():
    convs = of_type(built("shufflenet_2x"), nn.Conv2d)
    groups = [conv.groups for conv in convs.values() if conv.kernel_size == (1, 1)]
    assert groups == [1] + [3] * (2 * (4 + 8 + 4) - 1)


def test_nasnet_has_the_cells_of_figure_2_with_n_of_4():
    cells = [name.rstrip("0123456789_") for name in built("nasnet_a_mobile").cells]
    kinds = ", ".join("reduction" if name == "stem" else name for name in cells)
    normal = ", ".join(["normal"] * 4)
    expected = NASNET_FIGURE_2.replace("reduction ×2", "reduction, reduction").replace("normal ×N", normal)
    assert kinds == expected


@pytest.mark.parametrize(
    ("pairs", "figure"), [(NORMAL, NASNET_FIGURE_4_NORMAL), (REDUCTION, NASNET_FIGURE_4_REDUCTION)]
)
def test_a_nasnet_cell_has_the_pairs_of_figure_4(pairs, figure: str):
    assert ", ".join("{} {} + {} {}".format(*pair) for pair in pairs) == figure


def test_nasnet_4_at_1056_halves_the_map_and_doubles_the_filters():
    shapes = outputs(built("nasnet_a_mobile"), (3, 224, 224))
    last = [shapes[f"cells.{name}"] for name in ("stem0", "stem1", "normal1_4", "normal2_4", "normal3_4")]
    assert last == [(44, 56, 56), (88, 28, 28), (264, 28, 28), (528, 14, 14), (1056, 7, 7)]


def test_a_reduction_cell_strides_on_its_inputs_alone():
    operations = built("nasnet_a_mobile").cells["reduction1"].operations
    strides = [max((m.stride[0] for m in of_type(op, SameConv).values()), default=None) for op in operations]
    pools = [op.stride if isinstance(op, SamePool) else None for op in operations]
    assert strides == [2, 2, None, 2, None, 2, None, None, 1, None]
    assert pools == [None, None, 2, None, 2, None, None, 1, None, 2]


def test_resnet_50_is_table_1():
    network = built("resnet50")
    shapes = outputs(network, (3, 224, 224))
    stages = {name: network.get_submodule(f"features.{name}") for name in RESNET_TABLE_1}
    sizes = {name: shapes[f"features.{name}"] for name in RESNET_TABLE_1}
    assert shapes["features.conv1"] == (64, 112, 112)
    assert {name: (sizes[name][1], sizes[name][0], len(stages[name])) for name in stages} == RESNET_TABLE_1


def test_the_shortcut_of_resnet_is_a_convolution_only_where_the_size_changes():
    shortcuts = {name: m for name, m in built("resnet50").named_modules() if name.endswith(".shortcut")}
    assert [name for name, m in shortcuts.items() if not isinstance(m, nn.Identity)] == [
        f"features.{stage}.0.shortcut" for stage in RESNET_TABLE_1
    ]


def test_resnet_strides_in_the_first_convolution_of_a_block():
    convs = of_type(built("resnet50"), nn.Conv2d)
    strided = [conv.kernel_size[0] for name, conv in convs.items() if conv.stride[0] == 2 and "shortcut" not in name]
    assert strided == [7, 1, 1, 1]


def test_inception_v2_has_the_maps_of_figure_5():
    shapes = outputs(built("inception_v2"), (3, 224, 224))
    assert {name: shapes[f"features.{name}"] for name in INCEPTION_V2_FIGURE_5} == INCEPTION_V2_FIGURE_5


def test_inception_v3_has_the_maps_of_its_released_network():
    shapes = outputs(built("inception_v3"), (3, 299, 299))
    assert {name: shapes[f"features.{name}"] for name in INCEPTION_V3_END_POINTS} == INCEPTION_V3_END_POINTS


def test_xception_has_the_maps_of_figure_5():
    shapes = outputs(built("xception"), (3, 299, 299))
    assert {name: shapes[name] for name in XCEPTION_FIGURE_5} == XCEPTION_FIGURE_5


def test_xception_has_36_convolutions_of_which_34_are_separable():
    convs = of_type(built("xception"), nn.Conv2d).items()
    kept = [conv for name, conv in convs if "shortcut" not in name]
    depthwise = [conv for conv in kept if conv.groups == conv.in_channels]
    assert (len(depthwise), len(kept) - len(depthwise)) == (XCEPTION_CONVOLUTIONS - 2, XCEPTION_CONVOLUTIONS)
