"""Every printed cost cell beside the computed one, with its verdict."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.cost.counted.references import counted_reference
from analysis.cost.subjects import Subject
from analysis.networks import Design
from analysis.networks.values import shortened
from analysis.papers import pd as discharges
from analysis.papers import v1_architecture, v1_imagenet, v1_released, v1_tasks, v2_architecture, v2_networks, v3
from analysis.papers.recipe import Recipes, Tables, Verdict, judge

if TYPE_CHECKING:
    import pandas as pd

PAPERS = {
    "v1": "MobileNets, arXiv:1704.04861v1",
    "v2": "MobileNetV2, arXiv:1801.04381",
    "v3": "MobileNetV3, arXiv:1905.02244",
    "pd": "Partial-discharge networks",
}
"""The papers by their short name."""

VERDICTS = {
    "reproduced": "within half a unit of the last printed digit",
    "explained": "differs, and the stated arithmetic gives the printed figure exactly",
    "open": "neither",
}
"""What each verdict says."""

COLUMNS = {
    "paper": "v1, v2, v3 or pd",
    "table": "Number of the table; none for pd and release notes. Figures of the text are with the table they speak of",
    "row": "The row as printed, numbered where labels repeat",
    "quantity": "What the figure counts, with its unit",
    "printed": "The figure as printed",
    "computed": "The plain figure computed here, in the same unit: Mult-Adds as in the papers; trainable parameters, "
    "batch-norm scale and shift included",
    "verdict": "reproduced, explained or open",
    "explanation": "The arithmetic, with its numbers",
    "source": "Paper and table or section",
}
"""Every column of the cells and what it holds."""


@dataclass(frozen=True)
class Cell:
    """A printed figure and its judgement.

    ``design`` is what stands for its row, if anything does: a design of the catalogue, or a reference network's name.
    """

    paper: str
    table: int | None
    row: str
    quantity: str
    printed: str
    computed: float | int | str | None
    verdict: Verdict
    explanation: str
    source: str
    design: Design | str | None = None

    @property
    def name(self) -> str:
        """Where the figure stands: ``V1, Table 12, 0.25 MobileNet-224, million_mult_adds``."""
        table = "" if self.table is None else f", Table {self.table}"
        return f"{self.paper.upper()}{table}, {self.row}, {self.quantity}"

    @property
    def subject(self) -> Subject | None:
        """The network that stands for its row, as every page shows it."""
        return counted_reference(self.design) if isinstance(self.design, str) else self.design

    @property
    def computed_text(self) -> str:
        """The computed figure for reading, to six figures; empty where there is none."""
        if self.computed is None or isinstance(self.computed, str):
            return self.computed or ""
        return f"{self.computed:.6g}" if self.computed < 1_000_000 else f"{self.computed:,.0f}"

    def facts(self) -> dict[str, Any]:
        """The cell by column."""
        return {name: getattr(self, name) for name in COLUMNS}


class Printed(NamedTuple):
    """A figure as it was printed; nothing in it is computed."""

    paper: str
    table: int | None
    row: str
    quantity: str
    printed: str
    source: str


@cache
def printed_figures() -> tuple[Printed, ...]:
    """Every printed figure, in the papers' order."""
    text = (files("analysis.papers") / "data" / "printed.csv").read_text("utf-8")
    rows = list(csv.reader(text.splitlines()))[1:]
    return tuple(Printed(paper, int(table) if table else None, *rest) for paper, table, *rest in rows)


def all_recipes() -> dict[tuple[str, int | None], Recipes]:
    """The recipes of every paper and table."""
    of_papers: dict[str, Tables] = {
        "v1": {**v1_architecture.recipes(), **v1_imagenet.recipes(), **v1_tasks.recipes(), **v1_released.recipes()},
        "v2": {**v2_architecture.recipes(), **v2_networks.recipes()},
        "v3": v3.recipes(),
        "pd": discharges.recipes(),
    }
    return {(paper, table): recipes for paper, tables in of_papers.items() for table, recipes in tables.items()}


@cache
def all_cells() -> tuple[Cell, ...]:
    """Every printed cell with its verdict, in the papers' order; computed once a process."""
    return tuple(judged_cells())


def judged_cells() -> Iterator[Cell]:
    """Every printed cell, computed and judged now."""
    recipes = all_recipes()
    for figure in printed_figures():
        recipe = recipes[figure.paper, figure.table][figure.row, figure.quantity]()
        judged = judge(recipe, figure.quantity, figure.printed)
        yield Cell(**figure._asdict(), **vars(judged))


def tables_of(paper: str | None = None) -> list[int]:
    """The numbers of the tables that a paper, or any, has figures of."""
    return sorted({figure.table for figure in printed_figures() if figure.table and paper in (None, figure.paper)})


def chosen_cells(*, paper: str | None = None, table: int | None = None, verdict: str | None = None) -> list[Cell]:
    """The cells of a paper, a table and a verdict; all where none is named.

    Raises ``ValueError`` for a paper, a table or a verdict that there is not.
    """
    _check("paper", paper, PAPERS)
    _check("verdict", verdict, VERDICTS)
    if table is not None:
        _check_table(paper, table)
    wanted = {"paper": paper, "table": table, "verdict": verdict}
    return [
        cell
        for cell in all_cells()
        if all(value is None or getattr(cell, name) == value for name, value in wanted.items())
    ]


def _check(name: str, value: str | None, choices: Iterable[str]) -> None:
    if value is not None and value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, got {shortened(value)}")


def _check_table(paper: str | None, table: int) -> None:
    tables = tables_of(paper)
    if table not in tables:
        of = "" if paper is None else f" of {paper}"
        held = f"one of {', '.join(map(str, tables))}" if tables else "left out: its figures stand in no numbered table"
        raise ValueError(f"table{of} must be {held}, got {shortened(table)}")


def paper_cells(*, paper: str | None = None, table: int | None = None, verdict: str | None = None) -> pd.DataFrame:
    """A row a printed cost cell: V1's Tables 1-14 and release notes, V2's Tables 2-7, V3's Table 3, partial discharges.

    The columns are described in :data:`COLUMNS`. ``printed`` is text, so that its digits are known; ``computed`` is in
    the same unit, a text for a shape, none where no network stands for the cell. Accuracies are not judged.

    Raises ``ValueError`` for a paper, a table or a verdict that there is not.
    """
    return cells_frame(chosen_cells(paper=paper, table=table, verdict=verdict))


def cells_frame(cells: Iterable[Cell]) -> pd.DataFrame:
    """The cells as a frame, a row a cell, in the columns of :data:`COLUMNS`."""
    import pandas as pd

    rows = [cell.facts() for cell in cells]
    frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    return frame.assign(table=pd.array([row["table"] for row in rows], dtype="Int64"))


def text_frame(cells: Iterable[Cell]) -> pd.DataFrame:
    """The cells as a frame for a file of text, each computed figure with all its digits."""
    kept = list(cells)
    texts = ["" if cell.computed is None else str(cell.computed) for cell in kept]
    return cells_frame(kept).assign(computed=texts)


def summary(cells: Iterable[Cell]) -> str:
    """One line: how many cells there are of each verdict."""
    counts = verdict_counts(cells)
    return f"{sum(counts.values())} cells: {', '.join(f'{count} {verdict}' for verdict, count in counts.items())}"


def verdict_counts(cells: Iterable[Cell]) -> dict[str, int]:
    """How many cells there are of each verdict."""
    found = [cell.verdict for cell in cells]
    return {verdict: sum(one == verdict for one in found) for verdict in VERDICTS}
