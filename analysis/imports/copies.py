"""Copies of a user's module: what is counted runs on a copy, so that the module is left exactly as it was.

Import it late: it imports torch.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from analysis.cost.counted.torch_calls import flat

HOOKS = ("_forward_hooks", "_forward_pre_hooks")


class NotCopied(ValueError):  # noqa: N818  it is said to the user in one sentence, like any other
    """A part of the module cannot be copied."""


def is_module(value: Any) -> bool:
    """Whether it is a ``torch.nn.Module``."""
    return isinstance(value, nn.Module)


def unwrapped(module: nn.Module) -> nn.Module:
    """The module inside what only runs it: ``torch.compile``, ``DataParallel``, ``DistributedDataParallel``."""
    wrappers = (nn.DataParallel, nn.parallel.DistributedDataParallel)
    while isinstance(module, wrappers) or hasattr(module, "_orig_mod"):
        module = cast(nn.Module, module.module if isinstance(module, wrappers) else module._orig_mod)
    return module


def copied(module: nn.Module, device: str) -> nn.Module:
    """A copy in evaluation mode: on ``meta`` it has no storage, on ``cpu`` its own. Nothing in it is the original's.

    Tied parameters stay tied. Hooks that users registered are left out, those of torch itself (weight and spectral
    norm, pruning, lazy modules) stay. Raises :class:`NotCopied` where a part of it cannot be copied.
    """
    memo: dict[int, Any] = {}
    for part in module.modules():
        for value in (*part._parameters.values(), *part._buffers.values(), *vars(part).values()):
            memo.update((id(tensor), _moved(tensor, device)) for tensor in flat(value) if id(tensor) not in memo)
        memo.update((id(hook), hook) for hook in _users_hooks(part))
    try:
        twin = copy.deepcopy(module, memo)
    except Exception as error:
        raise NotCopied(f"{type(module).__name__} cannot be copied, {sentence(error)}") from error
    for part in twin.modules():
        _drop_users_hooks(part)
        part.training = False
    return twin


def _moved(tensor: Tensor, device: str) -> Tensor:
    """The tensor on another device, with storage of its own and no gradient."""
    if is_lazy(tensor):
        lazy: Any = type(tensor)
        return cast(Tensor, lazy(requires_grad=tensor.requires_grad, device=device))
    data = tensor.detach().to(device, copy=True)
    return nn.Parameter(data, tensor.requires_grad) if isinstance(tensor, nn.Parameter) else data


def _users_hooks(part: nn.Module) -> list[Any]:
    hooks = [hook for name in HOOKS for hook in getattr(part, name).values()]
    return [hook for hook in hooks if not _is_torchs(hook)]


def _is_torchs(hook: Any) -> bool:
    home = getattr(hook, "__module__", None) or type(hook).__module__
    return str(home).partition(".")[0] == "torch"


def _drop_users_hooks(part: nn.Module) -> None:
    for name in HOOKS:
        hooks = getattr(part, name)
        for key in [key for key, hook in hooks.items() if not _is_torchs(hook)]:
            del hooks[key]


def has_users_hooks(module: nn.Module) -> bool:
    """Whether any part has forward hooks that are not torch's own."""
    return any(_users_hooks(part) for part in module.modules())


@contextmanager
def same_random_numbers() -> Iterator[None]:
    """After it, the random numbers of torch, numpy and Python go on as if it had not been."""
    python, legacy = random.getstate(), np.random.get_state()
    try:
        with torch.random.fork_rng(devices=[]):
            yield
    finally:
        random.setstate(python)
        np.random.set_state(legacy)


def sentence(error: BaseException) -> str:
    """What was raised, in one short line: its type and the start of its message."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:200]}{'…' if len(text) > 200 else ''}" if text else type(error).__name__
