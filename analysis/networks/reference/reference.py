"""What a reference network is: where it was published, what it reads, and how to build it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, cast

if TYPE_CHECKING:
    from torch import nn

Task = Literal["classification", "detection", "segmentation", "features", "places", "faces"]


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A published network; ``label`` is its authors' name for it, ``source`` names paper and table.

    ``input_shape`` is channels, height and width in px. ``printed`` lists the tables of the MobileNet papers that
    compare with it. ``factory`` is ``module:name`` in this package, called with ``options``. ``choices`` says what was
    chosen where the paper leaves it open. ``counter`` is fvcore, but for networks that it would run for minutes.
    """

    name: str
    label: str
    source: str
    factory: str
    input_shape: tuple[int, int, int] = (3, 224, 224)
    printed: str = ""
    task: Task = "classification"
    choices: str = ""
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)
    counter: Literal["fvcore", "torch"] = "fvcore"

    @property
    def input(self) -> str:
        """The input as channels × height × width."""
        return "×".join(map(str, self.input_shape))

    def build(self) -> nn.Module:
        """The trainable network: [N, *input_shape] → what the task asks for, as its docstring says. Imports torch.

        A classifier puts out [N, 1000] logits.
        """
        module, _, name = self.factory.partition(":")
        made = getattr(import_module(f"{__package__}.{module}"), name)(**self.options)
        return cast("nn.Module", made)

    def undrawn(self) -> nn.Module:
        """The network with zero parameters, in a fraction of the time: for counting, where weights do not matter."""
        import torch

        network = self.without_storage().to_empty(device="cpu")
        with torch.no_grad():
            for tensor in (*network.parameters(), *network.buffers()):
                tensor.zero_()
        return network

    def without_storage(self) -> nn.Module:
        """The network on torch's meta device: wiring and shapes alone."""
        import torch

        with torch.device("meta"):
            return self.build()

    def torch_mult_adds(self) -> int:
        """Mult-Adds by torch's own counter, which counts multiplication and addition apart, on shapes alone."""
        import torch
        from torch.utils.flop_counter import FlopCounterMode

        network = self.without_storage().eval()
        with torch.no_grad(), torch.device("meta"), FlopCounterMode(display=False) as counter:
            network(torch.zeros(1, *self.input_shape))
        return int(counter.get_total_flops()) // 2
