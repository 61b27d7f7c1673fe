"""multadds: what each layer of a convolutional network costs.

>>> import analysis
>>> analysis.totals("mobilenet_v2").mult_adds
300774272
"""

from analysis.api import audit, build, grid, layer_table, networks, totals
from analysis.cost.audit import Audit
from analysis.cost.totals import Totals
from analysis.networks import Design, Rounding, make_design
from analysis.version import VERSION

__version__ = VERSION

__all__ = [
    "Audit",
    "Design",
    "Rounding",
    "Totals",
    "__version__",
    "audit",
    "build",
    "grid",
    "layer_table",
    "make_design",
    "networks",
    "totals",
]
