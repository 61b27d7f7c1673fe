"""Faster-RCNN (arXiv:1506.01497), its two stages on three backbones as in arXiv:1611.10012."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn

from analysis.networks.reference.backbones import body, cut
from analysis.networks.reference.inception_v2 import InceptionV2

ANCHORS = 12
"""Boxes at each position: four scales and three aspect ratios."""

PROPOSALS = 300
"""Boxes of an image that the second stage classifies (arXiv:1704.04861v1, section 4.6)."""

CROP = 14
"""Side of the map that is cut out for a proposal, by bilinear sampling."""

RPN_CHANNELS = 512


class Stages(NamedTuple):
    """A backbone up to output stride 16, and what follows on the crop of a proposal: → [N, width]."""

    first: nn.Module
    channels: int
    second: nn.Module
    width: int


class ProposalNetwork(nn.Module):
    """[N, C, H, W] → the best boxes of each image, [N, proposals, 4] as left, top, right, bottom in 0 … 1.

    Beside them the two scores, background and object, of every box there is: [N, H · W · ANCHORS, 2].
    """

    def __init__(self, channels: int, proposals: int) -> None:
        super().__init__()
        self.conv = nn.Sequential(nn.Conv2d(channels, RPN_CHANNELS, 3, padding=1), nn.ReLU(inplace=True))
        self.objectness = nn.Conv2d(RPN_CHANNELS, 2 * ANCHORS, 1)
        self.boxes = nn.Conv2d(RPN_CHANNELS, 4 * ANCHORS, 1)
        self.proposals = proposals

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        shared = self.conv(x)
        scores = self.objectness(shared).permute(0, 2, 3, 1).reshape(x.shape[0], -1, 2)
        boxes = self.boxes(shared).permute(0, 2, 3, 1).reshape(x.shape[0], -1, 4).sigmoid()
        best = (scores[..., 1] - scores[..., 0]).topk(self.proposals).indices
        return boxes.gather(1, best[..., None].expand(-1, -1, 4)), scores


class FasterRCNN(nn.Module):
    """[N, 3, H, W] → boxes and scores of each proposal, [N · P, 360] and [N · P, 91], and what the first stage gives.

    Choices: 90 classes and the background, as COCO's label numbers; a box for each class; the proposals are the boxes
    of the highest scores. Suppression of overlapping boxes is left out, and a proposal's box is the sigmoid of four
    outputs instead of an offset from its anchor: neither costs a Mult-Add.
    """

    def __init__(self, stages: Stages, *, outputs: int = 91, proposals: int = PROPOSALS) -> None:
        super().__init__()
        self.first = stages.first
        self.rpn = ProposalNetwork(stages.channels, proposals)
        self.second = stages.second
        self.boxes = nn.Linear(stages.width, 4 * (outputs - 1))
        self.scores = nn.Linear(stages.width, outputs)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        maps = self.first(x)
        proposals, objectness = self.rpn(maps)
        features = self.second(crops(maps, proposals))
        return self.boxes(features), self.scores(features), proposals, objectness


def crops(maps: Tensor, boxes: Tensor) -> Tensor:
    """Each box's part of its image's map, resampled: [N, C, H, W], [N, P, 4] → [N · P, C, CROP, CROP]."""
    images, proposals = boxes.shape[:2]
    steps = torch.linspace(0, 1, CROP, device=maps.device)
    left, top, right, bottom = boxes[..., None].unbind(2)
    across, down = left + (right - left) * steps, top + (bottom - top) * steps  # [N, P, CROP], in 0 … 1
    shape = (images, proposals, CROP, CROP)
    grid = torch.stack([across[:, :, None].expand(shape), down[:, :, :, None].expand(shape)], dim=-1)
    sampled = nn.functional.grid_sample(maps, 2 * grid.flatten(1, 2) - 1, align_corners=True)
    apart = sampled.reshape(images, maps.shape[1], proposals, CROP, CROP)
    return apart.transpose(1, 2).flatten(0, 1)


def faster_rcnn(*, backbone: str, size: int) -> FasterRCNN:
    """Faster-RCNN on ``vgg16``, ``inception_v2`` or ``mobilenet_v1``, for images of ``size`` px."""
    return FasterRCNN(STAGES[backbone](size))


def _vgg16(size: int) -> Stages:
    """To conv5_3; a crop is pooled to 7×7 for the two fully connected layers of 4096."""
    first, _ = cut(body("vgg16", size), "conv9_3")
    second = nn.Sequential(
        nn.MaxPool2d(2, 2),
        nn.Flatten(),
        *(nn.Linear(512 * 7 * 7, 4096), nn.ReLU(inplace=True), nn.Dropout(0.5)),
        *(nn.Linear(4096, 4096), nn.ReLU(inplace=True), nn.Dropout(0.5)),
    )
    return Stages(first, 512, second, 4096)


def _inception_v2(size: int) -> Stages:
    first, second = cut(InceptionV2().features, "inception4d")
    return Stages(first, 576, second.append(Mean()), 1024)


def _mobilenet_v1(size: int) -> Stages:
    first, second = cut(body("mobilenet_v1", size), "separable8_5")
    return Stages(first, 512, second.append(Mean()), 1024)


class Mean(nn.Module):
    """The mean over height and width: [N, C, H, W] → [N, C]."""

    def forward(self, x: Tensor) -> Tensor:
        return x.mean(dim=(2, 3))


STAGES: dict[str, Callable[[int], Stages]] = {
    "vgg16": _vgg16,
    "inception_v2": _inception_v2,
    "mobilenet_v1": _mobilenet_v1,
}
