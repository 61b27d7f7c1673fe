"""The reference networks of other tasks: detection, segmentation, places and faces. Adding one is adding its entry."""

from __future__ import annotations

from analysis.networks.reference.designs import PLACES, TASK_DESIGNS
from analysis.networks.reference.reference import Reference, Task

V1, V2 = "arXiv:1704.04861v1", "arXiv:1801.04381"

LABELS = {
    "vgg16": "VGG 16",
    "inception_v2": "Inception V2",
    "mobilenet_v1": "MobileNet",
    "mobilenet_v2": "MobileNetV2",
    "resnet101": "ResNet-101",
}

COCO = "91 scores a box, the background and COCO's label numbers up to 90"
COCO_80 = "81 scores a box, the background and COCO's 80 classes"


def _square(side: int) -> tuple[int, int, int]:
    return 3, side, side


def _ssd_vgg(size: int, outputs: int, printed: str) -> Reference:
    return Reference(
        name=f"ssd{size}_vgg16",
        label=f"SSD {size} on VGG 16",
        source="arXiv:1512.02325, Figure 2 and section 3",
        factory="ssd:ssd_vgg",
        options={"size": size, "outputs": outputs},
        input_shape=_square(size),
        printed=printed,
        task="detection",
        choices=COCO if outputs == 91 else COCO_80,
    )


def _ssd(backbone: str) -> Reference:
    return Reference(
        name=f"ssd300_{backbone}",
        label=f"SSD 300 on {LABELS[backbone]}",
        source="arXiv:1611.10012, section 3",
        factory="ssd:ssd",
        options={"backbone": backbone},
        input_shape=_square(300),
        printed=f"{V1}, Table 13",
        task="detection",
        choices=f"{COCO}; 1×1 predictors; 3 boxes a position of the first map, 6 of the others",
    )


def _ssd_v2(backbone: str, *, lite: bool) -> Reference:
    kind = "SSDLite" if lite else "SSD"
    return Reference(
        name=f"{kind.lower()}320_{backbone}",
        label=f"{kind} 320 on {LABELS[backbone]}",
        source=f"{V2}, section 6.2",
        factory="ssd:ssd",
        options={"backbone": backbone, "size": 320, "outputs": 81, "kernel": 3, "lite": lite},
        input_shape=_square(320),
        printed=f"{V2}, Table {6 if lite else 5}",
        task="detection",
        choices=f"{COCO_80}; 3×3 predictors; 3 boxes a position of the first map, 6 of the others",
    )


def _faster_rcnn(backbone: str, size: int) -> Reference:
    return Reference(
        name=f"faster_rcnn{size}_{backbone}",
        label=f"Faster-RCNN {size} on {LABELS[backbone]}",
        source="arXiv:1506.01497, section 3; arXiv:1611.10012, section 3",
        factory="faster_rcnn:faster_rcnn",
        options={"backbone": backbone, "size": size},
        input_shape=_square(size),
        printed=f"{V1}, Table 13",
        task="detection",
        choices=f"300 proposals; 12 boxes a position; crops of 14×14, pooled to 7×7 on VGG alone; {COCO}",
    )


def _deeplab(backbone: str, *, aspp: bool = True, multi_scale: bool = False) -> Reference:
    name = f"deeplabv3_{backbone}{'' if aspp else '_no_aspp'}{'_os8_multiscale' if multi_scale else ''}"
    scaled = ", output stride 8, six scales and mirrored" if multi_scale else ", output stride 16"
    stem = "; three 3×3 convolutions for the first 7×7 one" if backbone == "resnet101" else ""
    return Reference(
        name=name,
        label=f"DeepLabv3 on {LABELS[backbone]}{'' if aspp else ' without ASPP'}{scaled}",
        source=f"arXiv:1706.05587, section 3; {V2}, section 6.3",
        factory="deeplab:deeplabv3",
        options={
            "backbone": backbone,
            "aspp": aspp,
            "output_stride": 8 if multi_scale else 16,
            "multi_scale": multi_scale,
        },
        input_shape=_square(513),
        printed=f"{V2}, Table 7",
        task="segmentation",
        choices=f"513 px; 21 classes; dilated convolutions cost what they compute{stem}",
        counter="torch" if multi_scale else "fvcore",
    )


def _designed(design: str, name: str, label: str, task: Task, choices: str) -> Reference:
    made = TASK_DESIGNS[design]
    return Reference(
        name=name,
        label=label,
        source=made.source,
        factory="backbones:designed",
        options={"name": design},
        input_shape=_square(made.resolution),
        printed=made.source,
        task=task,
        choices=choices,
    )


TASKS = (
    _ssd_vgg(300, 91, f"{V1}, Table 13; {V2}, Table 6"),
    _ssd_vgg(512, 81, f"{V2}, Table 6"),
    _ssd("inception_v2"),
    _ssd("mobilenet_v1"),
    *(_faster_rcnn(b, size) for size in (300, 600) for b in ("vgg16", "inception_v2", "mobilenet_v1")),
    _ssd_v2("mobilenet_v2", lite=False),
    _ssd_v2("mobilenet_v2", lite=True),
    _ssd_v2("mobilenet_v1", lite=True),
    *(
        _deeplab(backbone, aspp=aspp, multi_scale=multi_scale)
        for backbone, aspp in (
            ("mobilenet_v1", True),
            ("mobilenet_v2", True),
            ("mobilenet_v2", False),
            ("resnet101", True),
        )
        for multi_scale in (False, True)
    ),
    Reference(
        name="planet_inception_v3",
        label="PlaNet on Inception V3",
        source="arXiv:1704.04861v1, section 4.4; arXiv:1512.00567, Table 1",
        factory="inception_v3:InceptionV3",
        options={"classes": PLACES, "auxiliary": True},
        input_shape=_square(299),
        printed=f"{V1}, section 4.4",
        task="places",
        choices=f"{PLACES:,} places; with the auxiliary classifier, as it is trained",
    ),
    _designed(
        "planet_mobilenet_v1",
        "planet_mobilenet_v1",
        "PlaNet on MobileNet",
        "places",
        f"{PLACES:,} places, from the 10 million parameters printed for the last layer",
    ),
    Reference(
        name="facenet_nn2",
        label="FaceNet NN2",
        source="arXiv:1503.03832, Table 2",
        factory="facenet:FaceNet",
        printed=f"{V1}, Tables 12 and 14",
        task="faces",
    ),
    _designed(
        "facenet_mobilenet_v1_100_160",
        "facenet_mobilenet_v1",
        "FaceNet on MobileNet",
        "faces",
        "an embedding of 128 values after the pool",
    ),
    _designed(
        "face_attributes_mobilenet_v1_100_224",
        "face_attributes_mobilenet_v1",
        "Face attributes on MobileNet",
        "features",
        "without the last layer, as Table 12 counts",
    ),
)
"""Detection, segmentation, places and faces, in the order of the tables that print them."""
