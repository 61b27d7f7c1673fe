"""Two networks layer by layer: pairs, changes, and sums that are exact."""

from dataclasses import replace
from itertools import permutations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import analysis
from analysis.comparison.alignment import MOST_CELLS, aligned
from analysis.comparison.diff import CHANGED, COLUMNS, ONLY_FIRST, ONLY_SECOND, SAME, make_diff
from analysis.cost.counted.references import counted_reference
from analysis.cost.subjects import make_subject
from analysis.networks import CATALOGUE
from analysis.networks.ranges import ALPHAS, SIDES, TS
from analysis.networks.reference import REFERENCES

V2 = analysis.make_design("mobilenet_v2")


def designs():
    return st.builds(
        lambda name, alpha, side, t: analysis.make_design(
            name, alpha=alpha, resolution=side, t=t if CATALOGUE[name].takes_t else None
        ),
        st.sampled_from(list(CATALOGUE)),
        st.sampled_from(ALPHAS),
        st.sampled_from(SIDES),
        st.sampled_from(TS),
    )


def subjects():
    return designs() | st.sampled_from(list(REFERENCES)).map(counted_reference)


def check_sums(first, second):
    diff, a, b = make_diff(first, second), analysis.totals(first), analysis.totals(second)
    for name in ("mult_adds", "params"):
        assert diff.rows[f"first_{name}"].sum() == a[name]
        assert diff.rows[f"second_{name}"].sum() == b[name]
        assert diff.rows[f"{name}_change"].sum() == b[name] - a[name]
        assert diff.by_block()[f"{name}_change"].sum() == b[name] - a[name]
    for side, table in (("first", analysis.layer_table(first)), ("second", analysis.layer_table(second))):
        assert [name for name in diff.rows[f"{side}_layer"] if name] == table["layer"].tolist()


@settings(max_examples=40, deadline=None)
@given(subjects(), subjects())
def test_changes_sum_to_the_difference_of_the_totals_and_every_layer_stands_once_in_order(first, second):
    check_sums(first, second)


@pytest.mark.parametrize("pair", permutations(["mobilenet_v1", "mobilenet_v2", "mobilenet_v3_large", "resnet50"], 2))
def test_published_networks_sum_too(pair):
    check_sums(*map(make_subject, pair))


@settings(max_examples=20, deadline=None)
@given(subjects())
def test_a_network_is_the_same_as_itself(subject):
    diff = make_diff(subject, subject)
    assert set(diff.rows["status"]) == {SAME}
    assert diff.changed().empty


@pytest.mark.parametrize("alpha", [0.35, 0.75, 1.4])
def test_another_width_pairs_every_layer_with_its_namesake(alpha):
    rows = make_diff(V2, V2.with_(alpha=alpha)).rows
    assert rows["first_layer"].tolist() == rows["second_layer"].tolist()


def test_another_resolution_changes_maps_and_no_parameters():
    diff = make_diff(V2, V2.with_(height=160, width=160))
    assert (diff.count(CHANGED), diff.count(SAME)) == (53, 1)
    assert set(diff.rows["params_change"]) == {0}
    first = diff.rows.iloc[0]
    assert first["what"] == "input 3×224×224 → 3×160×160; output 32×112×112 → 32×80×80"


def test_without_an_expansion_those_layers_are_in_the_first_alone():
    diff = make_diff(V2, V2.with_(t=1))
    gone = diff.rows[diff.rows["status"] == ONLY_FIRST]
    assert len(gone) == 16
    assert all(name.endswith(".expand") for name in gone["first_layer"])
    assert gone["mult_adds_change"].tolist() == [-count for count in gone["first_mult_adds"]]


def own(*, put_in=None, take_out=None):
    network = CATALOGUE["mobilenet_v2"]
    rows = list(network.rows)
    if put_in is not None:
        rows.insert(put_in, replace(rows[put_in], n=1, s=1))
    if take_out is not None:
        del rows[take_out]
    return analysis.make_design(replace(network, name="mine", label="Mine", rows=tuple(rows)))


def test_a_row_put_in_is_the_only_difference_though_all_names_behind_it_moved():
    diff = make_diff(V2, own(put_in=5))
    assert diff.count(ONLY_FIRST) == 0
    added = diff.rows[diff.rows["status"] == ONLY_SECOND]
    assert len(added) == 3
    assert diff.count(SAME) >= len(diff.rows) - 6


def test_a_row_taken_out_is_in_the_first_alone():
    diff = make_diff(V2, own(take_out=5))
    assert diff.count(ONLY_SECOND) == 0
    assert diff.count(ONLY_FIRST) == 9


def test_a_bias_or_a_shared_weight_is_a_change_though_the_shapes_are_equal():
    net = counted_reference("alexnet")
    other = replace(net, layers=(replace(net.layers[0], params=net.layers[0].params - 64), *net.layers[1:]))
    diff = make_diff(net, other)
    assert diff.changed()["what"].tolist() == ["parameters 34,944 → 34,880"]
    assert "-64 parameters" in diff.summary()


def test_layers_of_one_name_and_another_kind_are_a_pair():
    net = counted_reference("alexnet")
    other = replace(net, layers=(replace(net.layers[0], kind="dw", groups=3), *net.layers[1:]))
    assert make_diff(net, other).rows["what"].iloc[0] == "kind conv → dw; groups 1 → one a channel"


def test_the_summary_says_what_changed_and_where():
    diff = make_diff(V2, V2.with_(t=1), letters=("A", "C"))
    whole = analysis.totals(V2).mult_adds - analysis.totals(V2.with_(t=1)).mult_adds
    by_row = diff.rows["mult_adds_change"].groupby(diff.rows["block"].str.split("_").str[0]).sum()
    share = 100 * -by_row.min() / whole
    assert f"; {share:.0f} % of the Mult-Adds in {by_row.idxmin()}." in diff.summary()
    assert "16 only in A" in diff.summary()
    assert "only in C" not in diff.summary()


def test_the_summary_of_equals_claims_no_change():
    assert make_diff(V2, V2).summary() == "A → B: 54 layers the same. equal Mult-Adds; equal parameters."


def test_a_diff_has_the_columns_it_documents():
    assert list(make_diff(V2, V2).rows) == list(COLUMNS)


def test_too_many_layers_are_refused_with_the_limit():
    table = analysis.layer_table("mobilenet_v1")
    long = pd.concat([table] * 120, ignore_index=True)
    assert len(long) ** 2 > MOST_CELLS
    with pytest.raises(ValueError, match=f"must be at most {MOST_CELLS:,}, got"):
        aligned(long, long.assign(layer="other " + long["layer"]))


def test_long_networks_that_begin_and_end_alike_are_still_diffed():
    table = analysis.layer_table("mobilenet_v1")
    long = pd.concat([table] * 120, ignore_index=True)
    one_less = long.drop(index=1000).reset_index(drop=True)
    pairs = aligned(long, one_less)
    assert [i for i, j in pairs if j is None] == [1000]
    assert len(pairs) == len(long)


def test_an_empty_network_has_nothing_in_common():
    net = counted_reference("alexnet")
    diff = make_diff(replace(net, layers=()), net)
    assert set(diff.rows["status"]) == {ONLY_SECOND}
    assert diff.mult_adds == (0, net.mult_adds)
