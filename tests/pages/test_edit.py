"""The page Edit: rows in a grid, counted at every edit; a wrong one loses nothing, and every step can be undone."""

from __future__ import annotations

import json
import random
import zlib
from base64 import urlsafe_b64encode
from dataclasses import replace

import pytest

import analysis
from analysis.networks import CATALOGUE, parse_network, write_network
from analysis.networks.rows import Conv, Head, InvertedResidual, Pool
from pages.shared.editing_grid import FIELDS, STATUS, TICK, cell_value, frame
from pages.shared.editing_link import LONGEST, MOST_TEXT, TOO_LONG, rows_of, rows_text
from pages.shared.editing_steps import MOST_STEPS, copied, draft_of, editing_of
from pages.shared.link import decode, encode
from pages.shared.state import default_view

EDIT = "pages/edit.py"
V2 = CATALOGUE["mobilenet_v2"]
OWN = copied(V2)


class Page:
    """The app on the page Edit; what is typed into its grid is sent with every later run, as a browser does."""

    def __init__(self, at):
        self.at, self._typed, self._run = at, {}, at._run
        at._run = self._with_grids

    def _with_grids(self, states=None, **options):
        states = self.at._tree.get_widget_states() if states is None else states
        for grid, rows in self._typed.items():
            states.widgets.add(id=grid).string_value = json.dumps({"edited_rows": rows})
        return self._run(states, **options)

    @property
    def grid(self):
        return next(e.proto for e in self.at.get("dataframe") if "rows_" in e.proto.id)

    def type(self, row, grid=None, **cells):
        """Type into cells of a row, counted from 1, of the grid that is there, or of one that was."""
        rows = self._typed.setdefault(grid or self.grid.id, {})
        rows.setdefault(str(row - 1), {}).update({TICK if name == "tick" else name: cells[name] for name in cells})
        self.at.run()
        assert not self.at.exception
        return self

    def press(self, key):
        self.at.button(key=f"edit_{key}").click().run()
        assert not self.at.exception
        return self

    @property
    def view(self):
        return self.at.session_state["view"]

    @property
    def rows(self):
        return self.view.own.rows

    def exactly(self, label="Mult-Adds"):
        metric = next(metric for metric in self.at.metric if metric.label == label)
        return int(metric.help.split()[1].rstrip(".").replace(",", ""))

    @property
    def errors(self):
        return [error.value for error in self.at.error]

    @property
    def shown(self):
        """The grid as the server fills it."""
        editing = self.at.session_state["editing"]
        return frame(editing.filled, editing.ticked, editing.draft.problems)


@pytest.fixture
def editor(see, monkeypatch):
    """MobileNetV2's rows, copied, on the page Edit."""
    monkeypatch.setattr("pages.shared.audits.PATIENCE_SECONDS", 0.0)
    at = see.open().switch_page(EDIT).run()
    see.press(at, "Edit a copy of MobileNetV2")
    assert not at.exception
    return Page(at)


def test_before_there_are_rows_the_page_says_what_it_does(see):
    at = see.open().switch_page(EDIT).run()
    assert at.markdown[0].value == "## Edit a network's rows"
    assert "every step can be undone" in at.markdown[1].value
    assert [button.label for button in at.button if button.label.startswith("Edit")] == ["Edit a copy of MobileNetV2"]
    assert not at.metric


def test_a_network_without_rows_offers_the_others(see):
    at = see.open(network="resnet50").switch_page(EDIT).run()
    assert not at.exception
    at.selectbox(key="start_from").set_value("mobilenet_v1").run()
    assert at.session_state["view"].own == copied(CATALOGUE["mobilenet_v1"])


@pytest.mark.parametrize("name", CATALOGUE)
def test_an_unchanged_copy_counts_as_the_catalogue_does(see, name, monkeypatch):
    monkeypatch.setattr("pages.shared.audits.PATIENCE_SECONDS", 0.0)
    at = see.open().switch_page(EDIT).run()
    at.selectbox(key="start_from").set_value(name).run()
    assert not at.exception
    page, totals = Page(at), analysis.totals(name)
    assert (page.exactly(), page.exactly("Parameters")) == (totals.mult_adds, totals.params)
    assert {metric.delta for metric in at.metric} == {"±0 %"}
    assert page.view.own.rows == CATALOGUE[name].rows


@pytest.mark.parametrize("name", CATALOGUE)
def test_what_the_grid_shows_is_read_back_as_the_same_rows(name):
    draft = draft_of(copied(CATALOGUE[name]))
    shown = frame(draft.cells, frozenset(), ()).astype(object)
    records = shown.where(shown.notna(), None).to_dict("records")
    cells = [{key: cell_value(key, row[key]) for key in ("block", *FIELDS) if row[key] is not None} for row in records]
    again = draft.with_cells(cells)
    assert (again.network, again.problems) == (draft.network, ())


def test_an_edit_counts_anew_and_says_what_changed(editor):
    editor.type(3, c=48)
    rows = (*V2.rows[:2], replace(V2.rows[2], c=48), *V2.rows[3:])
    totals = analysis.totals(replace(OWN, rows=rows))
    assert (editor.exactly(), editor.exactly("Parameters")) == (totals.mult_adds, totals.params)
    assert editor.at.metric[0].delta == "+37.7 %"
    assert any("Changes are against 1.0 MobileNetV2-224, which" in caption.value for caption in editor.at.caption)


def test_fvcore_counts_the_edited_network(see):
    at = see.open(**encode(default_view().of_own(replace(OWN, rows=(Conv(8, s=2, k=5), Head(7))), "")))
    totals = analysis.totals(at.session_state["view"].design)
    assert f"closed form and fvcore agree: {totals.mult_adds:,}" in see.audit(at)


def test_the_charts_are_of_the_edited_network(editor, see):
    editor.type(10, classes=10)
    bars = [value for trace in see.chart(editor.at, "layers") for value in see.values(trace["y"])]
    assert round(sum(bars) * 1e6) == analysis.totals("mobilenet_v2", classes=10).mult_adds


def test_quick_edits_all_count(editor):
    for row, c in ((3, 48), (4, 40), (5, 72)):
        editor.type(row, c=c)
    editor.type(3, n=1, s=1)
    assert [(row.c, row.n, row.s) for row in editor.rows[2:5]] == [(48, 1, 1), (40, 3, 2), (72, 4, 2)]
    assert editor.grid.id.endswith("rows_0")


def test_what_a_cell_takes(editor):
    editor.type(3, t="88/24", se="0.25 hard_sigmoid", alpha="0.5", rounded="yes", activation="relu")
    row = editor.rows[2]
    assert (row.t, row.se.gate, row.alpha, row.rounded, row.activation) == (88 / 24, "hard_sigmoid", 0.5, True, "relu")
    editor.type(3, t=None, se="", alpha=None, rounded="no", activation="relu6")
    assert editor.rows == V2.rows


def test_a_wrong_cell_is_marked_while_the_last_good_network_stays(editor):
    editor.type(3, c=48)
    good = editor.exactly()
    editor.type(4, s=99).type(5, k=4)
    assert editor.exactly() == good
    assert "`row 4: s must be at most 16, got 99`" in editor.errors[0]
    assert "`row 5: k must be odd, got 4`" in editor.errors[0]
    assert "the last that was good" in editor.errors[0]
    assert editor.shown[STATUS].tolist()[2:5] == ["✓", "⚠ s must be at most 16, got 99", "⚠ k must be odd, got 4"]
    editor.type(4, s=2).type(5, k=3)
    assert (editor.errors, editor.exactly()) == ([], good)


@pytest.mark.parametrize(
    ("row", "cells", "sentence"),
    [
        (1, {"groups": 5}, "row 1: groups must divide c = 32, got 5"),
        (2, {"c": None}, "row 2: c is missing"),
        (1, {"t": "6"}, "row 1: t is not a field of conv"),
        (3, {"t": "many"}, "row 3: t must be a number or a fraction such as 88/24, got many"),
        (9, {"block": "head"}, "row 9: a head must be the last row"),
    ],
)
def test_every_wrong_row_has_its_sentence(editor, row, cells, sentence):
    editor.type(row, **cells)
    assert sentence in editor.errors[0]
    assert editor.exactly() == analysis.totals("mobilenet_v2").mult_adds


def test_another_block_keeps_the_fields_that_both_have(editor):
    editor.type(3, block="separable")
    assert (editor.rows[2].c, editor.rows[2].n, editor.rows[2].s) == (24, 2, 2)
    assert editor.shown["skip"].tolist()[2] is not True
    editor.type(4, c=40).type(4, block="pool")
    assert editor.rows[3].of == "max"
    assert not editor.errors
    editor.type(4, block="conv")
    assert editor.rows[3].c == 24


def test_steps_are_undone_and_done_again_by_name(editor):
    assert editor.at.button(key="edit_undo").disabled
    editor.type(3, c=48).type(4, s=99)
    assert editor.at.button(key="edit_undo").help == r"Undo\: s of row 4\: 2 → 99 (Ctrl+Z)"
    editor.press("undo")
    assert (editor.errors, editor.rows[2].c) == ([], 48)
    editor.press("undo")
    assert editor.rows == V2.rows
    assert editor.at.button(key="edit_undo").disabled
    assert editor.at.button(key="edit_redo").help == r"Redo\: c of row 3\: 24 → 48 (Ctrl+Y)"
    editor.press("redo").press("redo")
    assert "s must be at most 16" in editor.errors[0]
    editor.press("undo").type(5, c=80)
    assert editor.at.button(key="edit_redo").disabled


def test_a_session_keeps_many_steps_but_not_all():
    editing, edits = editing_of(draft_of(OWN)), 2 * MOST_STEPS
    for number in range(edits):
        cells = [*editing.draft.cells[:2], {**editing.draft.cells[2], "c": 8 + number}, *editing.draft.cells[3:]]
        editing = editing.done("c", editing.draft.with_cells(cells))
    steps = 0
    while editing.past:
        editing, steps = editing.undone(), steps + 1
    assert steps == MOST_STEPS >= 50
    assert editing.draft.network.rows[2].c == 8 + edits - MOST_STEPS - 1


def test_an_edit_of_a_grid_that_is_gone_is_void(editor):
    old = editor.grid.id
    editor.type(3, c=48).press("undo")
    editor.type(4, grid=old, c=1000)
    assert editor.rows == V2.rows


def test_ticked_rows_move_and_stay_ticked(editor):
    assert editor.at.button(key="edit_up").disabled
    editor.type(4, tick=True).type(5, tick=True).press("up")
    assert [row.c for row in editor.rows[:6]] == [32, 16, 32, 64, 24, 96]
    assert editor.shown[TICK].tolist()[:6] == [False, False, True, True, False, False]
    editor.press("down").press("down")
    assert [row.c for row in editor.rows[:6]] == [32, 16, 24, 96, 32, 64]
    editor.press("undo").press("undo").press("undo")
    assert editor.rows == V2.rows


def test_rows_at_the_edge_stay_there(editor):
    editor.type(1, tick=True).press("up")
    assert editor.rows == V2.rows
    assert editor.at.button(key="edit_undo").disabled


def test_rows_are_copied_deleted_and_added(editor):
    editor.type(3, tick=True).press("copy")
    assert editor.rows == (*V2.rows[:3], V2.rows[2], *V2.rows[3:])
    editor.press("delete")
    assert editor.rows == V2.rows
    editor.at.selectbox(key="new_block").set_value("conv").run()
    editor.press("add")
    assert editor.rows == (*V2.rows[:-1], Conv(1280), V2.rows[-1])
    assert editor.shown[TICK].tolist() == [*[False] * 9, True, False]


def test_no_rows_at_all_are_a_sentence(editor):
    for row in range(1, 11):
        editor.type(row, tick=True)
    editor.press("delete")
    assert "there must be 1 to 500 rows, got 0" in editor.errors[0]
    assert editor.exactly() == analysis.totals("mobilenet_v2").mult_adds
    editor.press("undo")
    assert editor.rows == V2.rows


FACTS = [
    ("text_input", "label", "Thin V2", lambda own: own.label),
    ("text_input", "name", "thin.v2", lambda own: own.name),
    ("number_input", "t", 4.0, lambda own: own.t),
    ("selectbox", "rounding", "truncated", lambda own: "truncated" if own.rounding.divisor == 1 else "divisible"),
    ("number_input", "height", 96, lambda own: own.base[0]),
    ("number_input", "width", 128, lambda own: own.base[1]),
    ("number_input", "in_channels", 1, lambda own: own.in_channels),
    ("number_input", "classes", 10, lambda own: own.classes),
]


@pytest.mark.parametrize(("kind", "key", "value", "of"), FACTS, ids=[key for _, key, *_ in FACTS])
def test_a_fact_of_the_network_is_set_and_the_design_follows(editor, kind, key, value, of):
    getattr(editor.at, kind)(key=f"fact_{key}").set_value(value).run()
    assert not editor.at.exception
    own = editor.view.own
    assert (of(own), editor.errors) == (value, [])
    assert editor.view.design == analysis.make_design(own)
    assert editor.exactly() == analysis.totals(own).mult_adds
    editor.press("undo")
    assert editor.view.own == OWN


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("name", "my net!", "name must be of letters, digits, dots, dashes and underscores, at most 64, got my net!"),
        ("name", "vgg16", "name must not be one of the catalogue, got vgg16"),
        ("name", "resnet50", "name must not be one of the catalogue, got resnet50"),
        ("label", "[a](http://b)", "label must be of letters, digits, spaces"),
        ("label", " ", "label must not be empty"),
    ],
)
def test_a_wrong_fact_is_refused_and_the_last_stays(editor, key, value, sentence):
    editor.at.text_input(key=f"fact_{key}").set_value(value).run()
    assert editor.view.own == OWN
    assert sentence in editor.errors[0]
    assert editor.at.text_input(key=f"fact_{key}").value == getattr(OWN, key)


def test_the_network_s_t_is_needed_where_a_row_leaves_it_open(editor):
    editor.at.number_input(key="fact_t").set_value(None).run()
    assert "row 3: t must be given where the network has none" in editor.errors[0]
    assert editor.view.own == OWN


@pytest.mark.parametrize("value", [-1, 0, 10**9, float("nan")])
def test_a_fact_that_no_widget_sends_is_no_raw_error(editor, value):
    for key in ("t", "height", "in_channels", "classes"):
        editor.at.number_input(key=f"fact_{key}").set_value(value if key == "t" or value == value else 0).run()
        assert not editor.at.exception
    assert editor.rows[:-1] == V2.rows[:-1]


@pytest.mark.parametrize(
    "cells",
    [
        {"c": "<b>"},
        {"c": 10**30},
        {"c": [1, 2]},
        {"c": {"a": 1}},
        {"c": True},
        {"c": 2.5},
        {"se": "x" * 10_000},
        {"t": "1e999"},
        {"block": "shell"},
        {"block": None},
        {"block": 7},
        {"activation": 3},
    ],
    ids=str,
)
def test_what_no_grid_sends_is_a_sentence_or_nothing(editor, cells):
    editor.type(3, **cells)
    assert editor.exactly() == analysis.totals("mobilenet_v2").mult_adds
    assert len("".join(editor.errors)) < 2000


@pytest.mark.parametrize("format", ["yaml", "toml"])
def test_a_file_s_rows_take_the_place_of_those_there(editor, format):
    network = parse_network("name: tiny\ninput: 96\nrows: [{block: conv, c: 8, s: 2}, {block: head, classes: 3}]")
    load(editor.at, write_network(network, format=format), f"tiny.{format}")
    assert editor.view.own == network
    assert editor.exactly() == analysis.totals(network).mult_adds
    assert editor.view.design.resolution == "96"
    editor.press("undo")
    assert editor.view.own == OWN


def load(at, text, name="net.yaml"):
    at.file_uploader[0].set_value((name, text.encode(), "application/yaml")).run()
    assert not at.exception


def test_a_file_under_a_name_of_the_catalogue_gets_one_of_its_own(editor):
    load(editor.at, write_network(CATALOGUE["mobilenet_v1"]))
    assert editor.view.own.name == "my_mobilenet_v1"
    assert editor.exactly() == analysis.totals("mobilenet_v1").mult_adds


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "name: a\nrows:\n  - {block: conv, c: 8, s: 99}\n  - {block: head, classes: 3}",
            "net.yaml, line 3, row 1: s must",
        ),
        ("name: a\nrows: [", "net.yaml"),
        ("x" * 300_000, "a network file must be at most 262,144 bytes, got 300,000"),
        ("name: a\ninput: 4096\nrows: [{block: head, classes: 3}]", "input must be from 32 to 1,024 px a side"),
    ],
    ids=["row", "cut off", "large", "beyond the sliders"],
)
def test_a_bad_file_is_a_sentence_and_loses_nothing(editor, text, sentence):
    editor.type(3, c=48)
    rows = editor.rows
    load(editor.at, text)
    assert sentence in editor.errors[0]
    assert "The rows are as they were." in editor.errors[0]
    assert editor.rows == rows
    editor.press("undo")
    assert editor.rows == V2.rows


def test_a_file_can_be_the_start(see):
    at = see.open().switch_page(EDIT).run()
    load(at, "name: tiny\nrows: [{block: conv, c: 8, s: 2}, {block: head, classes: 3}]")
    assert at.session_state["view"].own.rows == (Conv(8, s=2), Head(3))
    assert at.markdown[0].value == "## 1.0 tiny-224"


def test_the_code_and_the_files_are_offered(editor):
    assert "import torch" in editor.at.code[0].value
    labels = [button.proto.label for button in editor.at.get("download_button")]
    assert {"Save as YAML", "Save as TOML", "JSON Schema", "PyTorch", "ONNX"} <= set(labels)


def test_the_sidebar_moves_the_own_network(editor, see):
    at = editor.at
    at.slider(key="alpha").set_value(0.5).run()
    at.select_slider(key="height").set_value(160).run()
    at.slider(key="t").set_value(3.0).run()
    assert at.markdown[0].value == "## 0.50 My MobileNetV2-160, t = 3"
    assert editor.exactly() == analysis.totals("mobilenet_v2", alpha=0.5, resolution=160, t=3).mult_adds
    editor.type(3, c=48)
    assert at.slider(key="alpha").value == 0.5
    assert editor.at.metric[0].delta != "±0 %"


def test_the_own_network_is_one_like_any_other_on_every_page(editor, see):
    editor.type(3, c=48)
    count = editor.exactly()
    for path in (see.explore, see.layer_costs, see.trade_off, see.cost_surface, see.search):
        at = editor.at.switch_page(path).run()
        assert (list(at.exception), list(at.error)) == ([], [])
    assert "My MobileNetV2" in at.markdown[0].value
    assert any("multadds search my_mobilenet_v2.yaml" in code.value for code in at.code)
    at.switch_page(see.explore).run()
    assert f"{count:,}" in at.metric[0].help


def test_the_rows_stay_when_another_network_is_shown(editor, see):
    editor.type(3, c=48)
    at = editor.at
    at.selectbox(key="network").set_value("mobilenet_v1").run()
    assert at.markdown[0].value == "## Edit a network's rows"
    see.press(at, "Go on with My MobileNetV2")
    assert editor.rows[2].c == 48
    see.press(at, "Reset")
    assert at.selectbox(key="network").value == "mobilenet_v2"
    see.press(at, "Go on with My MobileNetV2")
    editor.press("undo")
    assert editor.rows == V2.rows


def test_a_link_opens_the_rows_and_their_start_elsewhere(editor, see):
    editor.type(3, c=48)
    other = see.open(**see.link(editor.at)).switch_page(EDIT).run()
    assert not other.warning
    assert see.metrics(other) == see.metrics(editor.at)
    assert see.deltas(other) == see.deltas(editor.at)
    assert len(see.link(editor.at)["own"]) < 500


def test_a_pinned_version_stays_as_it_was_pinned(editor, see):
    see.press(editor.at, "Pin")
    editor.type(3, c=48)
    view, errors = decode(see.link(editor.at))
    assert errors == []
    assert view.pin.own == OWN
    assert view.own.rows[2].c == 48


def many_rows(count):
    draw = random.Random(0)
    odd = [InvertedResidual(draw.randint(1, 9999), t=draw.random(), alpha=draw.random()) for _ in range(count)]
    return replace(OWN, rows=(*odd, Head(1000)))


def test_rows_too_long_for_a_link_are_said_so_and_kept(see):
    own = many_rows(300)
    assert rows_text(own) == TOO_LONG
    view = default_view().of_own(own, "")
    assert decode(encode(view), view) == (view, [])
    fresh, errors = decode(encode(view))
    assert fresh.own is None
    assert errors[0] == "own=-: these rows are too long for a link; ask for their file, and load it on the page Edit"


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_link_holds_the_rows_of_every_network(name):
    own = copied(CATALOGUE[name])
    assert rows_of(rows_text(own)) == own
    assert len(rows_text(own)) < 1000


def packed(text, cut=None):
    return urlsafe_b64encode(zlib.compress(text.encode(), 9)[:cut]).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        "a" * (LONGEST + 1),
        "héllo",
        packed("x" * (MOST_TEXT + 1)),
        packed(" " * 50_000_000)[:LONGEST],
        packed(write_network(OWN), cut=40),
        packed(write_network(V2)),
        packed("name: a\nrows: [{block: conv, c: 8}]"),
        packed("name: a\nlabel: '[x](http://y)'\nrows: [{block: head, classes: 3}]"),
        packed("name: a\nrows: [{block: head, classes: 1000000000}]"),
        packed("&a [*a]"),
    ],
    ids=range(10),
)
def test_a_link_s_hostile_rows_are_a_sentence(text):
    view, errors = decode({"own": text})
    assert view == default_view()
    assert len(errors) == 1
    assert errors[0].startswith("own=")
    assert len(errors[0]) < 400


def test_a_link_without_the_rows_shown_shows_another_network(editor, see):
    view, errors = decode({"own": ""}, editor.view)
    assert (view.own, view.network, errors) == (None, "mobilenet_v2", [])


POOLED = replace(OWN, rows=(Conv(8, s=2), *[Pool("max")] * 5, Head(10)))
"""Fits 224 px, and no side under 64."""


@pytest.mark.parametrize("page", ["explore", "layer_costs", "trade_off", "cost_surface", "search"])
def test_a_design_that_the_rows_do_not_fit_is_a_sentence(see, page, monkeypatch):
    monkeypatch.setattr("pages.shared.audits.PATIENCE_SECONDS", 0.0)
    at = see.open(**encode(default_view().of_own(POOLED, "")) | {"resolution": "40"})
    at.switch_page(getattr(see, page)).run()
    assert not at.exception
    assert "k must fit the map of 1×1" in at.error[0].value
    see.press(at, "Pin")
    at.selectbox(key="network").set_value("mobilenet_v1").run()
    assert not at.exception


def test_rows_can_still_be_edited_where_they_do_not_fit(see, monkeypatch):
    monkeypatch.setattr("pages.shared.audits.PATIENCE_SECONDS", 0.0)
    at = see.open(**encode(default_view().of_own(POOLED, "")) | {"resolution": "40"}).switch_page(EDIT).run()
    page = Page(at)
    assert "k must fit the map of 1×1" in page.errors[0]
    page.type(6, tick=True).press("delete")
    assert (page.errors, page.exactly()) == ([], analysis.totals(page.view.design).mult_adds)


@pytest.mark.parametrize(
    "rows",
    [(Conv(8, n=301), Head(10)), (*[Conv(65_536, k=63)] * 200, Head(10))],
    ids=["more than a page can draw", "more than 64 bits can count"],
)
def test_rows_beyond_what_the_app_counts_are_refused(rows):
    view, errors = decode({"own": packed(write_network(replace(OWN, rows=rows, base=(1024, 1024))))})
    assert (view, len(errors)) == (default_view(), 1)
    assert "must be at most 300 in the app" in errors[0] or "over the int64 limit" in errors[0]
