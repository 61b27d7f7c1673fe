"""The page Trade-off: every control, the points, the fits, and a visitor's own measurements."""

import json

import pytest

from analysis.plots.papers import PAPER_FIGURES
from analysis.tradeoff.measurements import TEMPLATE
from analysis.tradeoff.points import MARKS, QUANTITIES

PLACES = {
    (): "top-1 71.8 %, measured (printed, the authors')",
    (("alpha", "0.6"),): "95 % interval",
    (("t", "4"),): "no accuracy predicted: every checkpoint was trained with t = 6",
    (("network", "mobilenet_v1_shallow"),): "no accuracy predicted: 0 measured designs",
    (("network", "mobilenet_v3_large"), ("alpha", "0.9")): "2 measured designs of MobileNetV3-Large",
    (("classes", "10"),): "no accuracy predicted: every checkpoint was trained on square ImageNet images",
}


def turned(see, **link):
    return see.open(**link).switch_page(see.trade_off).run()


def marks(at, see):
    return [trace for trace in see.chart(at, "tradeoff") if trace.get("customdata")]


def names(at, see):
    return [trace["name"] for trace in see.chart(at, "tradeoff")]


def layout(at):
    spec = next(element.proto.spec for element in at.get("plotly_chart") if "tradeoff" in element.proto.id)
    return json.loads(spec)["layout"]


def table(at, column):
    return next(frame.value for frame in at.dataframe if column in frame.value)


@pytest.mark.parametrize("link", PLACES)
def test_an_accuracy_says_how_it_was_had(see, link):
    at = turned(see, **dict(link))
    assert PLACES[link] in at.markdown[1].value


def test_all_released_points_are_shown(see):
    at = turned(see)
    counts = {trace["name"]: len(see.values(trace["x"])) for trace in marks(at, see)}
    assert counts == {
        "MobileNet": 16,
        "MobileNetV2": 22,
        "MobileNetV3-Large": 2,
        "MobileNetV3-Small": 2,
        "MnasNet-A1": 2,
    }


def test_computed_and_printed_figures_never_share_a_column(see):
    columns = set(table(turned(see), "source"))
    assert {"mult_adds", "printed_million_mult_adds", "params", "printed_million_params"} <= columns


def test_the_pinned_baseline_is_marked_beside_the_design(see):
    assert names(turned(see, alpha="0.5"), see)[-2:] == ["Pinned baseline", "You are here"]


def test_the_training_changes_v1_s_accuracies(see):
    at = turned(see)
    before = list(table(at, "source")["top1"])
    at.button_group(key="training").set_value("2017").run()
    assert list(table(at, "source")["top1"]) != before
    assert see.link(at)["training"] == "2017"


def test_the_least_alpha_changes_who_takes_part_in_fits(see):
    at = turned(see)
    assert list(table(at, "Points per decade")["Designs"]) == [16, 22]
    at.button_group(key="min_alpha").set_value("0.5").run()
    found = table(at, "Points per decade")
    assert list(found["Designs"]) == [12, 17]
    assert found["Points per decade"].iloc[0] == pytest.approx(14.1549, abs=1e-4)
    assert any(
        "**MobileNet**: top-1 in % = " in text.value and "A doubling of Mult-Adds buys" in text.value
        for text in at.markdown
    )


@pytest.mark.parametrize("axis", ["x", "y"])
@pytest.mark.parametrize("quantity", QUANTITIES)
def test_any_quantity_may_stand_on_either_axis(see, axis, quantity):
    at = turned(see)
    at.selectbox(key=axis).set_value(quantity).run()
    assert not at.exception
    assert QUANTITIES[quantity].label in layout(at)[f"{axis}axis"]["title"]["text"]
    assert see.link(at)[axis] == quantity


@pytest.mark.parametrize(("axis", "first"), [("x", "log"), ("y", "linear")])
def test_an_axis_is_logarithmic_or_linear(see, axis, first):
    at = turned(see)
    assert layout(at)[f"{axis}axis"]["type"] == first
    toggle = at.toggle(key=f"log_{axis}")
    toggle.set_value(not toggle.value).run()
    assert layout(at)[f"{axis}axis"]["type"] != first


@pytest.mark.parametrize("column", MARKS)
def test_any_column_colours_and_marks_the_points(see, column):
    at = turned(see)
    at.selectbox(key="colour").set_value(column).run()
    at.selectbox(key="symbol").set_value(column).run()
    assert not at.exception
    assert sum(len(see.values(trace["x"])) for trace in marks(at, see)) == 44


def test_a_cost_colours_the_points_by_ranges(see):
    at = turned(see)
    at.selectbox(key="colour").set_value("params").run()
    assert "Parameters: 1 to 2 M" in names(at, see)


def test_front_and_bands_are_drawn_on_demand(see):
    at = turned(see)
    assert not {"Pareto front", "MobileNetV2 confidence"} & set(names(at, see))
    at.toggle(key="front").set_value(True).run()
    at.toggle(key="bands").set_value(True).run()
    assert {"Pareto front", "MobileNetV2 confidence", "MobileNetV2 prediction"} <= set(names(at, see))


def test_networks_are_shown_and_hidden(see):
    at = turned(see)
    at.button_group(key="shown").set_value(["mobilenet_v1"]).run()
    assert [trace["name"] for trace in marks(at, see)] == ["MobileNet"]
    assert list(table(at, "Points per decade")["Network"]) == ["MobileNet"]
    at.button_group(key="shown").set_value([]).run()
    assert not at.exception
    assert "No points are shown" in at.info[0].value
    assert "No network shown has three points" in at.info[1].value


def test_the_networks_the_papers_compare_with_join_with_their_source(see):
    at = turned(see)
    at.toggle(key="papers").set_value(True).run()
    listed = table(at, "source").set_index("checkpoint")
    assert listed.loc["VGG 16 (V1 Table 8)", "source"] == "arXiv:1704.04861v1, Table 8"
    assert "Other networks, open" in names(at, see)


@pytest.mark.parametrize("name", PAPER_FIGURES)
def test_a_paper_s_figure_is_redrawn_with_its_source(see, name):
    at = turned(see)
    at.selectbox(key="paper_figure").set_value(name).run()
    assert see.link(at)["x"] == PAPER_FIGURES[name].settings["x"]
    assert any(PAPER_FIGURES[name].source in caption for caption in see.captions(at))
    at.selectbox(key="y").set_value("top5").run()
    assert at.selectbox(key="paper_figure").value is None


def test_a_window_is_in_the_link_stays_with_the_design_and_is_undone(see):
    at = turned(see, window="10,100,40,60")
    assert layout(at)["yaxis"]["range"] == [40, 60]
    at.slider(key="alpha").set_value(0.5).run()
    assert layout(at)["yaxis"]["range"] == [40, 60]
    see.press(at, "Whole chart")
    assert layout(at)["yaxis"]["range"] != [40, 60]
    assert see.link(at)["window"] == ""


def test_another_quantity_undoes_the_window(see):
    at = turned(see, window="10,100,40,60")
    at.selectbox(key="y").set_value("top5").run()
    assert see.link(at)["window"] == ""


def test_points_selected_are_listed_and_stay_selected(see):
    at = turned(see)
    at.session_state["selected"] = ("1.0 MobileNet-224", "1.0 MobileNetV2-224", "gone")
    at.slider(key="alpha").set_value(0.5).run()
    assert list(table(at, "source")["checkpoint"]) == ["1.0 MobileNet-224", "1.0 MobileNetV2-224"]
    assert [trace["selectedpoints"] for trace in marks(at, see)] == [[0], [2], [], [], []]
    see.press(at, "Clear selection")
    assert len(table(at, "source")) == 44


def test_the_drag_is_in_the_link(see):
    at = turned(see)
    at.button_group(key="drag").set_value("zooms").run()
    assert see.link(at)["drag"] == "zooms"


def upload(at, data, name="mine.csv"):
    return at.file_uploader[0].set_value((name, data, "text/csv")).run()


def test_own_measurements_join_charts_and_fits_for_the_session_alone(see):
    at = upload(turned(see), TEMPLATE.encode())
    listed = table(at, "source")
    assert list(listed["checkpoint"].tail(3)) == ["my V2 at half width", "my V2 with t = 4", "my own network"]
    assert list(table(at, "Points per decade")["Designs"]) == [16, 23]
    at.toggle(key="mine").set_value(False).run()
    assert list(table(at, "Points per decade")["Designs"]) == [16, 22]
    assert "Of yours, 3 measurements are shown, and take no part in fits." in see.captions(at)
    assert "half width" not in json.dumps(see.link(at))
    assert len(table(turned(see), "source")) == 44


def test_a_bad_file_names_row_and_column_and_loses_nothing(see):
    at = upload(turned(see), TEMPLATE.encode())
    upload(at, b"name,accuracy\nmine,high\n", "bad.csv")
    assert [error.value for error in at.error] == ["`row 2, column accuracy: accuracy must be a number, got high`"]
    assert len(table(at, "source")) == 47
    see.press(at, "Forget them")
    assert len(table(at, "source")) == 44


HOSTILE = b'name,accuracy,mult_adds\n"=HYPERLINK(""http://x"")",70,1e8\n![x](http://x),<b>9</b>,1e6\n'


def test_a_hostile_file_is_shown_as_text(see):
    at = upload(turned(see), HOSTILE)
    assert len(at.error) == 1
    assert at.error[0].value == "`row 3, column accuracy: accuracy must be a number, got <b>9</b>`"
    upload(at, HOSTILE.splitlines(keepends=True)[0] + HOSTILE.splitlines(keepends=True)[1], "again.csv")
    assert not at.error
    assert (
        list(table(at, "source")["checkpoint"])[-1] == '\'=HYPERLINK("http://x")'
    )  # the browser saves the table as CSV


def test_fits_may_take_the_selected_points_alone(see):
    at = turned(see)
    at.toggle(key="picked").set_value(True).run()
    assert list(table(at, "Points per decade")["Designs"]) == [16, 22]
    at.session_state["selected"] = tuple(f"1.0 MobileNetV2-{side}" for side in (224, 192, 160, 128, 96))
    at.slider(key="alpha").set_value(0.9).run()
    assert list(table(at, "Points per decade")["Designs"]) == [5]
    assert "no accuracy predicted: α 0.9 is outside the measured 1 to 1" in at.markdown[1].value


def test_a_bad_window_in_the_session_takes_no_control_away(see):
    at = turned(see, window="0,100,40,60", log_x="0")
    at.slider(key="alpha").set_value(0.5).run()
    assert see.link(at)["alpha"] == "0.5"
    at.toggle(key="front").set_value(True).run()
    assert see.link(at)["front"] == "1"
    assert see.link(at)["window"] == "0,100,40,60"


PREDICTED = "95 % interval"


@pytest.mark.parametrize("shown", ["", "mobilenet_v1"])
def test_a_prediction_does_not_hang_on_which_networks_are_shown(see, shown):
    at = turned(see, alpha="0.6", shown=shown)
    assert PREDICTED in at.markdown[1].value


def test_designs_compared_are_marked_by_their_letters(see):
    at = turned(see)
    at.slider(key="alpha").set_value(0.5).run()
    see.press(at, "Add to compare · 0")
    at.slider(key="alpha").set_value(0.8).run()
    assert "A 0.50 MobileNetV2-224" in names(at, see)


def test_missing_cells_of_the_tables_are_a_dash(see):
    at = turned(see)
    assert [frame.proto.placeholder for frame in at.dataframe] == ["–", "–", "–"]


def test_the_chart_says_which_training_and_which_number_format(see):
    at = turned(see, training="2017", format="int8")
    caption = next(text for text in see.captions(at) if "points." in text)
    assert "MobileNet's checkpoints are those trained in 2017. Sizes are in int8, accuracies of float32" in caption
    assert "trained" not in next(text for text in see.captions(turned(see, shown="mobilenet_v2")) if "points." in text)


def test_measurements_without_a_network_need_one_of_the_catalogue(see):
    at = upload(turned(see, network="alexnet"), b"name,accuracy\nmine,70\n")
    assert not at.exception
    assert "row 2, column network: must be one of" in at.error[0].value


def test_a_removed_file_takes_its_points_away(see):
    at = upload(turned(see), TEMPLATE.encode())
    at.file_uploader[0].set_value(None).run()
    assert len(table(at, "source")) == 44


@pytest.mark.parametrize("text", ["1,2,3", "a", "5,1,2,3", "-1,2,3,4", "nan,1,2,3", "1,inf,2,3"])
def test_a_window_in_a_link_that_is_none_is_a_sentence(see, text):
    at = see.open(window=text)
    assert not at.exception
    assert any("window=" in warning.value for warning in at.warning)
