"""Channel rounding against small functions written from the authors' descriptions."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Rounding, make_design
from analysis.networks import DIVISIBLE, TRUNCATED

ALPHAS = [hundredths / 100 for hundredths in range(1, 301)]
CHANNELS = [16, 24, 32, 64, 96, 128, 160, 256, 320, 512, 1024, 1280]


def truncated(width: float) -> int:
    return max(math.floor(width), 8)


def multiple_of_8(width: float) -> int:
    """The multiple of 8 nearest to the width (halves up), at least 8; the next one if that loses more than 10 %."""
    below = 8 * math.floor(Fraction(width) / 8)
    nearest = below if Fraction(width) - below < 4 else below + 8
    nearest = max(nearest, 8)
    return nearest if nearest >= 0.9 * width else nearest + 8


@pytest.mark.parametrize("c", CHANNELS)
def test_v1_truncates_with_at_least_8(c: int):
    assert [TRUNCATED(c * alpha) for alpha in ALPHAS] == [truncated(c * alpha) for alpha in ALPHAS]


@pytest.mark.parametrize("c", CHANNELS)
def test_v2_gives_the_nearest_multiple_of_8_never_below_90_percent(c: int):
    assert [DIVISIBLE(c * alpha) for alpha in ALPHAS] == [multiple_of_8(c * alpha) for alpha in ALPHAS]


@given(st.floats(0.001, 5000))
def test_v2_channels_are_multiples_of_8_and_keep_90_percent(width: float):
    channels = DIVISIBLE(width)
    assert channels % 8 == 0
    assert channels >= max(8, 0.9 * width)
    assert channels < max(width + 8, 9)


# Channels of MobileNetV2's rows 1-8 and 9, worked by hand from the rule (0.35 · 32 = 11.2: 8 loses over 10 %, so 16)
RELEASED_V2 = {
    0.35: [16, 8, 8, 16, 24, 32, 56, 112, 1280],
    0.5: [16, 8, 16, 16, 32, 48, 80, 160, 1280],
    0.75: [24, 16, 24, 24, 48, 72, 120, 240, 1280],
    1.0: [32, 16, 24, 32, 64, 96, 160, 320, 1280],
    1.3: [40, 24, 32, 40, 80, 128, 208, 416, 1664],
    1.4: [48, 24, 32, 48, 88, 136, 224, 448, 1792],
}


@pytest.mark.parametrize("alpha", RELEASED_V2)
def test_v2_channels_of_the_released_checkpoints(alpha: float):
    ends = [layer for layer in make_design("mobilenet_v2", alpha=alpha).layers() if layer.name.endswith("project")]
    ends = [layer.output.channels for layer in ends]
    layers = make_design("mobilenet_v2", alpha=alpha).layers()
    rows = [layers[0].output.channels, *(ends[i] for i in (0, 1, 3, 6, 10, 13, 16)), layers[-1].input.channels]
    assert rows == RELEASED_V2[alpha]


@pytest.mark.parametrize("rounding", [TRUNCATED, DIVISIBLE, Rounding(16, 24, True, 0.5), Rounding(5, 3, False, 1.0)])
def test_rounding_an_array_equals_rounding_its_numbers(rounding: Rounding):
    widths = np.array([c * alpha for c in CHANNELS for alpha in ALPHAS])
    assert rounding(widths).tolist() == [rounding(float(width)) for width in widths]


def test_rounding_is_an_option_of_a_design():
    layers = make_design("mobilenet_v2", alpha=0.35, rounding=TRUNCATED).layers()
    assert layers[0].output.channels == 11  # 32 · 0.35 = 11.2


def test_least_depth_is_an_option_of_a_design():
    at_8 = make_design("mobilenet_v1", alpha=0.05).layers()
    at_1 = make_design("mobilenet_v1", alpha=0.05, least_depth=1).layers()
    assert (at_8[0].output.channels, at_1[0].output.channels) == (8, 1)  # 32 · 0.05 = 1.6


def test_least_depth_goes_with_an_overridden_rounding():
    design = make_design("mobilenet_v1", alpha=0.05, rounding=Rounding(divisor=4), least_depth=12)
    assert design.rounding == Rounding(divisor=4, least=12)


def test_numpy_integers_in_a_rounding_become_python_integers():
    rounding = Rounding(divisor=np.int64(8), least=np.int32(8))
    assert type(rounding(33.0)) is int


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"divisor": 0}, "divisor must be a whole number from 1 to 100,000, got 0"),
        ({"divisor": 8.0}, "divisor must be a whole number from 1 to 100,000, got 8.0"),
        ({"least": -1}, "least depth must be a whole number from 1 to 100,000, got -1"),
        ({"least": True}, "least depth must be a whole number from 1 to 100,000, got True"),
        ({"least": 100_001}, "least depth must be a whole number from 1 to 100,000, got 100001"),
        ({"least": "4\n4"}, r"least depth must be a whole number from 1 to 100,000, got '4\n4'"),
        ({"keep": 1.5}, "keep must be a number from 0 to 1, got 1.5"),
        ({"keep": float("nan")}, "keep must be a number from 0 to 1, got nan"),
        ({"keep": "0.9"}, "keep must be a number from 0 to 1, got '0.9'"),
    ],
)
def test_a_rounding_outside_its_limits_is_refused(options: dict, message: str):
    with pytest.raises(ValueError) as error:  # noqa: PT011 the whole message is compared
        Rounding(**options)
    assert str(error.value) == message
