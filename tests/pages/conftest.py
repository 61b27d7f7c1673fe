"""The app through AppTest: the real scripts, without a browser."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]
LAYER_COSTS, TRADE_OFF, EXPLORE = "pages/layer_costs.py", "pages/trade_off.py", "app.py"
COST_SURFACE = "pages/cost_surface.py"
SEARCH = "pages/search.py"
LEARN = "pages/learn.py"
COMPARE = "pages/compare.py"


def values(data):
    """A list from plotly's JSON, which packs numbers in base64."""
    if isinstance(data, dict):
        shape = [int(side) for side in str(data.get("shape", "-1")).split(",")]
        return np.frombuffer(base64.b64decode(data["bdata"]), data["dtype"]).reshape(shape).tolist()
    return data


def open_app(**link):
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, text in link.items():
        at.query_params[name] = text
    return at.run()


def chart(at, name):
    """The traces of the chart with that key."""
    spec = next(element.proto.spec for element in at.get("plotly_chart") if element.proto.id.endswith(f"{name}_chart"))
    return json.loads(spec)["data"]


def metrics(at):
    return {metric.label.split(",")[0]: metric.value for metric in at.metric}


def deltas(at):
    return [metric.delta for metric in at.metric]


def audit(at):
    """The sentence of the audit, wherever it stands."""
    texts = [*at.markdown, *at.warning, *at.error]
    return next((element.value for element in texts if "closed form" in element.value), None)


def preset(at):
    """The box of published designs."""
    return next(box for box in at.selectbox if box.label == "Published design")


def press(at, label):
    return next(button for button in at.button if button.label == label).click().run()


def linked_text(at):
    """What the link says, by parameter."""
    return {name: value[-1] if isinstance(value, list) else value for name, value in dict(at.query_params).items()}


def captions(at):
    return [caption.value for caption in at.caption]


@pytest.fixture
def app():
    """The app on its first page."""
    return open_app()


@pytest.fixture(scope="session")
def see():
    """How to look at a page."""
    return SimpleNamespace(
        open=open_app,
        chart=chart,
        values=values,
        metrics=metrics,
        deltas=deltas,
        audit=audit,
        preset=preset,
        press=press,
        link=linked_text,
        captions=captions,
        layer_costs=LAYER_COSTS,
        trade_off=TRADE_OFF,
        cost_surface=COST_SURFACE,
        search=SEARCH,
        learn=LEARN,
        compare=COMPARE,
        explore=EXPLORE,
    )
