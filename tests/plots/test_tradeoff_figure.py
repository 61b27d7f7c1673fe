"""The trade-off chart: valid plotly on any axes, its points the frame's, its lines the fits'."""

import json
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

import analysis
from analysis.plots.papers import PAPER_FIGURES
from analysis.plots.tradeoff import Look, log_ticks, tradeoff_figure, tradeoff_ground
from analysis.tradeoff.measurements import read_measurements
from analysis.tradeoff.place import place_of
from analysis.tradeoff.points import MARKS, QUANTITIES, chosen, pareto_front, sized
from analysis.tradeoff.predict import lines_of, predictors
from analysis.tradeoff.published import published_points
from analysis.tradeoff.reach import measured_index

POINTS = sized(published_points("2018"), "float32")
POINTS = POINTS.assign(id=POINTS["checkpoint"])
FOUND = predictors(POINTS[POINTS["group"] == "released"])
FITS = lines_of(FOUND)
INDEX = measured_index(POINTS[POINTS["group"] == "released"])
PLACES = {
    name: place_of(analysis.make_design("mobilenet_v2", **options), INDEX, FOUND["MobileNetV2"])
    for name, options in {"measured": {}, "predicted": {"alpha": 0.6}, "refused": {"t": 3}}.items()
}


LOOK = Look()


def figure(look=LOOK, here="predicted", pinned=None):
    return tradeoff_figure(tradeoff_ground(POINTS, FITS, look), PLACES[here], PLACES.get(pinned))


def marks(chart):
    return [trace for trace in chart.data if "customdata" in trace and trace.customdata is not None]


LOOKS = {
    **{f"{x} {y}": Look(x=x, y=y) for x, y in product(QUANTITIES, QUANTITIES) if x < y},
    **{f"{colour} {symbol}": Look(colour=colour, symbol=symbol) for colour, symbol in product(MARKS, MARKS)},
    "all": Look(bands=True, front=True, log_x=False, log_y=True, selected=("1.0 MobileNet-224",)),
    "window": Look(window=(10, 100, 40, 60)),
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("here", PLACES)
def test_every_look_passes_plotly_s_own_validation(look, here):
    sent = json.loads(figure(LOOKS[look], here, "measured").to_json())
    checked = json.loads(go.Figure(figure(LOOKS[look], here, "measured").to_dict()).to_json())
    assert checked["data"] == sent["data"]
    assert "NaN" not in json.dumps(sent)


@pytest.mark.parametrize(
    ("x", "y"), [("mult_adds", "top1"), ("params", "quantised_top1"), ("weight_bytes", "pixel1_ms")]
)
def test_the_marks_are_the_points_that_have_both_quantities(x, y):
    drawn = {
        id: (a, b)
        for trace in marks(figure(Look(x=x, y=y)))
        for id, a, b in zip(trace.customdata, trace.x, trace.y, strict=True)
    }
    known = POINTS[POINTS[x].notna() & POINTS[y].notna()]
    scaled = zip(known[x] / QUANTITIES[x].scale, known[y] / QUANTITIES[y].scale, strict=True)
    assert drawn == dict(zip(known["id"], scaled, strict=True))


def test_a_hover_tells_printed_figures_from_computed_ones():
    hovers = [text for trace in marks(figure()) for text in trace.hovertext]
    (text,) = [text for text in hovers if text.startswith("<b>1.0 MobileNetV2-224<")]
    assert "Mult-Adds: 300,774,272 (computed), 300 M (printed)" in text
    assert "<br>MobileNetV2, α 1, 224 px, t = 6<br>" in text
    assert "ImageNet top-1: 71.8 % (printed)" in text
    assert "Latency on a Pixel 1: 73.8 ms (printed)" in text
    assert "tensorflow/models" in text


def test_a_user_s_own_name_is_text_and_not_markup():
    hostile = POINTS.head(1).assign(checkpoint="<img src=x onerror=alert(1)>", group="yours")
    chart = tradeoff_figure(tradeoff_ground(hostile, {}, LOOK), PLACES["measured"])
    assert "<img" not in chart.to_json()


def test_fits_are_drawn_over_mult_adds_and_top1_alone():
    lines = [trace for trace in figure().data if trace.name == "MobileNetV2 fit"]
    x, y = (np.array(values) for values in (lines[0].x, lines[0].y))
    assert y == pytest.approx(FOUND["MobileNetV2"].line.at(x * 1e6).top1, rel=1e-12)
    assert not [trace for trace in figure(Look(x="params")).data if trace.name.endswith("fit")]


def own(text):
    frame = sized(read_measurements(text.encode(), "mobilenet_v2"), "float32")
    return frame.assign(id=[f"yours {number}" for number in range(len(frame))])


def test_a_fit_has_the_colour_and_the_legend_of_its_own_points():
    rows = "".join(f"{side},{side / 4},{side},4\n" for side in (128, 160, 192, 224))
    points = pd.concat([POINTS, own(f"name,accuracy,resolution,t\n{rows}")], ignore_index=True)
    chart = tradeoff_figure(tradeoff_ground(points, lines_of(predictors(points)), LOOK), PLACES["measured"])
    colours = {trace.legendgroup: trace.marker.color for trace in marks(chart)}
    fits = {trace.legendgroup: trace.line.color for trace in chart.data if trace.name.endswith(" fit")}
    assert fits == {name: colours[name] for name in fits}
    assert {"MobileNetV2", "MobileNetV2, t = 4"} <= set(fits)
    assert fits["MobileNetV2"] != fits["MobileNetV2, t = 4"]


def test_designs_compared_stand_there_by_their_letters():
    chart = tradeoff_figure(
        tradeoff_ground(POINTS, FITS, LOOK), PLACES["measured"], compared=[PLACES["refused"], PLACES["predicted"]]
    )
    a, b = chart.data[-3:-1]
    assert (a.name, a.mode) == ("A 1.0 MobileNetV2-224, t = 3", "lines")
    assert (b.name, b.text, b.y[0]) == ("B 0.60 MobileNetV2-224", ("B",), PLACES["predicted"].values["top1"])
    assert chart.data[-1].name == "You are here"


def test_the_front_is_the_front():
    line = next(trace for trace in figure(Look(front=True)).data if trace.name == "Pareto front")
    best = POINTS[pareto_front(POINTS, "mult_adds", "top1")]
    assert sorted(line.x) == sorted(best["mult_adds"] / 1e6)


def test_a_predicted_star_has_its_interval_and_a_refused_one_is_a_line():
    star = figure(here="predicted").data[-1]
    low, high = PLACES["predicted"].interval
    assert star.y[0] + star.error_y.array[0] == pytest.approx(high)
    assert star.y[0] - star.error_y.arrayminus[0] == pytest.approx(low)
    line = figure(here="refused").data[-1]
    assert (line.mode, line.x[0], line.x[1]) == ("lines", PLACES["refused"].mult_adds / 1e6, line.x[0])
    assert figure(here="measured").data[-1].error_y.array is None


@pytest.mark.parametrize(
    ("low", "high"), [(310, 390), (110, 140), (2.1, 2.4), (90, 400), (10, 600), (2e7, 9e7), (0.02, 9)]
)
def test_a_log_axis_has_ticks_wherever_it_is(low, high):
    ticks = log_ticks(low, high)
    assert 3 <= len(ticks) <= 9
    assert all(low <= tick <= high for tick in ticks)
    assert ticks == sorted(set(ticks))


def test_values_of_a_number_never_share_a_colour():
    colours = [trace.marker.color for trace in marks(figure(Look(colour="alpha", symbol="alpha")))]
    assert len(set(colours)) == len(colours) > 7


def test_a_checkpoint_stands_at_its_own_latency():
    star = figure(Look(x="pixel1_ms"), "measured").data[-1]
    assert (star.x[0], star.y[0]) == (73.8, 71.8)


def test_a_window_sets_both_axes_and_stays_when_the_design_moves():
    look = replace(LOOKS["window"], log_x=True)
    for here in PLACES:
        layout = figure(look, here).layout
        assert list(layout.xaxis.range) == [1.0, 2.0]
        assert list(layout.yaxis.range) == [40, 60]


@pytest.mark.parametrize("name", PAPER_FIGURES)
def test_a_paper_s_figure_shows_its_networks(name):
    settings = PAPER_FIGURES[name].settings
    points = chosen(published_points(settings["training"]), settings["shown"], papers=settings["papers"])
    points = sized(points, "float32").assign(id=points["checkpoint"])
    look = Look(**{key: settings[key] for key in ("x", "y", "log_x", "log_y", "colour", "symbol", "bands", "front")})
    shown = [trace.name for trace in marks(tradeoff_figure(tradeoff_ground(points, {}, look), PLACES["measured"]))]
    wanted = {
        "v1_figure_4": ["α 0.25", "α 0.5", "α 0.75", "α 1"],
        "v1_figure_5": ["128 px", "160 px", "192 px", "224 px"],
        "v2_figure_5": ["MobileNet", "MobileNetV2", "Other networks, open"],
    }
    assert shown == wanted[name]
    assert len(points[points["group"] == "released"]) == (16 if name != "v2_figure_5" else 38)
