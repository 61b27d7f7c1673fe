"""The public functions: a network's name and options in, exact costs out.

pandas is imported when a table is asked for, so that ``multadds app`` opens its port at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Unpack

from analysis.cost.audit import Audit
from analysis.cost.closed_form import check_number_format
from analysis.cost.conventions import check_convention
from analysis.cost.counted.counted import Counted
from analysis.cost.limits import too_large_to_build
from analysis.cost.subjects import make_subject, subject_audit, subject_table, subject_totals
from analysis.cost.totals import Totals, design_totals
from analysis.networks.catalogue import CATALOGUE
from analysis.networks.design import Design, DesignOptions, make_design
from analysis.networks.network import Network
from analysis.networks.reference import REFERENCES
from analysis.networks.resolutions import resolution_of
from analysis.networks.rounding import Rounding

if TYPE_CHECKING:
    import pandas as pd
    from torch import nn


class Networks(Mapping[str, Network]):
    """The catalogue by name, shown as a table in a notebook."""

    def __getitem__(self, name: str) -> Network:
        return CATALOGUE[name]

    def __iter__(self) -> Iterator[str]:
        return iter(CATALOGUE)

    def __len__(self) -> int:
        return len(CATALOGUE)

    def to_frame(self) -> pd.DataFrame:
        """A row a network: ``network, label, source, t, mult_adds, params`` as published (α = 1, ρ = 1)."""
        import pandas as pd

        published = {name: design_totals(make_design(name)) for name in self}
        return pd.DataFrame(
            {
                "network": list(self),
                "label": [network.label for network in self.values()],
                "source": [network.source for network in self.values()],
                "t": [network.t for network in self.values()],
                "mult_adds": [totals.mult_adds for totals in published.values()],
                "params": [totals.params for totals in published.values()],
            }
        )

    def __repr__(self) -> str:
        return f"Networks({', '.join(self)})"

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def networks() -> Networks:
    """The networks of the catalogue, by name."""
    return Networks()


def layer_table(
    network: str | Network | Design | Counted,
    *,
    convention: str = "papers",
    number_format: str = "float32",
    audit: bool = False,
    **options: Unpack[DesignOptions],
) -> pd.DataFrame:
    """One tidy row a layer with its shape, cost, receptive field and formula; rows sum to the total.

    ``convention`` names whose count stands in ``mult_adds``: the papers' Mult-Adds, or what fvcore or another of
    :data:`analysis.cost.conventions.CONVENTIONS` would print. ``number_format`` sizes ``weight_bytes``. With ``audit``
    the network is built and fvcore's Mult-Adds of each layer stand in ``fvcore_mult_adds``. The columns are described
    in :data:`analysis.cost.table.COLUMNS`; ``attrs`` carry the design, convention and version.

    Raises ``ValueError`` for an option outside its limits and ``OverflowError`` beyond 64-bit integers.
    """
    subject = make_subject(network, **options)
    table = subject_table(subject, check_convention(convention), check_number_format(number_format))
    return with_fvcore(table, subject_audit(subject)) if audit else table


def with_fvcore(table: pd.DataFrame, audit: Audit) -> pd.DataFrame:
    """The layer table with fvcore's Mult-Adds beside each layer; empty where the audit did not run."""
    import pandas as pd

    counts = pd.array([audit.layers.get(name) for name in table["layer"]], dtype="Int64")
    return table.assign(fvcore_mult_adds=counts)


def totals(
    network: str | Network | Design | Counted, *, number_format: str = "float32", **options: Unpack[DesignOptions]
) -> Totals:
    """Mult-Adds (the papers': one multiply-add is 1), parameters, weight bytes and peak activation bytes of one design.

    In closed form, for a batch of one; of a network without rows as it was counted. ``number_format`` (float64,
    float32, float16 or int8) sizes weights and activations. Raises as :func:`layer_table`.
    """
    return subject_totals(make_subject(network, **options), check_number_format(number_format))


def build(network: str | Network | Design, **options: Unpack[DesignOptions]) -> nn.Module:
    """The design as a trainable ``torch.nn.Module`` with torch's default initialisation: [N, C, H, W] → [N, classes].

    Its parameters have the published network's shapes, in order. A reference network is built by its name alone.
    Raises ``ValueError`` for an option outside its limits, and for a design too large to build.
    """
    if isinstance(network, str) and network in REFERENCES and not options:
        return REFERENCES[network].build()
    design = make_design(network, **options)
    too_large = too_large_to_build(0, design_totals(design).params, 0)
    if too_large is not None:
        raise ValueError(f"{design.label} is {too_large}")
    from analysis.networks.modules import network_module

    return network_module(design.layers())


def audit(network: str | Network | Design | Counted, **options: Unpack[DesignOptions]) -> Audit:
    """Both independent counts of one design: the closed form, and fvcore with ``numel`` on the built module.

    Integers, of one image. A design too large to build is not: ``not_run`` then says why, and ``agrees`` is ``None``.
    Of a network without rows the first count is torch's dispatcher's, on shapes. Raises as :func:`layer_table`.
    """
    return subject_audit(make_subject(network, **options))


def grid(
    network: str | Network,
    *,
    alpha: float | Sequence[float] = 1.0,
    rho: float | Sequence[float] | None = None,
    resolution: int | str | tuple[int, int] | Sequence[int | str | tuple[int, int]] | None = None,
    t: float | Sequence[float] | None = None,
    classes: int | None = None,
    in_channels: int | None = None,
    rounding: Rounding | None = None,
    quantities: Sequence[str] = ("mult_adds", "params"),
) -> pd.DataFrame:
    """Totals of every combination of α, ρ (or resolution) and t: a number or a list for each; a row a design.

    Columns: ``alpha, rho, height, width, t`` (α slowest, t fastest; sides in px) and the ``quantities``, which may add
    ``peak_activation_elements`` and ``peak_unfused_elements``. Integers, equal to :func:`totals` of each design.
    Millions of designs a second.

    Raises ``ValueError`` for a value outside its limits and ``OverflowError`` beyond 64-bit integers.
    """
    from analysis.cost.grid import axis_sides, axis_values, design_grid

    if rho is not None and resolution is not None:
        raise ValueError("give rho or resolution, not both")
    ts = axis_values(t)
    base = make_design(network, t=ts[0] if ts else None, classes=classes, in_channels=in_channels, rounding=rounding)
    own = base.entry.base
    resolutions = [resolution_of(value, own) for value in axis_values(rho)] if rho is not None else resolution
    return design_grid(
        base,
        alphas=axis_values(alpha),
        sides=axis_sides(own if resolutions is None else resolutions),
        ts=ts,
        quantities=quantities,
    )
