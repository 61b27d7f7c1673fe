"""Edit: a network's rows in a grid; every edit counts, draws and audits anew, and every step can be undone."""

import streamlit as st

from analysis.cost.subjects import Subject
from analysis.cost.units import caption
from analysis.networks import Network
from pages.shared import cached, editing, editing_files, editing_start, editing_tools
from pages.shared.editing_link import TOO_LONG, rows_text
from pages.shared.editing_steps import Draft
from pages.shared.frame import Page, as_text, cannot_be, page, plain
from pages.shared.headline import changes, headline


def summary(here: Page, draft: Draft) -> None:
    """The four totals, each with its change against the start network, or the pinned baseline."""
    st.markdown(f"## {here.subject.label}")
    st.caption(plain(caption(here.subject)))
    headline(here.subject, here.view.format, started(here, draft) or here.baseline)


def started(here: Page, draft: Draft) -> Subject | None:
    """The network that the rows were copied from, as the sidebar sets it."""
    return here.view.of_network(draft.start).subject if draft.start else None


def against(here: Page, draft: Draft) -> None:
    """What the changes are against, and those against the pinned baseline in words."""
    start = started(here, draft)
    lines = [] if start is None else [f"Changes are against {start.label}, which these rows were copied from."]
    if here.baseline is not None and start not in (None, here.baseline):
        all_changes = ", ".join(changes(here.subject, here.baseline, here.view.format))
        lines.append(f"Against the pinned {here.baseline.label}: {all_changes}.")
    elif here.baseline is not None and start is None:
        lines.append(f"Changes are against the pinned {here.baseline.label}.")
    st.caption(" ".join(lines))


def pictures(here: Page) -> None:
    subject, charts = here.subject, {}
    st.markdown("#### The network")
    charts["Network"] = cached.diagram_chart(subject)
    here.chart(
        charts["Network"], "network", f"Boxes of {subject.label}, a layer each, scaled to channels and resolution"
    )
    st.markdown("#### Where the cost is")
    charts["Layers"] = cached.layers_chart(subject, "Mult-Adds", here.baseline)
    here.chart(charts["Layers"], "layers", f"Mult-Adds of every layer of {subject.label}")
    here.saved_charts(charts)


def share_and_save(here: Page, network: Network) -> None:
    st.markdown("#### Save, load, share")
    if rows_text(network) == TOO_LONG:
        st.info(
            "These rows are too long for a link: save the file, and send it in the link's place.",
            icon=":material/link_off:",
        )
    else:
        st.caption("The address of this page holds these rows: send it, or keep it as a bookmark.")
    editing_files.downloads(network)
    editing_files.code(here.design)
    editing_start.start_box("Start again from")
    editing_files.uploader()


def edit(here: Page, own: Network) -> None:
    """The grid with all that follows from it; where the sidebar's design cannot be, the grid alone."""
    now = editing.followed(here.view, own)
    try:
        summary(here, now.draft)
    except (ValueError, OverflowError) as error:
        st.error(f"{cannot_be(own)} {as_text(str(error))}.", icon=":material/error:")
        editing_tools.toolbar(now)
        editing_tools.rows(now)
        editing_tools.facts(now.draft)
        return
    editing_tools.toolbar(now)
    editing_tools.rows(now)
    here.audit_line()  # under the grid, which must not move while a cell is edited
    against(here, now.draft)
    editing_tools.facts(now.draft)
    pictures(here)
    share_and_save(here, own)


with page("Edit") as here:
    own = here.view.own
    if own is None or here.view.network != own.name:
        editing_start.introduction(here)
    else:
        edit(here, own)
