"""The published points: complete, sourced, and printed figures apart from computed ones."""

import pytest

import analysis
from analysis.cost.reference_costs import reference_costs
from analysis.networks import CATALOGUE
from analysis.tradeoff.published import (
    TRAININGS,
    checkpoints_of,
    compared_networks,
    published_points,
    released_checkpoints,
)

# network, checkpoints, largest and smallest top-1 (percent) as printed: release notes; V3's Table 3, MnasNet's Table 4
PRINTED = [
    ("mobilenet_v1", 16, 70.9, 41.5),
    ("mobilenet_v2", 22, 75.0, 45.5),
    ("mobilenet_v3_large", 2, 75.2, 73.3),
    ("mobilenet_v3_small", 2, 67.4, 65.4),
    ("mnasnet_a1", 2, 75.2, 64.1),
]
# checkpoint: 8-bit top-1 (release notes of 2018_08_02 and of V3), Pixel 1 in ms (release notes of V2, V3's Table 3)
DEPLOYED = {
    "1.0 MobileNet-224": (70.1, None),
    "0.75 MobileNet-128": (55.8, None),
    "0.25 MobileNet-128": (39.5, None),
    "1.0 MobileNetV2-224": (None, 73.8),
    "0.35 MobileNetV2-96": (None, 4.5),
    "1.0 MobileNetV3-Large-224": (73.9, 51),
    "0.75 MobileNetV3-Small-224": (None, 12.8),
}
# V1's Tables 8 and 9, V2's Table 4: name as printed, top-1
COMPARED = {
    "V1 Table 8": {"1.0 MobileNet-224": 70.6, "GoogleNet": 69.8, "VGG 16": 71.5},
    "V1 Table 9": {"0.50 MobileNet-160": 60.2, "Squeezenet": 57.5, "AlexNet": 57.2},
    "V2 Table 4": {
        "MobileNetV1": 70.6,
        "ShuffleNet (1.5)": 71.5,
        "ShuffleNet (x2)": 73.7,
        "NasNet-A": 74.0,
        "MobileNetV2": 72.0,
        "MobileNetV2 (1.4)": 74.7,
    },
}


def points(network, training="2018"):
    frame = checkpoints_of(training)
    return frame[frame["network"] == network]


@pytest.mark.parametrize(("network", "n", "best", "worst"), PRINTED)
def test_the_checkpoints_are_those_released(network, n, best, worst):
    frame = points(network)
    assert (len(frame), frame["top1"].max(), frame["top1"].min()) == (n, best, worst)


def test_the_two_trainings_of_v1_are_kept_apart():
    accuracies = {training: points("mobilenet_v1", training)["top1"].tolist() for training in TRAININGS}
    assert accuracies["2017"][0] == 70.7
    assert accuracies["2018"][0] == 70.9
    assert len(released_checkpoints()) == 16 + 16 + 22 + 6


@pytest.mark.parametrize("name", DEPLOYED)
def test_quantised_accuracy_and_latency_are_as_printed(name):
    row = checkpoints_of("2018").set_index("checkpoint")[["quantised_top1", "pixel1_ms"]].loc[name]
    assert tuple(None if value != value else value for value in row) == DEPLOYED[name]


def test_every_quantised_v1_checkpoint_is_there_and_none_of_the_other_training():
    assert points("mobilenet_v1", "2018")["quantised_top1"].notna().all()
    assert points("mobilenet_v1", "2017")["quantised_top1"].isna().all()


@pytest.mark.parametrize("table", COMPARED)
def test_the_networks_of_a_paper_s_table_are_all_there(table):
    rows = compared_networks()
    rows = rows[rows["table"] == table]
    assert dict(zip(rows["printed_name"], rows["top1"], strict=True)) == COMPARED[table]


def test_every_row_names_its_source():
    frame = published_points("2018")
    assert frame["source"].str.contains("arXiv:|tensorflow/models").all()


def test_costs_are_computed_and_printed_ones_stand_apart():
    frame = checkpoints_of("2018")
    for row in frame.to_dict("records"):
        totals = analysis.totals(row["network"], alpha=row["alpha"], resolution=row["resolution"], number_format="int8")
        computed = [row["mult_adds"], row["params"], row["peak_activation_elements"]]
        assert computed == [totals.mult_adds, totals.params, totals.peak_activation_bytes]
        assert row["width_mult_adds"] == analysis.totals(row["network"], alpha=row["alpha"]).mult_adds
    assert frame.set_index("checkpoint").loc["1.0 MobileNetV2-224", "printed_million_mult_adds"] == 300


def test_networks_that_are_not_rows_have_fvcore_s_count_and_no_peak():
    counted = reference_costs().set_index("name")
    frame = compared_networks()
    others = frame[~frame["network"].isin(list(CATALOGUE))]
    assert len(others) == 6
    assert others["mult_adds"].tolist() == counted.loc[others["network"], "mult_adds"].tolist()
    assert others["peak_activation_elements"].isna().all()


def test_every_released_design_is_a_preset_of_its_network():
    for network, rows in released_checkpoints().groupby("network"):
        measured = set(zip(rows["alpha"], rows["resolution"], strict=True))
        assert measured <= set(CATALOGUE[network].presets)
