"""The link that holds a view: full for its page, versioned, and safe against garbage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from analysis.comparison.marks import MOST
from analysis.comparison.profile import DEPTHS
from analysis.cost.conventions import CONVENTIONS
from analysis.cost.quantities import QUANTITIES
from analysis.cost.table import COLUMNS
from analysis.crosscheck.figures import LONGEST as LONGEST_FIGURE
from analysis.lessons.messages import LANGUAGES
from analysis.lessons.questions import KINDS as QUESTION_KINDS
from analysis.lessons.relu import LEAST_CHANNELS, MOST_CHANNELS
from analysis.lessons.relu import MOST_SEED as MOST_RELU_SEED
from analysis.lessons.worksheet import MOST_QUESTIONS, MOST_SEED
from analysis.networks.ranges import TS
from analysis.networks.values import shortened
from analysis.papers import PAPERS, VERDICTS, tables_of
from analysis.plots.style import IMAGE_FORMATS
from analysis.tradeoff.points import MARKS
from analysis.tradeoff.points import QUANTITIES as TRADED
from analysis.tradeoff.published import TRAININGS
from analysis.tradeoff.search.budgets import OBJECTIVES
from analysis.tradeoff.surfaces.surface import AXES, COSTS, PAIRS
from pages.shared.compared import SESSION, PartlyReadError, compared, texts_of
from pages.shared.link_designs import DESIGNS, decode_subject, encode_subject
from pages.shared.parameters import (
    Parameter,
    choice,
    choices,
    count,
    flag,
    number,
    number_text,
    side_or_none,
    text,
    whole_choice,
)
from pages.shared.state import (
    BUDGET_TEXTS,
    DRAGS,
    EVERY,
    LESSON_ALPHAS,
    LESSON_KERNELS,
    LESSON_RHOS,
    LONGEST_BUDGET,
    LONGEST_SEARCH,
    MIN_ALPHAS,
    MOST_LESSON_CHANNELS,
    MOST_LESSON_MAP,
    MOST_LESSON_STRIDE,
    ON_IMAGENET,
    ROLLED,
    SEARCHED_T,
    STEPS,
    UNITS,
    View,
    default_view,
)

LINK_VERSION = "1"


def encode(view: View, page: str | None = None) -> dict[str, str]:
    """The parameters of the page's link, or of all pages: defaults too, so that a link never changes its meaning."""
    held = {
        name: parameter.write(view)
        for name, parameter in PARAMETERS.items()
        if page is None or not parameter.pages or page in parameter.pages
    }
    return {"v": LINK_VERSION, **held}


def decode(link: Mapping[str, str], known: View | None = None) -> tuple[View, list[str]]:
    """The view a link asks for, and a sentence for each thing wrong with it.

    What is wrong, or is not in the link, is as in ``known``, by default the first view.
    """
    view, errors = known or default_view(), []
    if link.get("v", LINK_VERSION) != LINK_VERSION:
        errors.append(f"v={shortened(link['v'])} is not a version this release reads; it was read as v={LINK_VERSION}")
    for name, parameter in PARAMETERS.items():
        if name not in link:
            continue
        try:
            view = parameter.read(view, link[name])
        except PartlyReadError as error:
            view = error.view
            errors += [f"{name}={problem}" for problem in error.problems]
        except ValueError as error:
            errors.append(f"{name}={shortened(link[name])}: {error}")
    errors += [f"{shortened(name)} is not a part of a link" for name in link if name not in PARAMETERS and name != "v"]
    return view, errors[:8]


def in_link(view: View) -> list[bool]:
    """Which of the designs compared the link holds, so that they open in another session too."""
    return [text != SESSION for text in texts_of(view, encode_subject)]


NO_WINDOW = "window is empty, or low,high,low,high of both axes"


def _encode_window(view: View) -> str:
    return ",".join(map(number_text, view.window))


def _window(view: View, text: str) -> View:
    """The ends of both axes, x first, in the axes' units; none: the chart spans what it shows."""
    try:
        ends = tuple(float(part) for part in text.split(",") if part)
    except ValueError:
        raise ValueError(NO_WINDOW) from None
    if not ends:
        return replace(view, window=())
    if len(ends) != 4 or not all(abs(end) <= 1e12 for end in ends) or ends[0] >= ends[1] or ends[2] >= ends[3]:
        raise ValueError(NO_WINDOW)
    if (view.log_x and ends[0] <= 0) or (view.log_y and ends[2] <= 0):
        raise ValueError("window must be above 0 on an axis with a log scale")
    return replace(view, window=ends)


PARAMETERS: dict[str, Parameter] = {
    **DESIGNS,
    "image": choice("image", IMAGE_FORMATS),
    "profile": choice("profile", QUANTITIES, "Explore", "Compare"),
    "training": choice("training", TRAININGS, "Explore", "Trade-off", "Search", "Compare"),
    "min_alpha": choice("min_alpha", MIN_ALPHAS, "Explore", "Trade-off", "Compare"),
    "shown": choices("shown", ON_IMAGENET, "Trade-off"),
    "papers": flag("papers", "Trade-off"),
    "mine": flag("mine", "Trade-off"),
    "picked": flag("picked", "Trade-off"),
    "x": choice("x", TRADED, "Trade-off"),
    "y": choice("y", TRADED, "Trade-off"),
    "log_x": flag("log_x", "Trade-off"),
    "log_y": flag("log_y", "Trade-off"),
    "colour": choice("colour", MARKS, "Trade-off"),
    "symbol": choice("symbol", MARKS, "Trade-off"),
    "bands": flag("bands", "Trade-off"),
    "front": flag("front", "Trade-off"),
    "drag": choice("drag", DRAGS, "Trade-off"),
    "window": Parameter(_encode_window, _window, ("Trade-off",)),
    "convention": choice("convention", CONVENTIONS, "Layer costs"),
    "units": choice("units", UNITS, "Layer costs"),
    "columns": choices("columns", COLUMNS, "Layer costs"),
    "search": text("search", LONGEST_SEARCH, "Layer costs"),
    "axes": choice("axes", PAIRS, "Cost surface"),
    "cost": choice("cost", COSTS, "Cost surface"),
    "along": choice("along", AXES, "Cost surface"),
    **{name: text(name, LONGEST_BUDGET, "Search") for name in BUDGET_TEXTS},
    "min_px": side_or_none("min_px", "Search"),
    "max_px": side_or_none("max_px", "Search"),
    "search_t": choice("search_t", SEARCHED_T, "Search"),
    "objective": choice("objective", OBJECTIVES, "Search"),
    "language": choice("language", LANGUAGES),
    "step": choice("step", STEPS, "Learn"),
    "dk": whole_choice("dk", LESSON_KERNELS, "Learn"),
    "m": count("m", 1, MOST_LESSON_CHANNELS, "Learn"),
    "n": count("n", 1, MOST_LESSON_CHANNELS, "Learn"),
    "df": count("df", 1, MOST_LESSON_MAP, "Learn"),
    "stride": count("stride", 1, MOST_LESSON_STRIDE, "Learn"),
    "layer_alpha": number("layer_alpha", *LESSON_ALPHAS, "Learn"),
    "layer_rho": number("layer_rho", *LESSON_RHOS, "Learn"),
    "groups": count("groups", 1, MOST_LESSON_CHANNELS, "Learn"),
    "biases": flag("biases", "Learn"),
    "norms": flag("norms", "Learn"),
    "expansion": number("expansion", TS[0], TS[-1], "Learn"),
    "relu_n": count("relu_n", LEAST_CHANNELS, MOST_CHANNELS, "Learn"),
    "relu_seed": count("relu_seed", 0, MOST_RELU_SEED, "Learn"),
    "quiz_seed": count("quiz_seed", 0, MOST_SEED, "Learn"),
    "quiz_count": count("quiz_count", 1, MOST_QUESTIONS, "Learn"),
    "quiz_kinds": choices("quiz_kinds", QUESTION_KINDS, "Learn"),
    "quiz_at": count("quiz_at", 1, MOST_QUESTIONS, "Learn"),
    "compared": compared(encode_subject, decode_subject, "Compare"),
    "depth": choice("depth", DEPTHS, "Compare"),
    "so_far": flag("so_far", "Compare"),
    "first": count("first", 1, MOST, "Compare"),
    "second": count("second", 1, MOST, "Compare"),
    "rolled": choice("rolled", ROLLED, "Compare"),
    "only_changed": flag("only_changed", "Compare"),
    "paper": choice("paper", (EVERY, *PAPERS), "Papers"),
    "paper_table": choice("paper_table", (EVERY, *map(str, tables_of())), "Papers"),
    "verdict": choice("verdict", (EVERY, *VERDICTS), "Papers"),
    "counter": choice("counter", CONVENTIONS, "Counters"),
    "figure": text("figure", LONGEST_FIGURE, "Counters"),
}
"""Every parameter of a link, in the order they are read: what is read later builds on what was."""
