"""``networks``, ``table``, ``totals`` and ``audit``: what a design costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import click

from analysis.cli.group import commands
from analysis.cli.options import (
    convention_option,
    design_options,
    inputs_option,
    json_option,
    number_format_option,
    read_subject,
)
from analysis.cli.output import aligned, check_terminal, deliver, print_json, print_text, say
from analysis.networks.design import DesignOptions

if TYPE_CHECKING:
    import pandas as pd

    from analysis.cost.audit import Audit
    from analysis.cost.closed_form import NumberFormat
    from analysis.cost.subjects import Subject

FORMATS = "csv, xlsx, parquet, json, markdown or latex"


@commands.command()
@click.option("--reference", is_flag=True, help="The reference networks too, which are not made of rows.")
@json_option
def networks(reference: bool, as_json: bool) -> None:
    """The networks by name, with their source and published cost.

    \b
    Examples:
      multadds networks --json
      multadds networks --reference
    """
    import analysis

    frame = analysis.networks().to_frame()
    if reference:
        frame = _with_references(frame)
    if as_json:
        cells = frame.astype(object).where(frame.notna(), None)
        print_json(cells.to_dict(orient="records"))
    else:
        print_text(aligned(frame))


def _with_references(frame: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    from analysis.cost.reference_costs import reference_costs

    references = reference_costs().rename(columns={"name": "network"}).assign(t=float("nan"))
    return pd.concat([frame, references[list(frame)]], ignore_index=True)


@commands.command()
@design_options
@inputs_option
@convention_option
@number_format_option
@click.option("--audit", is_flag=True, help="Build the network and add fvcore's Mult-Adds of each layer.")
@click.option("--format", metavar="NAME", help=f"{FORMATS}.  [default: by the extension of --out, else csv]")
@click.option("--out", metavar="FILE", help="Write this file, whole or not at all, instead of standard output.")
def table(
    network: str,
    inputs: tuple[str, ...],
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
      multadds table mypackage.models:make_net --input 1x3x224x224
    """
    from analysis.exchange.tables import export_table, format_of

    format = format or ("csv" if out in (None, "-") else format_of(str(out)))
    check_terminal(format, out)
    rows, status = _layers(read_subject(network, options, inputs), convention, number_format, audit)
    deliver(export_table(rows, format), out)
    return status


def _layers(subject: Subject, convention: str, number_format: str, audit: bool) -> tuple[pd.DataFrame, int]:
    """The layer table, and 1 where its audit differs, else 0."""
    from analysis.api import layer_table, with_fvcore
    from analysis.exchange.text import difference_text

    rows = layer_table(subject, convention=convention, number_format=number_format)
    if not audit:
        return rows, 0
    verdict = _audited(subject)
    if verdict.not_run is not None:
        say(f"fvcore_mult_adds is empty: {subject.label} is {verdict.not_run}")
    elif not verdict.agrees:
        say(difference_text(verdict))
    return with_fvcore(rows, verdict), 1 if verdict.agrees is False else 0


@commands.command()
@design_options
@inputs_option
@number_format_option
@json_option
def totals(
    network: str, inputs: tuple[str, ...], number_format: str, as_json: bool, **options: Unpack[DesignOptions]
) -> None:
    """The totals of NETWORK: Mult-Adds, parameters, weight size, peak activation memory.

    \b
    Examples:
      multadds totals mobilenet_v2 --alpha 1.4
      multadds totals mobilenet_v1 --number-format int8 --json
    """
    from analysis.api import totals as totals_of
    from analysis.exchange.text import totals_text

    subject = read_subject(network, options, inputs)
    found = totals_of(subject, number_format=number_format)
    if as_json:
        print_json({**dict(found), "design": _identity(subject, found.number_format)})
    else:
        print_text(totals_text(subject, found))


def _identity(subject: Subject, number_format: NumberFormat = "float32") -> dict[str, str | float | int]:
    from analysis.cost.conventions import CONVENTIONS
    from analysis.cost.subjects import identity

    return identity(subject, CONVENTIONS["papers"], number_format)


@commands.command()
@design_options
@inputs_option
@json_option
def audit(network: str, inputs: tuple[str, ...], as_json: bool, **options: Unpack[DesignOptions]) -> int:
    """Both counts of NETWORK side by side: the closed form, and fvcore and numel on the built module.

    Exit status 1 if they differ, 2 if the design is too large to build (the closed form is printed all the same).

    \b
    Example:
      multadds audit mobilenet_v2 --alpha 0.35 --resolution 96
    """
    from analysis.exchange.text import audit_text, difference_text

    subject = read_subject(network, options, inputs)
    verdict = _audited(subject)
    if as_json:
        print_json({"design": _identity(subject), "agrees": verdict.agrees, **verdict.to_dict()})
    else:
        print_text(audit_text(subject, verdict))
    if verdict.not_run is not None:
        raise ValueError(f"fvcore did not count {subject.label}: {verdict.not_run}")
    if not verdict.agrees:
        say(difference_text(verdict))
    return 0 if verdict.agrees else 1


def _audited(subject: Subject) -> Audit:
    from analysis.api import audit

    return audit(subject)
