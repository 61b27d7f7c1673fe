"""Detection, segmentation and face networks: backbones of the catalogue with heads as published."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

import analysis
from analysis.networks.reference import REFERENCES, TASK_DESIGNS
from analysis.networks.reference.backbones import body, cut, designed, dilated
from analysis.networks.reference.deeplab import SCALES, DeepLabV3, MultiScale, scaled_side
from analysis.networks.reference.facenet import FaceNet, L2Pool
from analysis.networks.reference.faster_rcnn import CROP, FasterRCNN, ProposalNetwork, crops
from analysis.networks.reference.faster_rcnn import STAGES as FASTER_RCNN_STAGES
from analysis.networks.reference.inception_v3 import Auxiliary
from analysis.networks.reference.resnet import STAGES_101, resnet_features
from analysis.networks.reference.ssd import L2Norm, ssd

pytestmark = pytest.mark.usefixtures("one_thread")

TASKS = [name for name, reference in REFERENCES.items() if reference.task != "classification"]

# Liu and others, arXiv:1512.02325, section 3: boxes of an image
SSD_BOXES = {"ssd300_vgg16": 8732, "ssd512_vgg16": 24_564}

# Sides of the six maps at 300 and 320 px, three boxes a position of the first and six of the others
MOBILENET_BOXES = {300: 3 * 19**2 + 6 * (10**2 + 5**2 + 3**2 + 2**2 + 1), 320: 3 * 400 + 6 * (100 + 25 + 9 + 4 + 1)}

# Schroff and others, arXiv:1503.03832, Table 2: output size
FACENET_TABLE_2 = {
    "conv1": (64, 112, 112),
    "norm1": (64, 56, 56),
    "conv2": (192, 56, 56),
    "pool2": (192, 28, 28),
    "inception3a": (256, 28, 28),
    "inception3b": (320, 28, 28),
    "inception3c": (640, 14, 14),
    "inception4a": (640, 14, 14),
    "inception4b": (640, 14, 14),
    "inception4c": (640, 14, 14),
    "inception4d": (640, 14, 14),
    "inception4e": (1024, 7, 7),
    "inception5a": (1024, 7, 7),
    "inception5b": (1024, 7, 7),
}


def tensors(output: Tensor | tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return output if isinstance(output, tuple) else (output,)


def on_shapes(name: str) -> tuple[Tensor, ...]:
    """What the network puts out for one image, without values."""
    with torch.device("meta"), torch.no_grad():
        return tensors(REFERENCES[name].build().eval()(torch.zeros(1, *REFERENCES[name].input_shape)))


def random_eval(network: nn.Module) -> nn.Module:
    """The network with batch norms that do something."""
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d):
            nn.init.uniform_(layer.running_mean, -0.1, 0.1)
            nn.init.uniform_(layer.weight, 0.5, 1.5)
    return network.eval()


def params(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


@pytest.mark.parametrize("name", [name for name in TASKS if "multiscale" not in name])
def test_a_task_network_trains_every_parameter(name: str):
    network = REFERENCES[name].without_storage().train()
    outputs = tensors(network(torch.zeros(2, *REFERENCES[name].input_shape, device="meta")))
    sum(output.sum() for output in outputs).backward()
    assert [key for key, parameter in network.named_parameters() if parameter.grad is None] == []


@pytest.mark.parametrize("name", ["mobilenet_v1", "mobilenet_v2"])
def test_a_backbone_is_the_network_of_the_catalogue_less_its_head(name: str):
    whole = analysis.layer_table(name, resolution=300)
    kept = whole[~whole["layer"].str.startswith("head")]
    assert params(body(name, 300)) == kept["params"].sum()


@pytest.mark.parametrize("last", ["conv1", "bottleneck3_2", "bottleneck7_1.expand"])
def test_the_pieces_of_a_network_are_the_network(last: str):
    torch.manual_seed(0)
    whole, x = random_eval(body("mobilenet_v2", 64)), torch.randn(1, 3, 64, 64)
    with torch.no_grad():
        first, second = cut(whole, last)
        torch.testing.assert_close(second(first(x)), whole(x))


def test_a_block_with_a_shortcut_is_not_cut():
    with pytest.raises(ValueError, match=r"a block with a shortcut cannot be cut, got bottleneck3_2"):
        cut(body("mobilenet_v2", 64), "bottleneck3_2.expand")


def test_a_layer_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match=r"layers to cut after must be in the network, in order, got conv99"):
        cut(body("mobilenet_v2", 64), "conv99")


def narrow_resnet() -> nn.Module:
    """Two stages that halve, with shortcuts that do."""
    torch.manual_seed(0)
    return resnet_features({name: (width, 2) for name, (width, _) in STAGES_101.items()})


@pytest.mark.parametrize("output_stride", [8, 16])
@pytest.mark.parametrize("made", [lambda: body("mobilenet_v1", 97), lambda: body("mobilenet_v2", 97), narrow_resnet])
def test_a_dilated_network_computes_every_pixel_of_the_strided_one(made, output_stride: int):
    torch.manual_seed(0)
    strided = random_eval(made())
    dense = made().eval()
    dense.load_state_dict(strided.state_dict())
    x = torch.randn(1, 3, 97, 97)
    with torch.no_grad():
        fine, coarse = dilated(dense, output_stride)(x), strided(x)
    step = 32 // output_stride
    assert (fine.shape[-1], coarse.shape[-1]) == (-(-97 // output_stride), 4)
    torch.testing.assert_close(fine[:, :, ::step, ::step], coarse, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("name", SSD_BOXES)
def test_ssd_has_the_boxes_its_paper_prints(name: str):
    boxes, _ = on_shapes(name)
    assert boxes.shape == (1, SSD_BOXES[name], 4)


@pytest.mark.parametrize("name", [name for name in TASKS if name.startswith("ssd") and "vgg16" not in name])
def test_ssd_on_other_backbones_has_six_maps(name: str):
    boxes, scores = on_shapes(name)
    size = REFERENCES[name].input_shape[-1]
    assert boxes.shape == (1, MOBILENET_BOXES[size], 4)
    assert scores.shape == (1, MOBILENET_BOXES[size], 91 if size == 300 else 81)


def test_ssdlite_has_no_full_3x3_convolution_behind_its_backbone():
    network = REFERENCES["ssdlite320_mobilenet_v2"].without_storage()
    behind = [m for part in (network.extras, network.predictors) for m in part.modules() if isinstance(m, nn.Conv2d)]
    kinds = {(conv.kernel_size, conv.groups == conv.in_channels) for conv in behind}
    assert kinds == {((1, 1), False), ((3, 3), True)}


def test_a_predictor_lists_boxes_position_by_position():
    torch.manual_seed(0)
    network = ssd(backbone="mobilenet_v1", outputs=5).eval()
    maps = torch.zeros(1, 512, 2, 3)
    maps[0, :, 1, 2] = 1  # the last of six positions
    with torch.no_grad():
        boxes, scores = network.predictors[0](maps)
    assert (boxes.shape, scores.shape) == ((1, 18, 4), (1, 18, 5))
    torch.testing.assert_close(scores[0, :15], scores[0, :3].repeat(5, 1))
    assert not torch.equal(scores[0, 15:], scores[0, :3])


def test_the_norm_of_conv4_3_is_one_times_its_scale():
    x = torch.rand(1, 3, 2, 2)
    torch.testing.assert_close(L2Norm(3)(x).norm(dim=1), torch.full((1, 2, 2), 20.0))


@pytest.mark.parametrize("name", [name for name in TASKS if name.startswith("faster_rcnn")])
def test_faster_rcnn_classifies_300_proposals(name: str):
    boxes, scores, proposals, _ = on_shapes(name)
    assert (boxes.shape, scores.shape, proposals.shape) == ((300, 360), (300, 91), (1, 300, 4))


def test_the_crop_of_the_whole_image_is_the_map_resampled():
    ramp = torch.linspace(0, 1, 27)
    maps = torch.stack([ramp.expand(27, 27), ramp[:, None].expand(27, 27)])[None]
    whole, left = crops(maps, torch.tensor([[[0, 0, 1, 1], [0, 0, 0.5, 1.0]]]))
    across = torch.linspace(0, 1, CROP)
    torch.testing.assert_close(whole, torch.stack([across.expand(CROP, CROP), across[:, None].expand(CROP, CROP)]))
    torch.testing.assert_close(left[0, 0], across / 2)


def test_a_crop_is_of_its_own_image():
    maps = torch.stack([torch.zeros(1, 9, 9), torch.ones(1, 9, 9)])
    made = crops(maps, torch.tensor([[[0, 0, 1, 1.0]] * 2] * 2))
    assert made.flatten(1).mean(dim=1).tolist() == [0, 0, 1, 1]


def test_proposals_are_the_boxes_of_the_highest_scores():
    torch.manual_seed(0)
    network, maps = ProposalNetwork(4, proposals=5), torch.randn(1, 4, 3, 3)
    with torch.no_grad():
        proposals, scores = network(maps)
        boxes = network.boxes(network.conv(maps)).permute(0, 2, 3, 1).reshape(1, -1, 4).sigmoid()
    objectness = (scores[..., 1] - scores[..., 0]).sort(descending=True).indices[0, :5]
    assert (proposals.shape, scores.shape) == ((1, 5, 4), (1, 3 * 3 * 12, 2))
    torch.testing.assert_close(proposals[0], boxes[0, objectness])


def test_faster_rcnn_depends_on_its_image():
    torch.manual_seed(0)
    network = FasterRCNN(FASTER_RCNN_STAGES["mobilenet_v1"](96), proposals=2)  # training: else all but nothing is left
    with torch.no_grad():
        _, scores, _, _ = network(torch.randn(2, 3, 96, 96))
    assert torch.isfinite(scores).all()
    assert not torch.equal(scores[:2], scores[2:])


@pytest.mark.parametrize("name", [name for name in TASKS if name.startswith("deeplab") and "os8" not in name])
def test_deeplab_labels_every_pixel_from_a_map_of_33(name: str):
    network = REFERENCES[name].without_storage().eval()
    with torch.no_grad():
        assert network.features(torch.zeros(1, 3, 513, 513, device="meta")).shape[-2:] == (33, 33)
    assert on_shapes(name)[0].shape == (1, 21, 513, 513)


def test_the_scales_of_an_image_of_513():
    assert [scaled_side(513, scale) for scale in SCALES] == [257, 385, 513, 641, 769, 897]


def test_several_scales_give_probabilities_that_follow_the_mirrored_image():
    torch.manual_seed(0)
    network = MultiScale(DeepLabV3(nn.AvgPool2d(4), 3, output_stride=16, aspp=False)).eval()
    x = torch.randn(1, 3, 33, 33)
    with torch.no_grad():
        seen, mirrored = network(x), network(x.flip(-1))
    torch.testing.assert_close(seen.sum(dim=1), torch.ones(1, 33, 33))
    torch.testing.assert_close(mirrored.flip(-1), seen, rtol=1e-4, atol=1e-5)


def test_facenet_has_the_maps_of_table_2():
    network = REFERENCES["facenet_nn2"].without_storage().eval()
    x, sizes = torch.zeros(1, 3, 224, 224, device="meta"), {}
    for name, layer in network.features.named_children():
        x = layer(x)
        sizes[name] = tuple(x.shape[1:])
    assert {name: sizes[name] for name in FACENET_TABLE_2} == FACENET_TABLE_2


def test_an_embedding_has_length_one():
    torch.manual_seed(0)
    with torch.no_grad():
        made = FaceNet().eval()(torch.randn(2, 3, 96, 96))
    torch.testing.assert_close(made.norm(dim=1), torch.ones(2))
    assert not torch.equal(made[0], made[1])


def test_the_l2_pool_is_the_root_of_the_mean_square():
    torch.testing.assert_close(L2Pool()(torch.full((1, 1, 4, 4), -3.0)), torch.full((1, 1, 4, 4), 3.0))


def test_the_auxiliary_classifier_has_the_parameters_others_count():
    with torch.device("meta"):
        assert params(Auxiliary(768, 1000)) == 27_161_264 - 23_834_568  # torchvision, inception_v3, with and without


@pytest.mark.parametrize("name", TASK_DESIGNS)
def test_a_task_design_is_a_design_of_the_catalogue_and_is_built_from_it(name: str):
    task = TASK_DESIGNS[name]
    whole = analysis.totals(task.design())
    last = 0 if task.classes is not None else round(1024 * task.alpha) + 1
    with torch.device("meta"):
        assert params(designed(name)) == whole.params - last
    assert task.source.startswith("arXiv:1704.04861v1, ")
