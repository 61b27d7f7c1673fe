"""The torch reader: every operation of a forward pass, by torch's own dispatcher, on shapes alone if wished.

Import it late: it imports torch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FunctionType
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from analysis.cost.counted.operations import Operation, Role
from analysis.cost.counted.torch_calls import flat
from analysis.cost.counted.torch_recorder import Recorder
from analysis.cost.counted.torch_roles import name_of, role_of, writes_in_place

WHOLE: dict[str, Role] = {
    **dict.fromkeys(("lstm", "gru", "rnn_tanh", "rnn_relu"), "weighted"),
    "scaled_dot_product_attention": "product",
    "local_response_norm": "activation",
}
"""Functions that stay one operation, with its role; torch makes other operators of them on other devices."""


def read_module(module: nn.Module, inputs: Sequence[Any], options: Mapping[str, Any] | None = None) -> list[Operation]:
    """Every operation of one forward pass on ``inputs`` (tensors, or mappings and sequences of them), in order.

    The module runs as it is, in its own mode; hooks that follow which modules run are removed after it.
    """
    recorder = Recorder()
    recorder.hold(module)
    for tensor in flat([*inputs, *(options or {}).values()]):
        recorder.kept.append(tensor)
        recorder.values[id(tensor)] = recorder.new(tensor.shape)
    with torch.no_grad(), unfused_attention(), _paths(module, recorder), _Functions(recorder), _Operators(recorder):
        result = module(*inputs, **(options or {}))
    recorder.end(result)
    return recorder.operations


@contextmanager
def unfused_attention() -> Iterator[None]:
    """While it lasts, torch's multi-head attention and encoder layers are the operations they are made of."""
    fused = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        yield
    finally:
        torch.backends.mha.set_fastpath_enabled(fused)


class _Operators(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Every operator that torch's dispatcher runs."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.recorder = recorder

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        if not self.recorder.inside:
            arguments = [*args, *(kwargs or {}).values()]
            self.recorder.note(name_of(func), role_of(func), arguments, result, in_place=writes_in_place(func))
        return result


class _Functions(TorchFunctionMode):
    """The functions that stay one operation: what they call is not taken down."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self.recorder = recorder

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name, named = getattr(func, "__name__", ""), dict(kwargs or {})
        if name == "multi_head_attention_forward":
            with self:
                return _unasked(func)(*args, **named)
        if name not in WHOLE or self.recorder.inside:
            return self._followed(func, args, named)
        self.recorder.inside = True
        try:
            result = func(*args, **named)
        finally:
            self.recorder.inside = False
        heads = [named.pop(key) for key in ("query", "key", "value") if key in named]
        self.recorder.note(name, WHOLE[name], [*args, *heads, *named.values()], result)
        return result

    def _followed(self, func: Any, args: Any, named: dict[str, Any]) -> Any:
        """The function's result; while it runs, the recorder knows that it does."""
        before, self.recorder.function = self.recorder.function, func
        try:
            return func(*args, **named)
        finally:
            self.recorder.function = before


def _unasked(function: Any) -> FunctionType:
    """A copy of a Python function of torch that does not ask for overrides, so that what it calls is seen."""
    names = {**function.__globals__, "has_torch_function": lambda _: False}
    copied = FunctionType(function.__code__, names, function.__name__, function.__defaults__, function.__closure__)
    copied.__kwdefaults__ = function.__kwdefaults__
    return copied


@contextmanager
def _paths(module: nn.Module, recorder: Recorder) -> Iterator[None]:
    """While it lasts, the recorder knows which modules are running; the hooks are gone after it."""
    handles: list[Any] = []

    def follow(name: str, part: nn.Module) -> None:
        native = type(part).__module__.startswith("torch.nn.modules.")

        def enter(*_: Any) -> None:
            recorder.path.append(name)
            recorder.native.append(native)

        def leave(*_: Any) -> None:
            if recorder.path[-1:] == [name]:  # not where a hook before ``enter`` raised
                recorder.path.pop()
                recorder.native.pop()

        handles.append(part.register_forward_pre_hook(enter))
        handles.append(part.register_forward_hook(leave, always_call=True))

    try:
        for name, part in module.named_modules():
            if not isinstance(part, torch.jit.ScriptModule):  # it takes no hooks
                follow(name, part)
        yield
    finally:
        for handle in handles:
            handle.remove()
