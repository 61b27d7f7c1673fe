"""What the reference networks cost: the kept table is recounted, and stands beside the figures others printed."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from analysis.cost import reference_costs as module
from analysis.cost.audit_count import Count
from analysis.cost.reference_costs import count_reference, recount, reference_costs
from analysis.networks.reference import REFERENCES
from analysis.networks.reference.shufflenet import ShuffleNet
from tests.helpers import printed_as

pytestmark = pytest.mark.usefixtures("one_thread")

ROOT = Path(__file__).parents[2]

# trainable parameters, and who else counted them
OUTSIDE_PARAMS = {
    "googlenet": (6_998_552, "BVLC GoogLeNet, deploy network, as listed by netscope"),
    "alexnet": (60_965_224, "BVLC AlexNet, deploy network, as listed by netscope"),
    "squeezenet1_0": (1_248_424, "arXiv:1602.07360, Table 1, total before pruning"),
    "nasnet_a_mobile": (5_289_978, "Keras applications, NASNetMobile, trainable"),
    "resnet50": (25_557_032, "torchvision, resnet50; TF-Slim, resnet_v1_50"),
    "inception_v3": (23_834_568, "torchvision, inception_v3, without the auxiliary classifier"),
    "xception": (22_855_952, "arXiv:1610.02357, Table 3"),
}

# as above, of networks built without batch-norm scale
OUTSIDE_PARAMS_UNSCALED = {
    "inception_v2": (11_178_336, "TF-Slim, inception_v2, trainable"),
    "inception_v3": (23_817_352, "Keras applications, InceptionV3, trainable"),
}

# network, million Mult-Adds and parameters as printed; None where the figure does not reproduce
PRINTED = [
    ("squeezenet1_0", None, "1.25", "arXiv:1704.04861v1, Table 9"),
    ("squeezenet1_0", "833", None, "arXiv:1707.01083, Table 6"),
    ("shufflenet_1_5x", "292", "3.4", "arXiv:1801.04381, Table 4"),
    ("shufflenet_2x", "524", "5.4", "arXiv:1801.04381, Table 4"),
    ("nasnet_a_mobile", "564", "5.3", "arXiv:1801.04381, Table 4"),
]

# network, billion Mult-Adds as others print
PRINTED_BILLIONS = [
    ("inception_v3", "5.7", "EfficientNet, arXiv:1905.11946, Table 2"),
    ("xception", "8.4", "EfficientNet, arXiv:1905.11946, Table 2"),
]

# Printed figures that do not reproduce: what the network gives, and what the printed figure may be
DISAGREEMENTS = [
    ("googlenet", "mult_adds", "1550", 1_582_671_872, "V1 Table 8: open; with a separable first convolution 1498.7 M"),
    ("googlenet", "params", "6.8", 6_998_552, "V1 Table 8: sum of the K (1024) that GoogLeNet's Table 1 prints"),
    ("alexnet", "mult_adds", "720", 724_406_816, "V1 Table 9: two digits of 0.724 billion"),
    ("alexnet", "params", "60", 60_965_224, "V1 Table 9: 60 million as AlexNet's paper prints, digits cut off"),
    ("squeezenet1_0", "mult_adds", "1700", 832_667_936, "V1 Table 9: multiply and add apart, two digits"),
    ("resnet50", "mult_adds", "3800", 3_857_973_248, "ResNet Table 1: 3.8 billion, digits cut off"),
    ("inception_v3", "mult_adds", "4800", 5_713_216_096, "Inception V3 Table 3: 4.8 billion; open"),
]

# arXiv:1409.4842, Table 1: parameters in K of 1024, operations in million
GOOGLENET_PARAMS = "2.7 112 159 380 364 437 463 580 840 1072 1388 1000"
GOOGLENET_OPS = {
    "conv1": "34",
    "conv2": "360",
    "inception3a": "128",
    "inception3b": "304",
    "inception4a": "73",
    "inception4b": "88",
    "inception4c": "100",
    "inception4d": "119",
    "inception4e": "170",
    "inception5a": "54",
    "inception5b": "71",
}
GOOGLENET_OPS_DIFFER = {
    "conv1": 118_013_952,  # a separable convolution with multiplier 8 gives 34.0 M
    "inception4a": 73_608_192,  # digits cut off
    "inception5a": 51_079_168,  # open: 54 M needs 1072K parameters, the channels of the same line give 1018K
}


@pytest.fixture(scope="module")
def googlenet() -> Count:
    return count_reference("googlenet")


@pytest.mark.parametrize("name", REFERENCES)
def test_the_kept_costs_are_what_fvcore_and_numel_count(costs: pd.DataFrame, name: str):
    counted = recount(name)
    assert (costs.at[name, "mult_adds"], costs.at[name, "params"]) == (counted["mult_adds"], counted["params"])


@pytest.mark.parametrize("name", [name for name, reference in REFERENCES.items() if reference.counter == "fvcore"])
def test_torchs_own_counter_gives_twice_the_mult_adds(costs: pd.DataFrame, name: str):
    assert REFERENCES[name].torch_mult_adds() == costs.at[name, "mult_adds"]


@pytest.mark.parametrize("name", OUTSIDE_PARAMS)
def test_parameters_are_those_others_count(costs: pd.DataFrame, name: str):
    params, source = OUTSIDE_PARAMS[name]
    assert costs.at[name, "params"] == params, source


@pytest.mark.parametrize("name", OUTSIDE_PARAMS_UNSCALED)
def test_parameters_less_batch_norm_scale_are_those_others_count(name: str):
    with torch.device("meta"):
        network = REFERENCES[name].build()
    scales = [layer.weight for layer in network.modules() if isinstance(layer, torch.nn.BatchNorm2d)]
    counted = sum(p.numel() for p in network.parameters()) - sum(scale.numel() for scale in scales)
    assert counted == OUTSIDE_PARAMS_UNSCALED[name][0]


@pytest.mark.parametrize(("name", "billions", "source"), PRINTED_BILLIONS)
def test_others_print_what_the_networks_cost(costs: pd.DataFrame, name: str, billions: str, source: str):
    assert printed_as(costs.at[name, "mult_adds"] // 1000, billions), source


@pytest.mark.parametrize(("name", "mult_adds", "params", "source"), PRINTED)
def test_the_papers_print_what_the_networks_cost(costs: pd.DataFrame, name, mult_adds, params, source):
    assert mult_adds is None or printed_as(costs.at[name, "mult_adds"], mult_adds), source
    assert params is None or printed_as(costs.at[name, "params"], params), source


@pytest.mark.parametrize(("name", "quantity", "printed", "computed", "why"), DISAGREEMENTS)
def test_a_named_disagreement_is_still_one(costs: pd.DataFrame, name, quantity, printed, computed, why):
    assert costs.at[name, quantity] == computed
    assert not printed_as(costs.at[name, quantity], printed), why


def test_squeezenet_prints_multiply_and_add_apart(costs: pd.DataFrame):
    mult_adds = costs.at["squeezenet1_0", "mult_adds"]
    assert printed_as(2 * mult_adds // 1000, "1.7")
    padded = mult_adds + 1000 * 512 * (15 * 15 - 13 * 13)  # conv10 as the authors released it, with padding 1
    assert printed_as(2 * padded // 1000, "1.72")  # their notes: 1.72 GFLOPS an image


def test_alexnet_prints_two_digits_of_0_724_billion(costs: pd.DataFrame):
    assert printed_as(costs.at["alexnet", "mult_adds"] // 1000, "0.72")


def test_tf_slim_prints_multiply_and_add_of_inception_v2_apart(costs: pd.DataFrame):
    assert printed_as(2 * costs.at["inception_v2", "mult_adds"] // 1000, "3.87")


def test_googlenet_6_8_million_is_the_sum_of_the_printed_column():
    assert sum(map(Decimal, GOOGLENET_PARAMS.split())) == Decimal("6797.7")


@pytest.mark.parametrize("name", GOOGLENET_OPS)
def test_googlenet_costs_what_table_1_prints_but_in_three_lines(googlenet: Count, name: str):
    counted = googlenet.by_module[f"features.{name}"]
    assert printed_as(counted, GOOGLENET_OPS[name]) == (name not in GOOGLENET_OPS_DIFFER)
    assert counted == GOOGLENET_OPS_DIFFER.get(name, counted)


def test_googlenet_prints_a_separable_first_convolution(googlenet: Count):
    weights = 7 * 7 * 3 * 8 + 3 * 8 * 64
    separable = weights * 112 * 112
    assert printed_as(separable, GOOGLENET_OPS["conv1"])
    assert (weights + 64) / 1024 == pytest.approx(2.7, abs=0.05)  # K of 1024, biases included
    assert googlenet.mult_adds - googlenet.by_module["features.conv1"] + separable == 1_498_677_248


def test_shufflenet_at_scale_1_costs_what_its_table_1_prints():
    with torch.device("meta"):
        network = ShuffleNet(1, stem=24).eval()
    with FlopCounterMode(display=False) as counter:
        network(torch.zeros(1, 3, 224, 224, device="meta"))
    assert printed_as(counter.get_total_flops() // 2, "137")


def test_the_first_convolution_of_shufflenet_1_5x_has_24_channels_not_36():
    with torch.device("meta"):
        wider = ShuffleNet(1.5, stem=36).eval()
    with FlopCounterMode(display=False) as counter:
        wider(torch.zeros(1, 3, 224, 224, device="meta"))
    assert not printed_as(counter.get_total_flops() // 2, "292")


def test_an_unknown_network_is_refused_by_name():
    with pytest.raises(ValueError, match=r"reference network must be one of googlenet, .* got resnext"):
        count_reference("resnext")


def test_the_table_names_what_counted_it_and_hands_out_copies(costs: pd.DataFrame):
    fvcore = costs["counted_by"].str.match(r"fvcore \d.* on torch \d.*; parameters by numel")
    assert costs.loc[~fvcore, "counted_by"].str.match(r"half of torch's own count, torch \d.*; parameters by").all()
    assert [name for name in costs.index if not fvcore[name]] == [n for n in costs.index if "multiscale" in n]
    copy = reference_costs()
    copy["mult_adds"] = 0
    assert (reference_costs()["mult_adds"] > 0).all()


def test_the_command_writes_the_table_it_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    few = {name: REFERENCES[name] for name in ("alexnet", "squeezenet1_0")}
    monkeypatch.setattr(module, "REFERENCES", few)
    before = reference_costs().drop(columns="counted_by")
    monkeypatch.setattr(module, "TABLE", tmp_path / "reference_costs.csv")
    module.main()
    assert before["name"].tolist() == list(few)
    pd.testing.assert_frame_equal(reference_costs().drop(columns="counted_by"), before)


def test_the_kept_costs_are_read_without_torch():
    code = (
        "import sys; from analysis.cost.reference_costs import reference_costs as f; f(); print('torch' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert run.stdout.split() == ["False"], run.stderr
