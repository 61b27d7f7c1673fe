"""What a search found, in sentences: the winner, what binds, how far the closest misses, and the command."""

from __future__ import annotations

import shlex

from analysis.cost.budgets import BUDGETS
from analysis.cost.totals import design_totals
from analysis.cost.units import short_count
from analysis.networks import Design, make_design
from analysis.networks.ranges import ALPHAS, sides
from analysis.tradeoff.published import TRAININGS
from analysis.tradeoff.search.budgets import OBJECTIVES, T_QUARTERS, Question
from analysis.tradeoff.search.found import Checkpoint, Found, Result, Step, Use
from analysis.tradeoff.search.space import released_points
from analysis.tradeoff.sweeps.ranges import numbers_text


def use_text(use: Use) -> str:
    """``1.048 MB of 1.000 MB peak memory``; exact where four digits would not tell them apart."""
    budget = BUDGETS[use.total]
    needs, limit = budget.write(use.needs), budget.write(use.limit)
    if needs == limit and use.needs != use.limit:
        needs, limit = f"{use.needs:,}", f"{use.limit:,}"
    return f"{needs} of {limit}"


def accuracy_text(result: Result) -> str:
    """Predicted top-1 with its interval, and the printed one of the same design where there is one; or nothing."""
    guess = result.prediction
    text = "" if guess is None else f"predicted top-1 {guess.top1:.1f} % ({interval_text(result)})"
    printed = "" if result.printed_top1 is None else f"printed top-1 {result.printed_top1:.1f} %"
    return ", ".join(filter(None, (text, printed)))


def interval_text(result: Result) -> str | None:
    """The 95 % interval of a predicted top-1, ``66.9 to 73.4``, or ``None``."""
    return None if result.prediction is None else f"{result.prediction.low:.1f} to {result.prediction.high:.1f}"


def headline(found: Found) -> str:
    """The best design in one sentence, or that there is none."""
    if not found.results:
        return f"None of the {found.looked_at:,} designs keeps every budget."
    best = found.results[0]
    text = f"Best by {OBJECTIVES[found.ranked_by]}: {best.design.label}, {short_count(best.totals.mult_adds)} Mult-Adds"
    accuracy = accuracy_text(best)
    return f"{text}, {accuracy}." if accuracy else f"{text}. {why_not_sentence(found)}".strip()


def why_not_sentence(found: Found) -> str:
    """Why the results have no predicted accuracy, where they have none."""
    return "" if found.why_not_predicted is None else f"No accuracy was predicted: {found.why_not_predicted}."


def counted(found: Found) -> str:
    """How many designs were looked at, and how many keep every budget."""
    space = found.question.space
    return (
        f"{found.looked_at:,} designs looked at ({_axis('α', space.alphas)}; {_pixels(space.heights)}"
        f"{'' if space.ts[0] is None else '; ' + _axis('t', space.ts)}), {found.different:,} of them different; "
        f"{found.fitting:,} keep every budget, {found.fitting_different:,} of them different."
    )


def _axis(name: str, values: tuple[float | None, ...]) -> str:
    if len(values) == 1:
        return f"{name} = {values[0]:g}"
    return f"{name} from {values[0]:g} to {values[-1]:g}, {len(values):,} values"


def _pixels(heights: tuple[int, ...]) -> str:
    if len(heights) == 1:
        return f"{heights[0]} px"
    every = "every pixel" if len(heights) == heights[-1] - heights[0] + 1 else f"{len(heights):,} sizes"
    return f"{every} from {heights[0]} to {heights[-1]}"


def standing(design: Design, question: Question) -> str:
    """How the current design stands to the budgets, in one sentence for markdown."""
    totals = design_totals(design, question.number_format)
    uses = [Use(total, int(totals[total]), limit) for total, limit in question.limits]
    over = [f"{use_text(use)} {_in_words(use)}" for use in uses if use.needs > use.limit]
    text = f"The current design, **{design.label}**,"
    if not over:
        return f"{text} keeps every budget." if uses else f"{text} has no budget to keep."
    return f"{text} needs {_listed(over)}."


def _listed(parts: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def _in_words(use: Use) -> str:
    label = BUDGETS[use.total].label
    return label if label == "Mult-Adds" else label.lower()


def binding_sentence(found: Found) -> str:
    """Which budget stops the winner's next larger resolution, α and t: "Peak memory binds at 160 px: …"."""
    if not found.results:
        return ""
    if not found.question.limits:
        return "No budget was given, so none binds."
    best = found.results[0].design
    sentences = [_stopped(step, best) for step in found.steps if step.breaks]
    free = [_place(step.axis, step.design) for step in found.steps if step.design is not None and not step.breaks]
    if not sentences:
        sentences = ["No budget binds."]
    if free and found.ranked_by == "top1":
        sentences.append(f"{' and '.join(free)} would keep every budget, but no accuracy may be predicted there.")
    return " ".join(sentences)


def _stopped(step: Step, best: Design) -> str:
    assert step.design is not None
    broken = sorted(step.breaks, key=lambda use: -use.share)
    names = _listed([BUDGETS[broken[0].total].label, *map(_in_words, broken[1:])])
    verb = "bind" if len(broken) > 1 or BUDGETS[broken[0].total].plural else "binds"
    needs = _listed([use_text(use) for use in broken])
    return f"{names} {verb} at {_place(step.axis, best)}: {_place(step.axis, step.design)} needs {needs}."


def _place(axis: str, design: Design) -> str:
    if axis == "resolution":
        return f"{design.resolution} px"
    return f"α = {design.alpha:g}" if axis == "alpha" else f"t = {design.t:g}"


def used_lines(found: Found) -> list[str]:
    """The share of each budget that the winner uses, in a line; none without budgets."""
    shares = ", ".join(f"{BUDGETS[use.total].label} {use.share:.1%} ({use_text(use)})" for use in found.uses)
    return [f"Budgets used: {shares}."] if shares else []


def closest_sentence(found: Found) -> str:
    """Which design is the closest, and in what sense; nothing where designs fit. For markdown."""
    if found.closest is None:
        return ""
    return (
        f"The closest is **{found.closest.design.label}**: every other design misses some budget by as large a share, "
        "or a larger one."
    )


def miss_lines(found: Found) -> list[str]:
    """By how much the closest design misses each budget, a line each."""
    if found.closest is None:
        return []
    return [f"{BUDGETS[use.total].label}: {use_text(use)}, {_over(use)}" for use in found.closest.uses]


def front_sentence(found: Found) -> str:
    """What the front is of, how many designs it has, and how far it reaches."""
    value = OBJECTIVES["top1"] if found.front_value != "mult_adds" else BUDGETS["mult_adds"].label
    budget, costs = BUDGETS[found.front_cost], found.front[found.front_cost]
    low, high = (budget.write(int(end)) for end in (costs.iloc[0], costs.iloc[-1]))
    return f"Front of {value} over {budget.label.lower()}: {len(costs)} designs, from {low} to {high}."


def _over(use: Use) -> str:
    if use.needs <= use.limit:
        return "kept"
    over = use.needs - use.limit
    share = 100 * (use.share - 1)
    percent = f"{share:,.0f} %" if share >= 10 else f"{share:.1f} %" if share >= 0.05 else "less than 0.1 %"
    return f"{BUDGETS[use.total].write(over)} ({percent}) over"


def checkpoint_lines(found: Found) -> list[str]:
    """The best released checkpoint that fits, and the nearest to the winner, with their source."""
    best, nearest = found.best_checkpoint, found.nearest_checkpoint
    if best is None:
        return ["No released checkpoint of this network fits."] if _released(found.question) else []
    if nearest is None or nearest == best:
        kind = "Best released checkpoint that fits" + (", and the nearest to it" if nearest == best else "")
        return [f"{kind}: {checkpoint_text(best)}."]
    return [
        f"Best released checkpoint that fits: {checkpoint_text(best)}.",
        f"Nearest in Mult-Adds: {checkpoint_text(nearest)}.",
    ]


def _released(question: Question) -> bool:
    return not released_points(question.space.released, question.training).empty


def checkpoint_text(checkpoint: Checkpoint) -> str:
    """Name, printed top-1, computed Mult-Adds and source."""
    return (
        f"{checkpoint.name}, top-1 {checkpoint.top1:.1f} % (printed), "
        f"{short_count(checkpoint.mult_adds)} Mult-Adds (computed); {checkpoint.source}"
    )


def remarks(found: Found) -> list[str]:
    """What a reader must know of the figures: why nothing was predicted, and what the accuracies are of."""
    question = found.question
    notes = [
        "Values of α that round to the same channels are one design: the published α among them stands for them, else "
        "the one with the fewest decimals, else the least. Of inputs that cost the same the largest is given."
    ]
    if found.model is not None:
        notes.append(
            f"Accuracy is read off the fit on {found.model} of the released checkpoints, with its 95 % interval for a "
            "new measurement; it is of designs trained as they were, with float weights."
        )
    if (question.space.base.classes != 1000 or question.space.base.in_channels != 3) and _released(question):
        notes.append("Costs of checkpoints are those of their own 1000 classes and 3 input channels.")
    notes.append(f"Peak memory is of activations, fused, and sizes are in {question.number_format}; batch of one.")
    return notes


def search_command(question: Question) -> str:
    """The command line that asks the same."""
    space, base = question.space, question.space.base
    words = ["multadds", "search", base.network if base.own is None else f"{base.network}.yaml"]
    for total, limit in question.limits:
        words += [f"--{BUDGETS[total].name.replace('_', '-')}", BUDGETS[total].exactly(limit)]
    reach = sides(base.height, base.width)
    usual = {
        "format": (question.number_format, "float32"),
        "base": (base.resolution, make_design(base.entry).resolution),
        "min-resolution": (space.heights[0], reach[0]),
        "max-resolution": (space.heights[-1], reach[-1]),
        "min-alpha": (f"{space.alphas[0]!r}", f"{ALPHAS[0]!r}"),
        "max-alpha": (f"{space.alphas[-1]!r}", f"{ALPHAS[-1]!r}"),
        "t": (_ts_text(space.ts), None if base.t is None else _ts_text(T_QUARTERS)),
        "classes": (base.classes, base.entry.classes),
        "in-channels": (base.in_channels, base.entry.in_channels),
        "training": (question.training, TRAININGS[0]),
        "objective": (question.objective, "top1"),
        "top": (question.top, 10),
    }
    for name, (value, default) in usual.items():
        words += [] if value == default else [f"--{name}", str(value)]
    return shlex.join(words)


def _ts_text(ts: tuple[float | None, ...]) -> str | None:
    given = [t for t in ts if t is not None]
    return numbers_text(given) if given else None
