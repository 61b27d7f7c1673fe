"""Headers of the layer table: plain words, whose help names the column as files have it."""

from __future__ import annotations

import json

import pytest

from analysis.cost.table import COLUMNS, by_kind
from pages.shared import cached
from pages.shared.layer_columns import column_settings, header


def headers(frame):
    """Header by column, as the browser is told."""
    return {name: settings.get("label") for name, settings in json.loads(frame.proto.columns).items()}


def test_every_column_has_a_header_without_an_underscore_and_a_help_that_names_it():
    settings = column_settings()
    assert {*COLUMNS, "fvcore_mult_adds"} <= settings.keys()
    assert not any("_" in column["label"] for column in settings.values())
    assert len({column["label"] for column in settings.values()}) == len(settings)
    assert all(column["help"].endswith(f"In files: {name}.") for name, column in settings.items())


def test_roll_ups_have_no_column_without_a_header(app):
    assert set(by_kind(cached.table(app.session_state["view"].subject))) <= column_settings().keys()


@pytest.mark.parametrize("page", ["app.py", "pages/layer_costs.py"])
def test_a_page_shows_no_raw_column_name(app, see, page):
    at = app if page == see.explore else app.switch_page(page).run()
    for table in at.dataframe:
        shown = headers(table)
        assert not [name for name in table.value if "_" in (shown.get(name) or name)]


def test_a_count_is_headed_by_its_unit_and_its_tool(see):
    assert header("mult_adds") == "Mult-Adds"
    at = see.open(convention="torch").switch_page(see.layer_costs).run()
    assert headers(at.dataframe[0])["mult_adds"] == "FLOPs (torch.utils.flop_counter)"
