"""Verdicts: each identity beside what the real tool printed for the built module."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from analysis.cost.counted.counted import Counted
from analysis.cost.limits import too_large_to_build
from analysis.cost.subjects import Subject, subject_totals
from analysis.crosscheck.identities import Identity
from analysis.crosscheck.tools import INSTALL, TOOLS, run_tool, version_sentence

if TYPE_CHECKING:
    from torch import nn

NOT_RUN_HERE = "no tool to run here; its sum gives what it printed for 13 networks"
NOT_ASKED = "not asked for yet"
NOT_A_TOOL = "the papers' convention is ours"


@dataclass(frozen=True)
class Run:
    """What a tool printed: ``count`` in its unit, or ``not_run`` says why there is none. ``version`` is the tool's."""

    convention: str
    count: int | None = None
    version: str = ""
    not_run: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The run as plain values; ``Run(**values)`` restores it."""
        return asdict(self)


@dataclass(frozen=True)
class Verdict:
    """An identity and what the tool printed."""

    identity: Identity
    run: Run

    @property
    def held(self) -> bool | None:
        """Whether both are equal to the integer; ``None`` where the tool was not run."""
        return None if self.run.count is None else self.run.count == self.identity.count

    @property
    def sentence(self) -> str:
        """``held``, ``NOT HELD`` with both integers, or why the tool was not run."""
        if self.run.not_run == NOT_A_TOOL:
            return NOT_A_TOOL
        if self.held is None:
            return f"not run: {self.run.not_run}"
        if self.held:
            return f"held: {self.identity.count:,}"
        return f"NOT HELD: ours {self.identity.count:,}, tool {self.run.count:,}"

    @property
    def sign(self) -> str:
        """A sign beside the sentence: ✓ held, ✗ not held, – not run."""
        return {True: "✓", False: "✗", None: "–"}[self.held]

    @property
    def prevented(self) -> bool:
        """Whether something keeps a tool from running that could be run here."""
        return self.held is None and self.run.convention in TOOLS and self.run.not_run != NOT_ASKED

    @property
    def version_text(self) -> str:
        """The tool's version beside the tested one; empty where nothing is installed."""
        tested = self.identity.convention.version
        return version_sentence(self.run.version, tested) if self.run.version else ""


def not_runnable(subject: Subject) -> str | None:
    """Why no tool can be run on a subject, or ``None``: a module of it must be built, within the build's limits."""
    from analysis.networks.reference import REFERENCES

    if isinstance(subject, Counted) and subject.network not in REFERENCES:
        return "an imported network has no module here"
    totals = subject_totals(subject)
    return too_large_to_build(totals.mult_adds, totals.params, totals.peak_unfused_bytes // 4)


def known_runs(subject: Subject) -> dict[str, Run]:
    """The runs of which it is known beforehand that there will be none, by convention."""
    reason = not_runnable(subject)
    runs = {name: Run(name, version=tool.installed or "", not_run=reason) for name, tool in TOOLS.items() if reason}
    for name, tool in TOOLS.items():
        if tool.installed is None:
            runs[name] = Run(name, not_run=absent_sentence([tool.package]))
    return runs


def absent_sentence(packages: Sequence[str]) -> str:
    """That packages are not installed, and what installs them."""
    *before, last = packages
    names = f"{', '.join(before)} and {last} are" if before else f"{last} is"
    return f"{names} not installed: {INSTALL}"


def prevented_sentences(found: Sequence[Verdict]) -> list[str]:
    """Why tools were not run that could be: each reason once, and one sentence for all that are not installed."""
    stopped = [verdict.run for verdict in found if verdict.prevented]
    reasons = list(dict.fromkeys(str(run.not_run) for run in stopped if run.version))
    absent = list(dict.fromkeys(TOOLS[run.convention].package for run in stopped if not run.version))
    return reasons + ([absent_sentence(absent)] if absent else [])


def run_tools(subject: Subject, names: Iterable[str] = tuple(TOOLS)) -> Iterator[Run]:
    """Run the tools on the built module, each on a fresh one, and give what each printed as soon as it has."""
    known = known_runs(subject)
    for name in names:
        yield known[name] if name in known else _run(name, subject)


def _run(name: str, subject: Subject) -> Run:
    installed = TOOLS[name].installed or ""
    try:
        return Run(name, run_tool(name, _module(subject), _shape(subject)), installed)
    except MemoryError:
        return Run(name, version=installed, not_run="the module does not fit the memory a cross-check may use")
    except Exception as error:  # a tool may raise anything on a network that it was not made for
        text = " ".join(str(error).split())[:160]
        return Run(name, version=installed, not_run=f"the tool failed: {type(error).__name__}: {text}")


def _module(subject: Subject) -> nn.Module:
    from analysis.networks.reference import REFERENCES

    if isinstance(subject, Counted):
        return REFERENCES[subject.network].undrawn()
    from analysis.networks.modules import undrawn_module

    return undrawn_module(subject.layers())


def _shape(subject: Subject) -> tuple[int, ...]:
    from analysis.networks.reference import REFERENCES

    if isinstance(subject, Counted):
        return REFERENCES[subject.network].input_shape
    return subject.in_channels, subject.height, subject.width


def verdicts(found: Sequence[Identity], runs: Mapping[str, Run]) -> tuple[Verdict, ...]:
    """Each identity with its tool's run, where there was one."""
    return tuple(
        Verdict(identity, runs.get(identity.convention.name) or _absent(identity.convention.name)) for identity in found
    )


def _absent(name: str) -> Run:
    if name in TOOLS:
        return Run(name, version=TOOLS[name].installed or "", not_run=NOT_ASKED)
    return Run(name, not_run=NOT_A_TOOL if name == "papers" else NOT_RUN_HERE)


def held_sentence(found: Sequence[Verdict]) -> str:
    """How many identities held, and how many did not."""
    held, failed = (sum(verdict.held is said for verdict in found) for said in (True, False))
    run = held + failed
    if not run:
        return "No tool was run."
    return f"{held} of {run} identities held" + (f", {failed} did NOT." if failed else ".")
