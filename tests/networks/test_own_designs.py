"""A design of rows that are in no catalogue goes whole to other processes: as JSON, and as a pickle."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.cost.audit_process import AuditProcess
from analysis.cost.executors import local_processes
from analysis.cost.timing_process import TimingProcess
from analysis.cost.totals import design_totals
from analysis.networks import CATALOGUE, Design, Network, make_design
from analysis.networks.rounding import Rounding
from analysis.networks.rows import Conv, Head, InvertedResidual, Pool


def own_of(network: Network) -> Network:
    return replace(network, name=f"my_{network.name}", label=f"My {network.label}", presets=())


OWN = replace(
    own_of(CATALOGUE["mobilenet_v2"]),
    rows=(Conv(8, s=2), InvertedResidual(16, t=11 / 3, s=2), InvertedResidual(24), Head(5)),
    rounding=Rounding(divisor=4, least=4),
    base=(48, 32),
)


@pytest.mark.parametrize("network", [*map(own_of, CATALOGUE.values()), OWN], ids=lambda network: network.label)
def test_a_design_is_read_back_from_its_json(network: Network):
    design = make_design(network, alpha=0.75)
    assert Design.model_validate_json(design.model_dump_json()) == design


def test_a_network_without_rows_for_t_may_still_have_one():
    design = make_design(replace(OWN, rows=(Conv(8), Head(5))))
    assert design.label == "1.0 My MobileNetV2-48x32"
    assert Design.model_validate_json(design.model_dump_json()) == design


def test_the_counting_process_counts_an_own_design():
    process, design = AuditProcess(), make_design(OWN, t=4)
    try:
        process.wish("test", design)
        audit = process.wait(design, 120)
    finally:
        process.close()
    assert audit is not None
    assert (audit.agrees, audit.mult_adds, audit.params) == (True, *_totals(design))


def test_a_design_that_its_rows_do_not_fit_does_not_end_the_counting():
    process, bad = AuditProcess(), make_design(replace(OWN, rows=(*[Pool("max")] * 5, Head(5))), resolution=32)
    small = bad.with_(own=replace(OWN, rows=(*[Pool("max")] * 6, Head(5)), base=(64, 64)), height=32, width=32)
    try:
        process.wish("first", small)
        process.wish("second", bad)
        audit = process.wait(bad, 120)
    finally:
        process.close()
    assert audit is not None
    assert audit.agrees is True


def _totals(design: Design) -> tuple[int, int]:
    totals = design_totals(design)
    return int(totals.mult_adds), int(totals.params)


def test_the_measuring_process_times_an_own_design():
    assert TimingProcess().measure(make_design(OWN)).not_run is None


def test_a_worker_counts_an_own_design():
    design = make_design(OWN, alpha=0.5)
    with local_processes(1) as pool:
        assert pool.submit(design_totals, design).result(120) == design_totals(design)
