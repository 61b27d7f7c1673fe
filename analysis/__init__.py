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
    "fit",
    "grid",
    "layer_table",
    "make_design",
    "networks",
    "search",
    "totals",
]


LATE = {
    "compare": "analysis.comparison.compared",
    "fit": "analysis.tradeoff.predict",
    "search": "analysis.tradeoff.search.answer",
}


def __getattr__(name: str) -> Any:
    """What builds on the published figures is imported when it is first asked for."""
    if name not in LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(LATE[name]), name)
