"""Check yourself: each answer is the closed form of the layer that the question's words describe, and is graded so."""

import re
from fractions import Fraction

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from analysis.cost import closed_form
from analysis.lessons.answers import LONGEST_ANSWER, Decimal, Shape, Whole
from analysis.lessons.messages import LANGUAGES, translate
from analysis.lessons.questions import KINDS, question
from analysis.networks import Map, Rounding
from analysis.networks.rows import Conv, DepthwiseSeparable, InvertedResidual, Scaling

EXACT = Scaling(alpha=1.0, t=None, classes=None, rounding=Rounding(least=1))


def words(asked):
    return asked.text.in_(str)


def numbers(asked, pattern):
    return [float(text) if "." in text else int(text) for text in re.search(pattern, words(asked)).groups()]


def layer_of(asked):
    """D_K, M, N, D_F and stride from the question's words."""
    return numbers(asked, r"D_K = (\d+), M = (\d+), N = (\d+), on a map of D_F = (\d+), stride (\d+)")


def lower(row, m, side):
    return list(row.lower("block", Map(m, side, side), EXACT, first=True))


def cost(layers):
    return sum(closed_form.mult_adds(layer) for layer in layers)


def both(asked):
    """The standard convolution and the separable one that the words describe."""
    k, m, n, side, s = layer_of(asked)
    return lower(Conv(n, s=s, k=k), m, side), lower(DepthwiseSeparable(n, s=s, k=k), m, side)


def block_of(asked):
    t, d, d_out, k, s, side = numbers(
        asked, r"t = (\d+): d = (\d+) .* d' = (\d+) .* (\d+)×\d+ depthwise .* stride (\d+), on a map of (\d+)×"
    )
    return lower(InvertedResidual(d_out, s=s, k=k, t=t), d, side)


def parameters(asked):
    standard, separable = both(asked)
    layers = separable if "separable" in words(asked) else standard
    with_ = {"bias": "with biases" in words(asked), "batch_norm": "with batch norm" in words(asked)}
    return sum(closed_form.params(layer._replace(**with_)) for layer in layers)


def multiplied(asked):
    k, m, n, side, _ = layer_of(asked)
    alpha, rho = numbers(asked, r"α = ([\d.]+) and ρ = ([\d.]+);")
    return cost(lower(DepthwiseSeparable(int(alpha * n), k=k), int(alpha * m), round(rho * side)))


def torch_shape(asked):
    groups, m, n, k = numbers(asked, r"in (\d+) groups from (\d+) to (\d+) channels with (\d+)×")
    return tuple(torch.nn.Conv2d(m, n, k, groups=groups).weight.shape)


def torch_size(asked):
    h, w, k, s, p = numbers(asked, r"A (\d+)×(\d+) map .* with (\d+)×\d+ kernels, stride (\d+) and padding (\d+)")
    return tuple(torch.nn.Conv2d(1, 1, k, s, p)(torch.zeros(1, 1, h, w)).shape[2:])


RIGHT = {
    "standard": lambda asked: cost(both(asked)[0]),
    "separable": lambda asked: cost(both(asked)[1]),
    "ratio": lambda asked: Fraction(cost(both(asked)[1]), cost(both(asked)[0])),
    "parameters": parameters,
    "shape": torch_shape,
    "multipliers": multiplied,
    "inverted": lambda asked: cost(block_of(asked)),
    "output_size": torch_size,
    "alive": lambda asked: max(closed_form.alive(layer) for layer in block_of(asked)),
}


@pytest.mark.parametrize("kind", KINDS)
@given(key=st.integers(0, 10**9))
def test_the_answer_is_the_closed_form_of_what_the_words_say(kind, key):
    asked = question(kind, str(key))
    assert asked.answer.value == RIGHT[kind](asked)


@pytest.mark.parametrize("kind", KINDS)
@given(key=st.integers(0, 10**9))
def test_the_right_answer_is_right_and_any_other_number_wrong(kind, key):
    answer = question(kind, str(key)).answer
    assert answer.grade(answer.written) == "right"
    if isinstance(answer, Shape):
        for place in range(len(answer.value)):
            other = [value + (number == place) for number, value in enumerate(answer.value)]
            assert answer.grade(str(other)) == "wrong"
    elif isinstance(answer, Whole):
        assert answer.grade(str(answer.value + 1)) == "high"
        assert answer.grade(str(answer.value - 1)) == "low"
    else:
        assert answer.grade(f"{float(answer.value) + 0.0001:.6f}") == "high"
        assert answer.grade(f"{float(answer.value) - 0.0001:.6f}") == "low"


@pytest.mark.parametrize("kind", KINDS)
def test_the_solution_ends_with_the_answer(kind):
    for key in range(30):
        asked = question(kind, str(key))
        lines = " ".join(line.in_(str) for line in asked.solution)
        parts = asked.answer.value if kind == "output_size" else (asked.answer.written,)
        assert all(str(part) in lines for part in parts)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_finds_its_place_in_every_language(kind, language):
    _ = translate(language)
    for key in range(30):
        asked = question(kind, str(key))
        for said in (asked.text, *asked.solution):
            text = said.in_(_)
            assert "{" not in text
            assert sorted(re.findall(r"\d+", text)) == sorted(re.findall(r"\d+", said.in_(str)))


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_gives_the_same_question_and_other_keys_others(kind):
    assert question(kind, "7") == question(kind, "7")
    assert len({words(question(kind, str(key))) for key in range(50)}) > 45


def test_the_numbers_of_a_seed_never_change():
    asked = question("standard", "7/0/0")
    assert layer_of(asked) == [5, 16, 448, 80, 1]
    assert asked.answer.written == "1,146,880,000"


def test_an_unknown_kind_is_one_sentence():
    with pytest.raises(ValueError, match=r"^kind must be one of standard, .*, got 'nothing'$"):
        question("nothing", "1")


ANSWER = Whole(462_422_016)
WRITTEN = ["462,422,016", "462422016", "462 422 016", " 462422016 ", "462_422_016", "462'422'016", "462’422’016"]
WRITTEN += ["462\u00a0422\u00a0016", "462\u202f422\u202f016", "４６２，４２２，０１６"]


@pytest.mark.parametrize("text", WRITTEN)
def test_a_whole_number_may_be_written_as_people_write_it(text):
    assert ANSWER.grade(text) == "right"


UNREADABLE = [
    "",
    " ",
    "462.4 M",
    "4.62e8",
    "462,42,016",
    "462422016.0",
    "-1",
    "x",
    "1" * (LONGEST_ANSWER + 1),
    "<b>1</b>",
]


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_is_no_whole_number_is_unreadable(text):
    with pytest.raises(ValueError, match=r"^(a whole number such as|an answer has at most)"):
        ANSWER.grade(text)


def test_twice_the_answer_is_named():
    assert ANSWER.grade("924,844,032") == "twice"


RATIO = Decimal(Fraction(1, 448) + Fraction(1, 9))  # 0.113343…


@pytest.mark.parametrize("text", ["0.1133", "0,1133", ".1133", "0.11334", "0.113343", "457/4032", "914 / 8064"])
def test_a_ratio_is_right_within_half_a_unit_of_the_fourth_decimal(text):
    assert RATIO.grade(text) == "right"


@pytest.mark.parametrize(
    ("text", "verdict"), [("0.113", "low"), ("0.1134", "high"), ("0.1132", "low"), ("8.8", "high")]
)
def test_a_ratio_in_fewer_decimals_is_wrong(text, verdict):
    assert RATIO.grade(text) == verdict


@pytest.mark.parametrize("text", ["", "1/0", "11.33 %", "1e-1", "nan", "inf", "--", "1.2.3", "1,133.5"])
def test_what_is_no_ratio_is_unreadable(text):
    with pytest.raises(ValueError, match=r"^a number such as 0.1131 is needed"):
        RATIO.grade(text)


@given(st.fractions(0, 2), st.fractions(0, 2))
def test_a_ratio_is_right_exactly_where_it_is_near(right, given_):
    near = abs(right - given_) <= Fraction(1, 20_000)
    if max(len(str(given_.numerator)), len(str(given_.denominator))) < 25:
        assert (Decimal(right).grade(f"{given_.numerator}/{given_.denominator}") == "right") is near


SHAPE = Shape((64, 32, 3, 3))


@pytest.mark.parametrize(
    "text", ["[64, 32, 3, 3]", "64,32,3,3", "64 32 3 3", "(64, 32, 3, 3)", "64×32×3×3", "64x32x3x3"]
)
def test_a_shape_may_be_written_as_people_write_it(text):
    assert SHAPE.grade(text) == "right"


def test_the_order_of_a_shape_matters():
    assert SHAPE.grade("[32, 64, 3, 3]") == "wrong"


@pytest.mark.parametrize("text", ["", "64", "64, 32, 3", "64, 32, 3, 3, 3", "a, b, c, d", "64,,,32,3,-3"])
def test_what_is_no_shape_of_four_is_unreadable(text):
    with pytest.raises(ValueError, match="whole numbers"):
        SHAPE.grade(text)
