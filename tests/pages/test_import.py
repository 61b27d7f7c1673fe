"""The page Import: a file becomes the network of every page, open sizes are asked, a bad file loses nothing."""

from __future__ import annotations

import io

import pytest
import torch

import analysis

IMPORT = "pages/import_file.py"


def exported(network: str, **axes: dict[int, str]) -> bytes:
    design = analysis.make_design(network, resolution=96)
    file = io.BytesIO()
    x = torch.zeros(1, design.in_channels, 96, 96)
    module = analysis.build(design).eval()
    torch.onnx.export(module, (x,), file, dynamo=False, input_names=["image"], dynamic_axes=axes or None)
    return file.getvalue()


@pytest.fixture(scope="module")
def v1() -> bytes:
    return exported("mobilenet_v1")


@pytest.fixture
def at(see):
    return see.open().switch_page(IMPORT).run()


def upload(at, content: bytes, name: str = "net.onnx"):
    return at.file_uploader[0].set_value((name, content, "application/octet-stream")).run()


def exactly(at):
    return {metric.label.split(",")[0]: metric.help.split()[1].rstrip(".") for metric in at.metric}


def test_before_a_file_the_page_says_how_to_make_one(at):
    assert not at.exception
    assert "torch.onnx.export" in at.info[0].value
    assert not at.metric


def test_a_file_is_counted_and_is_the_network_of_every_page(at, see, v1: bytes):
    upload(at, v1, "my v1.onnx")
    assert not at.exception
    totals = analysis.totals("mobilenet_v1", resolution=96)
    assert exactly(at)["Mult-Adds"] == f"{totals.mult_adds:,}"
    assert at.selectbox(key="network").value == "my_v1.onnx"
    at.switch_page(see.explore).run()
    assert not at.exception
    assert f"{totals.mult_adds:,}" in at.metric[0].help
    at.switch_page(see.layer_costs).run()
    assert not at.exception
    assert any(f"All rows sum to {totals.mult_adds:,} Mult-Adds" in text for text in see.captions(at))
    at.switch_page(see.trade_off).run()
    assert not at.exception
    assert any(f"{totals.mult_adds:,}" in element.value for element in at.markdown)


def test_open_sizes_are_asked_by_name(at):
    upload(at, exported("mobilenet_v1", image={2: "height", 3: "width"}))
    assert [field.label for field in at.main.number_input] == ["height", "width"]
    for field, side in zip(at.main.number_input, (64, 128), strict=True):
        field.set_value(side)
    next(button for button in at.main.button if button.label == "Count").click().run()
    assert exactly(at)["Mult-Adds"] == f"{analysis.totals('mobilenet_v1', resolution='64x128').mult_adds:,}"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no model", bytes(range(256)) * 64])
def test_a_bad_file_gets_one_sentence_and_loses_nothing(at, v1: bytes, content: bytes):
    upload(at, v1, "good.onnx")
    before = exactly(at)
    upload(at, content, "bad.onnx")
    assert not at.exception
    assert len(at.error) == 1
    assert "/" not in at.error[0].value.replace("good.onnx", "")
    assert exactly(at) == before


def test_a_hostile_name_stays_text(at, v1: bytes):
    upload(at, v1, "../../etc/<b>[x](javascript:1)`.onnx")
    assert at.selectbox(key="network").value == "_b__x__javascript_1__.onnx"


def test_a_link_to_an_imported_network_says_that_it_is_not_in_it(see):
    at = see.open(network="my_v1.onnx", alpha="0.5")
    assert "an imported file is of its own browser tab and not in a link" in at.warning[0].value
    assert see.link(at)["network"] == "mobilenet_v2"


def test_it_can_be_pinned_and_compared_but_not_linked(at, see, v1: bytes):
    upload(at, v1)
    at.switch_page(see.explore).run()
    see.press(at, "Pin")
    at.selectbox(key="network").set_value("mobilenet_v1").run()
    assert not at.exception
    assert see.deltas(at)[0] != "±0 %"
    assert see.link(at)["pin"] == "none"
