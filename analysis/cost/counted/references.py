"""The reference networks' layers, counted once and kept, so that whoever reads them does not wait for torch.

``python -m analysis.cost.counted.references`` counts every network again and writes its files; a test recounts them.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import as_file, files
from typing import Any

from analysis.cost.counted.counted import Counted, CountedLayer
from analysis.cost.counted.kept import COLUMNS, layer_of, row_of
from analysis.cost.counted.layers import blocks_of, counted_network
from analysis.cost.reference_costs import reference_costs, reference_of
from analysis.networks.reference import REFERENCES

LAYERS = files("analysis.cost") / "data" / "reference_layers"
"""A file of layers for each network, by its name."""

NETWORKS = files("analysis.cost") / "data" / "reference_networks.json"


@cache
def counted_reference(name: str) -> Counted:
    """A reference network, layer by layer, as torch's dispatcher saw it on shapes; fvcore's count is the same.

    Raises ``ValueError`` for a name that is not in ``REFERENCES``.
    """
    reference = reference_of(name)
    facts: dict[str, Any] = json.loads(NETWORKS.read_bytes())[name]
    facts |= {key: tuple(facts[key]) for key in ("unknown", "notes")}
    return Counted(
        network=name,
        label=reference.label,
        source=reference.source,
        input=reference.input,
        counted_by=reference_costs().set_index("name")["counted_by"][name],
        layers=_kept_layers(name),
        **facts,
    )


def _kept_layers(name: str) -> tuple[CountedLayer, ...]:
    rows = list(csv.DictReader((LAYERS / f"{name}.csv").read_text("utf-8").splitlines()))
    return tuple(map(layer_of, rows, blocks_of([row["name"] for row in rows])))


def recounted(name: str) -> Counted:
    """A reference network counted now, on shapes alone: a tenth of a second after torch is imported."""
    import torch

    from analysis.cost.counted.torch_operations import read_module

    reference = reference_of(name)
    module = reference.without_storage().eval()
    return counted_network(
        read_module(module, [torch.zeros(1, *reference.input_shape, device="meta")]),
        network=name,
        label=reference.label,
        source=reference.source,
        input=reference.input,
        counted_by=reference_costs().set_index("name")["counted_by"][name],
        notes=[reference.choices] if reference.choices else [],
    )


def main() -> None:
    """Count every reference network and write what is kept of it."""
    networks = [recounted(name) for name in REFERENCES]
    with as_file(LAYERS) as folder:
        for made in networks:
            (folder / f"{made.network}.csv").write_text(_layers_text(made), "utf-8")
    with as_file(NETWORKS) as path:
        path.write_text(_networks_text(networks), "utf-8")


def _layers_text(made: Counted) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(map(row_of, made.layers))
    return text.getvalue()


FACTS = (
    "peak_elements",
    "peak_unfused_elements",
    "peak_layer",
    "not_counted",
    "not_counted_elements",
    "unknown",
    "notes",
)


def _networks_text(networks: Iterable[Counted]) -> str:
    lines = (
        f"{json.dumps(made.network)}: {json.dumps({name: getattr(made, name) for name in FACTS}, ensure_ascii=False)}"
        for made in networks
    )
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    main()
