"""``fit``: the log-linear trade-off of a network's published accuracies."""

from __future__ import annotations

from pathlib import Path

import click

from analysis.cli.group import commands
from analysis.cli.options import json_option
from analysis.cli.output import print_json, print_text, say


@commands.command()
@click.argument("network")
@click.option("--training", default="2018", show_default=True, metavar="YEAR", help="Of MobileNetV1: 2018 or 2017.")
@click.option("--min-alpha", metavar="α", help="Only points of at least this α.  [default: all]")
@click.option(
    "--measurements", metavar="FILE", help="A CSV of your own points that take part: name, accuracy, alpha, …"
)
@json_option
def fit(network: str, training: str, min_alpha: str | None, measurements: str | None, as_json: bool) -> None:
    """Top-1 on log10(Mult-Adds) of NETWORK's released checkpoints, by ordinary least squares.

    Slopes in percentage points a doubling and a decade of Mult-Adds; the fit of α and ρ apart; which of the two has the
    smaller leave-one-out error. Mult-Adds are computed here, accuracies are printed figures. With --measurements
    NETWORK may also be one that the file alone has.

    \b
    Examples:
      multadds fit mobilenet_v1 --training 2018 --min-alpha 0.5 --json
      multadds fit mobilenet_v2 --measurements mine.csv
      multadds fit "my net" --measurements mine.csv
    """
    from analysis.tradeoff.fit_text import fit_facts, fit_text
    from analysis.tradeoff.predict import check_least_alpha
    from analysis.tradeoff.predict import fit as fit_of

    least = check_least_alpha(min_alpha or 0)
    own = None if measurements is None else _read(measurements)
    found = fit_of(network, training=training, min_alpha=least, measurements=own)
    _tell_unused(network, own)
    if as_json:
        print_json(fit_facts(found, training=training, min_alpha=least))
    else:
        print_text(fit_text(found, training=training))


def _tell_unused(network: str, own: bytes | None) -> None:
    """Say how many rows of the file are of other networks or another t."""
    from analysis.tradeoff.measurements import read_measurements
    from analysis.tradeoff.predict import joining

    unused = 0 if own is None else len(read_measurements(own, network)) - len(joining(own, network))
    if unused:
        say(f"{unused} row{'s' if unused > 1 else ''} of the measurements take no part: not {network} as published")


def _read(path: str) -> bytes:
    from analysis.tradeoff.measurement_rows import MOST_BYTES

    try:
        with Path(path).open("rb") as file:
            return file.read(MOST_BYTES + 1)  # one more than it may have: the reader says so
    except OSError as error:
        raise ValueError(f"cannot read {path}: {error.strerror}") from None
