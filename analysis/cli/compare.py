"""``compare``: networks side by side, and two of them layer by layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from analysis.cli.group import commands
from analysis.cli.options import json_option, number_format_option, read_subject
from analysis.cli.output import deliver, print_bytes, print_json, print_text, say

if TYPE_CHECKING:
    from analysis.comparison.compared import Comparison
    from analysis.comparison.diff import Diff
    from analysis.cost.subjects import Subject

FORMATS = ("text", "csv", "markdown", "json")


@commands.command()
@click.argument("networks", metavar="NETWORK NETWORK…", nargs=-1, required=True)
@number_format_option
@click.option("--training", default="2018", show_default=True, metavar="YEAR", help="Of MobileNetV1: 2018 or 2017.")
@click.option("--diff", is_flag=True, help="Print two of them layer by layer instead of the totals.")
@click.option("--pair", default="AB", show_default=True, metavar="AB", help="Which two are diffed, by their letters.")
@click.option("--format", metavar="NAME", help="text, csv, markdown or json.  [default: text]")
@json_option
@click.option("--report", metavar="FILE", help="Also write totals, bars, profiles and the diff as one HTML file.")
def compare(
    networks: tuple[str, ...],
    number_format: str,
    training: str,
    diff: bool,
    pair: str,
    format: str | None,
    as_json: bool,
    report: str | None,
) -> None:
    """Two to six networks side by side; ratios are against the first.

    Each NETWORK is what other commands take, with its options behind an @: mobilenet_v2@alpha=0.5,resolution=160
    (alpha, rho, resolution, t, classes, in_channels, least_depth, divisor, least, nearest, keep); or a published
    design's name, "0.50 MobileNetV2-160". Inputs of ONNX files and modules: net.onnx@input=height=224 and
    package.models:make_net@input=1x3x224x224. The designs get the letters A to F in order.

    Layers are paired in order, by name first, else by kind with kernel and stride or with their maps. The report needs
    no network, runs no script, and is the same to the byte for the same designs and version.

    \b
    Examples:
      multadds compare mobilenet_v1 mobilenet_v2 mobilenet_v3_large
      multadds compare mobilenet_v2 mobilenet_v2@alpha=0.75,resolution=160 --diff
      multadds compare mobilenet_v2 resnet50 mobilenet_v1 --pair AC --report comparison.html
      multadds compare "1.0 MobileNet-224" googlenet --format markdown
    """
    from analysis.comparison.compared import comparison_of

    form = _form(format, as_json)
    found = comparison_of([_subject(word) for word in networks], number_format=number_format, training=training)
    letters = _pair(pair)
    layers = found.diff(*letters)
    if report is not None:
        if report == "-":
            raise ValueError("report must be a file, since standard output holds the figures")
        deliver(found.report(letters), report)
        say(f"wrote {report}")
    if diff:
        _print_diff(layers, form)
    else:
        _print(found, form)


def _subject(word: str) -> Subject:
    from analysis.comparison.words import read_word

    network, options, inputs = read_word(word)
    if not isinstance(network, str):
        return network
    try:
        return read_subject(network, options, inputs)
    except ValueError as error:  # the other commands have an option for it
        raise ValueError(str(error).replace(" with --input, as --input ", " as @input=")) from None


def _form(format: str | None, as_json: bool) -> str:
    if as_json and format not in (None, "json"):
        raise ValueError(f"give format {format} or json, not both")
    form = "json" if as_json else format or "text"
    if form not in FORMATS:
        raise ValueError(f"format must be one of {', '.join(FORMATS)}, got {form[:40]}")
    return form


def _pair(text: str) -> tuple[str, str]:
    if len(text) != 2:
        raise ValueError(f"pair must be two letters such as AB, got {text[:40]}")
    letters = text.upper()
    return letters[0], letters[1]


def _print(comparison: Comparison, form: str) -> None:
    from analysis.comparison import text

    if form == "json":
        print_json(text.comparison_facts(comparison))
    elif form == "csv":
        print_bytes(text.comparison_csv(comparison))
    else:
        print_text(text.comparison_text(comparison) if form == "text" else text.comparison_markdown(comparison))


def _print_diff(diff: Diff, form: str) -> None:
    from analysis.comparison import text

    if form == "json":
        print_json(text.diff_facts(diff))
    elif form == "csv":
        print_bytes(text.diff_csv(diff))
    else:
        print_text(text.diff_text(diff) if form == "text" else text.diff_markdown(diff))
