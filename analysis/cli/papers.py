"""``papers``: every printed cost of the papers beside the computed one, with a verdict."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

import click

from analysis.cli.group import commands
from analysis.cli.options import json_option
from analysis.cli.output import print_bytes, print_json, print_text
from analysis.networks.values import check_count

if TYPE_CHECKING:
    from analysis.papers import Cell

MOST_TABLE = 1_000


@commands.command()
@click.option("--paper", metavar="NAME", help="v1, v2 or v3 (the three MobileNets), or pd (partial discharges).")
@click.option("--table", metavar="N", help="The number of a table; with --paper, of that paper.")
@click.option("--verdict", metavar="NAME", help="reproduced, explained or open.")
@click.option("--explain", is_flag=True, help="Print each cell's arithmetic below it.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@json_option
def papers(
    paper: str | None, table: str | None, verdict: str | None, explain: bool, as_csv: bool, as_json: bool
) -> None:
    """Every printed cost of V1's Tables 1-14, V2's Tables 2-7, V3's own and the partial-discharge networks, recomputed.

    Each is reproduced (within half a unit of the last printed digit), explained (it differs, and the stated arithmetic
    gives the printed figure exactly) or open (neither). Printed and computed figures are in the quantity's unit.
    Accuracies are not judged.

    \b
    Examples:
      multadds papers
      multadds papers --paper v1 --table 12 --explain
      multadds papers --verdict open --json
    """
    from analysis.papers import chosen_cells, summary

    if as_csv and as_json:
        raise ValueError("give csv or json, not both")
    number = None if table is None else check_count("table", table, 1, MOST_TABLE)
    cells = chosen_cells(paper=paper, table=number, verdict=verdict)
    if as_json:
        print_json([cell.facts() for cell in cells])
    elif as_csv:
        print_bytes(_csv(cells))
    else:
        print_text(f"{_explained(cells) if explain else _aligned(cells)}\n\n{summary(cells)}")


def _csv(cells: list[Cell]) -> bytes:
    from analysis.exchange.cells import neutral_csv
    from analysis.papers import text_frame

    return neutral_csv(text_frame(cells))


def _aligned(cells: list[Cell]) -> str:
    from tabulate import tabulate

    headers = ["paper", "table", "row", "quantity", "printed", "computed", "verdict"]
    return str(tabulate([_texts(cell) for cell in cells], headers, tablefmt="simple", disable_numparse=True))


def _texts(cell: Cell) -> list[str]:
    table = "" if cell.table is None else str(cell.table)
    return [cell.paper, table, cell.row, cell.quantity, cell.printed, cell.computed_text, cell.verdict]


def _explained(cells: list[Cell]) -> str:
    """A heading and the arithmetic, wrapped, for each cell."""
    return "\n\n".join(
        f"{cell.name}\n"
        f"  printed {cell.printed}, computed {cell.computed_text or 'not'}: {cell.verdict}\n"
        f"{fill(cell.explanation, 100, initial_indent='  ', subsequent_indent='  ')}"
        for cell in cells
    )
