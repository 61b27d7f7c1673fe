"""The layer table for a document, in Markdown and LaTeX: the figures that a paper prints, and their total.

Columns: layer, kind, kernel, stride, input and output (channels × height × width), mult_adds and its share,
fvcore_mult_adds of an audited table, params and its share, weight_bytes; shares are 0 to 1, to 4 decimals.
Integers are exact and ungrouped. Left out are block, groups, activations, receptive_field, weights and
formula, which the other formats hold.
"""

from __future__ import annotations

import pandas as pd

from analysis.exchange.identity import Facts, facts_text, file_stem

NUMBERS = frozenset(
    ("stride", "mult_adds", "mult_adds_share", "fvcore_mult_adds", "params", "params_share", "weight_bytes")
)
"""The columns set flush right."""

Rows = dict[str, list[str]]
"""Cells by column, as text."""


def document_rows(table: pd.DataFrame) -> Rows:
    """The columns of a document with a cell a layer; the last cell of each is the total."""
    audited = {name: _with_total(table[name]) for name in ("fvcore_mult_adds",) if name in table}
    return {
        "layer": [*map(str, table["layer"]), "total"],
        **{name: [*map(str, table[name]), ""] for name in ("kind", "kernel", "stride")},
        "input": [*_maps(table, "in"), ""],
        "output": [*_maps(table, "out"), ""],
        "mult_adds": _with_total(table["mult_adds"]),
        "mult_adds_share": _shares(table["mult_adds_share"]),
        **audited,
        "params": _with_total(table["params"]),
        "params_share": _shares(table["params_share"]),
        "weight_bytes": _with_total(table["weight_bytes"]),
    }


def _shares(shares: pd.Series) -> list[str]:
    return [f"{share:.4f}" for share in (*shares, shares.sum())]


def _maps(table: pd.DataFrame, side: str) -> list[str]:
    sizes = table[[f"{side}_channels", f"{side}_height", f"{side}_width"]]
    return ["x".join(map(str, size)) for size in sizes.itertuples(index=False, name=None)]


def _with_total(counts: pd.Series) -> list[str]:
    """Each count and their sum; empty where there is none."""
    cells = [None if pd.isna(count) else int(count) for count in counts]
    known = [count for count in cells if count is not None]
    return ["" if count is None else str(count) for count in (*cells, sum(known) if known else None)]


def markdown(table: pd.DataFrame, facts: Facts, command: str) -> str:
    """A line that names the design, a GitHub table with its total in bold, and the command that rebuilds it."""
    rows = pd.DataFrame(document_rows(table)).map(_escaped_markdown)
    rows.iloc[-1] = [f"**{cell}**" if cell else "" for cell in rows.iloc[-1]]
    aligned = ["right" if name in NUMBERS else "left" for name in rows.columns]
    grid = rows.to_markdown(index=False, disable_numparse=True, colalign=aligned)
    return f"Layers of {_escaped_markdown(facts_text(facts))}.\n\n{grid}\n\nRebuild with `{command}`\n"


def _escaped_markdown(text: str) -> str:
    flat = " ".join(text.split())
    return "".join(f"\\{character}" if character in "\\`*|<[" else character for character in flat)


def latex(table: pd.DataFrame, facts: Facts, command: str) -> str:
    """A ``table`` environment for pdflatex with booktabs and graphicx, never wider than a line."""
    rows = document_rows(table)
    lines = [_latex_line(cells, rows) for cells in zip(*rows.values(), strict=True)]
    columns = "".join("r" if name in NUMBERS else "l" for name in rows)
    header = " & ".join(_escaped_latex(HEADERS.get(name, name)) for name in rows)
    return "\n".join(
        (
            f"% Rebuild with: {_one_line(command)}",
            "\\begin{table}[htbp]",
            "  \\centering\\scriptsize\\setlength{\\tabcolsep}{2pt}",
            f"  \\caption{{Layers of {_escaped_latex(facts_text(facts))}.}}",
            f"  \\label{{tab:{file_stem(facts)}}}",
            "  \\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%",
            f"  \\begin{{tabular}}{{@{{}}{columns}@{{}}}}",
            *(f"    {line}" for line in ("\\toprule", f"{header} \\\\", "\\midrule", *lines[:-1])),
            *(f"    {line}" for line in ("\\midrule", lines[-1], "\\bottomrule")),
            "  \\end{tabular}}",
            "\\end{table}\n",
        )
    )


HEADERS = {"kernel": "k", "stride": "s", "mult_adds_share": "share", "params_share": "share"}
"""Shorter heads, in the papers' words; a share is of the column on its left."""


def _latex_line(cells: tuple[str, ...], names: Rows) -> str:
    sizes = ("kernel", "input", "output")
    shown = (
        "$" + cell.replace("x", "{\\times}") + "$" if name in sizes and cell else _escaped_latex(cell)
        for name, cell in zip(names, cells, strict=True)
    )
    return " & ".join(shown) + " \\\\"


LATEX = {
    **{character: f"\\{character}" for character in "#$%&_{}"},
    **{"\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "<": "$<$", ">": "$>$"},
    **{
        "[": "{[}",
        "*": "{*}",
        "|": "$|$",
        '"': "''",
        "·": "$\\cdot$",
        "×": "$\\times$",
        "α": "$\\alpha$",
        "ρ": "$\\rho$",
    },
}
"""What pdflatex would read as a command, or cannot print."""


def _escaped_latex(text: str) -> str:
    escaped = "".join(LATEX.get(character, character) for character in _one_line(text))
    return escaped.replace("--", "-{}-")


def _one_line(text: str) -> str:
    return " ".join(text.split())
