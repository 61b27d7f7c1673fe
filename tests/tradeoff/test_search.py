"""Search under budgets against the same search done one design after another."""

import itertools
import json
import random
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from functools import lru_cache
from types import SimpleNamespace

import pytest

import analysis
from analysis.cost.closed_form import BYTES
from analysis.networks import CATALOGUE, make_design, parse_network, read_network, write_network
from analysis.tradeoff.predict import released_predictor
from analysis.tradeoff.published import checkpoints_of
from analysis.tradeoff.search import space
from analysis.tradeoff.search.answer import answer, checkpoint_points
from analysis.tradeoff.search.budgets import OBJECTIVES, Question, Space, ask
from analysis.tradeoff.search.text import binding_sentence, checkpoint_lines, headline, miss_lines, search_command

PATCHES = """\
name: patches
t: 6
rows:
  - {block: conv, c: 32, s: 4, k: 5}
  - {block: inverted_residual, c: 24, s: 2, n: 2}
  - {block: head, classes: 10}
"""
ALPHAS = (0.34, 0.35, 0.36, 0.5, 0.503, 0.51, 0.97, 0.99, 1.0, 1.01, 1.2)
HEIGHTS = (95, 96, 127, 128, 129, 160, 224, 225)
SMALL = {
    "v2": Space(make_design("mobilenet_v2"), ALPHAS, HEIGHTS, (4.0, 6.0)),
    "v2, t = 4": Space(make_design("mobilenet_v2"), ALPHAS, HEIGHTS, (4.0,)),
    "v2, 10 classes": Space(make_design("mobilenet_v2", classes=10), ALPHAS, HEIGHTS, (1.0, 6.0)),
    "v1": Space(make_design("mobilenet_v1"), ALPHAS, HEIGHTS, (None,)),
    "shallow": Space(make_design("mobilenet_v1_shallow", in_channels=1), ALPHAS, HEIGHTS, (None,)),
    "own, four inputs that cost the same": Space(
        make_design(parse_network(PATCHES)), ALPHAS, tuple(range(121, 137)), (1.0, 6.0)
    ),
    "wide": Space(make_design("mobilenet_v2", resolution="60x120", in_channels=1), ALPHAS, (32, 59, 60), (2.0, 6.0)),
}
BUDGETS = {
    "none": {},
    "mult_adds": {"mult_adds": 100_000_000},
    "all": {"mult_adds": 150_000_000, "params": 3_400_000, "weight_bytes": 3_300_000, "peak_activation_bytes": 900_000},
    "params": {"params": 1_700_000},
    "few": {"mult_adds": 14_000_000, "peak_activation_bytes": 200_000},
}


def question(space, limits, **options):
    return Question(space=space, limits=tuple(limits.items()), **{"number_format": "int8", "top": 12, **options})


def every_design(space):
    for alpha, (height, width), t in itertools.product(space.alphas, space.sides, space.ts):
        yield space.base.with_(alpha=alpha, height=height, width=width, t=t)


@lru_cache
def every_total(space):
    """(design, its totals in int8, its prediction) of every design of a space, one by one."""
    predictor = released_predictor(space.base.network)
    return [
        (design, analysis.totals(design, number_format="int8"), predictor.predict(design) if predictor else None)
        for design in every_design(space)
    ]


def keeps(totals, limits):
    return all(totals[name] <= limit for name, limit in limits.items())


def roundest(alpha, network):
    published = {alpha for alpha, _ in CATALOGUE[network].presets} if network in CATALOGUE else ()
    return (alpha not in published, len(str(alpha).partition(".")[2].rstrip("0")), alpha)


def one_by_one(space, limits, objective="top1", top=12):
    """The search as anyone would write it: count, filter, group, sort."""
    same, guess = {}, {design: guess for design, _, guess in every_total(space)}
    for design, totals, _ in every_total(space):
        if keeps(totals, limits):
            key = (*(layer.output for layer in design.layers()), design.height, design.t)
            same.setdefault(key, []).append((roundest(design.alpha, design.network), design, totals))
    fitting = [min(group, key=lambda entry: entry[0])[1:] for group in same.values()]
    if objective == "top1" and any(guess[design] for design, _ in fitting):
        fitting = [(design, totals) for design, totals in fitting if guess[design]]
        order = lambda entry: (-guess[entry[0]].top1, entry[1].mult_adds, entry[1].params)  # noqa: E731
    else:
        way, _, of = ("most_mult_adds" if objective == "top1" else objective).partition("_")
        names = [{"peak_memory": "peak_activation_bytes"}.get(of, of), "mult_adds", "params", "peak_activation_bytes"]
        order = lambda entry: [entry[1][name] * (-1 if way == "most" else 1) for name in names]  # noqa: E731
    ranked = sorted(fitting, key=lambda entry: (order(entry), -entry[0].height))
    first = {(d.alpha, d.t, totals.mult_adds, totals.peak_activation_bytes): d for d, totals in reversed(ranked)}
    return SimpleNamespace(
        best=[design for design, _ in ranked if design in set(first.values())][:top],
        fitting=sum(map(len, same.values())),
        different=len(same),
        guess=guess,
    )


@pytest.mark.parametrize("limits", BUDGETS)
@pytest.mark.parametrize("name", SMALL)
def test_a_search_is_the_filter_over_totals_one_by_one(name, limits):
    found, expected = answer(question(SMALL[name], BUDGETS[limits])), one_by_one(SMALL[name], BUDGETS[limits])
    assert [result.design for result in found.results] == expected.best
    assert (found.fitting, found.fitting_different) == (expected.fitting, expected.different)
    for result in found.results:
        expected_guess = expected.guess[result.design]
        assert (result.prediction is None) == (expected_guess is None)
        if expected_guess is not None:
            assert result.prediction.top1 == pytest.approx(expected_guess.top1, abs=1e-9)
            assert result.prediction.low == pytest.approx(expected_guess.low, abs=1e-9)
            assert result.prediction.high == pytest.approx(expected_guess.high, abs=1e-9)


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("name", ["v2", "v1"])
def test_an_objective_ranks_as_sorting_one_by_one(name, objective):
    limits = BUDGETS["all"]
    found = answer(question(SMALL[name], limits, objective=objective))
    assert [result.design for result in found.results] == one_by_one(SMALL[name], limits, objective).best
    assert found.ranked_by == objective


@pytest.mark.parametrize("network", CATALOGUE)
def test_every_network_has_a_million_designs_to_look_at(network):
    found = analysis.search(network, max_mult_adds="50M")
    assert found.looked_at == ask(network).space.designs >= 1_000_000
    assert 0 < found.fitting < found.looked_at
    assert all(result.totals.mult_adds <= 50_000_000 for result in found.results)


def test_parameters_that_depend_on_the_resolution_are_those_of_each_design():
    found = analysis.search("pd_lenet", max_params=400_000, objective="most_params", top=50)
    assert all(result.totals.params <= 400_000 for result in found.results)
    alphas, sides = [hundredths / 100 for hundredths in range(25, 141)], [(h, 2 * h) for h in range(32, 87)]
    coarse = analysis.grid("pd_lenet", alpha=alphas, resolution=sides, quantities=["params"])["params"]
    assert found.results[0].totals.params >= coarse[coarse <= 400_000].max()
    assert found.fitting_different < found.different


def test_results_are_the_totals_of_the_library():
    for number_format, limit in (("int8", "700 kB"), ("float16", "3MiB"), ("float64", "9MB")):
        found = analysis.search("mobilenet_v2", max_peak_memory=limit, number_format=number_format, top=50)
        assert len(found.results) == 50
        for result in found.results:
            assert result.totals == analysis.totals(result.design, number_format=number_format)


def test_no_design_drawn_at_random_fits_and_is_better():
    limits = {"mult_adds": 120_000_000, "peak_activation_bytes": 2_500_000}
    found = analysis.search("mobilenet_v2", max_mult_adds="120M", max_peak_memory="2.5MB")
    searched, predictor, draw = found.question.space, released_predictor("mobilenet_v2"), random.Random(3)
    better = 0
    for _ in range(300):
        design = searched.base.with_(
            alpha=draw.choice(searched.alphas), t=6, **dict.fromkeys(("height", "width"), draw.choice(searched.heights))
        )
        guess = predictor.predict(design)
        if guess is not None and keeps(analysis.totals(design), limits):
            better += guess.top1 > found.results[0].prediction.top1 + 1e-9
    assert better == 0


def test_values_of_alpha_of_the_same_channels_are_one_design():
    found = answer(question(SMALL["v2"], {}, top=1000))
    alphas = {result.design.alpha for result in found.results}
    assert alphas == {0.35, 0.5, 0.97, 1.0, 1.01, 1.2}  # not 0.34, 0.36, 0.503, 0.51 and 0.99
    assert (found.looked_at, found.different) == (11 * 8 * 2, 6 * 8 * 2)


def test_of_two_inputs_that_cost_the_same_the_larger_is_given():
    designs = [result.design for result in answer(question(SMALL["v2"], {}, top=1000)).results]
    assert {design.height for design in designs if design.alpha == 0.5} == {96, 128, 129, 160, 224}


EXACT = {"alpha": 0.5, "resolution": 128, "t": 6}


@pytest.mark.parametrize("number_format", BYTES)
@pytest.mark.parametrize("total", ["mult_adds", "params", "weight_bytes", "peak_activation_bytes"])
def test_a_total_equal_to_its_budget_keeps_it(total, number_format):
    design = make_design("mobilenet_v2", **EXACT)
    one = Space(design.with_(alpha=1.0, height=224, width=224), (0.5,), (128,), (6.0,))
    limit = analysis.totals(design, number_format=number_format)[total]
    fits = answer(question(one, {total: limit}, number_format=number_format))
    misses = answer(question(one, {total: limit - 1}, number_format=number_format))
    assert [result.design for result in fits.results] == [design]
    assert (fits.uses[0].share, misses.results, misses.closest.design) == (1.0, (), design)


def test_the_closest_design_exceeds_its_worst_budget_least():
    limits = {"mult_adds": 3_000_000, "params": 1_300_000, "peak_activation_bytes": 90_000}
    found = answer(question(SMALL["v2"], limits))

    assert (found.results, found.fitting) == ((), 0)
    totals = analysis.totals(found.closest.design, number_format="int8")
    assert misses(totals, limits) == min(misses(each, limits) for _, each, _ in every_total(SMALL["v2"]))
    totals = analysis.totals(found.closest.design, number_format="int8")
    assert {use.total: (use.needs, use.limit) for use in found.closest.uses} == {
        name: (totals[name], limit) for name, limit in limits.items()
    }


def misses(totals, limits):
    """The largest share of a budget that a design needs, then the sum of all."""
    shares = [Fraction(int(totals[name]), limit) for name, limit in limits.items()]
    return max(shares), sum(shares)


@pytest.mark.parametrize("name", ["v2", "shallow", "wide"])
def test_of_designs_that_miss_their_worst_budget_alike_the_closest_needs_least_of_the_others(name):
    limits = {"params": 20_000, "mult_adds": 3_000_000, "peak_activation_bytes": 500_000}
    closest = analysis.totals(answer(question(SMALL[name], limits)).closest.design, number_format="int8")
    assert misses(closest, limits) == min(misses(each, limits) for _, each, _ in every_total(SMALL[name]))


def test_misses_are_told_for_each_budget():
    found = analysis.search("mobilenet_v1", max_peak_memory="10kB", max_mult_adds="100M")
    needs = analysis.totals(found.closest.design).peak_activation_bytes
    assert headline(found) == "None of the 1,662,039 designs keeps every budget."
    assert miss_lines(found)[0].endswith(" M of 100.0 M, kept")
    assert miss_lines(found)[1] == f"Peak memory: 24.58 kB of 10.00 kB, 14.58 kB ({needs / 100 - 100:.0f} %) over"


def test_what_binds_are_the_budgets_one_step_up_would_break():
    limits = {"mult_adds": 150_000_000, "params": 3_400_000, "peak_activation_bytes": 900_000}
    found = answer(question(SMALL["v2"], limits))
    best = found.results[0].design
    height = HEIGHTS[HEIGHTS.index(best.height) + 1]
    alphas = (0.35, 0.5, 0.97, 1.0, 1.01, 1.2)
    ups = {
        "resolution": best.with_(height=height, width=height),
        "alpha": best.with_(alpha=alphas[alphas.index(best.alpha) + 1]),
        "t": None,  # 6 is the last value searched
    }
    assert {step.axis: step.design for step in found.steps} == ups
    for step in found.steps[:2]:
        totals = analysis.totals(step.design, number_format="int8")
        assert {use.total: use.needs for use in step.uses} == {name: totals[name] for name in limits}
        assert {use.total for use in step.breaks} == {name for name in limits if totals[name] > limits[name]} != set()


def test_the_binding_budget_is_named_with_its_resolution():
    found = analysis.search(
        "mobilenet_v2", max_mult_adds="300M", max_params="3.5M", max_peak_memory="1MB", number_format="int8"
    )
    best = found.results[0].design
    up = best.with_(height=best.height + 1, width=best.height + 1)
    needs = analysis.totals(up, number_format="int8").peak_activation_bytes
    sentence = f"Peak memory binds at {best.height} px: {up.height} px needs {needs / 1e6:.3f} MB of 1.000 MB."
    assert binding_sentence(found).startswith(sentence)
    assert "Parameters bind at α = " in binding_sentence(found)


def test_without_budgets_none_binds():
    assert binding_sentence(analysis.search("mobilenet_v1")) == "No budget was given, so none binds."


@pytest.mark.parametrize("name", ["v2", "v1", "shallow"])
def test_the_front_is_every_design_that_none_that_fits_beats(name):
    found = answer(question(SMALL[name], BUDGETS["all"]))
    predicted, points = found.front_value != "mult_adds", []
    for _, totals, guess in every_total(SMALL[name]):
        worth = (guess and guess.top1) if predicted else totals.mult_adds
        if keeps(totals, BUDGETS["all"]) and worth is not None:
            points.append((totals[found.front_cost], worth))
    front = list(zip(found.front[found.front_cost], found.front[found.front_value], strict=True))
    expected, highest = [], 0
    for cost, worth in sorted(points, key=lambda point: (point[0], -point[1])):
        if worth > highest + 1e-9:
            expected.append((cost, worth))
            highest = worth
    assert (len(front) > 3, predicted) == (True, name != "shallow")
    assert [cost for cost, _ in front] == [cost for cost, _ in expected]
    assert [worth for _, worth in front] == pytest.approx([worth for _, worth in expected])


WHY_NOT = {
    "v2, t = 4": "every checkpoint was trained with t = 6, not 4",
    "v2, 10 classes": "every checkpoint was trained on square ImageNet images in colour, 1000 classes",
    "wide": "every checkpoint was trained on square ImageNet images in colour, 1000 classes",
    "shallow": "no checkpoint of Shallow MobileNet was released",
}


@pytest.mark.parametrize("name", WHY_NOT)
def test_where_nothing_may_be_predicted_the_reason_is_given(name):
    found = answer(question(SMALL[name], {"mult_adds": 100_000_000}))
    assert (found.ranked_by, found.why_not_predicted, found.model) == ("most_mult_adds", WHY_NOT[name], None)
    assert WHY_NOT[name] in headline(found)


def test_where_only_what_may_not_be_predicted_fits_the_reason_is_given():
    thin = SMALL["v2"].base.with_(alpha=0.34)
    searched = Space(SMALL["v2"].base, (0.34, 0.5), (160,), (6.0,))
    found = answer(question(searched, {"params": analysis.totals(thin).params}))
    assert (len(found.results), found.ranked_by) == (1, "most_mult_adds")
    assert found.why_not_predicted == "α 0.34 is outside the measured 0.35 to 1.4"


def test_a_design_ranked_by_another_objective_says_why_it_has_no_accuracy():
    found = analysis.search("mobilenet_v2", max_mult_adds="300M", objective="most-mult-adds", t="5.75")
    assert "every checkpoint was trained with t = 6, not 5.75" in headline(found)
    found = analysis.search("mobilenet_v1", max_mult_adds="1G", objective="most_params")
    assert found.why_not_predicted == "α 1.4 is outside the measured 0.25 to 1"


@pytest.mark.parametrize("network", ["mobilenet_v1", "mobilenet_v2"])
def test_the_checkpoints_are_of_those_that_fit(network):
    found = analysis.search(network, max_mult_adds="120M", max_peak_memory="2MB", training="2017")
    points = checkpoints_of("2017")
    points = points[(points["network"] == network) & (points["mult_adds"] <= 120_000_000)]
    points = points[points["peak_activation_elements"] * 4 <= 2_000_000]
    best, nearest, winner = found.best_checkpoint, found.nearest_checkpoint, found.results[0].totals.mult_adds
    assert best.top1 == points["top1"].max()
    ratios = points["mult_adds"].map(lambda cost: max(cost / winner, winner / cost))
    assert max(nearest.mult_adds / winner, winner / nearest.mult_adds) == ratios.min()
    assert best.source.startswith("tensorflow/models")


@pytest.mark.parametrize(
    "bounds", [{"min_resolution": 180}, {"max_resolution": 150}, {"min_alpha": 0.8}, {"max_alpha": 0.4}], ids=str
)
def test_a_checkpoint_that_fits_is_within_what_is_searched(bounds):
    found = analysis.search("mobilenet_v2", max_mult_adds="120M", **bounds)
    space, points = found.question.space, checkpoint_points(found.question)
    within = [space.alphas[0] <= point.alpha <= space.alphas[-1] for point in points.itertuples()]
    sized = [space.heights[0] <= point.resolution <= space.heights[-1] for point in points.itertuples()]
    cheap = [point.mult_adds <= 120_000_000 for point in points.itertuples()]
    assert points["fits"].tolist() == [all(flags) for flags in zip(within, sized, cheap, strict=True)]
    assert found.best_checkpoint.top1 == points[points["fits"]]["top1"].max()


def test_a_design_that_was_released_has_its_printed_accuracy_beside_the_predicted_one():
    result = analysis.search("mobilenet_v1", max_mult_adds="300M", min_resolution=160, max_resolution=160).results[0]
    assert (result.design.label, result.printed_top1) == ("1.0 MobileNet-160", 68.0)
    assert result.prediction.low < 68.0 < result.prediction.high


def test_rows_of_ones_own_have_no_checkpoints_whatever_their_name(tmp_path):
    rows = write_network(CATALOGUE["mobilenet_v2"])
    (tmp_path / "mine.yaml").write_text(rows.replace("c: 320}", "c: 960}"))
    found = analysis.search(read_network(tmp_path / "mine.yaml"), max_mult_adds="300M", max_alpha=1)
    assert found.question.space.base.network == "mobilenet_v2"
    assert (found.ranked_by, found.best_checkpoint) == ("most_mult_adds", None)
    assert found.why_not_predicted == "no checkpoint of your own MobileNetV2 was released"
    (tmp_path / "same.yaml").write_text(rows)
    same = analysis.search(read_network(tmp_path / "same.yaml"), max_mult_adds="300M", max_alpha=1)
    assert (same.ranked_by, same.best_checkpoint is None) == ("top1", False)


def test_checkpoints_are_left_out_where_none_was_released():
    assert checkpoint_lines(analysis.search("vgg16", max_mult_adds="2G", max_alpha=0.3)) == []
    none = analysis.search("mobilenet_v2", max_mult_adds="5M", max_alpha=0.3)
    assert checkpoint_lines(none) == ["No released checkpoint of this network fits."]


def test_json_holds_plain_numbers():
    found = analysis.search("mobilenet_v2", max_mult_adds="300M", max_peak_memory="1MB", number_format="int8")
    read = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    best = read["results"][0]
    totals = analysis.totals(
        "mobilenet_v2", alpha=best["alpha"], resolution=best["height_px"], t=best["t"], number_format="int8"
    )
    assert {name: best[name] for name in ("mult_adds", "params", "weight_bytes", "peak_activation_bytes")} == {
        name: totals[name] for name in ("mult_adds", "params", "weight_bytes", "peak_activation_bytes")
    }
    assert read["budgets"] == {"mult_adds": 300_000_000, "peak_activation_bytes": 1_000_000}
    assert read["budget_shares"]["peak_activation_bytes"] == totals.peak_activation_bytes / 1e6


def test_searches_at_once_compute_a_space_once():
    asked = ask("mobilenet_v1", max_alpha=0.5, max_resolution=64, max_mult_adds="20M")
    before = space._costs.cache_info().misses
    with ThreadPoolExecutor(4) as threads:
        labels = {found.results[0].design.label for found in threads.map(answer, [asked] * 4)}
    assert (len(labels), space._costs.cache_info().misses - before) == (1, 1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_mult_adds": "300 MB"}, "max_mult_adds must be a count such as 300M, got '300 MB'"),
        ({"max_params": 0}, "max_params must be > 0, got 0"),
        ({"max_peak_memory": ""}, "max_peak_memory must be a size such as 1.5MB or 512KiB, got ''"),
        ({"max_weight_size": -1}, "max_weight_size must be > 0, got -1"),
        ({"number_format": "int4"}, "number format must be one of float64, float32, float16, int8, got int4"),
        ({"min_resolution": 31}, "min_resolution must be at least 32, got 31"),
        ({"min_resolution": 97, "max_resolution": 96}, "min_resolution must be at most max_resolution, got 97 and 96"),
        ({"max_resolution": 10**6}, "max_resolution must be at most 65,536, got 1000000"),
        ({"min_alpha": 1, "max_alpha": 0.5}, "min_alpha must be at most max_alpha, got 1 and 0.5"),
        ({"max_alpha": "nan"}, "max_alpha must be a number, got nan"),
        ({"t": 0}, "t must be > 0, got 0"),
        ({"t": "1:10:0.0001"}, "a search looks at 5,000,000 designs at most, got 10,440,116 at each resolution"),
        ({"training": "2016"}, "training must be one of 2018, 2017, got 2016"),
        ({"objective": "fast"}, "objective must be one of top1, most_mult_adds, "),
        ({"top": 0}, "top must be at least 1, got 0"),
        ({"base": "1x2x3"}, "resolution must be one side or HEIGHTxWIDTH in px, got 1x2x3"),
        ({"classes": 0}, "classes must be at least 1, got 0"),
    ],
    ids=str,
)
def test_a_question_outside_its_limits_is_refused(options, message):
    with pytest.raises(ValueError) as error:  # noqa: PT011 the message is compared
        analysis.search("mobilenet_v2", **options)
    assert str(error.value).startswith(message)


def test_the_command_has_budgets_as_people_write_them():
    limits = {
        "max_mult_adds": 100_000_000,
        "max_params": "3,500,000",
        "max_peak_memory": 2**19,
        "max_weight_size": 1234,
    }
    words = "--max-mult-adds 100M --max-params 3.5M --max-peak-memory 512KiB --max-weight-size 1234"
    assert search_command(ask("mobilenet_v1", **limits)) == f"multadds search mobilenet_v1 {words}"


def test_a_training_may_be_a_number():
    assert ask("mobilenet_v1", training=2017) == ask("mobilenet_v1", training="2017")


def test_t_is_refused_where_the_network_has_none():
    with pytest.raises(ValueError, match="mobilenet_v1 has no expansion factor t, got t=6"):
        analysis.search("mobilenet_v1", t=6)


def test_an_input_that_is_not_square_keeps_its_aspect_ratio():
    found = analysis.search("mobilenet_v2", base="60x120", in_channels=1, classes=5, max_mult_adds="10M", t="2,4")
    assert {result.design.width - 2 * result.design.height for result in found.results} == {0}
    assert all(result.totals == analysis.totals(result.design) for result in found.results)
