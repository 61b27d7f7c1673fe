"""The report: one file that shows everything, runs nothing and asks for nothing; hostile names stay text."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

import analysis
from analysis.comparison.diff import make_diff
from analysis.comparison.report import report_command, unnamed_sentence
from analysis.comparison.svg import steps
from analysis.cost.counted.references import counted_reference
from analysis.cost.subjects import make_subject
from analysis.version import VERSION

HOSTILE = "<script>alert(1)</script>\"'><img src=http://x.example/y onerror=alert(2)>{{7*7}}${x}"


class Reader(HTMLParser):
    """Tags, attributes and text of a page; unclosed tags are an error."""

    VOID = ("meta", "line", "br")

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.texts, self.open = [], [], [], []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.texts).split())


@pytest.fixture(scope="module")
def report():
    compared = analysis.compare("mobilenet_v1", "mobilenet_v2", "resnet50")
    return Reader(compared.report(("A", "C")).decode())


def test_it_holds_designs_totals_diff_and_how_it_was_made(report):
    for part in ("1.0 MobileNet-224", "ResNet-50", "568,740,352", "×0.53, -47.1 %", "A and C, layer by layer", VERSION):
        assert part in report.text
    assert (
        make_diff(make_subject("mobilenet_v1"), make_subject("resnet50"), letters=("A", "C")).summary() in report.text
    )
    assert "multadds compare mobilenet_v1 mobilenet_v2 resnet50 --pair AC --report comparison.html" in report.text


def test_it_runs_no_script_and_asks_no_other_file(report):
    assert not {"script", "iframe", "img", "link", "object", "form", "base"} & set(report.tags)
    names = {name for name, _ in report.attributes}
    assert not {"src", "href", "action", "srcset"} & names
    assert not [name for name in names if name.startswith("on")]
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in report.attributes
    styles = " ".join([*report.texts, *(value or "" for name, value in report.attributes if name == "style")])
    assert not re.search(r"url\(|@import", styles)


def test_it_is_for_light_dark_and_paper(report):
    styles = " ".join(report.texts)
    assert "prefers-color-scheme: dark" in styles
    assert "@media print" in styles


def test_bars_begin_at_zero_and_are_as_long_as_their_figures(report):
    styles = [value for name, value in report.attributes if name == "style" and value.startswith("width:")]
    widths = [float(re.match(r"width:([\d.]+)%", style)[1]) for style in styles]
    counts = (568_740_352, 300_774_272, 3_857_973_248)
    assert widths[:3] == [round(100 * count / max(counts), 2) for count in counts]


def test_every_layer_that_is_not_the_same_is_a_row(report):
    diff = analysis.compare("mobilenet_v1", "resnet50").diff()
    assert report.tags.count("tr") >= len(diff.changed()) + len(diff.by_block())
    for name in diff.changed()["second_layer"]:
        assert name in report.text


def hostile():
    net = counted_reference("alexnet")
    layers = tuple(replace(layer, name=f"{HOSTILE}{n}", block=HOSTILE) for n, layer in enumerate(net.layers))
    return replace(
        net, network=HOSTILE, label=HOSTILE, source=HOSTILE, input=HOSTILE, counted_by=HOSTILE, layers=layers
    )


def test_hostile_names_stay_text():
    compared = analysis.compare("alexnet", hostile())
    page = Reader(compared.report().decode())
    assert not {"script", "img"} & set(page.tags)
    assert "<script>alert(1)</script>" in page.text
    assert "{{7*7}}" in page.text
    assert "<script" not in compared._repr_html_()


def test_it_is_the_same_to_the_byte_again():
    words = ("mobilenet_v2", "mobilenet_v2@alpha=0.5")
    assert analysis.compare(*words).report() == analysis.compare(*words).report()


def test_its_command_names_what_is_not_as_usual():
    compared = analysis.compare("1.0 MobileNet-224", "mobilenet_v2@alpha=0.5", number_format="int8", training="2017")
    assert report_command(compared, ("B", "A")) == (
        "multadds compare mobilenet_v1 mobilenet_v2@alpha=0.5 --pair BA --number-format int8 --training 2017 "
        "--report comparison.html"
    )


def test_files_that_the_command_needs_are_named():
    assert unnamed_sentence([counted_reference("alexnet")]) == ""
    imported = replace(counted_reference("alexnet"), network="model.onnx")
    assert unnamed_sentence([imported]) == "In the place of model.onnx name the file that holds it."


@pytest.mark.parametrize("most", [0.0003, 1, 1.9, 2, 9.5, 53.5, 100, 3857.97, 1e12])
def test_ticks_are_round_and_neither_few_nor_many(most):
    ticks = steps(most)
    assert ticks[0] == 0
    assert most * 0.75 <= ticks[-1] <= most * (1 + 1e-9)
    assert 4 <= len(ticks) <= 11
