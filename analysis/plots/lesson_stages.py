"""What each change saves: bars that fall one after the other, as an animation with a play button."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from analysis.cost.units import change, short_count
from analysis.lessons.messages import Translate, marked
from analysis.lessons.multipliers import Stage
from analysis.networks.layers import KINDS, Kind
from analysis.plots.style import GHOST, KIND_COLOURS, styled

DRAWN: tuple[Kind, ...] = ("conv", "dw", "pw")
LABELS = {"standard": marked("Standard"), "separable": marked("Separable"), "alpha": "+ α", "rho": "+ α, ρ"}
HOLD, FALL = 500, 900
"""Milliseconds that a bar stands at the value before it, and that it falls."""


def stages_figure(stages: Sequence[Stage], _: Translate = str, *, height: int = 390) -> go.Figure:
    """A bar a stage in M Mult-Adds, by kind of layer, and in grey what fell from the stage before.

    At rest all stages are shown; the play button lets them come one by one.
    """
    figure = styled(
        _traces(stages, len(stages) - 1, _, fallen=True),
        height=height,
        margin={"l": 76, "r": 10, "t": 64, "b": 110},
        barmode="stack",
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
        xaxis={
            "title": {"text": _("M Mult-Adds")},
            "range": [0, max(stage.mult_adds.value for stage in stages) * 1.04 / 1e6],
        },
        yaxis={"autorange": "reversed", "fixedrange": True},
        updatemenus=[_buttons(len(stages), _)],
        annotations=_falls(stages, _),
    )
    figure.frames = _frames(stages, _)
    return figure


def _traces(stages: Sequence[Stage], last: int, _: Translate, *, fallen: bool) -> list[dict[str, Any]]:
    """The stages up to ``last``; that one at the value before it, unless ``fallen``."""
    names = [_(LABELS[stage.name]) for stage in stages]
    shown = [_scaled(stages, number, fallen=fallen or number < last) for number in range(last + 1)]
    empty = [0.0] * (len(stages) - last - 1)
    before = [_before(stages, number) for number in range(last + 1)]
    ghosts = [old - sum(parts.values()) for old, parts in zip(before, shown, strict=True)]
    traces = [_bar(kind, names, [parts.get(kind, 0.0) for parts in shown] + empty, stages, _) for kind in DRAWN]
    return [*traces, _ghost(names, ghosts + empty, _)]


def _before(stages: Sequence[Stage], number: int) -> float:
    return stages[max(number - 1, 0)].mult_adds.value / 1e6


def _scaled(stages: Sequence[Stage], number: int, *, fallen: bool) -> dict[str, float]:
    """A stage's Mult-Adds by kind in millions, blown up to the sum of the stage before where it has not fallen yet."""
    stage = stages[number]
    factor = 1e-6 if fallen else _before(stages, number) / stage.mult_adds.value
    return {kind: value * factor for kind, value in stage.by_kind.items()}


def _bar(kind: Kind, names: list[str], x: list[float], stages: Sequence[Stage], _: Translate) -> dict[str, Any]:
    exact = [f"{_(KINDS[kind])}: {stage.by_kind.get(kind, 0):,} / {stage.mult_adds.value:,}" for stage in stages]
    return {
        "type": "bar",
        "orientation": "h",
        "name": _(KINDS[kind]),
        "y": names,
        "x": x,
        "marker": {"color": KIND_COLOURS[kind], "line": {"width": 0}},  # plotly cannot move a bar that has a pattern
        "hovertext": exact,
        "hoverinfo": "text",
    }


def _ghost(names: list[str], x: list[float], _: Translate) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "name": _("Fell"),
        "y": names,
        "x": [max(value, 0.0) for value in x],
        "marker": {"color": "rgba(128,128,128,0.18)", "line": {"color": GHOST, "width": 1}},
        "hoverinfo": "skip",
    }


def _frames(stages: Sequence[Stage], _: Translate) -> list[dict[str, Any]]:
    """Each stage as high as the one before, then fallen."""
    return [
        {"name": f"{number}{'b' if fallen else 'a'}", "data": _traces(stages, number, _, fallen=fallen)}
        for number in range(len(stages))
        for fallen in (False, True)
        if number or fallen
    ]


def _buttons(count: int, _: Translate) -> dict[str, Any]:
    timing = {"frame": {"duration": HOLD + FALL, "redraw": False}, "transition": {"duration": FALL, "easing": "cubic"}}
    still = {"mode": "immediate", "frame": {"duration": 0, "redraw": False}, "transition": {"duration": 0}}
    return {
        "type": "buttons",
        "direction": "left",
        "x": 0,
        "y": -0.29,
        "xanchor": "left",
        "yanchor": "top",
        "showactive": False,
        "bgcolor": "#F0F2F6",
        "font": {"color": "#31333F"},
        "buttons": [
            {"label": "▶ " + _("Play"), "method": "animate", "args": [None, {**timing, "fromcurrent": False}]},
            {"label": _("All"), "method": "animate", "args": [[f"{count - 1}b"], still]},
        ],
    }


def _falls(stages: Sequence[Stage], _: Translate) -> list[dict[str, Any]]:
    """Beside each bar its value, and by how much it fell."""
    whole = max(stage.mult_adds.value for stage in stages) / 1e6
    notes = []
    for number, stage in enumerate(stages):
        value = stage.mult_adds.value
        text = f"<b>{short_count(value)}</b>"
        text += f" ({change(value, stages[number - 1].mult_adds.value)})" if number else ""
        inside = max(value / 1e6, _before(stages, number)) > 0.6 * whole
        notes.append(
            {
                "text": text,
                "x": whole if inside else max(value / 1e6, _before(stages, number)),
                "y": _(LABELS[stage.name]),
                "xanchor": "right" if inside else "left",
                "showarrow": False,
                "bgcolor": "rgba(255,255,255,0.8)",
                "font": {"color": "#31333F", "size": 12},
            }
        )
    return notes
