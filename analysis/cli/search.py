"""``search``: the best designs that keep every budget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from analysis.cli.group import commands
from analysis.cli.named import network_of_rows
from analysis.cli.options import budget_options, json_option, network_argument, with_options
from analysis.cli.output import aligned, print_json, print_text, say

if TYPE_CHECKING:
    from analysis.tradeoff.search.found import Found

NOTHING_FITS = 1
"""The exit status where no design keeps every budget."""

COLUMNS = {
    "alpha": "alpha",
    "resolution": "resolution",
    "t": "t",
    "mult_adds": "Mult-Adds",
    "params": "parameters",
    "weight_bytes": "weight bytes",
    "peak_activation_bytes": "peak bytes",
    "peak_unfused_bytes": "unfused",
    "predicted_top1_percent": "top-1 predicted",
    "interval": "95 % interval",
    "printed_top1_percent": "printed",
}
"""What the table of results shows, and how it heads it."""

OPTIONS = (
    network_argument,
    *budget_options,
    click.option(
        "--format",
        "--number-format",
        "number_format",
        default="float32",
        show_default=True,
        metavar="NAME",
        help="What sizes are in: float64, float32, float16 or int8.",
    ),
    click.option("--min-resolution", metavar="PX", help="Least height of the input.  [default: 32]"),
    click.option("--max-resolution", metavar="PX", help="Most height of the input.  [default: 320]"),
    click.option("--base", metavar="PX", help="Input at ρ = 1, as 60x120: its aspect ratio.  [default: as published]"),
    click.option("--min-alpha", metavar="α", default="0.25", show_default=True, help="Least width multiplier."),
    click.option("--max-alpha", metavar="α", default="1.4", show_default=True, help="Most width multiplier."),
    click.option("--t", metavar="VALUES", help="Expansion factors: 6, or 4,6, or 1:10:0.25, the default."),
    click.option("--classes", metavar="N", help="Classes.  [default: as published]"),
    click.option("--in-channels", metavar="N", help="Channels of the input.  [default: as published]"),
    click.option("--training", metavar="YEAR", default="2018", show_default=True, help="Of MobileNetV1: 2018 or 2017."),
    click.option(
        "--objective",
        metavar="NAME",
        default="top1",
        show_default=True,
        help="top1 (predicted; most-mult-adds where it may not be), or most- or least- with mult-adds, params or "
        "peak-memory.",
    ),
    click.option("--top", metavar="N", default="10", show_default=True, help="Designs to list."),
    json_option,
)


@commands.command()
@with_options(*OPTIONS)
def search(network: str, as_json: bool, **options: Any) -> int:
    """The best designs of NETWORK that keep every budget, of a million or more α × resolution × t.

    Ranked by predicted accuracy where it may be predicted. Says which budget binds, and the released checkpoints that
    fit. A total that is equal to its budget keeps it; 1 MB is 1,000,000 bytes, 1 MiB is 1,048,576.
    Exit status 1 if nothing fits: then the closest design is given, and by how much it misses each budget.

    \b
    Examples:
      multadds search mobilenet_v2 --max-mult-adds 300M --max-params 3.5M --max-peak-memory 1MB --format int8
      multadds search mobilenet_v1 --max-peak-memory 512KiB --format int8 --min-resolution 96 --json
      multadds search mobilenet_v2 --max-mult-adds 50M --t 3:8 --classes 10 --objective least-params
    """
    from analysis.tradeoff.search.answer import answer

    found = answer(_asked(network, options))
    if as_json:
        print_json(found.to_dict())
    else:
        print_text(found_text(found))
    if found.results:
        return 0
    say("no design keeps every budget")
    return NOTHING_FITS


def _asked(network: str, options: dict[str, Any]) -> Any:
    """The checked question; a message names an option as it is typed."""
    from analysis.cost.budgets import BUDGETS
    from analysis.tradeoff.search.budgets import ask

    for kind in BUDGETS.values():
        if options[kind.name] is not None:
            options[kind.name] = kind.read(kind.name.replace("_", "-"), options[kind.name])
    return ask(network_of_rows(network), **options)


def found_text(found: Found) -> str:
    """What was found, as text for a terminal."""
    from analysis.tradeoff.search import text as say_it

    paragraphs = [say_it.headline(found)]
    if found.closest is not None:
        paragraphs.append(say_it.closest_sentence(found).replace("**", ""))
        paragraphs += [f"  {line}" for line in say_it.miss_lines(found)]
    if found.results:
        paragraphs += [say_it.binding_sentence(found), *say_it.used_lines(found), "", _table(found), ""]
        paragraphs.append(f"{say_it.front_sentence(found)} --json lists them.")
    paragraphs += [*say_it.checkpoint_lines(found), "", say_it.counted(found), *say_it.remarks(found)]
    return "\n".join(paragraphs)


def _table(found: Found) -> str:
    from analysis.tradeoff.search.text import interval_text

    rows = found.to_frame()
    rows["resolution"] = [result.design.resolution for result in found.results]
    rows["interval"] = [interval_text(result) for result in found.results]
    rows["predicted_top1_percent"] = rows["predicted_top1_percent"].astype(float).round(1)
    return aligned(rows[list(COLUMNS)].rename(columns=COLUMNS).dropna(axis="columns", how="all"))
