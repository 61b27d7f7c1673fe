"""All pages share one view: it is kept when pages change, and nothing a visitor does ends in a raw error."""

import random

import pytest

from analysis.cost.conventions import CONVENTIONS
from analysis.cost.table import COLUMNS
from analysis.networks import CATALOGUE
from analysis.networks.ranges import ALPHAS, TS
from analysis.tradeoff.search.budgets import OBJECTIVES
from analysis.tradeoff.surfaces.surface import COSTS
from pages.shared.state import BUDGET_TEXTS, SEARCHED_T
from pages.shared.state import STEPS as LESSON_STEPS

SEARCH, LEARN = "pages/search.py", "pages/learn.py"
PAPERS = "pages/papers.py"
TOOLS = ("pages/edit.py", "pages/import_file.py", "pages/counters.py")
LINK = {"alpha": "0.5", "resolution": "160", "t": "3", "classes": "10", "format": "int8", "channels": "1"}
TITLE = "0.50 MobileNetV2-160, t = 3, 1 input channel, 10 classes"


def controls(at):
    return (
        at.selectbox(key="network").value,
        at.slider(key="alpha").value,
        at.select_slider(key="height").value,
        at.slider(key="t").value,
        at.number_input(key="classes").value,
        at.number_input(key="channels").value,
        at.selectbox(key="format").value,
    )


def test_controls_are_kept_around_all_pages(see):
    at = see.open(**LINK)
    first = controls(at)
    first_round = (
        *(see.layer_costs, see.trade_off, see.compare, see.cost_surface),
        *(see.search, *TOOLS, see.learn, PAPERS, see.explore),
    )
    for path in (*first_round, *first_round[::-1], see.explore):
        at.switch_page(path).run()
        assert controls(at) == first == ("mobilenet_v2", 0.5, 160, 3.0, 10, 1, "int8")
    assert at.markdown[0].value == f"## {TITLE}"


@pytest.mark.parametrize(
    "path",
    [
        *("app.py", "pages/layer_costs.py", "pages/trade_off.py", "pages/compare.py", "pages/cost_surface.py"),
        *(SEARCH, LEARN, PAPERS, *TOOLS),
    ],
)
def test_a_page_opened_again_keeps_its_controls(see, path):
    at = see.open(**LINK).switch_page(path).run()
    first = controls(at)
    at.switch_page(path).run()
    at.slider(key="t").set_value(4.0).run()
    assert controls(at) == (*first[:3], 4.0, *first[4:])


def test_a_change_on_one_page_is_kept_on_the_next(app, see):
    app.switch_page(see.trade_off).run()
    app.slider(key="alpha").set_value(0.75).run()
    app.switch_page(see.explore).run()
    assert app.markdown[0].value == "## 0.75 MobileNetV2-224"
    app.slider(key="alpha").set_value(0.5).run()
    app.switch_page(see.trade_off).run()
    assert app.slider(key="alpha").value == 0.5


def test_a_page_s_own_switches_are_kept(app, see):
    app.switch_page(see.layer_costs).run()
    app.selectbox(key="convention").set_value("thop").run()
    app.text_input(key="search").set_value("dw").run()
    app.switch_page(see.explore).run()
    app.switch_page(see.layer_costs).run()
    assert (app.selectbox(key="convention").value, app.text_input(key="search").value) == ("thop", "dw")


HOSTILE = {
    ("slider", "alpha"): [float("nan"), 1e9, -1.0, 0.0, float("inf"), 0.333333333],
    ("slider", "t"): [float("nan"), 0.0, 1e6, -3.0],
    ("number_input", "classes"): [0, -1, 10**12, 10**30],
    ("number_input", "channels"): [0, 513, -5],
    ("number_input", "base_height"): [0, 31, 10**9],
    ("number_input", "base_width"): [0, 31, 10**9],
}


@pytest.mark.parametrize(
    ("kind", "key", "value"), [(*where, value) for where, all_ in HOSTILE.items() for value in all_]
)
def test_a_value_no_widget_sends_is_no_raw_error(app, see, kind, key, value):
    getattr(app, kind)(key=key).set_value(value).run()
    assert not app.exception
    assert all(see.metrics(app).values())
    see.press(app, "Reset")
    assert see.metrics(app)["Mult-Adds"] == "300.8 M"


@pytest.mark.parametrize(
    ("path", "key"),
    [
        *(("app.py", "profile"), ("pages/layer_costs.py", "units"), ("pages/trade_off.py", "training")),
        *(("pages/cost_surface.py", "axes"), ("pages/cost_surface.py", "along"), (SEARCH, "search_t")),
        *((LEARN, "step"), (LEARN, "language")),
    ],
)
def test_nothing_chosen_where_a_choice_is_required_is_no_raw_error(app, path, key):
    app.switch_page(path).run()
    app.button_group(key=key).set_value(None).run()
    assert not app.exception
    assert app.button_group(key=key).value is not None


def test_an_odd_alpha_of_a_link_does_not_stop_the_other_controls(see):
    at = see.open(alpha="0.33333333")
    at.slider(key="t").set_value(2.0).run()
    assert at.markdown[0].value.endswith(", t = 2")


EXTREMES = [
    {"alpha": "0.25"},
    {"alpha": "1.4"},
    {"resolution": "32"},
    {"resolution": "320"},
    {"t": "1"},
    {"t": "10", "alpha": "1.4", "resolution": "320"},
    {"network": "mobilenet_v1_full_conv", "alpha": "1.4", "resolution": "320"},
    {"base": "60x120", "channels": "1"},
    {"base": "32x1024", "resolution": "32x1024"},
    {"classes": "1"},
    {"classes": "1000000"},
    {"base": "1024", "resolution": "1463", "network": "mobilenet_v1_full_conv", "alpha": "1.4"},
]


@pytest.mark.parametrize("link", EXTREMES, ids=str)
def test_an_extreme_design_is_drawn_on_every_page(see, link):
    at = see.open(**link)
    for path in (see.layer_costs, see.trade_off, see.cost_surface, see.search, see.explore):
        at.switch_page(path).run()
        assert (list(at.exception), list(at.error)) == ([], [])
        assert "closed form" in see.audit(at)
    assert all(see.values(trace.get("values", trace.get("x"))) for trace in see.chart(at, "tree"))


def test_a_design_too_large_to_build_says_why(see):
    at = see.open(base="1024", network="mobilenet_v1_full_conv")
    assert "fvcore not run: too large to build: " in see.audit(at)
    assert see.metrics(at)["Mult-Adds"].endswith(" G")


def published(at):
    return next(box for box in at.selectbox if box.label == "Published design")


WALKED = ["app.py", "pages/layer_costs.py", "pages/trade_off.py", "pages/cost_surface.py", SEARCH, LEARN, PAPERS]
STEPS = {
    "alpha": lambda at, choice: at.slider(key="alpha").set_value(choice(ALPHAS)),
    "t": lambda at, choice: at if at.slider(key="t").disabled else at.slider(key="t").set_value(choice(TS)),
    "network": lambda at, choice: at.selectbox(key="network").set_value(choice(list(CATALOGUE))),
    "preset": lambda at, choice: published(at).select_index(choice(range(30))),
    "format": lambda at, choice: at.selectbox(key="format").select_index(choice(range(4))),
    "classes": lambda at, choice: at.number_input(key="classes").set_value(choice([1, 7, 1000, 1_000_000])),
    "base_height": lambda at, choice: at.number_input(key="base_height").set_value(choice([32, 60, 224, 300])),
    "base_width": lambda at, choice: at.number_input(key="base_width").set_value(choice([32, 120, 224, 300])),
    "channels": lambda at, choice: at.number_input(key="channels").set_value(choice([1, 3, 512])),
    "button": lambda at, choice: choice([button for button in at.button if not button.disabled]).click(),
    "page": lambda at, choice: at.switch_page(choice(WALKED)),
    "own": lambda at, choice: own_control(at, choice),
}


def own_control(at, choice):
    """A control of the page itself."""
    keys = {group.key for group in at.button_group}
    if "columns" in keys:
        at.button_group(key="columns").set_value(choice([[], ["layer"], list(COLUMNS)]))
        at.selectbox(key="convention").set_value(choice(list(CONVENTIONS)))
        return at.text_input(key="search").set_value(choice(["", "dw", "112", "x" * 70]))
    if "step" in keys:
        return at.button_group(key="step").set_value(choice(LESSON_STEPS))
    if "verdict" in keys:
        at.selectbox(key="paper_table").set_value(choice(["all", "4"]))
        return at.button_group(key="verdict").set_value(choice(["all", "open", "explained"]))
    if "search_t" in keys:
        at.button_group(key="search_t").set_value(choice(SEARCHED_T))
        at.selectbox(key="objective").set_value(choice(list(OBJECTIVES)))
        return at.text_input(key=choice(BUDGET_TEXTS)).set_value(choice(["", "1 MB", "3M", "20000", "x" * 70]))
    if "along" in keys:
        at.button_group(key="along").set_value(choice(["alpha", "rho"]))
        return at.selectbox(key="cost").set_value(choice(list(COSTS)))
    if "profile" in keys:
        return at.button_group(key="profile").set_value(choice(["Mult-Adds", "Parameters", "Activations"]))
    return at.button_group(key="training").set_value(choice(["2017", "2018"]))


@pytest.mark.parametrize("seed", [1, 2])
def test_a_long_walk_over_controls_and_pages_meets_no_error(app, see, seed, monkeypatch):
    monkeypatch.setattr("pages.shared.audits.PATIENCE_SECONDS", 0.0)
    draw = random.Random(seed)
    for number in range(40):
        step = draw.choice(list(STEPS))
        STEPS[step](app, draw.choice).run()
        assert not app.exception, (seed, number, step)
        assert not app.warning or "closed form" in app.warning[0].value, (seed, number, step)
    at = see.open(**see.link(app))
    assert (controls(at), list(at.warning)) == (controls(app), [])
