"""Models as people write them: torch's dispatcher, fvcore with handles and torch's own counter agree to the integer."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

import analysis


class Attention(nn.Module):
    """Attention of ViT, by matrix products or by torch's function."""

    def __init__(self, width: int, heads: int, fused: bool) -> None:
        super().__init__()
        self.heads, self.fused = heads, fused
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        n, length, width = x.shape
        q, k, v = self.qkv(x).reshape(n, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        if self.fused:
            y = functional.scaled_dot_product_attention(q, k, v)
        else:
            y = (q @ k.transpose(-2, -1) * q.shape[-1] ** -0.5).softmax(-1) @ v
        return self.out(y.transpose(1, 2).reshape(n, length, width))


class ViT(nn.Module):
    """Patches, a class token, positions, two blocks."""

    def __init__(self, fused: bool) -> None:
        super().__init__()
        self.patch = nn.Conv2d(3, 48, 8, 8)
        self.token, self.place = nn.Parameter(torch.zeros(1, 1, 48)), nn.Parameter(torch.zeros(1, 17, 48))
        self.blocks = nn.ModuleList(
            nn.ModuleDict(
                {
                    "norm": nn.LayerNorm(48),
                    "attention": Attention(48, 4, fused),
                    "mlp": nn.Sequential(nn.LayerNorm(48), nn.Linear(48, 96), nn.GELU(), nn.Linear(96, 48)),
                }
            )
            for _ in range(2)
        )
        self.head = nn.Linear(48, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.place
        for block in self.blocks:
            x = x + block["attention"](block["norm"](x))
            x = x + block["mlp"](x)
        return self.head(x[:, 0])


def double(channels: int, out: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(channels, out, 3, padding=1), nn.BatchNorm2d(out), nn.ReLU(inplace=True))


class UNet(nn.Module):
    """Down, up by a transposed convolution, and across by concatenation."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two, self.up = double(3, 8), double(8, 16), nn.ConvTranspose2d(16, 8, 2, 2)
        self.three, self.out = double(16, 8), nn.Conv2d(8, 2, 1)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        one = self.one(x)
        two = self.two(functional.max_pool2d(one, 2))
        return {"mask": self.out(self.three(torch.cat([self.up(two), one], 1)))}


class ConvNeXt(nn.Module):
    """Depthwise 7×7, layer norm on channels last, layer scale."""

    def __init__(self) -> None:
        super().__init__()
        self.stem, self.dw, self.norm = (
            nn.Conv2d(3, 16, 4, 4),
            nn.Conv2d(16, 16, 7, padding=3, groups=16),
            nn.LayerNorm(16),
        )
        self.wide, self.narrow, self.gamma = nn.Linear(16, 64), nn.Linear(64, 16), nn.Parameter(torch.ones(16))

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        y = self.norm(self.dw(x).permute(0, 2, 3, 1))
        return x + (self.gamma * self.narrow(functional.gelu(self.wide(y)))).permute(0, 3, 1, 2)


class Words(nn.Module):
    """An LSTM over embedded tokens, its last state classified."""

    def __init__(self) -> None:
        super().__init__()
        self.table, self.lstm = nn.Embedding(100, 12), nn.LSTM(12, 20, 2, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(40, 5)

    def forward(self, tokens: Tensor) -> Tensor:
        _, (hidden, _) = self.lstm(self.table(tokens))
        return self.fc(torch.cat([hidden[-2], hidden[-1]], 1))


class Dense(nn.Module):
    """DenseNet's layers: batch norm and ReLU before each convolution, all features concatenated."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, 2, 1)
        self.layers = nn.ModuleList(
            nn.Sequential(nn.BatchNorm2d(8 + 4 * i), nn.ReLU(inplace=True), nn.Conv2d(8 + 4 * i, 4, 3, padding=1))
            for i in range(3)
        )

    def forward(self, x: Tensor) -> Tensor:
        features = [self.stem(x)]
        for layer in self.layers:
            features.append(layer(torch.cat(features, 1)))
        return torch.cat(features, 1)


class Efficient(nn.Module):
    """Inverted residual with SiLU and squeeze-excite."""

    def __init__(self) -> None:
        super().__init__()
        self.expand = nn.Sequential(nn.Conv2d(8, 48, 1, bias=False), nn.BatchNorm2d(48), nn.SiLU(inplace=True))
        self.dw = nn.Sequential(nn.Conv2d(48, 48, 5, 1, 2, groups=48, bias=False), nn.BatchNorm2d(48), nn.SiLU(True))
        self.gate = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Conv2d(48, 2, 1), nn.SiLU(), nn.Conv2d(2, 48, 1), nn.Sigmoid()
        )
        self.project = nn.Sequential(nn.Conv2d(48, 8, 1, bias=False), nn.BatchNorm2d(8))

    def forward(self, x: Tensor) -> Tensor:
        y = self.dw(self.expand(x))
        return x + self.project(y * self.gate(y))


class Generator(nn.Sequential):
    """DCGAN's generator."""

    def __init__(self) -> None:
        parts: list[nn.Module] = []
        for into, out, stride, padding in ((32, 16, 1, 0), (16, 8, 2, 1)):
            parts += [nn.ConvTranspose2d(into, out, 4, stride, padding, bias=False), nn.BatchNorm2d(out), nn.ReLU(True)]
        super().__init__(*parts, nn.ConvTranspose2d(8, 3, 4, 2, 1, bias=False), nn.Tanh())


MODELS = {
    "ViT": (lambda: ViT(False), "1x3x32x32"),
    "ViT, fused attention": (lambda: ViT(True), "2x3x32x32"),
    "U-Net": (UNet, "1x3x32x32"),
    "ConvNeXt": (ConvNeXt, "1x3x32x32"),
    "LSTM": (Words, "2x9:int64"),
    "DenseNet": (Dense, "1x3x16x16"),
    "EfficientNet": (Efficient, "1x8x12x12"),
    "GAN": (Generator, "1x32x1x1"),
    "Transformer": (lambda: nn.Transformer(32, 4, 2, 2, 64, batch_first=True), ("1x7x32", "1x5x32")),
}


def torchs_own(net: nn.Module, inputs) -> int:
    """torch's own count, on shapes alone; two FLOPs are a Mult-Add."""
    texts = (inputs,) if isinstance(inputs, str) else inputs
    tensors = []
    for text in texts:
        shape, _, dtype = text.partition(":")
        tensors.append(
            torch.zeros(*map(int, shape.split("x")), dtype=getattr(torch, dtype or "float32"), device="meta")
        )
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        net.eval().to("meta")(*tensors)
    return counter.get_total_flops() // 2


@pytest.mark.parametrize("name", MODELS)
def test_three_counters_agree_to_the_integer(name: str):
    make, inputs = MODELS[name]
    net = make()
    counted = analysis.count(net, inputs)
    audit = analysis.audit(counted)
    assert audit.agrees is True, audit
    assert counted.mult_adds == audit.fvcore_mult_adds == torchs_own(net, inputs) > 0
    assert counted.params == sum(parameter.numel() for parameter in net.parameters())
    assert not counted.unknown


@pytest.mark.parametrize("name", MODELS)
def test_the_tables_of_real_models_sum_to_their_totals(name: str):
    make, inputs = MODELS[name]
    counted = analysis.count(make(), inputs, audit=False)
    table = analysis.layer_table(counted)
    assert table["layer"].is_unique
    assert (table["mult_adds"].sum(), table["params"].sum()) == (counted.mult_adds, counted.params)


def test_a_batch_norm_before_its_convolution_is_a_layer_of_its_own():
    layers = {layer.name: layer for layer in analysis.count(Dense(), "1x3x16x16").layers}
    assert list(layers)[:5] == ["stem", "layers.0.0", "layers.0.2", "layers.1.0", "layers.1.2"]
    assert [(layers[name].kind, layers[name].params) for name in ("stem", "layers.1.0")] == [
        ("conv", 224),
        ("norm", 24),
    ]


def test_layer_scale_is_part_of_the_layer_it_scales():
    layers = {layer.name: layer.params for layer in analysis.count(ConvNeXt(), "1x3x32x32").layers}
    assert layers["narrow"] == 64 * 16 + 16 + 16
    assert layers["norm"] == 32
