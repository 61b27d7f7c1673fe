"""The reference networks multadds knows by name."""

from __future__ import annotations

from analysis.networks.reference.classifiers import CLASSIFIERS
from analysis.networks.reference.reference import Reference
from analysis.networks.reference.tasks import TASKS

REFERENCES: dict[str, Reference] = {reference.name: reference for reference in (*CLASSIFIERS, *TASKS)}
