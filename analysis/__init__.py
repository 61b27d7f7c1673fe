"""multadds: what each layer of a convolutional network costs.

>>> import analysis
>>> analysis.totals("mobilenet_v2").mult_adds
300774272
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from analysis.api import audit, build, grid, layer_table, networks, totals
from analysis.cost.audit import Audit
from analysis.cost.totals import Totals
from analysis.networks import Design, Rounding, make_design
from analysis.version import VERSION

if TYPE_CHECKING:
    from analysis.comparison.compared import compare
    from analysis.imports.modules import count
    from analysis.imports.onnx import read_onnx
    from analysis.networks.files.read import read_network
    from analysis.tradeoff.predict import fit
    from analysis.tradeoff.search.answer import search

__version__ = VERSION

__all__ = [
    "Audit",
    "Design",
    "Rounding",
    "Totals",
    "__version__",
    "audit",
    "build",
    "compare",
    "count",
    "fit",
    "grid",
    "layer_table",
    "make_design",
    "networks",
    "read_network",
    "read_onnx",
    "search",
    "totals",
]


LATE = {
    "compare": "analysis.comparison.compared",
    "count": "analysis.imports.modules",
    "fit": "analysis.tradeoff.predict",
    "read_network": "analysis.networks.files.read",
    "read_onnx": "analysis.imports.onnx",
    "search": "analysis.tradeoff.search.answer",
}


def __getattr__(name: str) -> Any:
    """What builds on the published figures or imports torch is imported when it is first asked for."""
    if name not in LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(LATE[name]), name)
