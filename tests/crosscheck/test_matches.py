"""My number is not the paper's: figures as people write them, and what gives them."""

from __future__ import annotations

import pytest

import analysis
from analysis.cost.subjects import make_subject
from analysis.crosscheck import explain_figure
from analysis.crosscheck.figures import read_figure

V2 = analysis.make_design("mobilenet_v2")

# what was typed: the tool or convention, and the whole number
PLAIN = {
    "314.2M": ("fvcore", 314_193_216),
    "314.19 MFLOPs": ("fvcore", 314_193_216),
    "327486720": ("thop", 327_486_720),
    "327,486,720": ("thop", 327_486_720),
    "601.55 MFLOPs": ("torch", 601_548_544),
    "320.30 MMac": ("ptflops", 320_300_008),
    "300.81M mult-adds": ("torchinfo", 300_809_384),
    "307.45 million": ("torchprofile", 307_453_664),
    "614.97e6": ("deepspeed_flops", 614_967_488),
}


@pytest.mark.parametrize("text", PLAIN)
def test_what_a_tool_prints_is_found(text: str):
    answer = explain_figure(V2, text)
    assert [(match.convention.name, match.count) for match in answer.matches] == [PLAIN[text]]
    assert answer.sentence.startswith("One way gives ")


CHANGED = {
    "299,494,272": ("papers", "Papers (Mult-Adds), without the classifier"),
    "0.6284 G": ("fvcore", "twice fvcore (flops)"),
    "2,406,194,176": ("papers", "Papers (Mult-Adds), batch of 8"),
    "300774273": None,
    "1.0027e9": None,
}


@pytest.mark.parametrize("text", CHANGED)
def test_a_changed_network_is_found(text: str):
    found = [(match.convention.name, match.name) for match in explain_figure(V2, text).matches]
    assert CHANGED[text] in found if CHANGED[text] else found == []


@pytest.mark.parametrize("resolution", [160, 192, 256])
def test_another_input_is_found(resolution: int):
    count = analysis.totals("mobilenet_v2", resolution=resolution).mult_adds
    answer = explain_figure(V2, str(count))
    name = f"Papers (Mult-Adds), input of {resolution}×{resolution} px"
    assert name in [match.name for match in answer.matches]


def test_every_way_gives_the_figure():
    for text in ("0.6 G", "0.31G", "299.5M", "2.4G", "314.2M"):
        figure = read_figure(text)
        answer = explain_figure(V2, text)
        assert answer.matches
        assert all(figure.least <= match.count <= figure.most for match in answer.matches)
        assert all(match.count_text in match.arithmetic for match in answer.matches)


def test_few_digits_give_more_ways_than_many():
    few, many = (explain_figure(V2, text) for text in ("0.3G", "314.19M"))
    assert len(few.matches) + few.others > len(many.matches) + many.others
    assert few.sentence.endswith("More digits would tell them apart.")


def test_none_is_said_with_the_nearest():
    answer = explain_figure(V2, "307,000,000")
    assert answer.matches == ()
    assert answer.sentence == (
        "Nothing that is tried gives 307,000,000. "
        "The nearest is torchprofile (MACs), 307,453,664: yours differs by -0.15%."
    )
    assert explain_figure(V2, "300").sentence.endswith("If it is in millions, write 300M.")


def test_a_sum_that_no_tool_prints_is_found():
    terms = 300_774_272 + 6_678_112 + 6_105_792  # batch norm once, activations once
    assert "a sum that no tool here prints (one a term)" in [m.name for m in explain_figure(V2, str(terms)).matches]


def test_a_network_without_rows_has_no_other_inputs():
    answer = explain_figure(make_subject("squeezenet1_0"), "832,667,936")
    assert {match.convention.name for match in answer.matches} == {"papers", "deepspeed_macs"}


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("314.2M", 314_150_000, 314_250_000),
        ("0.6 G", 550_000_000, 650_000_000),
        ("3e8", 250_000_000, 350_000_000),
        ("300 774 272", 300_774_272, 300_774_272),
        ("0.32 GMACs", 315_000_000, 325_000_000),
        ("569 million Mult-Adds", 568_500_000, 569_500_000),
    ],
)
def test_a_figure_stands_for_all_that_is_written_so(text: str, least: int, most: int):
    figure = read_figure(text)
    assert (figure.least, figure.most) == (least, most)


@pytest.mark.parametrize("text", ["", "abc", "-3M", "1.2.3", "0", "1e99", "9" * 41, "314.2 MB", "inf", "½"])
def test_what_is_no_figure_is_refused(text: str):
    with pytest.raises(ValueError, match=r"^figure must be "):
        explain_figure(V2, text)
