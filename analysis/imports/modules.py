"""A user's ``torch.nn.Module`` as a counted network, left exactly as it was. Import it late: it imports torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import nn
from torch.nn.parameter import is_lazy

from analysis.cost.audit import Audit
from analysis.cost.audit_count import Count, count_module
from analysis.cost.counted import Counted, Operation, Weight, counted_network
from analysis.cost.counted.torch_operations import read_module, unfused_attention
from analysis.cost.counted.torch_recorder import outputs_of
from analysis.cost.limits import too_large_to_build
from analysis.cost.module_audit import module_audit
from analysis.imports.copies import NotCopied, copied, has_users_hooks, same_random_numbers, sentence, unwrapped
from analysis.imports.inputs import read_inputs, text_of


def count(module: nn.Module, inputs: Any, *, name: str | None = None, audit: bool = True) -> Counted:
    """The module's layers, Mult-Adds, parameters and peak memory for these inputs, in evaluation mode.

    ``inputs`` is a shape (``(1, 3, 224, 224)``, ``"1x3x224x224"``, ``"1x128:int64"``), a tensor, a tuple of those, or
    a mapping of argument names to them; shapes become zeros. The count is of a copy without storage, by torch's
    dispatcher on shapes alone; of a copy on the CPU where shapes do not decide what runs. Forward hooks of your own are
    not run. With ``audit``, fvcore counts a copy too, and ``analysis.audit`` says whether both agree. Mult-Adds are the
    papers': convolutions and matrix products, a batch counted in full.

    Raises ``ValueError`` with one sentence for what cannot be counted, what ``forward`` raises included.
    """
    if not isinstance(module, nn.Module):
        raise ValueError(f"a torch.nn.Module is counted, got {type(module).__name__}")
    module = unwrapped(module)
    _check_not_quantised(module)
    label = name or type(module).__name__
    with same_random_numbers():
        operations, how, arguments = _operations(module, inputs, label)
        texts = text_of(*arguments, _floats(module))
        unread = _unread(how.twin, operations)
        counted = counted_network(
            [*operations, *unread],
            network=label,
            label=label,
            source=f"{type(module).__module__}.{type(module).__qualname__}",
            input=", ".join(texts) or "none",
            counted_by=f"torch {torch.__version__.partition('+')[0]}, operator by operator",
            notes=[*how.notes, *_notes(module, how.twin, unread)],
        )
        found = _audit(module, inputs, operations, counted, how.twin) if audit else None
    return replace(counted, audit=found, words=" ".join(f"--input {text}" for text in texts))


@dataclass(frozen=True)
class _Run:
    """The copy that ran, and what to say about how."""

    twin: nn.Module
    notes: Sequence[str] = ()


Arguments = tuple[list[Any], dict[str, Any]]


def _operations(module: nn.Module, inputs: Any, label: str) -> tuple[list[Operation], _Run, Arguments]:
    """The operations on shapes alone, else on the CPU; the second error is the one that is the module's own."""
    floats = _floats(module)
    read_inputs(inputs, floats=floats, device="meta")
    try:
        return _ran(module, read_inputs(inputs, floats=floats, device="meta"), "meta")
    except NotCopied:
        raise
    except Exception as error:
        first = sentence(error)
    arguments = read_inputs(inputs, floats=floats, device="cpu")
    try:
        operations, run, arguments = _ran(module, arguments, "cpu")
    except Exception as error:
        raise ValueError(f"{label} raised {sentence(error)}") from None
    note = f"It was run on the CPU, since shapes alone do not decide what it does ({first})."
    return operations, replace(run, notes=(note,)), arguments


def _ran(module: nn.Module, arguments: Arguments, device: str) -> tuple[list[Operation], _Run, Arguments]:
    twin = copied(module, device)
    if any(map(is_lazy, twin.parameters())):
        with torch.no_grad():
            twin(*arguments[0], **arguments[1])
    return read_module(twin, *arguments), _Run(twin), arguments


def _floats(module: nn.Module) -> torch.dtype:
    """The type of the module's first floating-point parameter: of its inputs, where nothing else is said."""
    found = (one.dtype for one in module.parameters() if one.is_floating_point())
    return next(found, torch.get_default_dtype())


def _check_not_quantised(module: nn.Module) -> None:
    for name, part in module.named_modules():
        if ".quantized" in type(part).__module__ and type(part).__module__.startswith("torch."):
            raise ValueError(
                f"{name or 'the module'} is quantised ({type(part).__module__}.{type(part).__name__}); "
                "count the network before it is quantised"
            )


def _unread(twin: nn.Module, operations: Sequence[Operation]) -> list[Operation]:
    """What holds parameters that nothing read: an operation each, without Mult-Adds."""
    read = {weight.name for call in operations for weight in call.trained}
    left: dict[str, list[tuple[str, nn.Parameter]]] = {}
    for name, parameter in twin.named_parameters():
        if name not in read:
            left.setdefault(name.rpartition(".")[0] or name, []).append((name, parameter))
    return [_uncalled(holder, parameters) for holder, parameters in left.items()]


def _uncalled(holder: str, parameters: Sequence[tuple[str, nn.Parameter]]) -> Operation:
    made = [(Weight(name, one.numel() if one.requires_grad else 0), one.dim() > 1) for name, one in parameters]
    weights = tuple(weight for weight, several in made if several)
    biases = tuple(weight for weight, several in made if not several)
    return Operation(name=holder, label="not called", role="move", weights=weights, biases=biases)


def _notes(module: nn.Module, twin: nn.Module, unread: Sequence[Operation]) -> list[str]:
    frozen = sum(one.numel() for one in twin.parameters() if not one.requires_grad and not is_lazy(one))
    said = {
        f"Not called: {', '.join(call.name for call in unread[:20])}{' …' if len(unread) > 20 else ''}.": unread,
        f"{frozen:,} frozen parameters are not among the parameters.": frozen,
        "Forward hooks that are not torch's own were not run.": has_users_hooks(module),
    }
    return [note for note, there in said.items() if there]


class _Called(nn.Module):
    """A module called with named arguments too, whose tensors come one after another and go out in a tuple."""

    def __init__(self, network: nn.Module, arguments: Arguments) -> None:
        super().__init__()
        self.network, self.arguments = network, arguments

    def forward(self, *tensors: torch.Tensor) -> Any:
        given = iter(tensors)
        args, named = (_filled(part, given) for part in self.arguments)
        return tuple(outputs_of(self.network(*args, **named)))


def _filled(value: Any, tensors: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return next(tensors)
    if isinstance(value, Mapping):
        return {name: _filled(item, tensors) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_filled(item, tensors) for item in value)
    return value


def _audit(module: nn.Module, inputs: Any, operations: Sequence[Operation], counted: Counted, twin: nn.Module) -> Audit:
    """fvcore's count of another copy, on the CPU, beside the dispatcher's."""
    held = sum(one.numel() for one in twin.parameters())
    reason = too_large_to_build(counted.mult_adds, held, counted.peak_unfused_elements)
    found = None
    if reason is None:
        try:
            found = _counted_by_fvcore(module, inputs)
        except Exception as error:
            reason = f"fvcore cannot trace it, {sentence(error)}"
    numel = sum(one.numel() for one in twin.parameters() if one.requires_grad)
    return module_audit(counted, operations, found, numel_params=numel, not_run=reason)


def _counted_by_fvcore(module: nn.Module, inputs: Any) -> Count:
    if any(isinstance(part, torch.jit.ScriptModule) for part in module.modules()):
        raise ValueError("TorchScript is compiled already")
    arguments = read_inputs(inputs, floats=_floats(module), device="cpu")
    twin = copied(module, "cpu")
    if any(map(is_lazy, twin.parameters())):
        with torch.no_grad():
            twin(*arguments[0], **arguments[1])
    tensors = tuple(outputs_of([*arguments[0], *arguments[1].values()]))
    with unfused_attention():
        found = count_module(_Called(twin, arguments), tensors)
    by_module = {name.removeprefix("network."): cost for name, cost in found.by_module.items() if name != "network"}
    return replace(found, by_module=by_module)
