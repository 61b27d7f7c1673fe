"""The reference networks that classify ImageNet's thousand classes. Adding one is adding its module and its entry."""

from __future__ import annotations

from analysis.networks.reference.reference import Reference

CLASSIFIERS = (
    Reference(
        name="googlenet",
        label="GoogLeNet",
        source="arXiv:1409.4842, Table 1",
        factory="googlenet:GoogLeNet",
        printed="arXiv:1704.04861v1, Table 8",
    ),
    Reference(
        name="alexnet",
        label="AlexNet",
        source="Krizhevsky, Sutskever, Hinton, NIPS 2012, section 3.5",
        factory="alexnet:AlexNet",
        input_shape=(3, 227, 227),
        printed="arXiv:1704.04861v1, Table 9",
    ),
    Reference(
        name="squeezenet1_0",
        label="SqueezeNet 1.0",
        source="arXiv:1602.07360, Table 1",
        factory="squeezenet:SqueezeNet",
        input_shape=(3, 227, 227),
        printed="arXiv:1704.04861v1, Table 9",
    ),
    Reference(
        name="shufflenet_1_5x",
        label="ShuffleNet 1.5× (g = 3)",
        source="arXiv:1707.01083, Table 1",
        factory="shufflenet:ShuffleNet1_5x",
        printed="arXiv:1801.04381, Table 4",
    ),
    Reference(
        name="shufflenet_2x",
        label="ShuffleNet 2× (g = 3)",
        source="arXiv:1707.01083, Table 1",
        factory="shufflenet:ShuffleNet2x",
        printed="arXiv:1801.04381, Table 4",
    ),
    Reference(
        name="nasnet_a_mobile",
        label="NASNet-A (4 @ 1056)",
        source="arXiv:1707.07012, Figures 2 and 4, Table 3",
        factory="nasnet:NASNetAMobile",
        printed="arXiv:1801.04381, Table 4",
    ),
    Reference(
        name="resnet50",
        label="ResNet-50",
        source="arXiv:1512.03385, Table 1",
        factory="resnet:ResNet50",
    ),
    Reference(
        name="inception_v2",
        label="Inception V2",
        source="arXiv:1502.03167, Figure 5",
        factory="inception_v2:InceptionV2",
    ),
    Reference(
        name="inception_v3",
        label="Inception V3",
        source="arXiv:1512.00567, Table 1",
        factory="inception_v3:InceptionV3",
        input_shape=(3, 299, 299),
        printed="arXiv:1704.04861v1, Table 10",
    ),
    Reference(
        name="xception",
        label="Xception",
        source="arXiv:1610.02357, Figure 5",
        factory="xception:Xception",
        input_shape=(3, 299, 299),
    ),
)
