"""What a search found: the best designs, what stops the next larger one, and the checkpoints that fit as well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.cost.closed_form import BYTES
from analysis.cost.totals import Totals
from analysis.networks import Design
from analysis.tradeoff.predict import Prediction
from analysis.tradeoff.search.budgets import Question
from analysis.version import VERSION

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Use:
    """What a design needs of a budget; ``total`` names the total that the budget bounds."""

    total: str
    needs: int
    limit: int

    @property
    def share(self) -> float:
        """needs / limit: at most 1 where the budget is kept."""
        return self.needs / self.limit


@dataclass(frozen=True)
class Result:
    """A design that keeps every budget, with its exact totals.

    ``prediction`` is ``None`` where nothing may be predicted; ``printed_top1`` is the checkpoint's, in percent, where
    one of exactly this design was released.
    """

    design: Design
    totals: Totals
    prediction: Prediction | None
    printed_top1: float | None

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers; accuracies in percent, sizes in bytes of the number format."""
        design, totals, guess = self.design, self.totals, self.prediction
        return {
            "label": design.label,
            **design_numbers(design),
            "mult_adds": totals.mult_adds,
            "params": totals.params,
            "weight_bytes": totals.weight_bytes,
            "peak_activation_bytes": totals.peak_activation_bytes,
            "peak_unfused_bytes": totals.peak_unfused_bytes,
            "predicted_top1_percent": guess and guess.top1,
            "predicted_low_percent": guess and guess.low,
            "predicted_high_percent": guess and guess.high,
            "printed_top1_percent": self.printed_top1,
        }


@dataclass(frozen=True)
class Step:
    """The winner with one multiplier a step up: ``axis`` is alpha, resolution or t; ``uses`` are of every budget.

    ``design`` is ``None`` where the winner has the last value that was searched.
    """

    axis: str
    design: Design | None
    uses: tuple[Use, ...]

    @property
    def breaks(self) -> tuple[Use, ...]:
        """The budgets it does not keep."""
        return tuple(use for use in self.uses if use.needs > use.limit)


@dataclass(frozen=True)
class Checkpoint:
    """A released checkpoint that fits: top-1 in percent as printed by ``source``, costs computed here."""

    name: str
    alpha: float
    resolution: int
    top1: float
    mult_adds: int
    params: int
    peak_activation_bytes: int
    weight_bytes: int
    source: str

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, named as in :class:`Result`."""
        return {
            "label": self.name,
            "alpha": self.alpha,
            "height_px": self.resolution,
            "width_px": self.resolution,
            "printed_top1_percent": self.top1,
            "mult_adds": self.mult_adds,
            "params": self.params,
            "weight_bytes": self.weight_bytes,
            "peak_activation_bytes": self.peak_activation_bytes,
            "source": self.source,
        }


@dataclass(frozen=True)
class Miss:
    """The closest design where none keeps every budget: its worst budget is exceeded least, relatively.

    Of designs that tie in that, the one whose shares of all budgets have the least sum.
    """

    design: Design
    uses: tuple[Use, ...]


@dataclass(frozen=True, eq=False)
class Found:
    """The answer of :func:`analysis.search`.

    ``looked_at`` designs are ``different`` networks, as many values of α round to the same channels; ``fitting`` and
    ``fitting_different`` of them keep every budget. ``results`` are the best by ``ranked_by``, one of
    ``budgets.OBJECTIVES``; ``why_not_predicted`` says why they have no accuracy. ``steps`` are of the first result.
    ``front`` has the designs that no other beats in both ``front_value`` and ``front_cost``. ``closest`` is there where
    nothing fits.
    """

    question: Question
    looked_at: int
    different: int
    fitting: int
    fitting_different: int
    ranked_by: str
    why_not_predicted: str | None
    model: str | None
    results: tuple[Result, ...]
    uses: tuple[Use, ...]
    steps: tuple[Step, ...]
    front: pd.DataFrame
    front_value: str
    front_cost: str
    best_checkpoint: Checkpoint | None
    nearest_checkpoint: Checkpoint | None
    closest: Miss | None

    def to_frame(self) -> pd.DataFrame:
        """A row a result, the best first; columns as the keys of :meth:`Result.to_dict`."""
        import pandas as pd

        return pd.DataFrame([result.to_dict() for result in self.results])

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain numbers and texts, for JSON; keys carry units unless they are counts."""
        from analysis.tradeoff.search.text import binding_sentence, search_command

        question = self.question
        return {
            "command": search_command(question),
            "version": VERSION,
            "network": question.space.base.network,
            "number_format": question.number_format,
            "bytes_per_value": BYTES[question.number_format],
            "training": question.training,
            "budgets": dict(question.limits),
            "designs_looked_at": self.looked_at,
            "different_networks": self.different,
            "designs_that_fit": self.fitting,
            "different_networks_that_fit": self.fitting_different,
            "ranked_by": self.ranked_by,
            "prediction_model": self.model,
            "why_not_predicted": self.why_not_predicted,
            "results": [result.to_dict() for result in self.results],
            "budget_shares": {use.total: use.share for use in self.uses},
            "binding": binding_sentence(self),
            "steps_up": [_step_dict(step) for step in self.steps],
            "front": {
                "value": self.front_value,
                "cost": self.front_cost,
                "designs": self.front.astype(object).where(self.front.notna(), None).to_dict(orient="records"),
            },
            "best_checkpoint_that_fits": self.best_checkpoint and self.best_checkpoint.to_dict(),
            "nearest_checkpoint_that_fits": self.nearest_checkpoint and self.nearest_checkpoint.to_dict(),
            "closest": self.closest and {**design_numbers(self.closest.design), "budgets": _uses(self.closest.uses)},
        }


def design_numbers(design: Design) -> dict[str, Any]:
    """What tells a design from others of its network."""
    return {
        "alpha": design.alpha,
        "rho": design.rho,
        "height_px": design.height,
        "width_px": design.width,
        "t": design.t,
    }


def _step_dict(step: Step) -> dict[str, Any]:
    if step.design is None:
        return {"axis": step.axis, "last_searched": True, "breaks": []}
    broken = [use.total for use in step.breaks]
    return {"axis": step.axis, "last_searched": False, **design_numbers(step.design), "breaks": broken} | {
        "budgets": _uses(step.uses)
    }


def _uses(uses: tuple[Use, ...]) -> dict[str, dict[str, int | float]]:
    return {use.total: {"needs": use.needs, "limit": use.limit, "share": use.share} for use in uses}
