"""What every page begins and ends with: its title, the menu, the controls, clear errors, and the audit that follows."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

import streamlit as st

from analysis.cost.audit import Audit
from analysis.cost.subjects import Subject
from analysis.cost.units import audit_sentence, uncounted_sentence, waiting_sentence
from analysis.exchange.html import figure_html
from analysis.lessons.messages import Translate, translate
from analysis.networks import Design, Network
from analysis.plots.style import IMAGE_FORMATS, chart_config
from pages.shared import audits
from pages.shared.controls import linked
from pages.shared.sidebar import current_view
from pages.shared.state import View

PAGES = (
    ("app.py", "Explore", ":material/tune:"),
    ("pages/layer_costs.py", "Layer costs", ":material/table_rows:"),
    ("pages/trade_off.py", "Trade-off", ":material/show_chart:"),
    ("pages/compare.py", "Compare", ":material/compare_arrows:"),
    ("pages/cost_surface.py", "Cost surface", ":material/landscape:"),
    ("pages/search.py", "Search", ":material/search:"),
    ("pages/edit.py", "Edit", ":material/edit_note:"),
    ("pages/import_file.py", "Import", ":material/upload_file:"),
    ("pages/learn.py", "Learn", ":material/school:"),
    ("pages/papers.py", "Papers", ":material/fact_check:"),
    ("pages/counters.py", "Counters", ":material/balance:"),
)


@dataclass
class Page:
    """A page being drawn: its view, and what is to be shown when the audit of its subject is there."""

    view: View
    subject: Subject
    on_audit: list[Callable[[Audit], None]] = field(default_factory=list)

    @property
    def design(self) -> Design:
        """The design, on pages that are for networks of rows alone."""
        assert isinstance(self.subject, Design)
        return self.subject

    @property
    def baseline(self) -> Subject | None:
        """What is pinned."""
        return self.view.pin

    def chart(self, figure: Any, name: str, alt: str, dragged: Callable[[str], None] | None = None) -> None:
        """A plotly chart whose own menu saves it as an image, SVG or PNG as chosen under :meth:`saved_charts`.

        ``dragged`` is called with the chart's key after a box over it; such a chart has no zoom of its own,
        which a redraw would lose.
        """
        config, key = chart_config(f"multadds-{name}", self.view.image, selects=dragged is not None), f"{name}_chart"
        if dragged is None:
            st.plotly_chart(figure, key=key, theme=None, config=config, alt=alt)
        else:
            on_select = partial(dragged, key)
            st.plotly_chart(
                figure,
                key=key,
                theme=None,
                config=config,
                alt=alt,
                on_select=on_select,
                selection_mode=("points", "box"),
            )

    def saved_charts(self, charts: Mapping[str, Any]) -> None:
        """What the camera in a chart's menu saves, and each chart as one self-contained HTML file."""
        with st.popover("Save charts", icon=":material/download:"):
            st.segmented_control(
                "The camera in a chart's menu saves",
                IMAGE_FORMATS,
                format_func=str.upper,
                required=True,
                **linked("image", self.view),
            )
            st.caption("As HTML: one file each, interactive and without a network.")
            for name, figure in charts.items():
                st.download_button(
                    f"{name}.html",
                    data=partial(figure_html, figure, f"{name}, {self.subject.label}"),
                    file_name=f"multadds-{name.lower()}.html",
                    mime="text/html",
                    on_click="ignore",
                    key=f"html_{name}",
                )

    def audit_line(self) -> None:
        """One line: both counts, and what fvcore did not count; filled in when the audit is there."""
        line = st.empty()
        self.with_audit(lambda audit: _show_audit(line, self.subject, audit))

    def with_audit(self, show: Callable[[Audit | None], None]) -> None:
        """Draw with the audit if it is there, else without it now and with it later."""
        known = audits.known_audit(self.subject)
        show(known)
        if known is None:
            self.on_audit.append(show)


@contextmanager
def page(title: str, *, for_rows: bool = False) -> Iterator[Page]:
    """Frame a page: ``with page("Explore") as here: ...``; the audit follows when the block is drawn.

    ``for_rows``: it shows what only networks of rows have; for others it says so, and nothing else.
    """
    st.set_page_config(page_title=f"{title} · multadds", page_icon="🧮", layout="wide")
    st.html(stylesheet())
    menu = st.sidebar.container()
    view = current_view(title)
    with menu:
        _menu(translate(view.language))
    _link_errors(st.session_state.pop("link_errors", []))
    here = Page(view, view.subject)
    if for_rows and not isinstance(here.subject, Design):
        _without_rows(title, here.subject)
        st.stop()
    try:
        yield here
    except (ValueError, OverflowError) as error:  # rows of a visitor's own need not fit every position of the sliders
        own = next((each.own for each in (here.subject, here.baseline) if isinstance(each, Design) and each.own), None)
        if own is None:
            raise
        here.on_audit.clear()
        st.error(f"{cannot_be(own)} {as_text(str(error))}.", icon=":material/error:")
    _freeze_imports()
    if here.on_audit:
        audits.follow(here.subject, lambda audit: _all_shown(here, audit))


def cannot_be(own: Network) -> str:
    """What precedes the reason why rows of a visitor's own cannot be drawn as they are set."""
    return f"The rows of {own.label} cannot be counted everywhere that this page looks: move α, ρ or t back, or unpin."


def _link_errors(errors: list[str]) -> None:
    """All that is wrong with a link, in one box."""
    if errors:
        lines = [f"- {as_text(error)}" for error in errors]
        text = "\n".join(["This link could not be read in full; the rest of it is shown.", "", *lines])
        st.warning(text, icon=":material/link_off:")


def _without_rows(title: str, subject: Subject) -> None:
    st.markdown(f"## {title}")
    st.info(
        f"{subject.label} is not made of rows: it has no α, ρ or t to move, so there is nothing to draw here. Choose "
        "a network with sliders at the upper left; MobileNetV2 is one.",
        icon=":material/tune:",
    )


def as_text(hostile: str) -> str:
    """Text for markdown that stays text, as code: no links, images, colours, formulas or icons."""
    return f"`{hostile.replace('`', 'ˋ')}`"


def plain(text: str) -> str:
    """Text that markdown shows as it stands."""
    return re.sub(r"([\\`*_{}\[\]<>$~#|:])", r"\\\1", text)


def _all_shown(here: Page, audit: Audit) -> None:
    for show in here.on_audit:
        show(audit)


def _show_audit(line: Any, subject: Subject, audit: Audit | None) -> None:
    if audit is None:
        line.markdown(f":gray[:material/hourglass_empty: {waiting_sentence(subject)}]")
        return
    text = audit_sentence(audit)
    if audit.agrees is False:
        line.error(text, icon=":material/error:")
    elif audit.not_run is not None:
        line.warning(text, icon=":material/info:")
    else:
        line.markdown(
            f":green[:material/check_circle:] **{text}** Mult-Adds, and {audit.params:,} parameters = numel. "
            f":small[:gray[{uncounted_sentence(audit)}]]"
        )


def _menu(_: Translate) -> None:
    st.markdown("### multadds")
    for path, label, icon in PAGES:
        st.page_link(path, label=_(label), icon=icon, width="stretch")


@cache
def stylesheet() -> str:
    """The few rules Streamlit has no option for."""
    return f"<style>{(Path(__file__).parent / 'style.css').read_text()}</style>"


@cache
def _freeze_imports() -> None:
    """Once, when all is imported: Streamlit collects garbage after every run, and need not look at modules again."""
    gc.collect()
    gc.freeze()
