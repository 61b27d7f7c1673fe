"""What fvcore cannot count alone, and the ways a module may be called: attention, recurrent layers, aliases."""

from __future__ import annotations

from collections import Counter

import pytest
import torch
from torch import Tensor, nn

from analysis.cost.audit_count import count_module
from analysis.cost.handles import HANDLES, OPERATORS


class Attention(nn.Module):
    """Scaled-dot-product attention, query, key and value the input."""

    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.scaled_dot_product_attention(x, x, x)


class CrossAttention(nn.Module):
    """Three queries on seven keys of width 8, values of width 5."""

    def forward(self, x: Tensor) -> Tensor:
        key, value = x.new_zeros(2, 4, 7, 8), x.new_zeros(2, 4, 7, 5)
        return nn.functional.scaled_dot_product_attention(x, key, value)


class SelfAttention(nn.Module):
    """Multi-head attention of the input on itself."""

    def __init__(self, *, batch_first: bool = True) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(64, 4, batch_first=batch_first)

    def forward(self, x: Tensor) -> Tensor:
        return self.attention(x, x, x)[0]


class Aliased(nn.Module):
    """One convolution under three parents, called through ``forward`` once."""

    def __init__(self) -> None:
        super().__init__()
        conv = nn.Conv2d(16, 16, 1)
        self.first, self.second, self.third = (nn.Sequential(conv) for _ in range(3))
        self.uncalled = nn.Conv2d(16, 16, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.third.forward(self.second(self.first(x)))


# Module, its input's shape, Mult-Adds: each by hand, weights or matrix sides times how often they are used
COUNTS = [
    (Attention(), (1, 4, 64, 16), 4 * 64 * 64 * (16 + 16)),
    (CrossAttention(), (2, 4, 3, 8), 2 * 4 * 3 * 7 * (8 + 5)),
    (SelfAttention(), (1, 100, 64), 4 * 100 * 64 * 64 + 2 * 4 * 100 * 100 * 16),
    (SelfAttention(batch_first=False), (100, 1, 64), 4 * 100 * 64 * 64 + 2 * 4 * 100 * 100 * 16),
    (nn.Linear(64, 32), (1, 100, 64), 204_800),
    (nn.LSTM(10, 20), (5, 3, 10), 36_000),
    (nn.LSTM(10, 20, proj_size=7), (5, 3, 10), 15 * (4 * 20 * (10 + 7) + 20 * 7)),
    (nn.GRU(10, 20, 2, bidirectional=True, batch_first=True), (3, 5, 10), 15 * 2 * 3 * 20 * (10 + 20 + 40 + 20)),
    (nn.RNN(10, 20), (5, 3, 10), 15 * 20 * (10 + 20)),
    (nn.RNN(10, 20, nonlinearity="relu", bias=False), (5, 3, 10), 15 * 20 * (10 + 20)),
    (Aliased(), (1, 16, 14, 14), 3 * 16 * 16 * 14 * 14),
    (nn.Hardswish(), (1, 16, 14, 14), 0),
]


@pytest.mark.parametrize(("module", "shape", "mult_adds"), COUNTS, ids=lambda value: str(value)[:40])
def test_a_module_counts_as_by_hand(module: nn.Module, shape: tuple[int, ...], mult_adds: int):
    assert count_module(module, shape).mult_adds == mult_adds


def test_attention_figures_are_those_users_check():
    assert count_module(Attention(), (1, 4, 64, 16)).mult_adds == 524_288
    assert count_module(SelfAttention(), (1, 100, 64)).mult_adds == 2_918_400


def test_hard_swish_is_named_as_not_counted():
    assert count_module(nn.Hardswish(), (1, 16, 14, 14)).not_counted == {"aten::hardswish": 1}


def test_an_aliased_module_has_its_parameters_once():
    module = Aliased()
    assert sum(parameter.numel() for parameter in module.parameters()) == 2 * (16 * 16 + 16)
    assert count_module(module, (1, 16, 14, 14)).by_module["uncalled"] == 0


def test_what_has_a_handle_is_neither_besides_nor_not_counted():
    counted = count_module(nn.Sequential(nn.LSTM(10, 20)), (5, 3, 10))
    assert (dict(counted.besides), dict(counted.not_counted)) == ({}, {})


def test_every_handle_is_of_an_operator_of_torch():
    assert [hasattr(torch.ops.aten, name) for name in OPERATORS] == [True] * len(HANDLES)
    assert max(Counter(OPERATORS).values()) == 1
