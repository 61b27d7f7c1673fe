"""The reference networks' layers, counted once and kept, so that whoever reads them does not wait for torch.

``python -m analysis.cost.counted.references`` counts every network again and writes both files; a test recounts them.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import asdict, fields
from functools import cache
from importlib.resources import as_file, files
from typing import Any

from analysis.cost.counted.counted import Counted, CountedLayer
from analysis.cost.counted.layers import counted_network
from analysis.cost.reference_costs import reference_costs, reference_of
from analysis.networks.reference import REFERENCES

LAYERS = files("analysis.cost") / "data" / "reference_layers.csv"
NETWORKS = files("analysis.cost") / "data" / "reference_networks.json"

SIDES = ("kernel", "stride", "input", "output")
"""The fields that are several whole numbers: written as ``3x112x112``."""
COUNTS = ("groups", "activations", "params", "weights")


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
        layers=tuple(_kept_layers()[name]),
        **facts,
    )


@cache
def _kept_layers() -> dict[str, list[CountedLayer]]:
    layers: dict[str, list[CountedLayer]] = {name: [] for name in REFERENCES}
    for row in csv.DictReader(io.StringIO(LAYERS.read_text("utf-8"), newline="")):
        layers[row.pop("network")].append(_read(row))
    return layers


def _read(row: dict[str, str]) -> CountedLayer:
    values: dict[str, Any] = dict(row)
    values |= {name: tuple(map(int, row[name].split("x"))) for name in SIDES}
    values |= {name: int(row[name]) for name in COUNTS}
    terms = [term.partition(" ") for term in row["terms"].split(";") if term]
    values["terms"] = {name: int(count) for name, _, count in terms}
    return CountedLayer(**values)


def _written(layer: CountedLayer) -> dict[str, Any]:
    values = asdict(layer)
    values |= {name: "x".join(map(str, values[name])) for name in SIDES}
    values["terms"] = ";".join(f"{name} {count}" for name, count in layer.terms.items())
    return values


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
    """Count every reference network and write both files."""
    networks = [recounted(name) for name in REFERENCES]
    with as_file(LAYERS) as path:
        path.write_text(_layers_text(networks), "utf-8")
    with as_file(NETWORKS) as path:
        path.write_text(_networks_text(networks), "utf-8")


def _layers_text(networks: Iterable[Counted]) -> str:
    text = io.StringIO()
    names = ["network", *(field.name for field in fields(CountedLayer))]
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows({"network": made.network, **_written(layer)} for made in networks for layer in made.layers)
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
