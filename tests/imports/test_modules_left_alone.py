"""Counting leaves a module exactly as it was: state, modes, hooks, gradients, random numbers; after errors too."""

from __future__ import annotations

import random
import threading

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import analysis


class Fragile(nn.Module):
    """Changes all it can on its way, and raises in the middle if asked to."""

    def __init__(self, *, raises: bool) -> None:
        super().__init__()
        self.raises, self.calls, self.seen = raises, 0, []
        self.conv = nn.Conv2d(3, 8, 3)
        self.bn = nn.BatchNorm2d(8)
        self.drop = nn.Dropout(0.5)
        self.fc = nn.Linear(8, 4)
        self.register_buffer("steps", torch.zeros(1))
        self.cache = torch.zeros(3)

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        self.seen.append(x.shape)
        self.steps += 1
        self.cache.add_(1)
        self.conv.weight.data.clamp_(-0.01, 0.01)
        x = self.drop(self.bn(self.conv(x))).mean([2, 3]) + torch.rand(1) * random.random() * float(np.random.rand())
        if self.raises:
            raise RuntimeError("in the middle")
        return self.fc(x)


def fragile(*, raises: bool) -> tuple[Fragile, list]:
    net, ran = Fragile(raises=raises), []
    net.train()
    net.drop.eval()
    net.fc.requires_grad_(False)
    net.conv.weight.grad = torch.ones_like(net.conv.weight)
    net.register_forward_hook(lambda *_: ran.append("forward"))
    net.conv.register_forward_pre_hook(lambda *_: ran.append("before"))
    net.conv.register_full_backward_hook(lambda *_: None)
    return net, ran


def everything(net: Fragile) -> dict:
    """All that counting might change, as values that compare."""
    return {
        "state": {name: (id(value), value.clone().tolist()) for name, value in net.state_dict(keep_vars=True).items()},
        "device": {parameter.device for parameter in net.parameters()},
        "trained": {name: value.requires_grad for name, value in net.named_parameters()},
        "gradients": {
            name: None if value.grad is None else value.grad.sum().item() for name, value in net.named_parameters()
        },
        "modes": {name: part.training for name, part in net.named_modules()},
        "hooks": {
            name: [list(getattr(part, kind).items()) for kind in vars(part) if kind.endswith("_hooks")]
            for name, part in net.named_modules()
        },
        "own": (net.calls, list(net.seen), net.cache.tolist(), sorted(vars(net))),
        "random": (torch.get_rng_state().tolist(), random.getstate(), np.random.get_state()[1].tolist()),
        "fused attention": torch.backends.mha.get_fastpath_enabled(),
        "gradients on": torch.is_grad_enabled(),
    }


@pytest.mark.parametrize("raises", [False, True])
@pytest.mark.parametrize("inputs", ["1x3x8x8", torch.ones(2, 3, 8, 8)])
def test_a_module_is_left_exactly_as_it_was(raises: bool, inputs):
    net, ran = fragile(raises=raises)
    before = everything(net)
    if raises:
        with pytest.raises(ValueError, match=r"^Fragile raised RuntimeError: in the middle$"):
            analysis.count(net, inputs)
    else:
        assert analysis.audit(analysis.count(net, inputs)).agrees is True
    assert everything(net) == before
    assert ran == []


def test_it_is_said_that_own_hooks_were_not_run():
    net, _ = fragile(raises=False)
    assert "Forward hooks that are not torch's own were not run." in analysis.count(net, "1x3x8x8").notes


def test_a_lazy_module_stays_lazy():
    net = nn.LazyLinear(5)
    assert analysis.count(net, (1, 7)).params == 40
    assert nn.parameter.is_lazy(net.weight)
    assert type(net) is nn.LazyLinear


def test_spectral_norm_keeps_its_vectors():
    net = nn.utils.spectral_norm(nn.Linear(6, 5)).train()
    before = net.weight_u.clone()
    counted = analysis.count(net, (1, 6))
    assert (counted.mult_adds, analysis.audit(counted).agrees) == (30 + 30 + 5, True)  # u·(W·v), at each call
    assert torch.equal(net.weight_u, before)


def test_what_cannot_be_copied_is_said():
    net = nn.Linear(4, 3)
    net.lock = threading.Lock()
    with pytest.raises(ValueError, match=r"^Linear cannot be copied, TypeError: cannot pickle '_thread.lock' object$"):
        analysis.count(net, (1, 4))
