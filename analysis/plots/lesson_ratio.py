"""How many times fewer Mult-Adds a separable convolution needs, over N, a line for each kernel."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.lessons.messages import Translate
from analysis.lessons.separable import CLAIM
from analysis.plots.style import FAINT, HERE, styled

COLOURS = ("#E69F00", "#0072B2", "#009E73", "#CC79A7")
DASHES = ("solid", "dash", "dot", "dashdot")
TICKS = (0.5, 1, 2, 4, 8, 16, 32, 64, 128)
CHANNELS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048)


def ratio_figure(
    reductions: pd.DataFrame, here: tuple[int, float], _: Translate = str, *, height: int = 360
) -> go.Figure:
    """Lines of ``reductions`` (``kernel``, ``out_channels``, ``times_less``) on log axes, with the paper's band.

    ``here`` is the N of the layer on screen and how many times fewer Mult-Adds it needs.
    """
    kernels = list(dict.fromkeys(reductions["kernel"].tolist()))
    lines = [_line(kernel, reductions[reductions["kernel"] == kernel], kernels.index(kernel), _) for kernel in kernels]
    shown = [*reductions["times_less"].tolist(), here[1]]
    return styled(
        [*lines, _here(*here, _)],
        height=height,
        margin={"l": 56, "r": 10, "t": 54, "b": 50},
        xaxis={
            "title": {"text": _("Output channels N, log scale")},
            "type": "log",
            "tickvals": list(CHANNELS),
            "range": [-0.05, float(np.log10(max(2048, here[0]) * 1.15))],
        },
        yaxis={
            "title": {"text": _("Times fewer Mult-Adds, log scale")},
            "type": "log",
            "tickvals": list(TICKS),
            "range": [float(np.log10(min(shown) / 1.15)), float(np.log10(max(shown) * 1.2))],
        },
        shapes=[_band(), _same()],
        annotations=[_note(_("8 to 9 times less"), float(np.log10(CLAIM[0] * 1.06)))],
    )


def _line(kernel: int, of: pd.DataFrame, number: int, _: Translate) -> dict[str, Any]:
    channels, times = of["out_channels"].tolist(), of["times_less"].tolist()
    return {
        "type": "scatter",
        "mode": "lines",
        "name": _("{kernel}×{kernel}, towards {limit}").format(kernel=kernel, limit=kernel**2),
        "x": channels,
        "y": times,
        "line": {"color": COLOURS[number % len(COLOURS)], "dash": DASHES[number % len(DASHES)], "width": 2},
        "hovertext": [f"{kernel}×{kernel}, N = {n:,}<br><b>{t:.2f}</b>" for n, t in zip(channels, times, strict=True)],
        "hoverinfo": "text",
    }


def _here(channels: int, times: float, _: Translate) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": _("You are here: {times}").format(times=f"{times:.2f}"),
        "x": [channels],
        "y": [times],
        "marker": {"symbol": "star", "size": 15, "color": HERE},
        "hovertext": [f"N = {channels:,}<br><b>{times:.2f}</b>"],
        "hoverinfo": "text",
    }


def _band() -> dict[str, Any]:
    return {
        "type": "rect",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": CLAIM[0],
        "y1": CLAIM[1],
        "fillcolor": "rgba(204,51,17,0.22)",
        "line": {"width": 0},
        "layer": "below",
    }


def _same() -> dict[str, Any]:
    line = {"color": FAINT.replace("0.22", "0.8"), "width": 1, "dash": "dot"}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 1, "y1": 1, "line": line}


def _note(text: str, y: float) -> dict[str, Any]:
    return {
        "text": text,
        "xref": "paper",
        "x": 0.01,
        "xanchor": "left",
        "y": y,
        "yanchor": "middle",
        "showarrow": False,
        "font": {"size": 12, "color": HERE},
    }
