"""Counters: what tools print, with the sums that lead there; a figure explained; the real tools on demand."""

import pytest

import analysis
from analysis.cost.conventions import CONVENTIONS
from analysis.crosscheck import Run, crosscheck_process, identities
from analysis.crosscheck.tools import TOOLS

PAGE = "pages/counters.py"


@pytest.fixture
def visit(see):
    def visit(**link):
        at = see.open(**link).switch_page(PAGE).run()
        assert not at.exception
        return at

    return visit


def texts(at):
    return [element.value for element in (*at.markdown, *at.error, *at.info, *at.caption)]


def table(at, column):
    return next(element.value for element in at.dataframe if column in element.value)


def test_every_tool_has_its_figure(visit):
    shown = table(visit(), "The real tool")
    found = identities(analysis.make_design("mobilenet_v2"))
    assert shown["Figure"].tolist() == [identity.count for identity in found]
    assert shown["Tool"].tolist() == [convention.label for convention in CONVENTIONS.values()]


@pytest.mark.parametrize("name", CONVENTIONS)
def test_each_tool_can_be_walked_to(visit, see, name: str):
    at = visit(network="googlenet")
    at.selectbox(key="counter").set_value(name).run()
    assert not at.exception
    from analysis.cost.subjects import make_subject

    (identity,) = identities(make_subject("googlenet"), among=(name,))
    assert f"**{identity.text}**" in texts(at)
    assert table(at, "Product")["Product"].sum() == identity.count
    marks = next(trace for trace in see.chart(at, "counters") if trace["type"] == "scatter")
    ends = [round(1e6 * x) for x in see.values(marks["x"])]
    assert ends == [identity.mult_adds, identity.count]
    assert see.link(at)["counter"] == name


def test_a_figure_is_explained(visit, see):
    at = visit()
    at.text_input(key="figure").set_value("314.2M").run()
    assert any("One way gives 314.2M." in text for text in texts(at))
    assert any(text.startswith("- **fvcore (flops)**: 300,774,272 Mult-Adds + 2 × 6,678,112") for text in texts(at))
    assert see.link(at)["figure"] == "314.2M"


def test_a_figure_in_a_link_is_explained_and_nonsense_is_said(visit):
    assert any("One way gives 327486720." in text for text in texts(visit(figure="327486720")))
    (error,) = visit(figure="<script>").error
    assert error.value.startswith("`figure must be a number such as")


@pytest.fixture
def runs(monkeypatch):
    """What the tools are said to have printed; filled by a test, given by the button."""
    given = {}
    monkeypatch.setattr(crosscheck_process, "run_in_child", lambda subject: given)
    return given


def fill(runs, design, **off):
    for identity in identities(design, among=tuple(TOOLS)):
        name = identity.convention.name
        runs[name] = Run(name, identity.count + off.get(name, 0), str(TOOLS[name].installed))


def test_the_button_runs_the_tools_and_what_held_is_said(visit, see, runs):
    fill(runs, analysis.make_design("mobilenet_v2", alpha=0.5))
    at = see.press(visit(alpha="0.5"), "Run the real tools here")
    assert not at.exception
    assert f"**{len(TOOLS)} of {len(TOOLS)} identities held.**" in texts(at)
    assert table(at, "The real tool")["The real tool"].str.startswith("✓ held").sum() == len(TOOLS)


def test_what_is_not_held_is_said_in_red_with_both_integers(visit, see, runs):
    design = analysis.make_design("mobilenet_v2", alpha=0.75)
    fill(runs, design, thop=5)
    (identity,) = identities(design, among=("thop",))
    at = see.press(visit(alpha="0.75"), "Run the real tools here")
    (error,) = at.error
    assert error.value == f"thop (MACs): NOT HELD: ours {identity.count:,}, tool {identity.count + 5:,}"
    assert table(at, "The real tool")["The real tool"].str.startswith("✗").sum() == 1


def test_what_was_run_stays_for_the_next_visitor(visit, see, runs):
    fill(runs, analysis.make_design("mobilenet_v2", alpha=0.35))
    see.press(visit(alpha="0.35"), "Run the real tools here")
    assert f"**{len(TOOLS)} of {len(TOOLS)} identities held.**" in texts(visit(alpha="0.35"))


def test_a_tool_that_is_not_installed_says_how_to_install_it(visit, monkeypatch):
    monkeypatch.setitem(TOOLS, "thop", type(TOOLS["thop"])("thop", "a-package-that-is-not-there", TOOLS["thop"].count))
    at = visit(alpha="0.6")
    assert [info.value.count("pip install 'multadds[crosscheck]'") for info in at.info] == [1]
    assert table(at, "The real tool")["Figure"].gt(0).all()


def test_what_is_too_large_says_so_and_shows_the_sums_alone(visit):
    at = visit(network="ssd512_vgg16")
    assert any("too large to build: 98,628,936,704 Mult-Adds" in info.value for info in at.info)
    assert any("its sums were not tested" in text for text in texts(at))
    (button,) = [button for button in at.button if button.label == "Run the real tools here"]
    assert button.disabled
    assert button.help.startswith("Not possible: too large to build")


def test_the_command_is_given(visit):
    assert any(
        code.value == "multadds crosscheck mobilenet_v2 --alpha 0.5 --resolution 160 --t 6 --run"
        for code in visit(alpha="0.5", resolution="160").code
    )


def test_layer_costs_say_how_far_their_figures_are_tested(see):
    at = see.open(network="ssd512_vgg16").switch_page(see.layer_costs).run()
    assert any("its sums were not tested" in text for text in see.captions(at))
