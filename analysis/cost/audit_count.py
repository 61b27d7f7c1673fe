"""fvcore's count of a module, by operator and by module: what it counts as Mult-Adds, besides, and not at all.

Only this module imports fvcore, and late: the closed form never waits for torch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.cost.handles import HANDLES, OPERATORS

if TYPE_CHECKING:
    from torch import Tensor, nn

MULT_ADD_OPERATORS = ("conv", "linear", "addmm", "mm", "bmm", *OPERATORS)
"""fvcore's operators that are convolutions or matrix products, and ours; it calls a multiply-add one flop."""

UNCOUNTED = {
    "aten::relu": "ReLU",
    "aten::relu_": "ReLU",
    "aten::hardtanh": "ReLU6",
    "aten::hardtanh_": "ReLU6",
    "aten::hardswish": "hard-swish",
    "aten::hardswish_": "hard-swish",
    "aten::sigmoid": "sigmoid",
    "aten::hardsigmoid": "hard-sigmoid",
    "aten::mul": "squeeze-excite multiplications",
    "aten::add": "shortcut additions",
    "aten::add_": "shortcut additions",
    "aten::max_pool2d": "max pooling",
    "aten::avg_pool2d": "average pooling",
    "aten::dropout": "dropout",
}

PLAIN = {"aten::mul": "multiplication", "aten::add": "addition", "aten::add_": "addition", "aten::div": "division"}
"""What some operators are in networks of any make."""

PASSED_OVER = ("aten::relu", "aten::relu_")
"""What fvcore neither counts nor lists as not counted."""


@dataclass(frozen=True)
class Count:
    """fvcore's Mult-Adds in all and by module (inclusive of submodules), and what it counted besides or not at all."""

    mult_adds: int
    by_module: Mapping[str, int]
    besides: Mapping[str, int]
    not_counted: Mapping[str, int]


def count_module(module: nn.Module, inputs: Sequence[int] | Sequence[Tensor]) -> Count:
    """fvcore's count of a module on tensors, or on zeros of one shape; every part is left in the mode it was in."""
    import torch
    from fvcore.nn import FlopCountAnalysis

    tensors = tuple(one for one in inputs if isinstance(one, torch.Tensor))
    shape = tuple(one for one in inputs if isinstance(one, int))
    with _evaluating(module), torch.no_grad():  # else the trace keeps every map alive for a backward pass
        analysis = FlopCountAnalysis(module, tensors or (torch.zeros(shape),))
        analysis.unsupported_ops_warnings(False).uncalled_modules_warnings(False).tracer_warnings("none")
        for operator, handle in HANDLES.items():
            analysis.set_op_handle(operator, handle)
        passed_over = _note_calls(analysis, PASSED_OVER)
        operators = {name: int(count) for name, count in analysis.by_operator().items()}
        by_module = {
            name: sum(int(count) for operator, count in counts.items() if operator in MULT_ADD_OPERATORS)
            for name, counts in analysis.by_module_and_operator().items()
        }
        unsupported = {name: int(calls) for name, calls in analysis.unsupported_ops().items()}
    return Count(
        mult_adds=sum(count for name, count in operators.items() if name in MULT_ADD_OPERATORS),
        by_module=by_module,
        besides={name: count for name, count in operators.items() if name not in MULT_ADD_OPERATORS and count},
        not_counted={**passed_over, **unsupported},
    )


@contextmanager
def _evaluating(module: nn.Module) -> Iterator[None]:
    modes = [(part, part.training) for part in module.modules()]
    module.eval()
    try:
        yield
    finally:
        for part, training in modes:
            part.training = training


def _note_calls(analysis: Any, operators: Sequence[str]) -> Counter[str]:
    """The calls of operators that fvcore passes over, filled while it counts; they add nothing to its figures."""
    calls: Counter[str] = Counter()

    def note(operator: str) -> Callable[[list[Any], list[Any]], int]:
        def handle(inputs: list[Any], outputs: list[Any]) -> int:
            calls[operator] += 1
            return 0

        return handle

    for operator in operators:
        analysis.set_op_handle(operator, note(operator))
    return calls


def labelled(not_counted: Mapping[str, int], labels: Mapping[str, str]) -> dict[str, int]:
    """The calls by what people call the operator."""
    labelled: Counter[str] = Counter()
    for operator, calls in not_counted.items():
        labelled[labels.get(operator, operator)] += calls
    return dict(labelled)
