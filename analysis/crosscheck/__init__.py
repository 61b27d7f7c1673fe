"""Cross-check: what other tools print for a network, the sum that leads there from ours, and the tools themselves."""

from analysis.crosscheck.identities import Identity, Step, identities, identities_frame
from analysis.crosscheck.matches import Answer, Match, explain_figure
from analysis.crosscheck.verdicts import Run, Verdict, verdicts

__all__ = [
    "Answer",
    "Identity",
    "Match",
    "Run",
    "Step",
    "Verdict",
    "explain_figure",
    "identities",
    "identities_frame",
    "verdicts",
]
