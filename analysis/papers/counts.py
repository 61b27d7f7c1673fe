"""The amounts that recipes are made of: what designs of the catalogue and reference networks cost, by part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from math import prod

from analysis.cost import closed_form
from analysis.cost.reference_costs import reference_costs
from analysis.cost.reference_parts import reference_parts
from analysis.networks import CATALOGUE, Design, make_design
from analysis.networks.layers import Kind, Layer
from analysis.networks.reference import REFERENCES
from analysis.papers.amount import Amount, amount


@cache
def layers_of(design: Design) -> tuple[Layer, ...]:
    """The design's layers."""
    return tuple(design.layers())


def name_of(design: Design) -> str:
    """The design's label, with the least channels where they are not the network's own."""
    rounding = design.rounding
    own = rounding is None or rounding.least == design.entry.rounding.least
    return design.label if own or rounding is None else f"{design.label}, at least {rounding.least} channels a layer"


def _sum(design: Design, of: str, kind: Kind | None = None, *, but: Kind | None = None) -> int:
    chosen: Iterable[Layer] = (
        layer for layer in layers_of(design) if kind in (None, layer.kind) and (but is None or layer.kind != but)
    )
    return sum(int(getattr(closed_form, of)(layer)) for layer in chosen)


@cache
def mult_adds(design: Design) -> Amount:
    """All Mult-Adds."""
    return amount(_sum(design, "mult_adds"), f"Mult-Adds of {name_of(design)}")


@cache
def classifier_mult_adds(design: Design) -> Amount:
    """Those of the fully connected layers."""
    return amount(_sum(design, "mult_adds", "fc"), "of its classifier")


@cache
def kind_mult_adds(design: Design, kind: Kind) -> Amount:
    """Those of one kind of layer."""
    return amount(_sum(design, "mult_adds", kind))


@cache
def params(design: Design) -> Amount:
    """All trainable parameters, batch-norm scale and shift included."""
    return amount(_sum(design, "params"), f"parameters of {name_of(design)}")


@cache
def classifier_params(design: Design) -> Amount:
    """Those of the fully connected layers, biases included."""
    return amount(_sum(design, "params", "fc"), "of its classifier")


@cache
def batch_norm_params(design: Design) -> Amount:
    """Batch-norm scale and shift."""
    return amount(_sum(design, "batch_norm_params"), "of batch norm")


@cache
def bias_params(design: Design) -> Amount:
    """Biases."""
    return amount(_sum(design, "bias_params"), "biases")


def weights(design: Design) -> Amount:
    """Parameters without batch norm and biases."""
    return params(design) - batch_norm_params(design) - bias_params(design)


@cache
def kind_params(design: Design, kind: Kind) -> Amount:
    """All parameters of one kind of layer."""
    return amount(_sum(design, "params", kind))


@cache
def kind_weights(design: Design, kind: Kind) -> Amount:
    """The weights of one kind of layer."""
    return amount(_sum(design, "weights", kind))


@cache
def all_weights(design: Design) -> Amount:
    """The weights of all layers, as one number."""
    return amount(_sum(design, "weights"))


@cache
def _reference_counts() -> dict[str, dict[str, int]]:
    frame = reference_costs()
    return {
        name: {"mult_adds": int(m), "params": int(p)}
        for name, m, p in zip(
            frame["name"].tolist(), frame["mult_adds"].tolist(), frame["params"].tolist(), strict=True
        )
    }


def reference(name: str, of: str) -> Amount | None:
    """``mult_adds`` or ``params`` of a published network: in closed form, counted by fvcore, or none if not built."""
    if name in CATALOGUE:
        return {"mult_adds": mult_adds, "params": params}[of](make_design(name))
    if name not in REFERENCES:
        return None
    words = {"mult_adds": "Mult-Adds", "params": "parameters"}[of]
    return amount(_reference_counts()[name][of], f"{words} of {REFERENCES[name].label}, counted by fvcore")


def design_of(name: str) -> Design | str | None:
    """What opens a published network: its design, the name of a reference network, or none if not built."""
    if name in CATALOGUE:
        return make_design(name)
    return name if name in REFERENCES else None


@cache
def _part_counts() -> dict[tuple[str, str], dict[str, int]]:
    rows = reference_parts().to_dict("records")
    return {(row["name"], row["part"]): {"mult_adds": row["mult_adds"], "params": row["params"]} for row in rows}


def reference_part(name: str, part: str, of: str) -> Amount | None:
    """``mult_adds`` or ``params`` of a part of a reference network, or none if it was not counted apart."""
    counts = _part_counts().get((name, part))
    return None if counts is None else amount(counts[of], part)


def product(*factors: int, words: str = "") -> Amount:
    """A product of whole numbers with its factors: ``3·3·512·14·14 of …``."""
    text = "·".join(f"{factor:,}" for factor in factors)
    made = amount(prod(factors))
    return replace(made, text=f"{text} {words}".rstrip(), parts=2)
