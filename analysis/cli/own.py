"""``code``, ``onnx`` and ``schema``: a design as PyTorch, as ONNX, and what a network file may hold."""

from __future__ import annotations

from typing import Unpack

import click

from analysis.cli.group import commands
from analysis.cli.options import design_options, read_design
from analysis.cli.output import deliver
from analysis.networks.design import DesignOptions
from analysis.networks.values import check_count

out_option = click.option("--out", metavar="FILE", help="Write this file, whole or not at all, not standard output.")


@commands.command()
@design_options
@out_option
def code(network: str, out: str | None, **options: Unpack[DesignOptions]) -> None:
    """The design as a PyTorch file of its own: torch is its only import.

    \b
    Examples:
      multadds code mobilenet_v2 --alpha 0.5 --out net.py
      multadds code my_net.yaml
    """
    from analysis.exchange.pytorch_code import pytorch_code

    deliver(pytorch_code(read_design(network, options)).encode(), out)


@commands.command()
@design_options
@click.option("--batch", metavar="N", help="Samples at once.  [default: any number]")
@click.option("--opset", metavar="N", default="17", show_default=True, help="The ONNX operators' version.")
@click.option("--out", metavar="FILE", required=True, help="Write this file, whole or not at all.")
def onnx(network: str, batch: str | None, opset: str, out: str, **options: Unpack[DesignOptions]) -> None:
    """The design as an ONNX file with weights drawn as torch draws them: to convert and to time.

    \b
    Example:
      multadds onnx mobilenet_v2 --alpha 0.5 --out net.onnx
    """
    from analysis.exchange.onnx_out import LEAST_OPSET, MOST_OPSET, onnx_bytes

    samples = None if batch is None else check_count("batch", batch, 1, 65_536)
    version = check_count("opset", opset, LEAST_OPSET, MOST_OPSET)
    deliver(onnx_bytes(read_design(network, options), batch=samples, opset=version), out)


@commands.command()
@out_option
def schema(out: str | None) -> None:
    """The JSON Schema of a network file: what YAML and TOML files of rows may hold.

    \b
    Example:
      multadds schema --out network.schema.json
    """
    from analysis.networks.files.schema import schema_text

    deliver(schema_text().encode(), out)
