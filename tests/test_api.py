"""The public functions: what they take, what they give, and what they refuse, all of them alike."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import analysis

FUNCTIONS = {
    "layer_table": analysis.layer_table,
    "totals": analysis.totals,
    "build": analysis.build,
    "audit": analysis.audit,
    "grid": analysis.grid,
    "make_design": analysis.make_design,
}

NAN, INF = float("nan"), float("inf")
# network, options, message: what every function says of it
REFUSED = [
    ("mobilenet_v2", {"alpha": 0}, "alpha must be > 0, got 0"),
    ("mobilenet_v2", {"alpha": -1}, "alpha must be > 0, got -1"),
    ("mobilenet_v2", {"alpha": NAN}, "alpha must be a number, got nan"),
    ("mobilenet_v2", {"alpha": INF}, "alpha must be at most 1,000, got inf"),
    ("mobilenet_v2", {"alpha": 10**9}, "alpha must be at most 1,000, got 1000000000"),
    ("mobilenet_v2", {"alpha": 1e9}, "alpha must be at most 1,000, got 1000000000.0"),
    ("mobilenet_v2", {"alpha": 10**400}, f"alpha must be at most 1,000, got 1{'0' * 39}…"),
    ("mobilenet_v2", {"alpha": 10**5000}, "alpha must be at most 1,000, got an integer of more than 4,300 digits"),
    ("mobilenet_v2", {"alpha": "wide"}, "alpha must be a number, got wide"),
    ("mobilenet_v2", {"alpha": "a\r\nb"}, "alpha must be a number, got a b"),
    ("mobilenet_v2", {"alpha": None}, "alpha must be a number, got None"),
    ("mobilenet_v2", {"alpha": True}, "alpha must be a number, got True"),
    ("mobilenet_v2", {"alpha": 1j}, "alpha must be a number, got 1j"),
    ("mobilenet_v2", {"t": 0}, "t must be > 0, got 0"),
    ("mobilenet_v2", {"t": -6}, "t must be > 0, got -6"),
    ("mobilenet_v2", {"t": NAN}, "t must be a number, got nan"),
    ("mobilenet_v2", {"t": 10**9}, "t must be at most 1,000, got 1000000000"),
    ("mobilenet_v1", {"t": 6}, "mobilenet_v1 has no expansion factor t, got t=6"),
    ("mobilenet_v1_full_conv", {"t": 1}, "mobilenet_v1_full_conv has no expansion factor t, got t=1"),
    ("mobilenet_v1_shallow", {"t": 0}, "mobilenet_v1_shallow has no expansion factor t, got t=0"),
    ("mobilenet_v2", {"rho": 0.1}, "rho must imply a resolution of at least 32 px, got 0.1 (22 px)"),
    ("mobilenet_v2", {"rho": 1e-9}, "rho must imply a resolution of at least 32 px, got 1e-09 (0 px)"),
    ("mobilenet_v2", {"rho": "0.1\n"}, "rho must imply a resolution of at least 32 px, got 0.1 (22 px)"),
    ("mobilenet_v2", {"rho": 0}, "rho must be > 0, got 0"),
    ("mobilenet_v2", {"rho": NAN}, "rho must be a number, got nan"),
    ("mobilenet_v2", {"rho": 1e9}, "rho must be at most 292.57142857142856, got 1000000000.0"),
    ("mobilenet_v2", {"rho": 1, "resolution": 224}, "give rho or resolution, not both"),
    ("mobilenet_v2", {"resolution": 3}, "resolution must be at least 32, got 3"),
    ("mobilenet_v2", {"resolution": 31}, "resolution must be at least 32, got 31"),
    ("mobilenet_v2", {"resolution": (224, 3)}, "resolution must be at least 32, got 3"),
    ("mobilenet_v2", {"resolution": "60x"}, "resolution must be a whole number, got "),
    ("mobilenet_v2", {"resolution": "1x2x3"}, "resolution must be one side or HEIGHTxWIDTH in px, got 1x2x3"),
    ("mobilenet_v2", {"resolution": 224.5}, "resolution must be a whole number, got 224.5"),
    ("mobilenet_v2", {"resolution": NAN}, "resolution must be a whole number, got nan"),
    ("mobilenet_v2", {"resolution": 10**9}, "resolution must be at most 65,536, got 1000000000"),
    ("mobilenet_v2", {"classes": 10**12}, "classes must be at most 1,000,000,000, got 1000000000000"),
    ("mobilenet_v2", {"classes": 0}, "classes must be at least 1, got 0"),
    ("mobilenet_v2", {"classes": 1e12}, "classes must be at most 1,000,000,000, got 1000000000000.0"),
    ("mobilenet_v2", {"classes": 7.5}, "classes must be a whole number, got 7.5"),
    ("mobilenet_v2", {"classes": True}, "classes must be a whole number, got True"),
    ("mobilenet_v2", {"in_channels": 0}, "in_channels must be at least 1, got 0"),
    ("mobilenet_v2", {"in_channels": 513}, "in_channels must be at most 512, got 513"),
    ("mobilenet_v9", {}, "network must be one of mobilenet_v2, mobilenet_v3_large, "),
    ("x" * 1000 + "\n", {}, "network must be one of mobilenet_v2, mobilenet_v3_large, "),
    (None, {}, "network must be one of mobilenet_v2, mobilenet_v3_large, "),
    (["mobilenet_v2"], {}, "network must be one of mobilenet_v2, mobilenet_v3_large, "),
    ("mobilenet_v2", {"rounding": "nearest"}, "rounding: Input should be "),
]


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(("network", "options", "message"), REFUSED, ids=range(len(REFUSED)))
def test_every_function_refuses_a_bad_value_in_one_line(network, options: dict, message: str, function: str):
    with pytest.raises(ValueError) as error:  # noqa: PT011 the message is compared
        FUNCTIONS[function](network, **options)
    assert str(error.value).startswith(message)
    assert len(str(error.value).splitlines()) == 1
    assert len(str(error.value)) < 250


@pytest.mark.parametrize("function", sorted(FUNCTIONS.keys() - {"make_design"}))
def test_every_function_refuses_what_overflows_64_bits(function: str):
    with pytest.raises(OverflowError) as error:
        FUNCTIONS[function]("mobilenet_v2", alpha=1000, resolution=65_536, t=1000)
    assert "mult_adds of this design is about 3.45e+21, over the int64 limit 9,223,372,036,854,775,807" in str(
        error.value
    )


def test_a_convention_that_overflows_64_bits_is_refused():
    options = {"alpha": 1000, "resolution": 10_000, "t": 100}
    assert 2**62 < analysis.totals("mobilenet_v2", **options).mult_adds < 2**63
    with pytest.raises(OverflowError, match="over the int64 limit"):
        analysis.layer_table("mobilenet_v2", convention="torch", **options)  # twice the Mult-Adds


@pytest.mark.parametrize("function", [analysis.layer_table, analysis.totals, analysis.build, analysis.audit])
def test_an_unknown_option_is_refused_by_name(function):
    with pytest.raises(ValueError, match=r"^alhpa is not an option of a design$"):
        function("mobilenet_v2", alhpa=0.5)


@pytest.mark.parametrize("name", ["flops", "", None, ["papers"], "a\nb"])
def test_an_unknown_convention_is_refused_with_the_choices(name):
    with pytest.raises(ValueError, match=r"^convention must be one of papers, fvcore, .*, torchstat, got .*\Z"):
        analysis.layer_table("mobilenet_v2", convention=name)


@pytest.mark.parametrize("function", [analysis.layer_table, analysis.totals])
@pytest.mark.parametrize("name", ["float8", None, ["int8"], "a\nb"])
def test_an_unknown_number_format_is_refused_with_the_choices(name, function):
    with pytest.raises(ValueError, match=r"^number format must be one of float64, float32, float16, int8, got .*\Z"):
        function("mobilenet_v2", number_format=name)


@pytest.mark.parametrize(("field", "value"), [("alpha", -1), ("height", 3), ("t", 0), ("network", "mobilenet_v9")])
def test_a_changed_design_is_checked_in_one_line(field: str, value):
    with pytest.raises(ValueError, match=field if field != "height" else "resolution") as error:
        analysis.make_design("mobilenet_v2").with_(**{field: value})
    assert len(str(error.value).splitlines()) == 1


def test_a_changed_design_is_the_design_of_those_options():
    changed = analysis.make_design("mobilenet_v2", t=3).with_(alpha=0.5, height=96)
    assert changed == analysis.make_design("mobilenet_v2", t=3, alpha=0.5, resolution=(96, 224))


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ({"alpha": np.float32(0.5)}, {"alpha": 0.5}),
        ({"alpha": np.float64(0.75)}, {"alpha": 0.75}),
        ({"alpha": np.int64(1)}, {"alpha": 1.0}),
        ({"alpha": "0.5"}, {"alpha": 0.5}),
        ({"resolution": np.int64(160)}, {"resolution": 160}),
        ({"resolution": "160"}, {"resolution": (160, 160)}),
        ({"resolution": "60x120"}, {"resolution": (60, 120)}),
        ({"resolution": "60 × 120"}, {"resolution": [60, 120]}),
        ({"rho": np.float64(0.5)}, {"resolution": 112}),
        ({"rho": 0.714}, {"resolution": 160}),
        ({"classes": np.uint16(7)}, {"classes": 7}),
        ({"in_channels": np.int32(1)}, {"in_channels": 1}),
        ({"t": np.float32(2.5)}, {"t": 2.5}),
        ({"t": None}, {"t": 6}),
        ({"rounding": None, "least_depth": None}, {}),
        ({"least_depth": np.int64(16)}, {"least_depth": 16}),
    ],
)
def test_a_value_may_come_in_several_forms(given: dict, plain: dict):
    design = analysis.make_design("mobilenet_v2", **given)
    assert design == analysis.make_design("mobilenet_v2", **plain)
    assert {type(value) for value in dict(design).values()} <= {str, float, int, analysis.Rounding, type(None)}


@pytest.mark.parametrize("classes", [1, 10**9])
@pytest.mark.parametrize("in_channels", [1, 512])
@pytest.mark.parametrize("resolution", [32, (32, 65_536)])
@pytest.mark.parametrize("alpha", [1e-300, 20])
def test_the_limits_themselves_are_taken(alpha, resolution, in_channels, classes):
    totals = analysis.totals(
        "mobilenet_v2", alpha=alpha, resolution=resolution, in_channels=in_channels, classes=classes, t=1e-300
    )
    assert totals.mult_adds > 0


def test_the_networks_of_the_catalogue():
    names = {"mobilenet_v1", "mobilenet_v1_full_conv", "mobilenet_v1_shallow", "mobilenet_v2"}
    names |= {"mobilenet_v3_large", "mobilenet_v3_small", "mnasnet_a1", "vgg16", "pd_lenet", "pd_light"}
    assert set(analysis.networks()) == names
    assert set(analysis.networks().to_frame()["network"]) == names


def test_the_catalogue_shows_each_network_as_published():
    frame = analysis.networks().to_frame().set_index("network")
    assert frame.loc["vgg16", ["mult_adds", "params"]].tolist() == [15_470_264_320, 138_357_544]
    assert frame.loc["pd_lenet", "params"] == 734_246
    assert frame.loc["mobilenet_v2", ["mult_adds", "params"]].tolist() == [300_774_272, 3_504_872]
    assert pd.isna(frame.loc["mobilenet_v1", "t"])


def test_the_same_call_gives_the_same_table():
    options = {"alpha": 0.75, "resolution": 160, "t": 6}
    first = analysis.layer_table("mobilenet_v2", **options)
    analysis.layer_table("mobilenet_v1", alpha=0.3)
    pd.testing.assert_frame_equal(analysis.layer_table("mobilenet_v2", **options), first)


def test_a_design_stands_for_its_options():
    design = analysis.make_design("mobilenet_v2", alpha=0.5)
    assert analysis.totals(design) == analysis.totals("mobilenet_v2", alpha=0.5)
    with pytest.raises(ValueError, match=r"^a design takes no further options, got alpha$"):
        analysis.totals(design, alpha=0.7)


def test_totals_read_as_a_mapping():
    totals = analysis.totals("mobilenet_v2")
    assert dict(totals)["mult_adds"] == totals["mult_adds"] == totals.mult_adds
    assert {"mult_adds", "params", "weight_bytes", "peak_activation_bytes"} <= set(totals.keys())


def test_a_misspelt_total_is_a_key_error():
    with pytest.raises(KeyError):
        analysis.totals("mobilenet_v2")["flops"]


@pytest.mark.parametrize(
    ("result", "shown"),
    [
        (analysis.networks, "MobileNetV2"),
        (lambda: analysis.totals("mobilenet_v2"), "300,774,272"),
        (lambda: analysis.audit("mobilenet_v2"), "agree</p>"),
        (lambda: analysis.audit("mobilenet_v2", alpha=100), "fvcore not run: too large to build"),
        (lambda: analysis.layer_table("mobilenet_v2"), "bottleneck3_1.expand"),
    ],
)
def test_results_show_in_a_notebook(result, shown: str):
    assert shown in result()._repr_html_()
