"""The lesson on the page: every step with one's own numbers, from a link and in both languages."""

import re

import pytest

from analysis.lessons.messages import LANGUAGES, translate
from analysis.lessons.sizes import presets
from pages.shared.frame import PAGES
from pages.shared.lesson_controls import TITLES
from pages.shared.state import STEPS

LEARN = "pages/learn.py"
LAYER = {"dk": "5", "m": "24", "n": "36", "df": "27", "stride": "2", "layer_alpha": "0.5", "layer_rho": "0.8"}


def learn(see, **link):
    return see.open(**link).switch_page(LEARN).run()


def texts(at):
    return "\n".join(element.value for element in (*at.markdown, *at.caption))


def codes(at):
    return [block.value for block in at.code]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", STEPS)
def test_every_step_opens_from_its_link(see, step, language):
    at = learn(see, step=step, language=language, **LAYER)
    assert (list(at.exception), list(at.error), list(at.warning)) == ([], [], [])
    assert f"### {translate(language)(TITLES[step])}" in [element.value for element in at.markdown]
    assert LAYER.items() <= see.link(at).items()
    assert (see.link(at)["step"], see.link(at)["language"]) == (step, language)


def test_the_lesson_begins_with_table_3_s_layer(see):
    at = learn(see)
    assert "$= 3 \\cdot 3 \\cdot 512 \\cdot 512 \\cdot 14 \\cdot 14 = \\mathbf{462{,}422{,}016}$" in texts(at)
    assert codes(at)[1] == "standard: 462,422,016 Mult-Adds, 2,359,296 parameters"


def test_the_sliders_move_formula_picture_code_and_link(see):
    at = learn(see)
    before = see.chart(at, "standard")
    at.select_slider(key="dk").set_value(5).run()
    at.select_slider(key="m").set_value(3).run()
    at.slider(key="df").set_value(28).run()
    assert "5 \\cdot 5 \\cdot 3 \\cdot 512 \\cdot 28 \\cdot 28 = \\mathbf{30{,}105{,}600}" in texts(at)
    assert "nn.Conv2d(3, 512, 5, padding=2, bias=False)" in codes(at)[0]
    assert see.chart(at, "standard") != before
    assert {"dk": "5", "m": "3", "df": "28"}.items() <= see.link(at).items()
    other = learn(see, **see.link(at))
    assert codes(other) == codes(at)


def test_an_odd_width_of_a_link_is_on_the_slider(see):
    at = learn(see, m="1999")
    assert at.select_slider(key="m").value == 1999
    assert "nn.Conv2d(1999, 512, 3" in codes(at)[0]


def test_a_multiplier_between_the_slider_s_steps_is_kept(see):
    at = learn(see, step="multipliers", layer_rho="0.7142857", layer_alpha="0.333")
    assert at.dataframe[0].value["D_F"].tolist() == [14, 14, 14, 10]
    assert at.dataframe[0].value["M"].tolist() == [512, 512, 170, 170]
    assert (see.link(at)["layer_rho"], see.link(at)["layer_alpha"]) == ("0.7142857", "0.333")


def test_reset_keeps_the_language(see):
    at = see.press(learn(see, language="ko", m="3"), "Reset")
    assert (see.link(at)["language"], see.link(at)["m"]) == ("ko", "512")


def test_steps_are_walked_by_buttons_and_pills(see):
    at = learn(see)
    seen = [see.link(at)["step"]]
    while any(button.key == "step_on" for button in at.button):
        at.button(key="step_on").click().run()
        seen.append(see.link(at)["step"])
    assert tuple(seen) == STEPS
    at.button_group(key="step").set_value("grouped").run()
    assert see.link(at)["step"] == "grouped"
    at.button(key="step_back").click().run()
    assert see.link(at)["step"] == "parameters"


@pytest.mark.parametrize("name", presets())
def test_an_example_layer_is_taken_and_lit(see, name):
    at = learn(see, **LAYER)
    assert at.button_group(key="layer_preset").value is None
    at.button_group(key="layer_preset").set_value(name).run()
    assert at.button_group(key="layer_preset").value == name
    sizes = presets()[name]
    shown = [see.link(at)[field] for field in ("dk", "m", "n", "df", "stride")]
    assert shown == [
        str(value) for value in (sizes.kernel, sizes.in_channels, sizes.out_channels, sizes.map, sizes.stride)
    ]
    assert not at.exception


def test_the_ratio_and_its_claim(see):
    at = learn(see, step="separable")
    assert "\\dfrac{521}{4608} = \\mathbf{0.1131}" in texts(at)
    assert "**8.84** times fewer" in texts(at)
    assert "- 3×3: for N from 72 on.\n- 5×5: for N from 12 to 14 alone" in texts(at)
    eleven = texts(learn(see, step="separable", dk="11"))
    assert "- 11×11: for N = 9 alone" in eleven
    assert "1×1: for no N." in texts(learn(see, step="separable", dk="1"))


def test_printed_figures_stand_beside_table_3_s_layer_alone(see):
    at = learn(see, step="multipliers")
    table = at.dataframe[0].value
    assert table["Mult-Adds"].tolist() == ["462,422,016", "52,283,392", "29,578,752", "15,091,200"]
    assert table["Printed Mult-Adds"].tolist() == ["462 M", "52.3 M", "29.6 M", "15.1 M"]
    assert "arXiv:1704.04861v1, Table 3" in texts(at)
    at.slider(key="layer_alpha").set_value(0.5).run()
    assert "Printed Mult-Adds" not in at.dataframe[0].value
    see.press(at, "Compare with V1's Table 3")
    assert see.link(at)["layer_alpha"] == "0.75"
    assert "Printed Mult-Adds" in at.dataframe[0].value


def test_switches_of_the_worked_example(see):
    at = learn(see, step="parameters")
    assert all(f"\\mathbf{{{count}}}" in texts(at) for count in (864, 27, 96, 123))
    at.toggle(key="biases").set_value(True).run()
    assert all(f"\\mathbf{{{count}}}" in texts(at) for count in (896, 30, 128, 158))
    at.toggle(key="norms").set_value(True).run()
    assert all(f"\\mathbf{{{count}}}" in texts(at) for count in (960, 36, 192, 228))
    assert (see.link(at)["biases"], see.link(at)["norms"]) == ("1", "1")


def test_groups_follow_the_channels(see):
    at = learn(see, step="grouped", groups="8")
    assert "`[512, 64, 3, 3]`" in texts(at)
    at.select_slider(key="groups").set_value(512).run()
    assert "`[512, 1, 3, 3]`" in texts(at)
    assert "This is the depthwise layer." in texts(at)
    at.select_slider(key="m").set_value(24).run()
    assert at.select_slider(key="groups").value == 8  # the largest that divides 24 and 512
    at.select_slider(key="m").set_value(3).run()
    assert "no common divisor" in texts(at)
    assert not at.exception


def test_the_code_is_run_on_the_server(see):
    at = learn(see, m="4", n="6", df="5")
    at.button(key="run_listing").click().run(timeout=120)
    assert [element.value for element in at.success] == [
        "fvcore counted the built modules: all counts equal the formulas."
    ]


def test_code_that_is_too_large_has_no_button_and_says_why(see):
    at = learn(see, dk="11", m="2048", n="2048", df="224")
    assert not [button for button in at.button if button.key == "run_listing"]
    assert "It is not run here: too large to build: " in texts(at)


def menu(at):
    return [link.proto.label for link in at.sidebar.get("page_link")]


def test_the_language_switch_turns_lesson_and_menu_and_is_kept(see):
    at = learn(see)
    assert menu(at) == [label for _, label, _ in PAGES]
    formulas = re.findall(r"\$= .*?\$", texts(at))
    at.button_group(key="language").set_value("ko").run()
    assert "### 1 표준 합성곱" in texts(at)
    assert menu(at) == [translate("ko")(label) for _, label, _ in PAGES]
    assert re.findall(r"\$= .*?\$", texts(at)) == formulas
    at.switch_page(see.explore).run()
    assert "배우기" in menu(at)
    assert at.markdown[0].value.startswith("## 1.0 MobileNetV2")
    at.switch_page(LEARN).run()
    assert at.button_group(key="language").value == "ko"


HOSTILE = {"dk": ["2", "0", "13", "x"], "m": ["0", "2049", "1e3"], "df": ["0", "225"], "stride": ["5"], "step": ["9"]}
HOSTILE |= {"layer_alpha": ["0", "nan", "1.5"], "layer_rho": ["0.05", "inf"], "language": ["de"], "groups": ["-1"]}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in HOSTILE.items() for text in texts])
def test_a_bad_link_is_a_sentence_and_the_lesson_goes_on(see, name, text):
    at = see.open(**{name: text})
    assert [f"{name}={text}" in element.value for element in at.warning] == [True]
    at.switch_page(LEARN).run()
    assert not at.exception
    assert codes(at)[1] == "standard: 462,422,016 Mult-Adds, 2,359,296 parameters"


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    "layer", [{"dk": "11", "m": "1", "n": "1", "df": "1", "stride": "4"}, {"dk": "1", "df": "224"}]
)
def test_extreme_layers_are_drawn(see, step, layer):
    at = learn(see, step=step, layer_alpha="0.1", layer_rho="0.1", **layer)
    assert (list(at.exception), list(at.error)) == ([], [])


def test_nothing_chosen_where_a_choice_is_required_is_no_raw_error(see):
    at = learn(see)
    for key in ("step", "language"):
        at.button_group(key=key).set_value(None).run()
        assert not at.exception
        assert at.button_group(key=key).value is not None
