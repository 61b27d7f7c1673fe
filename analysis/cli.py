"""The command line: figures on standard output, all else on standard error.

Exit status 0 is success, 1 two counts that differ, 2 anything that could not be done, said in one line.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, Unpack, cast

import click

from analysis.networks.design import Design, DesignOptions, check_count, make_design
from analysis.version import VERSION

if TYPE_CHECKING:
    import pandas as pd

    from analysis.cost.audit import Audit
    from analysis.cost.closed_form import NumberFormat
    from analysis.networks.rounding import Rounding

Command = TypeVar("Command", bound=Callable[..., Any])

FORMATS = "csv, xlsx, parquet, json, markdown or latex"
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and exit with its status; whatever is wrong is one line on standard error."""
    try:
        status: object = commands.main(arguments, prog_name="multadds", standalone_mode=False)
    except click.ClickException as error:
        _fail(error.format_message())
    except (click.Abort, KeyboardInterrupt):
        sys.exit(128 + signal.SIGINT)
    except OSError as error:
        _abandon_output()
        _fail(error.strerror or str(error))
    except (ValueError, OverflowError) as error:
        _fail(str(error))
    sys.exit(status if isinstance(status, int) else 0)


def _fail(message: str) -> NoReturn:
    _say(message)
    sys.exit(2)


def _say(message: str) -> None:
    """One line on standard error, without control characters."""
    line = "".join(character for character in " ".join(message.split()) if character.isprintable())
    click.echo(f"multadds: {line}", err=True)


def _abandon_output() -> None:
    """Nothing more to a standard output that cannot be written, also not when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _print(text: str) -> None:
    _print_bytes(f"{text}\n".encode())


def _print_bytes(data: bytes) -> None:
    if sys.stdout is None:
        raise ValueError("standard output is closed")
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough, as in `multadds table mobilenet_v2 | head`
        _abandon_output()
        sys.exit(0)
    except OSError as error:
        _abandon_output()
        raise ValueError(f"cannot write to standard output: {error.strerror}") from None


def _print_json(content: Any) -> None:
    _print(json.dumps(content, indent=2, ensure_ascii=False))


@click.group(context_settings=CONTEXT, invoke_without_command=True)
@click.version_option(VERSION, message="multadds %(version)s")
@click.pass_context
def commands(context: click.Context) -> None:
    """What each layer of a convolutional network costs: exact Mult-Adds and parameters.

    \b
    Examples:
      multadds networks
      multadds totals mobilenet_v2 --alpha 0.75 --resolution 160
      multadds table mobilenet_v2 --t 4 --out layers.xlsx
      multadds audit mobilenet_v1
      multadds app

    Figures go to standard output, messages to standard error. Exit status: 0 success, 1 two counts that differ,
    2 anything that could not be done, said in one line.
    """
    if context.invoked_subcommand is None:
        _print(context.get_help())


def _rounding(context: click.Context, parameter: click.Parameter, text: str | None) -> Rounding | None:
    from analysis.exchange.identity import parse_rounding

    return None if text is None else parse_rounding(text)


def _least_depth(context: click.Context, parameter: click.Parameter, text: str | None) -> int | None:
    return None if text is None else check_count("least_depth", text, 1, 100_000)


OPTIONS = (
    click.argument("network"),
    click.option("--alpha", metavar="α", help="Width multiplier.  [default: 1]"),
    click.option("--rho", metavar="ρ", help="Resolution multiplier: the input is ρ · 224 px.  [default: 1]"),
    click.option("--resolution", metavar="PX", help="Input in px instead of ρ: one side, or HEIGHTxWIDTH as 60x120."),
    click.option("--t", metavar="t", help="Expansion factor, where the network has one.  [default: as published]"),
    click.option("--classes", metavar="N", help="Classes.  [default: 1000]"),
    click.option("--in-channels", metavar="N", help="Channels of the input.  [default: 3]"),
    click.option("--least-depth", metavar="N", callback=_least_depth, help="Least channels of a layer.  [default: 8]"),
    click.option(
        "--rounding",
        metavar="RULE",
        callback=_rounding,
        help="Another channel rounding, as divisor=8,least=8,nearest=True,keep=0.9.  [default: as published]",
    ),
)
"""What names a design; numbers stay text here and are checked where designs are made."""


def design_options(command: Command) -> Command:
    """The argument NETWORK and the options of a design."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


convention_option = click.option(
    "--convention",
    default="papers",
    show_default=True,
    metavar="NAME",
    help="Whose count: papers, fvcore, torchinfo, thop, ptflops, ptflops_aten or torch.",
)
number_format_option = click.option(
    "--number-format",
    default="float32",
    show_default=True,
    metavar="NAME",
    help="What sizes are in: float64, float32, float16 or int8.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def _design(network: str, options: DesignOptions) -> Design:
    given = {name: value for name, value in options.items() if value is not None}
    return make_design(network, **cast(DesignOptions, given))


@commands.command()
@json_option
def networks(as_json: bool) -> None:
    """The networks by name, with their source and published cost.

    \b
    Example:
      multadds networks --json
    """
    import analysis

    frame = analysis.networks().to_frame()
    if as_json:
        cells = frame.astype(object).where(frame.notna(), None)
        _print_json(cells.to_dict(orient="records"))
    else:
        _print(_aligned(frame))


def _aligned(frame: pd.DataFrame) -> str:
    from tabulate import tabulate

    cells = [["" if cell is None or cell != cell else cell for cell in row] for row in frame.astype(object).to_numpy()]
    return str(tabulate(cells, headers=list(frame.columns), tablefmt="simple", intfmt=",", floatfmt="g"))


@commands.command()
@design_options
@convention_option
@number_format_option
@click.option("--audit", is_flag=True, help="Build the network and add fvcore's Mult-Adds of each layer.")
@click.option("--format", metavar="NAME", help=f"{FORMATS}.  [default: by the extension of --out, else csv]")
@click.option("--out", metavar="FILE", help="Write this file, whole or not at all, instead of standard output.")
def table(
    network: str,
    convention: str,
    number_format: str,
    audit: bool,
    format: str | None,
    out: str | None,
    **options: Unpack[DesignOptions],
) -> int:
    """The layers of NETWORK, a row each: shape, Mult-Adds, parameters, memory, receptive field, formula.

    CSV on standard output unless told otherwise. Every file names its design, convention and version, and is the same
    to the byte whenever it is built from the same design by the same version.

    \b
    Examples:
      multadds table mobilenet_v2 --alpha 0.75 --resolution 160 > layers.csv
      multadds table mobilenet_v1 --rho 0.714 --out layers.xlsx
      multadds table mobilenet_v2 --format latex --audit --out layers.tex
    """
    from analysis.exchange.tables import export_table, format_of

    format = format or ("csv" if out in (None, "-") else format_of(str(out)))
    _check_terminal(format, out)
    rows, status = _layers(_design(network, options), convention, number_format, audit)
    _deliver(export_table(rows, format), out)
    return status


def _layers(design: Design, convention: str, number_format: str, audit: bool) -> tuple[pd.DataFrame, int]:
    """The layer table, and 1 where its audit differs, else 0."""
    from analysis.api import layer_table, with_fvcore
    from analysis.exchange.text import difference_text

    rows = layer_table(design, convention=convention, number_format=number_format)
    if not audit:
        return rows, 0
    verdict = _audited(design)
    if verdict.not_run is not None:
        _say(f"fvcore_mult_adds is empty: {design.label} is {verdict.not_run}")
    elif not verdict.agrees:
        _say(difference_text(verdict))
    return with_fvcore(rows, verdict), 1 if verdict.agrees is False else 0


def _check_terminal(format: str, out: str | None) -> None:
    from analysis.exchange.formats import FORMATS, check_format

    text = FORMATS[check_format(format)].text
    if not text and out in (None, "-") and sys.stdout is not None and sys.stdout.isatty():
        raise ValueError(f"{format} is binary and standard output is a terminal; add --out FILE")


def _deliver(data: bytes, out: str | None) -> None:
    from analysis.exchange.files import write_file

    if out is None or out == "-":
        _print_bytes(data)
        return
    try:
        if not Path(out).parent.is_dir():
            raise ValueError(f"out must be a file in a folder that exists, got {out}")
        write_file(Path(out), data)
    except OSError as error:
        raise ValueError(f"cannot write {out}: {error.strerror}") from None


@commands.command()
@design_options
@number_format_option
@json_option
def totals(network: str, number_format: str, as_json: bool, **options: Unpack[DesignOptions]) -> None:
    """The totals of NETWORK: Mult-Adds, parameters, weight size, peak activation memory.

    \b
    Examples:
      multadds totals mobilenet_v2 --alpha 1.4
      multadds totals mobilenet_v1 --number-format int8 --json
    """
    from analysis.api import totals as totals_of
    from analysis.exchange.text import totals_text

    design = _design(network, options)
    found = totals_of(design, number_format=number_format)
    if as_json:
        _print_json({**dict(found), "design": _identity(design, found.number_format)})
    else:
        _print(totals_text(design, found))


def _identity(design: Design, number_format: NumberFormat = "float32") -> dict[str, str | float | int]:
    from analysis.cost.conventions import CONVENTIONS
    from analysis.cost.table import identity

    return identity(design, CONVENTIONS["papers"], number_format)


@commands.command()
@design_options
@json_option
def audit(network: str, as_json: bool, **options: Unpack[DesignOptions]) -> int:
    """Both counts of NETWORK side by side: the closed form, and fvcore and numel on the built module.

    Exit status 1 if they differ, 2 if the design is too large to build (the closed form is printed all the same).

    \b
    Example:
      multadds audit mobilenet_v2 --alpha 0.35 --resolution 96
    """
    from analysis.exchange.text import audit_text, difference_text

    design = _design(network, options)
    verdict = _audited(design)
    if as_json:
        _print_json({"design": _identity(design), "agrees": verdict.agrees, **verdict.to_dict()})
    else:
        _print(audit_text(design, verdict))
    if verdict.not_run is not None:
        raise ValueError(f"fvcore did not count {design.label}: {verdict.not_run}")
    if not verdict.agrees:
        _say(difference_text(verdict))
    return 0 if verdict.agrees else 1


def _audited(design: Design) -> Audit:
    from analysis.api import audit

    return audit(design)


@commands.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default="8501", show_default=True, metavar="N", help="Port to listen on.")
def app(host: str, port: str) -> None:
    """Open the app for a browser, until Ctrl-C; prints its address.

    \b
    Example:
      multadds app --port 8600
    """
    import uvicorn

    number = check_count("port", port, 1, 65_535)
    _check_free(host, number)
    _print(f"http://{f'[{host}]' if ':' in host else host}:{number}")
    uvicorn.run(
        "pages.shared.server:app",
        host=host,
        port=number,
        log_level="warning",
        access_log=False,
        ws_per_message_deflate=False,
    )


def _check_free(host: str, port: int) -> None:
    """``ValueError`` where nothing can listen on the address."""
    import socket

    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen()
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "not an address"
        raise ValueError(f"cannot listen on {host} port {port}: {reason}; try another --port") from None


if __name__ == "__main__":
    main()
