"""The options that several commands share. Numbers stay text here and are checked where designs are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from analysis.cli.named import is_onnx, named_network, network_of_rows, onnx_network
from analysis.networks.design import Design, DesignOptions, make_design
from analysis.networks.values import check_count, shortened

if TYPE_CHECKING:
    from analysis.cost.subjects import Subject
    from analysis.networks.rounding import Rounding

Command = TypeVar("Command", bound=Callable[..., Any])


def _rounding(context: click.Context, parameter: click.Parameter, text: str | None) -> Rounding | None:
    if text is None:
        return None
    from analysis.exchange.identity import parse_rounding

    return parse_rounding(text)


def _least_depth(context: click.Context, parameter: click.Parameter, text: str | None) -> int | None:
    return None if text is None else check_count("least_depth", text, 1, 100_000)


def with_options(*options: Callable[[Any], Any]) -> Callable[[Command], Command]:
    """A decorator that adds arguments and options to a command, in the order of its help."""

    def decorated(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorated


network_argument = click.argument("network")
other_design_options = (
    click.option("--classes", metavar="N", help="Classes.  [default: as published]"),
    click.option("--in-channels", metavar="N", help="Channels of the input.  [default: as published]"),
    click.option("--least-depth", metavar="N", callback=_least_depth, help="Least channels of a layer.  [default: 8]"),
    click.option(
        "--rounding",
        metavar="RULE",
        callback=_rounding,
        help="Another channel rounding, as divisor=8,least=8,nearest=True,keep=0.9.  [default: as published]",
    ),
)
"""The options of a design beside α, resolution and t, which a command may take as one number or as many."""

OPTIONS = (
    network_argument,
    click.option("--alpha", metavar="α", help="Width multiplier.  [default: 1]"),
    click.option("--rho", metavar="ρ", help="Resolution multiplier: the input is ρ · the network's own.  [default: 1]"),
    click.option("--resolution", metavar="PX", help="Input in px instead of ρ: one side, or HEIGHTxWIDTH as 60x120."),
    click.option("--t", metavar="t", help="Expansion factor, where the network has one.  [default: as published]"),
    *other_design_options,
)
"""What names a design; numbers stay text here and are checked where designs are made."""

design_options = with_options(*OPTIONS)
"""Adds the argument NETWORK and the options of a design."""

convention_option = click.option(
    "--convention",
    default="papers",
    show_default=True,
    metavar="NAME",
    help="Whose count: papers, fvcore, torchinfo, thop, ptflops, ptflops_aten, torch …; see crosscheck.",
)
number_format_option = click.option(
    "--number-format",
    default="float32",
    show_default=True,
    metavar="NAME",
    help="What sizes are in: float64, float32, float16 or int8.",
)
budget_options = (
    click.option("--max-mult-adds", metavar="COUNT", help="As 300M, 0.3G, 3e8."),
    click.option("--max-params", metavar="COUNT", help="As 3.5M; trainable, batch norm's included."),
    click.option("--max-peak-memory", metavar="SIZE", help="Of activations, fused: as 1MB, 512KiB, 1.5 MB."),
    click.option("--max-weight-size", metavar="SIZE", help="Of all parameters: as 4MB."),
)
"""A limit on each total; read by :data:`analysis.cost.budgets.BUDGETS`."""

inputs_option = click.option(
    "--input",
    "inputs",
    multiple=True,
    metavar="SHAPE",
    help="Input of a module, as 1x3x224x224, 1x128:int64 or mask=1x128:bool, once for each; or a size that an ONNX "
    "file leaves open, as height=224.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def given(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that were given."""
    return {name: value for name, value in options.items() if value is not None}


def read_subject(network: str, options: DesignOptions, inputs: Sequence[str] = ()) -> Subject:
    """What a command's argument and options name: a checked design, or a network without rows.

    A name ending in .yaml, .toml or .onnx is a file; ``package.module:name`` is a module of the user's own, which is
    imported and counted for ``inputs``. These are also the sizes that an ONNX file leaves open.
    """
    from analysis.cost.subjects import make_subject

    chosen = cast(DesignOptions, given(options))
    if is_onnx(network):
        return make_subject(onnx_network(network, inputs), **chosen)
    if ":" in network:
        from analysis.imports.named import count_named

        return make_subject(count_named(network, inputs), **chosen)
    if inputs:
        raise ValueError(f"--input is for ONNX files and for package.module:name, got it with {shortened(network)}")
    return make_subject(named_network(network), **chosen)


def read_design(network: str, options: DesignOptions) -> Design:
    """The checked design that a command's argument and options name."""
    chosen = cast(DesignOptions, given(options))
    return make_design(network_of_rows(network), **chosen)
