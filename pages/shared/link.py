"""The link that holds a view: full for its page, versioned, and safe against garbage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from analysis.comparison.marks import MOST
from analysis.comparison.profile import DEPTHS
from analysis.cost.closed_form import BYTES
from analysis.cost.conventions import CONVENTIONS
from analysis.cost.counted.counted import Counted
from analysis.cost.counted.references import counted_reference
from analysis.cost.quantities import QUANTITIES
from analysis.cost.subjects import Subject
from analysis.cost.table import COLUMNS
from analysis.crosscheck.figures import LONGEST as LONGEST_FIGURE
from analysis.lessons.messages import LANGUAGES
from analysis.lessons.questions import KINDS as QUESTION_KINDS
from analysis.lessons.relu import LEAST_CHANNELS, MOST_CHANNELS
from analysis.lessons.relu import MOST_SEED as MOST_RELU_SEED
from analysis.lessons.worksheet import MOST_QUESTIONS, MOST_SEED
from analysis.networks import CATALOGUE
from analysis.networks.design import check_count, parse_resolution, shortened
from analysis.networks.ranges import ALPHAS, BASE_SIDES, MOST_CLASSES_IN_APP, TS, sides, width_of
from analysis.networks.reference import REFERENCES
from analysis.papers import PAPERS, VERDICTS, tables_of
from analysis.plots.style import IMAGE_FORMATS
from analysis.tradeoff.points import MARKS
from analysis.tradeoff.points import QUANTITIES as TRADED
from analysis.tradeoff.published import TRAININGS
from analysis.tradeoff.search.budgets import OBJECTIVES
from analysis.tradeoff.surfaces.surface import AXES, COSTS, PAIRS
from pages.shared.compared import SESSION, PartlyReadError, compared, texts_of
from pages.shared.editing_link import TOO_LONG, rows_of, rows_text
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
    base_of,
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


def networks_of(view: View) -> list[str]:
    """The names of all networks that may be shown: the visitor's own first."""
    own = [view.own.name] if view.own is not None else []
    imported = [view.imported.network] if view.imported is not None else []
    return [*own, *imported, *CATALOGUE, *REFERENCES]


def _sides_text(height: int, width: int) -> str:
    return str(height) if height == width else f"{height}x{width}"


def _encode_pin(view: View) -> str:
    return "none" if view.pin is None else _encode_subject(view, view.pin) or "none"


def _encode_subject(view: View, design: Subject) -> str | None:
    """A subject in a link; ``None`` for a file of this session, and for rows too long for a link."""
    if isinstance(design, Counted):
        return design.network if design.network in REFERENCES else None
    t = "-" if design.t is None else number_text(design.t)
    parts = [design.network, number_text(design.alpha), design.resolution, t, design.classes, design.in_channels]
    if design.own not in (None, view.own):  # the rows changed since
        rows = rows_text(design.own)
        return None if rows == TOO_LONG else ",".join(map(str, [*parts, rows]))
    return ",".join(map(str, parts))


def in_link(view: View) -> list[bool]:
    """Which of the designs compared the link holds, so that they open in another session too."""
    return [text != SESSION for text in texts_of(view, _encode_subject)]


def _decode_subject(known: View, text: str) -> Subject:
    parts = text.split(",")
    if text in REFERENCES:
        return counted_reference(text)
    if len(parts) not in (6, 7):
        raise ValueError("a design is network,alpha,resolution,t,classes,channels, with or without rows")
    network, alpha, resolution, t, classes, channels = parts[:6]
    own = rows_of(parts[6]) if parts[6:] else known.own
    view = PARAMETERS["network"].read(View(own=own), network)
    view = PARAMETERS["alpha"].read(view, alpha)
    height, width = parse_resolution(resolution)
    view = view if t == "-" else PARAMETERS["t"].read(view, t)
    view = PARAMETERS["classes"].read(view, classes)
    design = PARAMETERS["channels"].read(view, channels).design.with_(height=height, width=width)
    base_of(design, (224, 224))
    return design


def _resolution(view: View, text: str) -> View:
    height, width = parse_resolution(text)
    base = view.base
    if width_of(height, *base) != width:
        base = (_base_side(height), _base_side(width))
    if height not in sides(*base):
        reach = sides(*base)
        raise ValueError(f"resolution must be from {reach[0]} to {reach[-1]} px, got {height}")
    return replace(view, height=height, base=base)


def _base(view: View, text: str) -> View:
    height, width = (_base_side(side) for side in parse_resolution(text))
    return replace(view, base=(height, width), height=height)


def _base_side(side: int) -> int:
    return check_count("base", side, BASE_SIDES[0], BASE_SIDES[-1])


def _pin(view: View, text: str) -> View:
    return replace(view, pin=None if text == "none" else _decode_subject(view, text))


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


def _own(view: View, text: str) -> View:
    """No text: no rows; rows too long for a link stay as they are."""
    if text == TOO_LONG and view.own is not None:
        return view
    own = rows_of(text) if text else None
    if view.own is not None and view.network == view.own.name:
        view = replace(view, network=default_view().network if own is None else own.name)
    return replace(view, own=own)


NO_WINDOW = "window is empty, or low,high,low,high of both axes"


def _network(view: View, text: str) -> View:
    if text.endswith(IMPORTED) and text not in networks_of(view):
        raise ValueError("an imported file is of its own browser tab and not in a link; import it again")
    if text not in networks_of(view):
        raise ValueError(f"network must be a reference network or one of {', '.join(CATALOGUE)}, got {shortened(text)}")
    return view.of_network(text)


IMPORTED = ".onnx"

PARAMETERS: dict[str, Parameter] = {
    "own": Parameter(lambda view: "" if view.own is None else rows_text(view.own), _own),
    "start": choice("start", ("", *CATALOGUE)),
    "network": Parameter(lambda view: view.network, _network),
    "alpha": number("alpha", ALPHAS[0], ALPHAS[-1]),
    "base": Parameter(lambda view: _sides_text(*view.base), _base),
    "resolution": Parameter(lambda view: _sides_text(view.height, view.width), _resolution),
    "channels": count("channels", 1, 512),
    "t": number("t", TS[0], TS[-1]),
    "classes": count("classes", 1, MOST_CLASSES_IN_APP),
    "format": choice("format", BYTES),
    "pin": Parameter(_encode_pin, _pin),
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
    "compared": compared(_encode_subject, _decode_subject, "Compare"),
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
