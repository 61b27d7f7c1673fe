"""The link: it holds the whole view, and whatever is wrong with one is a sentence and a default."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.comparison.profile import DEPTHS
from analysis.cost.closed_form import BYTES
from analysis.cost.conventions import CONVENTIONS
from analysis.cost.quantities import QUANTITIES
from analysis.cost.subjects import make_subject
from analysis.cost.table import COLUMNS
from analysis.crosscheck.figures import LONGEST as LONGEST_FIGURE
from analysis.lessons.messages import LANGUAGES
from analysis.lessons.questions import KINDS as QUESTION_KINDS
from analysis.networks import CATALOGUE, Design
from analysis.networks.ranges import ALPHAS, BASE_SIDES, MOST_CLASSES_IN_APP, TS, sides
from analysis.networks.resolutions import width_of
from analysis.papers import PAPERS, VERDICTS, tables_of
from analysis.tradeoff.points import MARKS
from analysis.tradeoff.points import QUANTITIES as TRADED
from analysis.tradeoff.published import TRAININGS
from analysis.tradeoff.search.budgets import OBJECTIVES
from analysis.tradeoff.surfaces.surface import AXES, COSTS, PAIRS
from pages.shared.editing_steps import copied
from pages.shared.link import LINK_VERSION, PARAMETERS, decode, encode
from pages.shared.state import (
    BUDGET_TEXTS,
    DRAGS,
    EVERY,
    LESSON_KERNELS,
    LONGEST_BUDGET,
    MIN_ALPHAS,
    MOST_LESSON_CHANNELS,
    MOST_LESSON_MAP,
    MOST_LESSON_STRIDE,
    MOST_SIDE,
    ON_IMAGENET,
    ROLLED,
    SEARCHED_T,
    STEPS,
    UNITS,
    View,
    default_view,
)

base_sides = st.sampled_from(BASE_SIDES)


@st.composite
def reachable(draw):
    """What the sidebar's own controls reach: a view without pin and page switches."""
    base = (draw(base_sides), draw(base_sides)) if draw(st.booleans()) else (224, 224)
    own = draw(st.none() | st.sampled_from(list(CATALOGUE.values())).map(copied))
    return View(
        network=draw(st.sampled_from([*CATALOGUE, *([own.name] if own else [])])),
        own=own,
        start=draw(st.sampled_from(["", *CATALOGUE])),
        alpha=draw(st.sampled_from(ALPHAS)),
        height=draw(st.sampled_from(sides(*base))),
        base=base,
        channels=draw(st.integers(1, 512)),
        t=draw(st.sampled_from(TS)),
        classes=draw(st.integers(1, MOST_CLASSES_IN_APP)),
        format=draw(st.sampled_from(list(BYTES))),
        pin=draw(st.none() | pins()),
        profile=draw(st.sampled_from(list(QUANTITIES))),
        convention=draw(st.sampled_from(list(CONVENTIONS))),
        units=draw(st.sampled_from(UNITS)),
        columns=tuple(draw(st.lists(st.sampled_from(list(COLUMNS)), unique=True))),
        search=draw(st.text(max_size=64)),
        counter=draw(st.sampled_from(list(CONVENTIONS))),
        figure=draw(st.text(max_size=LONGEST_FIGURE)),
        training=draw(st.sampled_from(TRAININGS)),
        min_alpha=draw(st.sampled_from(MIN_ALPHAS)),
        shown=tuple(draw(st.lists(st.sampled_from(ON_IMAGENET), unique=True))),
        **{name: draw(st.booleans()) for name in ("papers", "mine", "picked", "log_x", "log_y", "bands", "front")},
        **{name: draw(st.sampled_from(list(TRADED))) for name in ("x", "y")},
        **{name: draw(st.sampled_from(list(MARKS))) for name in ("colour", "symbol")},
        drag=draw(st.sampled_from(DRAGS)),
        window=draw(st.just(()) | windows()),
        axes=draw(st.sampled_from(list(PAIRS))),
        cost=draw(st.sampled_from(list(COSTS))),
        along=draw(st.sampled_from(AXES)),
        **{name: draw(st.text(max_size=LONGEST_BUDGET)) for name in BUDGET_TEXTS},
        min_px=draw(st.none() | st.integers(32, MOST_SIDE)),
        max_px=draw(st.none() | st.integers(32, MOST_SIDE)),
        search_t=draw(st.sampled_from(SEARCHED_T)),
        objective=draw(st.sampled_from(list(OBJECTIVES))),
        language=draw(st.sampled_from(list(LANGUAGES))),
        step=draw(st.sampled_from(STEPS)),
        dk=draw(st.sampled_from(LESSON_KERNELS)),
        **{name: draw(st.integers(1, MOST_LESSON_CHANNELS)) for name in ("m", "n", "groups")},
        df=draw(st.integers(1, MOST_LESSON_MAP)),
        stride=draw(st.integers(1, MOST_LESSON_STRIDE)),
        layer_alpha=draw(st.integers(10, 140)) / 100,
        layer_rho=draw(st.integers(100, 1500)) / 1000,
        **{name: draw(st.booleans()) for name in ("biases", "norms")},
        expansion=draw(st.sampled_from(TS)),
        relu_n=draw(st.integers(2, 30)),
        relu_seed=draw(st.integers(0, 999_999)),
        quiz_seed=draw(st.integers(0, 999_999_999)),
        **{name: draw(st.integers(1, 100)) for name in ("quiz_count", "quiz_at")},
        compared=tuple(
            draw(st.lists(pins() | st.sampled_from(["googlenet", "vgg16"]).map(make_subject), max_size=6, unique=True))
        ),
        depth=draw(st.sampled_from(list(DEPTHS))),
        **{name: draw(st.booleans()) for name in ("so_far", "only_changed")},
        **{name: draw(st.integers(1, 6)) for name in ("first", "second")},
        rolled=draw(st.sampled_from(ROLLED)),
        paper=draw(st.sampled_from([EVERY, *PAPERS])),
        paper_table=draw(st.sampled_from([EVERY, *map(str, tables_of())])),
        verdict=draw(st.sampled_from([EVERY, *VERDICTS])),
        quiz_kinds=tuple(draw(st.lists(st.sampled_from(list(QUESTION_KINDS)), unique=True))),
    )


@st.composite
def windows(draw):
    """The ends of both axes of the trade-off chart."""
    end = st.floats(1e-3, 1e5)
    (left, right), (low, high) = (
        sorted(draw(st.tuples(end, end).filter(lambda ends: ends[0] != ends[1]))) for _ in "xy"
    )
    return (left, right, low, high)


@st.composite
def pins(draw):
    """A design that can be on the screen when Pin is pressed."""
    base = draw(st.just((224, 224)) | st.tuples(base_sides, base_sides))
    published, height = draw(st.sampled_from(list(CATALOGUE.values()))), draw(st.sampled_from(sides(*base)))
    network = copied(published) if draw(st.booleans()) else published
    return Design(
        network=network.name,
        own=None if network is published else network,
        alpha=draw(st.sampled_from(ALPHAS)),
        height=height,
        width=width_of(height, *base),
        t=draw(st.sampled_from(TS)) if network.takes_t else None,
        classes=draw(st.integers(1, MOST_CLASSES_IN_APP)),
        in_channels=draw(st.integers(1, 512)),
    )


def references():
    """A network without sliders."""
    return st.sampled_from(["googlenet", "nasnet_a_mobile"]).map(make_subject)


@given(reachable())
def test_a_link_restores_every_view_the_controls_reach(view):
    assert decode(encode(view)) == (view, [])


@given(reachable(), pins())
def test_a_design_shown_again_is_that_design_and_within_the_sliders(view, design):
    shown = view.showing(design)
    assert shown.design == design
    assert shown.height in sides(*shown.base)


def test_a_link_names_every_field():
    assert set(encode(default_view())) == {"v", *PARAMETERS}


GARBAGE = ["", "x", "nan", "-1", "1e999", "null", "<script>alert(1)</script>", "\x00", "９" * 400, "a" * 2**19]
NEVER_WRONG = {
    (name, "") for name in ("own", "start", "columns", "shown", "window", "min_px", "max_px", "quiz_kinds", "compared")
}
# a page says what is no budget
NEVER_WRONG |= {(name, text) for name in ("search", "figure", *BUDGET_TEXTS) for text in GARBAGE}


@pytest.mark.parametrize("text", GARBAGE, ids=lambda text: f"{text[:9]!a}_{len(text)}")
@pytest.mark.parametrize("name", PARAMETERS)
def test_garbage_in_a_parameter_is_a_sentence_and_a_default(name, text):
    view, errors = decode({name: text})
    if (name, text) in NEVER_WRONG:
        assert errors == []
        return
    assert view == default_view()
    assert len(errors) == 1
    assert errors[0].startswith(f"{name}=")
    assert len(errors[0]) < 400


OUT_OF_RANGE = {
    "alpha": ["0", "0.24", "1.41", "1e9", "inf"],
    "t": ["0", "0.5", "10.5", "1e9"],
    "resolution": ["31", "321", "0", "3", "65537", "32x99999", "1x2x3", "224.5"],
    "base": ["31", "1025", "32x1025"],
    "channels": ["0", "513"],
    "min_px": ["0", "31", "1464", "224.5", "32x32"],
    "classes": ["0", "1000001", str(10**12), "1" + "0" * 5000],
    "relu_n": ["1", "31", "2.5"],
    "quiz_seed": ["-1", "1000000000"],
    "quiz_count": ["0", "101"],
    "quiz_kinds": ["history"],
    "expansion": ["0.5", "10.5"],
    "pin": ["mobilenet_v2", "mobilenet_v2,1,224,6,1000", "mobilenet_v2,9,224,6,1000,3", "a,b,c,d,e,f"],
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, all_ in OUT_OF_RANGE.items() for text in all_])
def test_out_of_range_names_the_value(name, text):
    view, errors = decode({name: text})
    assert view == default_view()
    assert len(errors) == 1
    assert text[:40] in errors[0]


def test_an_unknown_parameter_is_named():
    assert decode({"alhpa": "1"}) == (default_view(), ["alhpa is not a part of a link"])


def test_a_link_of_a_later_release_is_read_as_far_as_it_goes():
    view, errors = decode({"v": "2", "alpha": "0.5"})
    assert view.alpha == 0.5
    assert errors == [f"v=2 is not a version this release reads; it was read as v={LINK_VERSION}"]


def test_many_faults_are_told_in_few_sentences():
    assert len(decode({f"unknown{number}": "" for number in range(500)})[1]) <= 8


def test_what_is_right_in_a_bad_link_is_kept():
    view, errors = decode({"alpha": "x", "classes": "7", "t": "2.5"})
    assert (view.alpha, view.classes, view.t, len(errors)) == (1.0, 7, 2.5, 1)


def test_a_link_opens_that_view(see):
    at = see.open(network="mobilenet_v1", alpha="0.5", resolution="160", pin="none")
    assert at.markdown[0].value == "## 0.50 MobileNet-160"
    assert not any(see.deltas(at))
    assert not at.warning


def test_the_address_follows_the_controls(app, see):
    app.slider(key="alpha").set_value(0.5).run()
    app.selectbox(key="format").set_value("int8").run()
    assert {"alpha": "0.5", "format": "int8", "v": LINK_VERSION}.items() <= see.link(app).items()


def test_the_address_opens_the_same_view_elsewhere(app, see):
    see.preset(app).set_value("0.50 MobileNet-160").run()
    app.number_input(key="classes").set_value(7).run()
    other = see.open(**see.link(app))
    assert (see.metrics(other), see.deltas(other)) == (see.metrics(app), see.deltas(app))


def test_a_bad_link_is_one_warning_and_the_app_goes_on(see):
    at = see.open(alpha="nan", bogus="1")
    (warning,) = at.warning
    said, *lines = warning.value.replace("`", "").splitlines()
    assert said == "This link could not be read in full; the rest of it is shown."
    assert lines == ["", "- alpha=nan: alpha must be a number, got nan", "- bogus is not a part of a link"]
    at.slider(key="alpha").set_value(0.5).run()
    assert at.markdown[0].value == "## 0.50 MobileNetV2-224"
    assert not at.warning
