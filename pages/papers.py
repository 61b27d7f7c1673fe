"""Papers: every cost that the papers print, beside the one computed here, with a verdict and the arithmetic."""

import streamlit as st

from analysis.exchange.cells import neutral_csv
from analysis.papers import PAPERS, VERDICTS, Cell, text_frame, verdict_counts
from analysis.plots.papers_verdicts import VERDICT_SIGNS
from pages.shared import cached
from pages.shared.controls import show
from pages.shared.frame import Page, page, plain
from pages.shared.printed_cells import filters, in_words, listed


def headline() -> None:
    st.markdown("## Every table of the papers, recomputed")
    st.markdown(
        "Every cost that the papers print stands beside the one computed here. "
        + " ".join(f"**{VERDICT_SIGNS[name]}\N{NO-BREAK SPACE}{name}**: {says}." for name, says in VERDICTS.items())
    )
    with st.container(horizontal=True, key="papers_headline"):
        for paper, name in PAPERS.items():
            cells = cached.paper_cells(paper)
            counts = verdict_counts(cells)
            words = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
            st.metric(
                name.partition(",")[0],
                f"{counts['reproduced'] + counts['explained']} of {len(cells)}",
                " · ".join(f"{VERDICT_SIGNS[name]} {count}" for name, count in counts.items()),
                delta_color="off",
                delta_arrow="off",
                help=f"Reproduced or explained, of all cells: {words}. {name}.",
                border=True,
                height="stretch",
            )


def arithmetic(cell: Cell | None) -> None:
    """One cell in full, and its design one click away."""
    if cell is None:
        st.caption("Select a row to read its arithmetic in full.")
        return
    table = "" if cell.table is None else f", Table {cell.table}"
    with st.container(border=True):
        st.markdown(f"**{VERDICT_SIGNS[cell.verdict]} {cell.verdict}**: {cell.paper.upper()}{table}, {plain(cell.row)}")
        computed = cell.computed_text or "nothing"
        st.markdown(f"Printed **{cell.printed}**, computed **{computed}** ({in_words(cell.quantity)}).")
        st.markdown(plain(cell.explanation))
        st.caption(cell.source)
        if cell.subject is not None:
            opened = st.button(
                f"Open {cell.subject.label}",
                icon=":material/tune:",
                on_click=show,
                args=(cell.subject,),
                key="open",
                help="Make it the current design, and see what each of its layers costs.",
            )
            if opened:
                st.switch_page("app.py")


def take_away(cells: list[Cell]) -> None:
    st.download_button(
        "Papers.csv",
        neutral_csv(text_frame(cells)),
        "papers.csv",
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
        help="The cells shown, with their arithmetic and source.",
    )


def chart(here: Page) -> None:
    figure = cached.verdicts_chart()
    here.chart(figure, "verdicts", "Printed cells of every table of the papers, by verdict")
    here.saved_charts({"Papers": figure})


with page("Papers") as here:
    headline()
    chart(here)
    cells = filters(here.view)
    arithmetic(listed(cells))
    take_away(cells)
