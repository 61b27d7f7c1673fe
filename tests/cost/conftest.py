"""What tests of costs share: the kept costs of reference networks."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.cost.reference_costs import reference_costs


@pytest.fixture(scope="module")
def costs() -> pd.DataFrame:
    """A row for each reference network, by its name."""
    return reference_costs().set_index("name")
