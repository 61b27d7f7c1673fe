"""What may be asked the cost of: a design, in closed form, or a counted network, which has none. One room for both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from analysis.cost.audit import BY_SHAPES, CLOSED_FORM, Audit, counted_audit, design_audit
from analysis.cost.closed_form import BYTES, NumberFormat
from analysis.cost.conventions import CONVENTIONS, Convention
from analysis.cost.counted.counted import Counted, CountedLayer
from analysis.cost.terms import TERMS
from analysis.cost.totals import Totals, design_totals
from analysis.networks.design import Design, DesignOptions, make_design
from analysis.networks.layers import Layer
from analysis.networks.network import Network
from analysis.networks.reference import REFERENCES

if TYPE_CHECKING:
    import pandas as pd

Subject = Design | Counted


def make_subject(network: str | Network | Design | Counted, **options: Unpack[DesignOptions]) -> Subject:
    """A checked design, or a network without rows: one that was counted, or a reference network's name.

    Raises ``ValueError`` with one sentence; networks without rows take no options.
    """
    if isinstance(network, str) and network in REFERENCES:
        from analysis.cost.counted.references import counted_reference

        network = counted_reference(network)
    if not isinstance(network, Counted):
        return make_design(network, **options)
    if options:
        raise ValueError(f"{network.label} is not made of rows and takes no {', '.join(options)}")
    return network


def subject_table(subject: Subject, convention: Convention, number_format: NumberFormat) -> pd.DataFrame:
    """The layer table; of a counted network the receptive field is empty, since its paths branch."""
    from analysis.cost.counted.tables import counted_table
    from analysis.cost.table import design_table

    if isinstance(subject, Counted):
        return counted_table(subject, convention, number_format)
    return design_table(subject, convention, number_format)


def subject_totals(subject: Subject, number_format: NumberFormat = "float32") -> Totals:
    """Mult-Adds, parameters, weight size and peak activation memory."""
    return (
        counted_totals(subject, number_format)
        if isinstance(subject, Counted)
        else design_totals(subject, number_format)
    )


def subject_audit(subject: Subject) -> Audit:
    """Both counts of a subject."""
    return counted_audit(subject) if isinstance(subject, Counted) else design_audit(subject)


def uncounted_audit(subject: Subject, reason: str) -> Audit:
    """An audit that says why fvcore did not count the subject."""
    totals = subject_totals(subject)
    first = BY_SHAPES if isinstance(subject, Counted) else CLOSED_FORM
    return Audit(totals.mult_adds, totals.params, not_run=reason, first=first)


def layer_terms(subject: Subject) -> list[tuple[Layer | CountedLayer, dict[str, int]]]:
    """Each layer with everything that tools count of it, by the name of its term."""
    if isinstance(subject, Counted):
        return [(layer, {name: layer.terms.get(name, 0) for name in TERMS}) for layer in subject.layers]
    return [(layer, {name: int(term.of(layer)) for name, term in TERMS.items()}) for layer in subject.layers()]


def subject_terms(subject: Subject) -> dict[str, int]:
    """Everything that tools count, by the name of its term, over all layers."""
    found = [terms for _, terms in layer_terms(subject)]
    return {name: sum(terms[name] for terms in found) for name in TERMS}


def convention_totals(subject: Subject) -> pd.DataFrame:
    """What every convention counts for a subject: ``convention, label, unit, tested_version, count, identity``."""
    import pandas as pd

    terms = subject_terms(subject)
    return pd.DataFrame(
        {
            "convention": convention.name,
            "label": convention.label,
            "unit": convention.unit,
            "tested_version": convention.version,
            "count": sum(weight * terms[name] for name, weight in convention.weights.items()),
            "identity": convention.identity,
        }
        for convention in CONVENTIONS.values()
    )


def counted_totals(counted: Counted, number_format: NumberFormat = "float32") -> Totals:
    """The totals of a counted network; peaks are of its operations in the order they ran."""
    width = BYTES[number_format]
    return Totals(
        mult_adds=counted.mult_adds,
        params=counted.params,
        weight_bytes=counted.params * width,
        peak_activation_bytes=counted.peak_elements * width,
        peak_unfused_bytes=counted.peak_unfused_elements * width,
        peak_layer=counted.peak_layer,
        layers=len(counted.layers),
        number_format=number_format,
    )


def identity(subject: Subject, convention: Convention, number_format: NumberFormat) -> dict[str, Any]:
    """What a table must carry to be rebuilt."""
    from analysis.cost.counted.tables import counted_identity
    from analysis.cost.table import identity as design_identity

    if isinstance(subject, Counted):
        return counted_identity(subject, convention, number_format)
    return design_identity(subject, convention, number_format)
