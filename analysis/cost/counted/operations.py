"""Operations: what a network that is not made of rows does, one call after another, as whoever read it saw it.

Readers (of torch modules, of ONNX files) put out a list of these; the layers, the totals, the peak memory and what was
not counted all come from that list.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Literal

Role = Literal["weighted", "product", "pool", "norm", "activation", "addition", "view", "move", "other"]
"""What an operation is to the count.

``weighted``: a convolution or fully connected layer; ``product``: another matrix product (attention, recurrent
layers, two computed matrices). Both cost Mult-Adds; all else costs none by the papers' convention. ``activation`` is
any arithmetic that makes one number of each, multiplication by gates too. ``view`` renames values, ``move`` copies
them: no arithmetic. ``other`` is what nothing here has a count for.
"""

Called = Literal["module", "function", "tensor"]
"""How torch's code calls an operation: by a module of torch's own type (which calls the function), by a function of
``torch.nn.functional``, or by anything else: a tensor's method, or a module of another type."""

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Value:
    """A tensor that is computed: its number, unique in its network, and its shape, batch first."""

    number: int
    shape: Shape

    @property
    def elements(self) -> int:
        """How many numbers it holds."""
        return prod(self.shape)


@dataclass(frozen=True)
class Weight:
    """A parameter, by the name under which its network holds it, and its trainable elements: none of a frozen one."""

    name: str
    elements: int


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One call.

    ``name`` is the path of the module or the name of the node, ``label`` the operation as its source calls it.
    ``inputs`` and ``outputs`` are computed values alone, in order; ``weights`` are matrices and kernels, ``biases``
    are added, ``scales`` are a normalisation's. A shared weight stands in every operation that reads it.
    ``mult_adds`` is of the whole call; ``formula`` the product that gives it, as ``3·3·32·112·112``.
    ``term`` names what tools count of it (:data:`analysis.cost.terms.TERMS`), if any. ``called`` is how the
    network's code calls it, where that is known: tools see some calls and not others. ``uncounted`` is an upper bound
    of the operations that Mult-Adds leave out. ``overwrites`` is the input in whose place it writes its first output,
    where its source says so. ``scope`` is the innermost module that was running.
    """

    name: str
    label: str
    role: Role
    inputs: tuple[Value, ...] = ()
    outputs: tuple[Value, ...] = ()
    kind: str = "other"
    kernel: tuple[int, ...] = (1, 1)
    stride: tuple[int, ...] = (1, 1)
    groups: int = 1
    mult_adds: int = 0
    formula: str = ""
    term: str | None = None
    called: Called | None = None
    uncounted: int = 0
    weights: tuple[Weight, ...] = ()
    biases: tuple[Weight, ...] = ()
    scales: tuple[Weight, ...] = ()
    overwrites: Value | None = None
    scope: str = ""

    @property
    def trained(self) -> tuple[Weight, ...]:
        """All its trainable tensors."""
        return (*self.weights, *self.biases, *self.scales)


def convolution_cost(weight: Shape, spatial: Shape, *, groups: int = 1, batch: int = 1) -> tuple[int, str]:
    """Mult-Adds of a convolution with the product that gives them.

    ``weight`` is torch's and ONNX's shape: [out, in/groups, *kernel], or [in, out/groups, *kernel] of a transposed
    one. ``spatial`` is the output's map, of a transposed one the input's: where the kernel is laid down.
    """
    factors = [batch] if batch > 1 else []
    factors += [side for side in weight[2:] if prod(weight[2:]) > 1]
    factors += [weight[0]] if weight[1] == 1 and groups > 1 else [weight[1], weight[0]]
    factors += list(spatial)
    return prod(factors), "·".join(map(str, factors))


def convolution_kind(weight: Shape, groups: int) -> str:
    """``dw`` where every channel has a kernel of its own, ``pw`` for a 1×1 kernel, ``conv`` for the others."""
    if groups > 1 and weight[1] == 1 and weight[0] == groups:
        return "dw"
    return "pw" if prod(weight[2:]) == 1 and groups == 1 else "conv"


def product_cost(rows: int, inner: int, columns: int) -> tuple[int, str]:
    """Mult-Adds of [rows, inner] × [inner, columns] with the product that gives them; no factor for one row."""
    factors = [inner, columns] + ([rows] if rows > 1 else [])
    return prod(factors), "·".join(map(str, factors))
