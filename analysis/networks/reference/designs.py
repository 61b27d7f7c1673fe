"""MobileNets of other tasks: designs of the catalogue, as data. What the papers leave open is chosen here, and said."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.networks.design import Design, make_design

DOGS = 120
"""Breeds of Stanford Dogs."""

PLACES = 9_766
"""Cells of the earth's surface: V1's section 4.4 prints 10 million parameters for PlaNet's last layer, 10⁷ / 1024.

PlaNet's own paper (arXiv:1602.05314) has 26,263 cells, of which the printed sizes know nothing.
"""

EMBEDDING = 128
"""Values of a FaceNet embedding (arXiv:1503.03832, section 5); V1's section 4.7 prints none for its MobileNets."""

LEAST_FACE_DEPTH = 15
"""Least channels of V1's Table 12: 14 and 15 alone give both printed figures of α = 0.25, 45 and 15 million."""


@dataclass(frozen=True, kw_only=True)
class TaskDesign:
    """A catalogue network with a task's options; ``printed`` is the row's name, ``source`` its table or section.

    ``classes`` is the width of the last layer, ``None`` where the printed figures leave that layer out.
    """

    printed: str
    source: str
    alpha: float = 1.0
    resolution: int = 224
    classes: int | None = None
    least_depth: int | None = None
    network: str = "mobilenet_v1"

    def design(self) -> Design:
        """The checked design; with one class where the last layer is left out, which the caller then leaves out."""
        return make_design(
            self.network,
            alpha=self.alpha,
            resolution=self.resolution,
            classes=self.classes or 1,
            least_depth=self.least_depth,
        )


def _row(table: int, alpha: float, resolution: int, *, classes: int | None, least: int | None = None) -> TaskDesign:
    return TaskDesign(
        printed=f"{alpha} MobileNet-{resolution}",
        source=f"arXiv:1704.04861v1, Table {table}",
        alpha=alpha,
        resolution=resolution,
        classes=classes,
        least_depth=least,
    )


def _name(task: str, alpha: float, resolution: int) -> str:
    return f"{task}_mobilenet_v1_{round(100 * alpha):03}_{resolution}"


TASK_DESIGNS: dict[str, TaskDesign] = {
    **{
        _name("stanford_dogs", alpha, resolution): _row(10, alpha, resolution, classes=DOGS)
        for alpha, resolution in ((1.0, 224), (0.75, 224), (1.0, 192), (0.75, 192))
    },
    "planet_mobilenet_v1": TaskDesign(
        printed="PlaNet on MobileNet", source="arXiv:1704.04861v1, section 4.4", classes=PLACES
    ),
    **{
        _name("face_attributes", alpha, resolution): _row(12, alpha, resolution, classes=None, least=LEAST_FACE_DEPTH)
        for resolution in (224, 128)
        for alpha in (1.0, 0.5, 0.25)
    },
    **{
        _name("facenet", alpha, resolution): _row(14, alpha, resolution, classes=EMBEDDING)
        for alpha, resolution in ((1.0, 160), (1.0, 128), (0.75, 160), (0.75, 128))
    },
}
"""By name. Of Table 14's two rows printed 0.75 MobileNet-128, the first (166 million) fits 160 px."""
