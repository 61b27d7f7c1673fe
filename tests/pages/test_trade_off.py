"""The page Trade-off: the released checkpoints, their fit and the current design."""

import pytest

PLACES = {
    (): "top-1 71.8 % (printed, measured by the authors)",
    (("alpha", "0.6"),): "on the fitted line (not measured)",
    (("t", "4"),): "no accuracy: ",
    (("network", "mobilenet_v1_shallow"),): "no accuracy: ",
    (("classes", "10"),): "no accuracy: ",
}


def turned(see, **link):
    return see.open(**link).switch_page(see.trade_off).run()


@pytest.mark.parametrize("link", PLACES)
def test_an_accuracy_says_how_it_was_had(see, link):
    at = turned(see, **dict(link))
    assert PLACES[link] in at.markdown[1].value


def test_there_are_38_checkpoints_of_each_training(see):
    at = turned(see)
    for training in ("2018", "2017"):
        at.button_group(key="training").set_value(training).run()
        marks = [trace for trace in see.chart(at, "tradeoff") if trace["name"].endswith("checkpoints")]
        assert [len(see.values(trace["x"])) for trace in marks] == [16, 22]


def test_the_training_changes_v1_s_accuracies(see):
    at = turned(see)
    before = list(at.dataframe[1].value["top1"])
    at.button_group(key="training").set_value("2017").run()
    assert list(at.dataframe[1].value["top1"]) != before


def test_computed_and_printed_figures_never_share_a_column(see):
    names = set(turned(see).dataframe[1].value)
    assert {"mult_adds", "printed_million_mult_adds", "params", "printed_million_params"} <= names


def test_the_pinned_baseline_is_marked_beside_the_design(see):
    at = turned(see, alpha="0.5")
    names = [trace["name"] for trace in see.chart(at, "tradeoff")]
    assert names[-2:] == ["Pinned: 1.0 MobileNetV2-224", "You are here: 0.50 MobileNetV2-224"]
