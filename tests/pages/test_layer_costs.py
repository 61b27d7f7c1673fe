"""The page Layer costs: search, columns, units, conventions and what may be taken away."""

import pytest

import analysis
from analysis.cost.conventions import CONVENTIONS
from analysis.cost.table import COLUMNS


@pytest.fixture
def costs(app, see):
    """The app, turned to Layer costs."""
    return app.switch_page(see.layer_costs).run()


def table(at):
    return at.dataframe[0].value


def test_every_layer_is_listed_with_fvcore_s_count_beside(costs):
    shown = table(costs)
    assert (len(shown), shown["mult_adds"].sum()) == (54, 300_774_272)
    assert list(shown["fvcore_mult_adds"]) == list(shown["mult_adds"])


SEARCHES = {"dw": 17, "bottleneck3_2": 3, "DW 112": 2, "conv1": 1, "nothing here": 0, "<b>": 0, "(": 0, "  ": 54}


@pytest.mark.parametrize("words", SEARCHES)
def test_a_search_keeps_the_rows_that_hold_every_word(costs, words):
    costs.text_input(key="search").set_value(words).run()
    assert not costs.exception
    assert len(table(costs)) == SEARCHES[words]


def test_a_search_leaves_the_totals_alone(costs, see):
    costs.text_input(key="search").set_value("pool").run()
    assert "1 of 54 layers. All rows sum to 300,774,272 Mult-Adds (Papers)" in "".join(see.captions(costs))


def test_a_search_that_finds_nothing_says_what_to_try(costs):
    costs.text_input(key="search").set_value("zebra").run()
    assert "No layer matches this search" in costs.info[0].value


def test_a_long_search_does_not_stop_the_controls(costs):
    costs.text_input(key="search").set_value("dw " * 40).run()
    costs.slider(key="alpha").set_value(0.5).run()
    assert costs.markdown[0].value == "## Layer costs of 0.50 MobileNetV2-224"


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_a_convention_counts_as_its_tool(costs, see, convention):
    costs.selectbox(key="convention").set_value(convention).run()
    expected = analysis.layer_table("mobilenet_v2", convention=convention)["mult_adds"].sum()
    assert table(costs)["mult_adds"].sum() == expected
    assert f"sum to {expected:,} {CONVENTIONS[convention].unit} (" in "".join(see.captions(costs))


def test_units_of_a_million(costs):
    costs.button_group(key="units").set_value("M").run()
    assert table(costs)["mult_adds"].sum() == pytest.approx(300.774272)
    assert table(costs)["fvcore_mult_adds"].sum() == pytest.approx(300.774272)


def test_columns_are_chosen_and_keep_their_order(costs):
    costs.button_group(key="columns").set_value(["formula", "kind", "layer"]).run()
    assert list(table(costs)) == ["layer", "kind", "formula", "fvcore_mult_adds"]


def test_no_column_at_all_is_no_error(costs):
    costs.button_group(key="columns").set_value([]).run()
    assert not costs.exception
    assert len(table(costs)) == 54


def test_every_column_can_be_shown(costs):
    costs.button_group(key="columns").set_value(list(COLUMNS)).run()
    assert list(table(costs)) == [*COLUMNS, "fvcore_mult_adds"]


def test_the_roll_ups_sum_to_the_total(costs):
    for rolled in (costs.dataframe[1].value, costs.dataframe[2].value):
        assert rolled["mult_adds"].sum() == 300_774_272
        assert rolled["params_share"].sum() == pytest.approx(1)


def test_what_other_tools_print_stands_below(costs):
    counts = costs.dataframe[3].value.set_index("convention")["count"]
    assert counts["torch"] == 2 * counts["papers"] == 601_548_544


def test_there_is_a_download_for_every_format(costs):
    labels = [button.label for button in costs.get("download_button")]
    assert labels == ["CSV", "Excel", "Parquet", "JSON", "Markdown", "LaTeX", "PyTorch", "ONNX"]


def test_the_rebuild_command_names_the_whole_design(costs):
    costs.slider(key="alpha").set_value(0.75).run()
    costs.number_input(key="classes").set_value(10).run()
    costs.selectbox(key="convention").set_value("thop").run()
    command = costs.code[-1].value
    assert command == ("multadds table mobilenet_v2 --alpha 0.75 --resolution 224 --t 6 --classes 10 --convention thop")


def test_the_clipboard_holds_exact_integers(costs):
    header, first, *_ = costs.code[0].value.splitlines()
    assert dict(zip(header.split("\t"), first.split("\t"), strict=True))["mult_adds"] == "10838016"


def test_a_design_is_taken_away_as_code_too(see):
    at = see.open(alpha="0.5").switch_page(see.layer_costs).run()
    assert {"PyTorch", "ONNX"} <= {button.label for button in at.get("download_button")}
    at = see.open(network="resnet50").switch_page(see.layer_costs).run()
    assert not {"PyTorch", "ONNX"} & {button.label for button in at.get("download_button")}
