"""A network against its limits, to the last integer."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis
from analysis.cost.subjects import make_subject
from analysis.gate.changes import changes, come_or_gone, grown
from analysis.gate.costs import Costs, LayerCost, costs_of
from analysis.gate.verdict import Limits, judge, read_growth

TOTALS = ("mult_adds", "params", "peak_activation_bytes", "weight_bytes")


def made(*layers, **totals):
    """Costs with these layers; totals not given are sums, and the peak is 100."""
    sums = {"mult_adds": sum(each.mult_adds for each in layers), "params": sum(each.params for each in layers)}
    known = {"peak_activation_bytes": 100, **sums, "weight_bytes": 4 * sums["params"], **totals}
    return Costs("Net", "net", "float32", known, layers)


def flat(value):
    return made(LayerCost("conv", value, value), peak_activation_bytes=value)


@pytest.mark.parametrize("network", ["mobilenet_v2", "mnasnet_a1", "pd_lenet", "resnet50", "googlenet"])
@pytest.mark.parametrize("number_format", ["float32", "int8"])
def test_layers_sum_to_the_library_s_totals(network, number_format):
    costs = costs_of(make_subject(network), number_format)
    totals = analysis.totals(network, number_format=number_format)
    assert (costs.totals, costs.peak_layer) == ({name: totals[name] for name in TOTALS}, totals.peak_layer)
    for name in ("mult_adds", "params", "weight_bytes"):
        assert sum(layer.of(name, number_format) for layer in costs.layers) == totals[name]


def test_what_is_alive_is_known_of_every_layer_of_a_design():
    costs = costs_of(make_subject("mobilenet_v2"), "float16")
    alive = {layer.name: layer.of("peak_activation_bytes", "float16") for layer in costs.layers}
    assert max(alive, key=alive.__getitem__) == costs.peak_layer
    assert max(alive.values()) == analysis.totals("mobilenet_v2", number_format="float16").peak_activation_bytes


@pytest.mark.parametrize(("most", "over"), [(300_774_273, 0), (300_774_272, 0), (300_774_271, 1)])
def test_a_total_equal_to_its_budget_is_within(most, over):
    verdict = judge("net", costs_of(make_subject("mobilenet_v2"), "float32"), Limits({"mult_adds": most}))
    assert [finding.over for finding in verdict.limited] == [over]
    assert len(verdict.exceeded) == over


@pytest.mark.parametrize(
    ("old", "new", "percent", "within"),
    [
        (1_000, 1_020, "2", True),
        (1_000, 1_021, "2", False),
        (10**18 + 50, 1_020_000_000_000_000_051, "2", True),
        (10**18 + 50, 1_020_000_000_000_000_052, "2", False),
        (1_000, 1_000, "0", True),
        (1_000, 1_001, "0", False),
        (1_000, 1, "0", True),
        (0, 0, "2", True),
        (0, 1, "1000000", False),
        (3, 3, "33.33333333333333333333", True),
        (3, 4, "33.33333333333333333333", False),
        (3, 4, "33.4", True),
    ],
)
def test_growth_is_compared_exactly(old, new, percent, within):
    verdict = judge("net", flat(new), Limits(growth=Decimal(percent)), flat(old))
    found = {finding.total: not finding.over for finding in verdict.findings if finding.rule == "growth"}
    assert found == dict.fromkeys(TOTALS, within)


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1), st.decimals(0, 1_000_000, places=6))
def test_growth_is_within_just_where_the_fractions_are(old, new, percent):
    verdict = judge("net", flat(new), Limits(growth=percent), flat(old))
    assert (not verdict.exceeded) == ((new - old) * 100 <= Fraction(percent) * old)


def test_a_quantity_that_the_baseline_lacks_is_said_and_not_compared():
    old = flat(10)
    old = Costs(old.label, old.network, "float32", {"mult_adds": 10, "params": 10, "weight_bytes": 40}, old.layers)
    verdict = judge("net", flat(10), Limits(growth=Decimal(0)), old)
    assert {finding.total for finding in verdict.limited} == {"mult_adds", "params", "weight_bytes"}
    assert verdict.notes == ("not in the baseline, so not compared: Peak memory",)


def test_an_operator_that_nothing_here_knows_is_said():
    counted = replace(make_subject("googlenet"), unknown=("Mystery",), not_counted_elements=10)
    share = 10 / counted.mult_adds
    assert costs_of(counted, "float32").notes == (f"not counted: Mystery; at most {share:.2%} of the Mult-Adds",)
    assert costs_of(make_subject("mobilenet_v2"), "float32").notes == ()


def test_changes_are_by_name_and_the_most_grown_first():
    old = made(LayerCost("a", 10, 1), LayerCost("b", 10, 1), LayerCost("gone", 5, 5), LayerCost("same", 1, 1))
    new = made(LayerCost("a", 11, 1), LayerCost("b", 15, 0), LayerCost("new", 3, 2), LayerCost("same", 1, 1))
    found = changes(old, new)
    assert [(each.name, each.growth("mult_adds")) for each in grown(found, "mult_adds")] == [
        ("b", 5),
        ("new", 3),
        ("a", 1),
    ]
    assert [each.name for each in grown(found, "params")] == ["new"]
    added, removed = come_or_gone(found)
    assert ([each.name for each in added], [each.name for each in removed]) == (["new"], ["gone"])
    assert sum(each.growth("mult_adds") for each in found) == new.totals["mult_adds"] - old.totals["mult_adds"]


@pytest.mark.parametrize(
    ("text", "percent"), [("2%", "2"), (" 0.5 % ", "0.5"), (".25%", "0.25"), ("0%", "0"), ("1000000%", "1000000")]
)
def test_growth_is_read_as_written(text, percent):
    assert read_growth("max_growth", text) == Decimal(percent)


@pytest.mark.parametrize("text", ["2", "0.02", 2, 0.02, None, True, "-1%", "%", "1e2%", "nan%", "٢%", "1,5%", "2%%"])
def test_growth_that_may_be_misread_is_refused(text):
    with pytest.raises(ValueError, match=r"max_growth must be a percentage such as 2%, got"):
        read_growth("max_growth", text)


def test_growth_has_a_limit():
    with pytest.raises(ValueError, match=r"max_growth must be at most 1,000,000%, got 1000001%"):
        read_growth("max_growth", "1000001%")
