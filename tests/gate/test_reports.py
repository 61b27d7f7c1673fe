"""Reports say what exceeds, and names from an uploaded file stay names in every format."""

import json
from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

from analysis.cost.subjects import make_subject
from analysis.gate.costs import costs_of
from analysis.gate.reports import code, json_report, junit_report, markdown_report, text_report
from analysis.gate.verdict import Limits, judge

HOSTILE = (
    "a|b",
    "`code`",
    "``",
    "a\\|b`c",
    "<script>alert(1)</script>",
    "&lt;b&gt;",
    "]]> <!-- --> <![CDATA[",
    "![x](https://example.com/x.png)",
    "[link](javascript:alert(1)) https://example.com @someone #1 **bold** ~~x~~ $x$",
    "two\nlines\r\n\n# heading",
    "\x1b[2J\x07\x00\x08",
    "\u202etxt.exe\u2066\ufeff",
    "\ufffe\ud800",
    "'\"",
    "=HYPERLINK(1)",
    "",
    "   ",
    "x" * 5_000,
)


def hostile_verdict():
    """Every name is hostile, every limit but that of Mult-Adds' growth exceeded; layers grew, came and went."""
    counted = make_subject("squeezenet1_0")
    layers = [replace(layer, name=name) for layer, name in zip(counted.layers, HOSTILE, strict=False)]
    old = replace(counted, layers=tuple(layers[:-3]), label="old|`<b>\x1b", network="old")
    more = [replace(layer, params=layer.params + 7, terms={"mult_adds": layer.mult_adds + 9}) for layer in layers[3:]]
    unknown = {"unknown": ("<img src=x>|`",), "peak_layer": "<b>|`\x00", "peak_elements": 10**9}
    new = replace(counted, layers=tuple(more), label="<b>|`\x07new", network="a|b.onnx", **unknown)
    limits = Limits(dict.fromkeys(("mult_adds", "params", "peak_activation_bytes", "weight_bytes"), 1), Decimal(0))
    return judge("na|me<i>`\x00", costs_of(new, "float32"), limits, costs_of(old, "float32"))


def rows_of(html_tokens):
    """Cells of every table row: how many, and the kinds of what stands in them."""
    rows, cells = [], None
    for token in html_tokens:
        if token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            rows.append(cells)
            cells = None
        elif token.type == "inline" and cells is not None:
            cells.append(token)
    return rows


def test_no_name_is_markup_in_markdown():
    verdict = hostile_verdict()
    tokens = (
        MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(markdown_report([verdict]))
    )
    kinds = {child.type for token in tokens for child in token.children or ()} | {token.type for token in tokens}
    assert not kinds & {"html_inline", "html_block", "link_open", "image", "em_open", "s_open", "fence", "code_block"}
    assert sum(token.type == "heading_open" for token in tokens) == 1
    sizes = [len(row) for row in rows_of(tokens)]
    assert set(sizes) == {6, 7, 3, 2, 5, 4}
    cells = [row[0].children[0] for row in rows_of(tokens)]
    names = {cell.content for cell in cells if cell.type == "code_inline"}
    assert "<b>|`�" in names
    assert names & {"[link](javascript:alert(1)) https://example.com @someone #1 **bold** ~~x~~ $x$", "a\\|b`c"}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_code_span_shows_the_name_and_ends_where_it_ends(name):
    inline = MarkdownIt("commonmark", {"html": True}).parseInline(f"{code(name)} end")[0].children
    assert [child.type for child in inline] == ["code_inline", "text"]
    assert inline[1].content == " end"
    if name.isprintable() and name.strip() and len(name) < 100:
        assert inline[0].content == name


def test_junit_is_xml_whatever_the_names_are():
    verdict = hostile_verdict()
    root = ElementTree.fromstring(junit_report([verdict, verdict]))
    assert (root.tag, root.get("tests"), root.get("failures")) == ("testsuites", "16", "14")
    suites = root.findall("testsuite")
    assert [suite.get("name") for suite in suites] == ["na|me<i>`�"] * 2
    for suite in suites:
        cases = suite.findall("testcase")
        assert len(cases) == int(suite.get("tests")) == len({case.get("name") for case in cases}) == 8
        assert [len(case.findall("failure")) for case in cases] == [bool(each.over) for each in verdict.limited]
        assert "<b>|`�" in cases[0].find("failure").text


def test_text_steers_no_terminal_and_is_cut():
    text = text_report([hostile_verdict()])
    assert all(sign.isprintable() or sign == "\n" for sign in text)
    assert max(map(len, text.splitlines())) < 250


def test_json_holds_every_finding_and_layer():
    verdict = hostile_verdict()
    check = json.loads(json_report([verdict]))["checks"][0]
    assert [finding["rule"] for finding in check["findings"]] == ["budget"] * 4 + ["growth"] * 4
    assert [layer["mult_adds"] for layer in check["layers"]] == [layer.mult_adds for layer in verdict.costs.layers]
    assert (len(check["changes"]["added"]), len(check["changes"]["removed"])) == (3, 3)


def test_what_exceeds_is_said_with_its_layers():
    costs = costs_of(make_subject("mobilenet_v2"), "float32")
    text = text_report([judge("mobilenet_v2", costs, Limits({"mult_adds": 300_000_000, "params": 3_504_872}))])
    lines = text.splitlines()
    assert lines[0] == "1.0 MobileNetV2-224 (mobilenet_v2), batch of one: OVER 1 of 2 limits"
    mult_adds = next(line for line in lines if line.startswith("Mult-Adds"))
    assert mult_adds.split("  ")[-1] == "OVER"
    assert "300,774,272" in mult_adds
    assert "the papers' convention" in mult_adds
    assert "774,272 (+0.3 %)" in mult_adds
    assert next(line for line in lines if line.startswith("Parameters")).endswith("  within")
    first = lines[lines.index("Layers that cost most: Mult-Adds") + 3]
    most = max(costs.layers, key=lambda layer: layer.mult_adds)
    assert first.split() == [most.name, f"{most.mult_adds:,}", f"{most.mult_adds / 300_774_272:.1%}"]
    assert "Layers that cost most: Parameters" not in text


def test_a_counted_network_names_the_layer_at_its_peak():
    costs = costs_of(make_subject("googlenet"), "float32")
    text = text_report([judge("googlenet", costs, Limits({"peak_activation_bytes": 1}))])
    assert f"{costs.peak_layer}" in text.split("Layers with most memory alive")[1]


def test_the_growth_of_peak_memory_names_where_it_is():
    old, new = (costs_of(make_subject("mobilenet_v2", t=t), "float32") for t in (6, 6.1))
    text = text_report([judge("mobilenet_v2", new, Limits(growth=Decimal(2)), old)])
    assert new.peak_layer in text.split("Layers with most memory alive")[1]
    assert "at most (+2 %)" in text
