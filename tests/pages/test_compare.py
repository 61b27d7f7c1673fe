"""The page Compare: every control, the link, and what a visitor's own designs do."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

import analysis
from analysis.cost.counted.references import counted_reference
from analysis.networks import CATALOGUE
from analysis.networks.presets import PRESETS
from pages.shared.link import decode, encode
from pages.shared.state import View, default_view

THREE = "mobilenet_v1,1,224,-,1000,3~mobilenet_v2,1,224,6,1000,3~mobilenet_v3_large,1,224,-,1000,3"


@pytest.fixture
def page(see):
    """The page as it is first opened."""
    return see.open().switch_page(see.compare).run()


@pytest.fixture
def three(page, see):
    """The page with its example."""
    return see.press(page, "Compare MobileNet V1, V2 and V3-Large")


def compared(at):
    """The designs' names in order."""
    rows = [element.proto.body for element in at.get("html") if 'class="design"' in element.proto.body]
    return [row.split("<b>")[1].split("</b>")[0] for row in rows]


def text(at):
    return " ".join(element.proto.body for element in at.get("html"))


def press(at, key):
    return at.button(key=key).click().run()


def diff(at):
    return at.dataframe[0].value


def test_the_empty_page_says_what_it_is_for_and_shows_an_example_in_one_click(page, see):
    assert not page.exception
    assert "Put up to six designs side by side" in page.info[0].value
    assert not page.get("plotly_chart")
    at = see.press(page, "Compare MobileNet V1, V2 and V3-Large")
    assert not at.exception
    assert compared(at) == ["1.0 MobileNet-224", "1.0 MobileNetV2-224", "1.0 MobileNetV3-Large-224"]
    assert not at.info


def test_totals_are_exact_with_ratios_to_the_first(three):
    for part in ("568,740,352", "300,774,272", "×0.53, -47.1 %", "top-1 71.8 %, measured"):
        assert part in text(three)


def test_every_design_compared_is_audited(three, see):
    agreed = [caption for caption in see.captions(three) if "closed form and fvcore agree" in caption]
    assert [caption.split(": ")[-1] for caption in agreed] == ["568,740,352", "300,774,272", "216,589,760"]


def test_the_current_design_is_added_from_the_page_and_from_the_sidebar(see):
    at = see.open(alpha="0.5").switch_page(see.compare).run()
    see.press(at, "Add the current design")
    assert compared(at) == ["0.50 MobileNetV2-224"]
    at.switch_page(see.explore).run()
    at.slider(key="alpha").set_value(0.75).run()
    at.button(key="add_to_compare").click().run()
    assert at.button(key="add_to_compare").label == "Add to compare · 2"
    assert at.button(key="add_to_compare").disabled
    at.switch_page(see.compare).run()
    assert compared(at) == ["0.50 MobileNetV2-224", "0.75 MobileNetV2-224"]


def test_one_design_alone_has_totals_and_no_diff(page, see):
    at = see.press(page, "Add the current design")
    assert not at.exception
    assert "Add a second design" in at.info[0].value
    assert not at.dataframe
    assert [button.label for button in at.get("download_button")][-1] == "Totals.csv"


@pytest.mark.parametrize("name", [list(PRESETS)[3], "GoogLeNet"])
def test_a_published_design_or_a_reference_network_is_added_by_its_name(page, name):
    at = page.selectbox(key="add_named").set_value(name).run()
    assert compared(at) == [name]
    assert at.selectbox(key="add_named").value is None


def test_the_order_is_changed_and_the_first_is_what_ratios_are_against(three):
    at = press(three, "up_B")
    assert compared(at)[:2] == ["1.0 MobileNetV2-224", "1.0 MobileNet-224"]
    assert "×1.89, +89.1 %" in text(at)
    assert compared(press(at, "down_B")) == ["1.0 MobileNetV2-224", "1.0 MobileNetV3-Large-224", "1.0 MobileNet-224"]
    assert at.button(key="up_A").disabled
    assert at.button(key="down_C").disabled


def test_one_is_removed_and_all_are_cleared(three, see):
    at = press(three, "remove_B")
    assert compared(at) == ["1.0 MobileNet-224", "1.0 MobileNetV3-Large-224"]
    assert compared(see.press(at, "Clear")) == []
    assert "Nothing is compared yet" in at.info[0].value


def test_a_compared_design_becomes_the_current_one(three, see):
    at = press(three, "use_A")
    assert at.selectbox(key="network").value == "mobilenet_v1"
    assert see.link(at)["network"] == "mobilenet_v1"


def test_six_are_the_most(see):
    designs = "~".join(f"mobilenet_v2,{alpha},224,6,1000,3" for alpha in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8))
    at = see.open(compared=designs).switch_page(see.compare).run()
    assert len(compared(at)) == 6
    assert at.selectbox(key="add_named").disabled
    assert at.button(key="add_to_compare").disabled
    assert any("which is the most" in caption for caption in see.captions(at))


def test_profiles_follow_their_switches(three, see):
    lines = see.chart(three, "profiles")
    assert see.values(lines[1]["y"])[-1] == pytest.approx(300.774272)
    at = three.toggle(key="so_far").set_value(False).run()
    assert sum(see.values(see.chart(at, "profiles")[1]["y"])) == pytest.approx(300.774272)
    at = at.button_group(key="profile").set_value("Parameters").run()
    assert sum(see.values(see.chart(at, "profiles")[1]["y"])) == pytest.approx(3504.872)
    at = at.selectbox(key="depth").set_value("layer").run()
    assert see.values(see.chart(at, "profiles")[1]["x"]) == list(range(1, 55))
    assert len({(line["line"]["color"], line["line"]["dash"]) for line in lines}) == 3


def test_a_network_without_a_receptive_field_is_named(three, see):
    at = three.selectbox(key="add_named").set_value("GoogLeNet").run()
    at.selectbox(key="depth").set_value("field").run()
    assert any("No line for D" in caption for caption in see.captions(at))


def test_any_two_are_diffed(three):
    assert diff(three)["mult_adds_change"].sum() == 300_774_272 - 568_740_352
    at = three.selectbox(key="second").set_value(3).run()
    assert diff(at)["mult_adds_change"].sum() == 216_589_760 - 568_740_352
    at = at.selectbox(key="first").set_value(2).run()
    assert diff(at)["mult_adds_change"].sum() == 216_589_760 - 300_774_272
    assert "B → C: " in text(at)
    assert "--pair BC" in at.code[0].value


def test_the_same_layers_are_shown_on_request(three):
    few = len(diff(three))
    at = three.toggle(key="only_changed").set_value(False).run()
    assert len(diff(at)) > few
    assert "same" in set(diff(at)["status"])


def test_a_diff_by_block_sums_to_the_same(three):
    at = three.button_group(key="rolled").set_value("blocks").run()
    assert "block" in diff(at)
    assert diff(at)["mult_adds_change"].sum() == 300_774_272 - 568_740_352


def test_a_pair_beyond_those_left_is_the_last(three):
    at = three.selectbox(key="second").set_value(3).run()
    at = press(at, "remove_C")
    assert not at.exception
    assert at.selectbox(key="second").value == 2


def test_equal_designs_say_so(see):
    both = "mobilenet_v2,1,224,6,1000,3~mobilenet_v1,1,224,-,1000,3"
    at = see.open(compared=both, second="1").switch_page(see.compare).run()
    assert at.success[0].value == "Every layer of the one is in the other."


def test_the_report_and_tables_are_taken_away(three):
    labels = [button.label for button in three.get("download_button")]
    assert {"Report (HTML)", "Diff.csv", "Totals.csv", "Bars.html", "Profiles.html"} <= set(labels)
    assert three.code[0].value == (
        "multadds compare mobilenet_v1 mobilenet_v2 mobilenet_v3_large --report comparison.html"
    )


def test_the_link_holds_what_is_compared(three, see):
    at = three.selectbox(key="second").set_value(3).run()
    link = see.link(at)
    assert link["compared"] == THREE
    again = see.open(**link).switch_page(see.compare).run()
    assert compared(again) == compared(at)
    assert diff(again).equals(diff(at))


def test_the_number_format_sizes_every_design(three):
    at = three.selectbox(key="format").set_value("int8").run()
    assert "4,231,976 B" in text(at)


ROWS = replace(CATALOGUE["mobilenet_v2"], name="mine", label="Mine")
OWN = analysis.make_design(ROWS, alpha=0.5)
FILE = replace(counted_reference("alexnet"), network="net.onnx", label="<img src=x onerror=y>")


@pytest.fixture
def own(see):
    """The page with a catalogue design, own rows and an imported file."""
    at = see.open().switch_page(see.compare)
    at.session_state["view"] = replace(default_view(), compared=(default_view().design, OWN, FILE))
    return at.run()


def test_own_rows_and_files_are_compared_and_named_as_not_in_the_link(own, see):
    assert not own.exception
    assert any("C: of this session alone" in caption for caption in see.captions(own))
    assert see.link(own)["compared"].endswith("~session")
    assert any("name the file that holds it" in caption for caption in see.captions(own))


def test_hostile_names_stay_text(own):
    assert "<img" not in text(own)
    assert "&lt;img src=x onerror=y&gt;" in text(own)


def test_the_session_finds_its_file_again_and_another_session_says_what_is_missing():
    view = replace(View(), compared=(default_view().design, OWN, FILE))
    link = {"compared": encode(view)["compared"]}
    assert decode(link, view) == (view, [])
    there, errors = decode(link)
    assert there.compared == (default_view().design, OWN)
    assert errors == ["compared=session: a design of another session is not in the link"]


def test_own_rows_before_and_after_an_edit_are_both_in_the_link():
    after = replace(ROWS, rows=ROWS.rows[:-3] + ROWS.rows[-2:])
    view = replace(View(), own=after, network="mine", compared=(OWN, analysis.make_design(after)))
    there, errors = decode(encode(view))
    assert (there.compared, errors) == (view.compared, [])


def test_rows_too_long_for_a_link_are_of_the_session():
    sizes = random.Random(0)
    first, *_, last, head = ROWS.rows
    networks = [
        replace(ROWS, name=f"n{n}", rows=(first, *(replace(last, c=sizes.randint(8, 4000)) for _ in range(160)), head))
        for n in range(6)
    ]
    view = replace(View(), compared=tuple(map(analysis.make_design, networks)))
    text = encode(view)["compared"]
    assert 0 < text.count("session") < 6
    assert len(text) < 4_100
    assert decode({"compared": text}, view) == (view, [])


WRONG = {
    "nothing": ((), "a design is network,alpha"),
    "mobilenet_v2,9,224,6,1000,3~googlenet": (("googlenet",), "alpha must be at most 1.4"),
    "~".join(["mobilenet_v2,1,224,6,1000,3", "vgg16"] * 40): (
        ("mobilenet_v2",),
        "at most 6 designs, got 80",
    ),
    "googlenet~googlenet": (("googlenet",), None),
}


@pytest.mark.parametrize("text", WRONG)
def test_of_a_bad_link_what_can_be_read_is_shown(text):
    view, errors = decode({"compared": text})
    names, problem = WRONG[text]
    assert tuple(one.network for one in view.compared) == names
    assert problem is None or problem in errors[0]
