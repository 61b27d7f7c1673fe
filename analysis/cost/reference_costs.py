"""What the reference networks cost: fvcore's count, kept in a table so that whoever reads it does not wait for torch.

``python -m analysis.cost.reference_costs`` counts every network again and writes the table; a test recounts them.
"""

from __future__ import annotations

from importlib.metadata import version
from importlib.resources import as_file, files

import pandas as pd

from analysis.cost.audit_count import Count, count_module
from analysis.networks.reference import REFERENCES, Reference
from analysis.networks.values import shortened

TABLE = files("analysis.cost") / "data" / "reference_costs.csv"


def reference_costs() -> pd.DataFrame:
    """A row a reference network: ``name, label, mult_adds, params, source, input, counted_by``.

    Mult-Adds are the papers': one multiply-add is 1, convolutions and matrix products only, batch of one, auxiliary
    classifiers left out unless a network's ``choices`` say otherwise. Parameters are the trainable ones, batch-norm
    scale and shift included. ``input`` is channels × height × width in px. There is no closed form of these networks:
    ``counted_by`` names what counted them, fvcore, or torch's own counter for those that fvcore would run for minutes.
    """
    with TABLE.open("rb") as file:
        counted = pd.read_csv(file, index_col="name").loc[list(REFERENCES)]
    described = pd.DataFrame(
        {"name": name, "label": reference.label, "source": reference.source, "input": reference.input}
        for name, reference in REFERENCES.items()
    )
    frame = described.join(counted, on="name")
    return frame[["name", "label", "mult_adds", "params", "source", "input", "counted_by"]]


def count_reference(name: str) -> Count:
    """fvcore's count of a reference network, built now: some seconds, most of them torch's import.

    Raises ``ValueError`` for a name that is not in ``REFERENCES``.
    """
    reference = reference_of(name)
    return count_module(reference.undrawn(), (1, *reference.input_shape))


def recount(name: str) -> dict[str, int | str]:
    """A row of the table, counted now: ``name, mult_adds, params, counted_by``."""
    reference = reference_of(name)
    network = reference.without_storage()
    by_fvcore = reference.counter == "fvcore"
    counter = f"fvcore {version('fvcore')} on torch" if by_fvcore else "half of torch's own count, torch"
    return {
        "name": name,
        "mult_adds": count_reference(name).mult_adds if by_fvcore else reference.torch_mult_adds(),
        "params": sum(parameter.numel() for parameter in network.parameters() if parameter.requires_grad),
        "counted_by": f"{counter} {version('torch')}; parameters by numel",
    }


def reference_of(name: str) -> Reference:
    """The reference network of a name; ``ValueError`` with the choices otherwise."""
    if name not in REFERENCES:
        raise ValueError(f"reference network must be one of {', '.join(REFERENCES)}, got {shortened(name)}")
    return REFERENCES[name]


def main() -> None:
    """Count every reference network and write the table."""
    frame = pd.DataFrame([recount(name) for name in REFERENCES])
    with as_file(TABLE) as path:
        frame.to_csv(path, index=False, lineterminator="\n")
    print(frame.to_string(index=False))


if __name__ == "__main__":
    main()
