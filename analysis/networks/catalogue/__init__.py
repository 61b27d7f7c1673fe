"""The networks multadds knows by name: a file of data each, beside this one. Adding one is adding its file."""

from __future__ import annotations

from pathlib import Path

from analysis.networks.files.plain import network_of
from analysis.networks.files.yaml_text import yaml_values
from analysis.networks.network import Network

FOLDER = Path(__file__).parent


def load_catalogue(folder: Path) -> dict[str, Network]:
    """The networks of a folder's YAML files by name, in the order of the files' names, which begin with a number.

    The files are trusted: a test holds ours to the schema. :func:`analysis.networks.files.read.read_network` checks.
    """
    texts = (path.read_text("utf-8") for path in sorted(folder.glob("*.yaml")))
    networks = [network_of(yaml_values(text)[0]) for text in texts]
    return {network.name: network for network in networks}


CATALOGUE: dict[str, Network] = load_catalogue(FOLDER)
