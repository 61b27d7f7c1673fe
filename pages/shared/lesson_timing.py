"""Step 7 of the lesson: Mult-Adds beside measured milliseconds, and why a 1×1 convolution needs no im2col."""

from __future__ import annotations

from functools import cache
from typing import Any

import streamlit as st

from analysis.cost.stopwatch import Timing
from analysis.cost.timing_process import TimingProcess
from analysis.lessons import timing as timings
from analysis.lessons.formulas import standard_layer
from analysis.lessons.messages import Translate, translate
from analysis.networks import KINDS, Design
from analysis.plots.timing import timing_figure
from pages.shared.cached import for_screen
from pages.shared.frame import Page
from pages.shared.lesson_controls import layer_controls, sizes_of


@cache
def stopwatch() -> TimingProcess:
    """The one measuring process of this server."""
    return TimingProcess()


def timing(here: Page) -> None:
    """Step 7: measured milliseconds beside Mult-Adds, and why a 1×1 convolution needs no im2col."""
    _ = translate(here.view.language)
    st.markdown(
        _(
            "Mult-Adds count arithmetic. Time also goes into reading and writing maps, batch norm, activations and the "
            "start of every layer. A depthwise layer computes little with each number it reads, so that it waits for "
            "memory; a pointwise layer is one large matrix product, which processors do best. Here the sidebar's "
            "design is measured."
        )
    )
    if isinstance(here.subject, Design):
        measure(here, _)
    else:
        text = _("{name} is not made of rows: only networks with sliders are timed here; choose one in the sidebar.")
        st.info(text.format(name=here.subject.label), icon=":material/timer_off:")
    columns(here, _)


def measure(here: Page, _: Translate) -> None:
    """The button, and what was measured of the current design, now or by an earlier visitor."""
    st.markdown("#### " + _("{design} on this server").format(design=here.design.label))
    found = stopwatch().known(here.design)
    label = _("Measure on this server") if found is None else _("Measure again")
    if st.button(label, icon=":material/timer:", key="measure"):
        with st.spinner(_("Building the network and timing its layers …")):
            found = stopwatch().measure(here.design)
    if found is None:
        st.caption(_("It takes some seconds; one measurement at a time."))
    elif found.not_run is not None:
        st.warning(_(found.not_run), icon=":material/timer_off:")
    else:
        measured(here, found, _)


def measured(here: Page, found: Timing, _: Translate) -> None:
    """The figures of a measurement, and what they were taken with."""
    table = timings.timing_table(here.design.layers(), found)
    here.chart(for_screen(timing_figure(table, _)), "timing", _("Shares of Mult-Adds and of measured time by kind"))
    names = {
        "kind": _("Kind"),
        "layers": _("Layers"),
        "mult_adds": _("Mult-Adds"),
        "mult_adds_share": _("Share of Mult-Adds"),
        "ms": "ms",
        "ms_share": _("Share of time"),
        "mult_adds_per_ns": _("Mult-Adds a nanosecond"),
        "mult_adds_per_element": _("Mult-Adds an element moved"),
    }
    percent = st.column_config.NumberColumn(format="percent")
    settings: dict[str, Any] = {
        names["mult_adds"]: st.column_config.NumberColumn(format="localized"),
        names["ms"]: st.column_config.NumberColumn(format="%.2f"),
        names["mult_adds_per_ns"]: st.column_config.NumberColumn(format="%.2f"),
        names["mult_adds_per_element"]: st.column_config.NumberColumn(format="%.1f"),
    }
    settings |= {names["mult_adds_share"]: percent, names["ms_share"]: percent}
    shown = table.assign(kind=[_(KINDS[kind]) for kind in table["kind"]])[list(names)].rename(columns=names)
    st.dataframe(shown, hide_index=True, column_config=settings)
    text = _(
        "Measured on {cpu}, threads: {threads}, torch {torch}: batch of one, float32, eval mode, no gradients; "
        "convolution, batch norm and activation of each layer together, the median of {repeats} passes after {warm_up} "
        "to warm up. Figures vary from run to run and from machine to machine; on a phone they are others."
    )
    facts = {"cpu": found.cpu, "threads": found.threads, "torch": found.torch}
    st.caption(text.format(**facts, repeats=found.repeats, warm_up=found.warm_up))


def columns(here: Page, _: Translate) -> None:
    """The layer of the sliders as a matrix product: what im2col copies for it, and for a 1×1 convolution."""
    st.markdown("#### " + _("Why a 1×1 convolution needs no im2col"))
    st.markdown(
        _(
            "A convolution becomes a matrix product when every window of the input is written out as a column: im2col. "
            "With $D_K×D_K$ kernels each number of the input is copied up to $D_K^2$ times. The windows of a 1×1 "
            "convolution of stride 1 are the pixels themselves: the map in memory is the matrix already."
        )
    )
    layer_controls(here.view, _)
    sizes = sizes_of(here.view)
    point = standard_layer(sizes.with_(kernel=1, stride=1))
    text = _("{kernel}×{kernel}, stride {stride}: [{rows} × {inner}] · [{inner} × {positions}], {copied}.")
    for layer in (standard_layer(sizes), point):
        found = timings.im2col(layer)
        copied = _("{count} elements copied, {times} times the input")
        copied = copied.format(count=f"{found.copied:,}", times=f"{found.times:.1f}")
        said = copied if found.copied else _("nothing copied")
        facts = {"rows": f"{found.rows:,}", "inner": f"{found.inner:,}", "positions": f"{found.positions:,}"}
        st.markdown("- " + text.format(kernel=layer.kernel[0], stride=layer.stride, copied=said, **facts))
    with st.expander(_("The same in PyTorch")):
        st.code(timings.code(point), language="python")
