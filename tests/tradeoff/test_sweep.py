"""A sweep's file: its rows are the grid's, it names itself, and what is there already is safe."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import analysis
from analysis.tradeoff.sweeps import files as sweep_files
from analysis.tradeoff.sweeps.plan import QUANTITIES
from analysis.tradeoff.sweeps.sweep import sweep, sweep_plan
from analysis.version import VERSION

AXES = {"alpha": [0.25, 0.5, 1.4], "resolution": [32, (60, 120), 97], "t": [1, 2.5, 6, 10]}


def small(**options):
    """A sweep of 36 designs in 9 chunks."""
    return sweep_plan("mobilenet_v2", **{**AXES, "chunk_designs": 5, **options})


def read(path: Path) -> pd.DataFrame:
    """The rows of a file, a CSV's without the columns that name the sweep."""
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    frame = pd.read_csv(path)
    return frame.iloc[:, : frame.columns.get_loc("network")]


def interrupt_after(designs: int):
    """What to pass as ``progress`` to be interrupted when so many designs are counted."""
    counted = 0

    def progress(step: object, more: int = 0) -> None:
        nonlocal counted
        counted += more
        if counted >= designs:
            raise KeyboardInterrupt

    return progress


def some(values):
    return st.lists(st.sampled_from(values), min_size=1, max_size=6, unique=True)


@settings(max_examples=25)
@given(
    alphas=some([0.25, 0.3, 0.75, 1.0, 1.3]),
    resolutions=some([32, 33, (60, 120), (224, 32), 224]),
    ts=some([0.5, 1, 1.5625, 6, 10]),
    quantities=some(list(QUANTITIES)),
    chunk_designs=st.integers(1, 40),
    extension=st.sampled_from(["csv", "parquet"]),
)
def test_the_rows_are_the_grid_s_in_its_order(alphas, resolutions, ts, quantities, chunk_designs, extension):
    axes = {"alpha": alphas, "resolution": resolutions, "t": ts, "quantities": quantities}
    with TemporaryDirectory() as folder:
        out = Path(folder) / f"sweep.{extension}"
        done = sweep(sweep_plan("mobilenet_v2", **axes, chunk_designs=chunk_designs), out)
        expected = analysis.grid("mobilenet_v2", **axes)
        assert done.designs == len(expected)
        pd.testing.assert_frame_equal(read(out), expected, check_exact=True, check_dtype=extension == "parquet")
        assert [path.name for path in Path(folder).iterdir()] == [out.name]


@pytest.mark.parametrize("chunk_designs", [1, 4, 5, 8, 11, 12, 13, 24, 36, 100])
def test_chunks_are_runs_of_the_rows_and_none_is_too_large(chunk_designs: int):
    plan = small(chunk_designs=chunk_designs)
    chunks = [plan.chunk(index) for index in range(plan.chunks)]
    rows = [(a, side, t) for chunk in chunks for a in chunk.alphas for side in chunk.sides for t in chunk.ts]
    assert rows == [(a, side, t) for a in plan.alphas for side in plan.sides for t in plan.ts]
    assert max(chunk.designs for chunk in chunks) <= chunk_designs


def test_all_four_quantities_unless_told_otherwise(tmp_path):
    sweep(sweep_plan("mobilenet_v1", rho=[0.5, 1]), tmp_path / "v1.parquet")
    expected = analysis.grid("mobilenet_v1", rho=[0.5, 1], quantities=QUANTITIES)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "v1.parquet"), expected)


@pytest.mark.parametrize("network", analysis.networks())
def test_every_network_can_be_swept(network: str, tmp_path):
    sweep(sweep_plan(network, alpha="0.5:1:0.25"), tmp_path / "sweep.csv")
    assert read(tmp_path / "sweep.csv")["mult_adds"].tolist() == [
        analysis.totals(network, alpha=alpha).mult_adds for alpha in (0.5, 0.75, 1)
    ]


def test_options_of_a_design_hold_for_every_row(tmp_path):
    options = {"classes": 10, "in_channels": 1, "least_depth": 16}
    sweep(sweep_plan("mobilenet_v2", alpha="0.25,1", **options), tmp_path / "sweep.parquet")
    expected = [analysis.totals("mobilenet_v2", alpha=alpha, **options).params for alpha in (0.25, 1)]
    assert read(tmp_path / "sweep.parquet")["params"].tolist() == expected


def test_parquet_names_its_sweep_and_the_command_that_repeats_it(tmp_path):
    sweep(small(rounding=analysis.Rounding(divisor=4, least=12), classes=10), tmp_path / "sweep.parquet")
    facts = json.loads(pq.read_schema(tmp_path / "sweep.parquet").metadata[b"multadds"])
    assert (
        facts.items()
        >= {
            **{"network": "mobilenet_v2", "alpha": "0.25,0.5,1.4", "resolution": "32,60x120,97", "t": "1,2.5,6,10"},
            **{"classes": 10, "in_channels": 3, "rounding": "divisor=4,least=12,nearest=False,keep=0.0"},
            **{"designs": 36, "convention": "papers", "unit": "Mult-Adds", "version": VERSION},
        }.items()
    )
    assert pd.read_parquet(tmp_path / "sweep.parquet").attrs["network"] == "mobilenet_v2"
    words = shlex.split(facts["command"])
    assert words[:3] == ["multadds", "sweep", "mobilenet_v2"]
    assert words[words.index("--resolution") + 1] == "32,60x120,97"


def test_every_line_of_a_csv_names_network_convention_and_version(tmp_path):
    sweep(small(rounding=analysis.Rounding(divisor=4)), tmp_path / "sweep.csv")
    frame = pd.read_csv(tmp_path / "sweep.csv", dtype=str)
    named = frame[["network", "classes", "in_channels", "rounding", "convention", "unit", "version"]].drop_duplicates()
    rule = "divisor=4,least=8,nearest=False,keep=0.0"
    assert named.values.tolist() == [["mobilenet_v2", "1000", "3", rule, "papers", "Mult-Adds", VERSION]]


@pytest.mark.parametrize("extension", ["csv", "parquet"])
def test_an_interrupted_sweep_goes_on_and_its_file_is_the_same_to_the_byte(extension: str, tmp_path):
    out, whole = tmp_path / f"sweep.{extension}", tmp_path / f"whole.{extension}"
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            sweep(small(), out, progress=interrupt_after(10))
    assert not out.exists()
    counted: list[int] = []
    done = sweep(small(), out, progress=lambda step, more: counted.append(more) if step == "counting" else None)
    sweep(small(), whole)
    assert 10 <= done.kept < 36
    assert (counted[0], sum(counted)) == (done.kept, 36)
    assert out.read_bytes() == whole.read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {out.name, whole.name}


def test_a_broken_part_is_counted_again(tmp_path):
    out = tmp_path / "sweep.csv"
    with pytest.raises(KeyboardInterrupt):
        sweep(small(), out, progress=interrupt_after(20))
    parts = sorted((tmp_path / "sweep.csv.parts").glob("*.parquet"))
    parts[0].write_bytes(parts[0].read_bytes()[:-7])
    parts[1].write_bytes(b"")
    (parts[0].parent / "8.tmp").write_bytes(b"half a par")
    sweep(small(), out)
    pd.testing.assert_frame_equal(
        read(out), analysis.grid("mobilenet_v2", **AXES, quantities=QUANTITIES), check_dtype=False
    )


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"alpha": [0.25, 0.5]}, r"alpha 0.25,0.5,1.4 and not 0.25,0.5"),
        ({"t": [1, 2.5, 6]}, r"t 1,2.5,6,10 and not 1,2.5,6"),
        ({"classes": 10}, r"classes 1000 and not 10"),
        ({"least_depth": 16}, r"rounding None and not divisor=8,least=16,.*"),
        ({"quantities": "params"}, r"quantities mult_adds,.* and not params"),
        ({"chunk_designs": 6}, r"chunk_designs 5 and not 6"),
    ],
)
def test_parts_of_another_sweep_are_refused_unless_discarded(changes: dict, named: str, tmp_path):
    out = tmp_path / "sweep.csv"
    with pytest.raises(KeyboardInterrupt):
        sweep(small(), out, progress=interrupt_after(20))
    message = f"^sweep.csv.parts is of another sweep, with {named}; finish that one, or discard it with --restart$"
    with pytest.raises(ValueError, match=message):
        sweep(small(**changes), out)
    assert sweep(small(**changes), out, restart=True).kept == 0
    assert out.exists()


def test_parts_of_another_version_are_refused(tmp_path, monkeypatch):
    out = tmp_path / "sweep.csv"
    with pytest.raises(KeyboardInterrupt):
        sweep(small(), out, progress=interrupt_after(20))
    monkeypatch.setattr("analysis.tradeoff.sweeps.plan.VERSION", "99.0")
    with pytest.raises(ValueError, match=f"another sweep, with version {VERSION} and not 99.0"):
        sweep(small(), out)


def test_a_kill_after_the_file_is_in_place_leaves_a_finished_sweep(tmp_path, monkeypatch):
    out = tmp_path / "sweep.csv"
    with monkeypatch.context() as patched:
        patched.setattr(sweep_files.Parts, "clear", interrupt_after(0))
        with pytest.raises(KeyboardInterrupt):
            sweep(small(), out)
    before = out.read_bytes(), out.stat().st_mtime_ns
    assert (tmp_path / "sweep.csv.parts").exists()
    assert sweep(small(), out).kept == 36
    assert (out.read_bytes(), out.stat().st_mtime_ns) == before
    assert [path.name for path in tmp_path.iterdir()] == ["sweep.csv"]


def test_a_file_is_replaced_only_if_told_and_only_by_a_whole_one(tmp_path):
    out = tmp_path / "sweep.csv"
    out.write_text("mine")
    with pytest.raises(ValueError, match=r"^out must be a new file, and sweep.csv exists; --overwrite replaces it$"):
        sweep(small(), out)
    with pytest.raises(KeyboardInterrupt):
        sweep(small(), out, overwrite=True, progress=interrupt_after(20))
    assert out.read_text() == "mine"
    with pytest.raises(ValueError, match=r"--overwrite replaces it$"):
        sweep(small(), out)
    sweep(small(), out, overwrite=True)
    assert len(read(out)) == 36


def test_two_sweeps_into_one_file_at_once_are_refused(tmp_path):
    out, refused = tmp_path / "sweep.csv", []

    def second(step: str, more: int) -> None:
        with pytest.raises(ValueError, match=r"^another sweep is writing sweep.csv now") as error:
            sweep(small(), out)
        refused.append(error)

    sweep(small(), out, progress=second)
    assert refused
    assert len(read(out)) == 36


def test_a_folder_that_is_not_a_sweep_s_is_left_alone(tmp_path):
    folder = tmp_path / "sweep.csv.parts"
    folder.mkdir()
    (folder / "thesis.tex").write_text("mine")
    with pytest.raises(ValueError, match=r"^sweep.csv.parts holds thesis.tex, no part of a sweep"):
        sweep(small(), tmp_path / "sweep.csv", restart=True)
    assert (folder / "thesis.tex").read_text() == "mine"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"alpha": "0.01:10:0.01", "resolution": "32:9000", "t": "1:10:0.001"}, "a sweep must hold at most 10,0"),
        ({"alpha": "0.1:1:0.0001", "t": "1:10:0.001", "audit": True}, "an audited sweep must hold at most 10,000,000 "),
        ({"rho": 1, "resolution": 224}, "give rho or resolution, not both"),
        ({"quantities": "flops"}, "quantity must be one of mult_adds, params, peak_activation_elements, "),
        ({"quantities": []}, "quantities must name at least one of mult_adds, "),
        ({"classes": 0}, "classes must be at least 1, got 0"),
        ({"chunk_designs": 0}, "chunk_designs must be at least 1, got 0"),
    ],
)
def test_a_plan_outside_its_limits_is_refused(options: dict, message: str):
    with pytest.raises(ValueError) as error:  # noqa: PT011 the message is compared
        sweep_plan("mobilenet_v2", **options)
    assert str(error.value).startswith(message)


def test_one_design_beyond_64_bits_refuses_the_sweep_before_it_begins():
    with pytest.raises(OverflowError, match=r"^mult_adds of this design is about "):
        sweep_plan("mobilenet_v2", alpha="1,1000", resolution="224,65536", t="1,1000")


def test_t_is_refused_where_the_network_has_none():
    with pytest.raises(ValueError, match=r"^mobilenet_v1 has no expansion factor t, got t="):
        sweep_plan("mobilenet_v1", t="1:6")
