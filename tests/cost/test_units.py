"""Numbers as people read them."""

import pytest

import analysis
from analysis.cost.audit import Audit
from analysis.cost.subjects import make_subject
from analysis.cost.units import audit_sentence, change, short_bytes, short_count, uncounted_sentence, waiting_sentence


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1.000 k"),
        (300_774_272, "300.8 M"),
        (4_867_293_184, "4.867 G"),
        (10**13, "10.00 T"),
    ],
)
def test_a_count_has_four_digits_and_a_unit(value, text):
    assert short_count(value) == text


@pytest.mark.parametrize(("value", "text"), [(999, "999 B"), (14_019_488, "14.02 MB"), (6_021_120, "6.021 MB")])
def test_bytes_are_decimal(value, text):
    assert short_bytes(value) == text


@pytest.mark.parametrize(
    ("new", "old", "text"),
    [
        (1, 1, "±0 %"),
        (50, 100, "-50.0 %"),
        (300, 100, "+200 %"),
        (10_001, 10_000, "+<0.1 %"),
        (9_999, 10_000, "-<0.1 %"),
    ],
)
def test_a_change_is_signed_and_never_hides(new, old, text):
    assert change(new, old) == text


def test_agreement_is_one_sentence():
    assert audit_sentence(analysis.audit("mobilenet_v2")) == "closed form and fvcore agree: 300,774,272"


def test_disagreement_names_both_numbers_and_the_layers():
    audit = Audit(100, 7, fvcore_mult_adds=90, numel_params=7, differing=["conv1"])
    assert audit.agrees is False
    assert audit_sentence(audit) == (
        "closed form and fvcore DIFFER: 100 against 90 Mult-Adds, 7 against 7 parameters; layers that differ: conv1"
    )


def test_what_was_not_counted_has_an_upper_bound():
    text = uncounted_sentence(analysis.audit("mobilenet_v2"))
    assert "13,356,224 for batch_norm and 62,720 for adaptive_avg_pool2d" in text
    assert (
        "ReLU6 (35 calls), shortcut additions (10 calls): at most 6,322,176 operations, 2.10% of the Mult-Adds" in text
    )


@pytest.mark.parametrize(("network", "first"), [("mobilenet_v2", "closed form"), ("googlenet", "count by shapes")])
def test_what_is_drawn_while_fvcore_counts_is_named(network, first):
    assert waiting_sentence(make_subject(network)).startswith(f"{first} drawn; fvcore is counting")
