"""``fit``: the log-linear trade-off of a network's published accuracies."""

from __future__ import annotations

from pathlib import Path

import click

from analysis.cli.group import commands
from analysis.cli.options import json_option
from analysis.cli.output import print_json, print_text
from analysis.networks.design import MOST_ALPHA, check_number


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
    smaller leave-one-out error. Mult-Adds are computed here, accuracies are printed figures.

    \b
    Examples:
      multadds fit mobilenet_v1 --training 2018 --min-alpha 0.5 --json
      multadds fit mobilenet_v2
    """
    from analysis.tradeoff.fit_text import fit_facts, fit_text
    from analysis.tradeoff.predict import fit as fit_of

    least = 0.0 if min_alpha in (None, "0") else check_number("min_alpha", min_alpha, MOST_ALPHA)
    own = None if measurements is None else _read(measurements)
    found = fit_of(network, training=training, min_alpha=least, measurements=own)
    if as_json:
        print_json(fit_facts(found, training=training, min_alpha=least))
    else:
        print_text(fit_text(found, training=training))


def _read(path: str) -> bytes:
    from analysis.tradeoff.measurements import MOST_BYTES

    file = Path(path)
    try:
        if file.stat().st_size > MOST_BYTES:
            raise ValueError(
                f"measurements must be a file of at most {MOST_BYTES:,} bytes, got {file.stat().st_size:,}"
            )
        return file.read_bytes()
    except OSError as error:
        raise ValueError(f"cannot read {path}: {error.strerror}") from None
