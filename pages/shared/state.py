"""The whole state of a view: what the sidebar and every page's own switches show."""

from __future__ import annotations

from dataclasses import dataclass, replace

from analysis.comparison.marks import MOST
from analysis.cost.counted.counted import Counted
from analysis.cost.counted.references import counted_reference
from analysis.cost.subjects import Subject
from analysis.cost.table import COLUMNS
from analysis.lessons.questions import KINDS as QUESTION_KINDS
from analysis.networks import CATALOGUE, Design, Network
from analysis.networks.ranges import BASE_SIDES, base_for, sides
from analysis.networks.reference import REFERENCES
from analysis.networks.resolutions import width_of

UNITS = ("exact", "M")
HIDDEN_COLUMNS = ("groups", "in_channels", "in_height", "in_width", "weight_bytes", "weights")
SHOWN_COLUMNS = tuple(name for name in COLUMNS if name not in HIDDEN_COLUMNS)
LONGEST_SEARCH = 64
MIN_ALPHAS = ("0", "0.35", "0.5", "0.75")
DRAGS = ("selects", "zooms")
BUDGET_TEXTS = ("max_mult_adds", "max_params", "max_peak_memory", "max_weight_size")
LONGEST_BUDGET = 40
MOST_SIDE = sides(BASE_SIDES[-1], BASE_SIDES[-1])[-1]
SEARCHED_T = ("searched", "as set")
EVERY = "all"
ROLLED = ("layers", "blocks")
STEPS = ("standard", "separable", "multipliers", "parameters", "grouped", "inverted", "timing", "check")
LESSON_KERNELS = (1, 3, 5, 7, 9, 11)
LESSON_ALPHAS, LESSON_RHOS = (0.1, 1.4), (0.1, 1.5)
MOST_LESSON_CHANNELS, MOST_LESSON_MAP, MOST_LESSON_STRIDE = 2048, 224, 4
ON_IMAGENET = tuple(name for name, network in CATALOGUE.items() if network.classes == 1000)
"""The networks that an ImageNet accuracy may be published for."""


@dataclass(frozen=True)
class View:
    """What the sidebar and the pages' own switches show; the design is one part of it.

    ``network`` is a name of the catalogue or of a reference network, that of ``own``, the network of the visitor's own
    rows, or that of ``imported``, a file of this session, which no link holds. ``start`` is the network of the
    catalogue that the visitor's own rows were copied from, if any.
    """

    network: str = "mobilenet_v2"
    own: Network | None = None
    start: str = ""
    imported: Counted | None = None
    alpha: float = 1.0
    height: int = 224
    base: tuple[int, int] = (224, 224)
    channels: int = 3
    t: float = 6.0
    classes: int = 1000
    format: str = "float32"
    pin: Subject | None = None
    profile: str = "Mult-Adds"
    convention: str = "papers"
    units: str = "exact"
    columns: tuple[str, ...] = SHOWN_COLUMNS
    search: str = ""
    training: str = "2018"
    min_alpha: str = "0"
    shown: tuple[str, ...] = ON_IMAGENET
    papers: bool = False
    mine: bool = True
    picked: bool = False
    x: str = "mult_adds"
    y: str = "top1"
    log_x: bool = True
    log_y: bool = False
    colour: str = "family"
    symbol: str = "family"
    bands: bool = False
    front: bool = False
    drag: str = "selects"
    window: tuple[float, ...] = ()
    axes: str = "alpha-rho"
    cost: str = "mult_adds"
    along: str = "rho"
    max_mult_adds: str = "100M"
    max_params: str = ""
    max_peak_memory: str = "2 MB"
    max_weight_size: str = ""
    min_px: int | None = None
    max_px: int | None = None
    search_t: str = "searched"
    objective: str = "top1"
    language: str = "en"
    step: str = "standard"
    dk: int = 3
    m: int = 512
    n: int = 512
    df: int = 14
    stride: int = 1
    layer_alpha: float = 0.75
    layer_rho: float = 0.714
    groups: int = 1
    biases: bool = False
    norms: bool = False
    expansion: float = 6.0
    relu_n: int = 3
    relu_seed: int = 0
    quiz_seed: int = 7
    quiz_count: int = 10
    quiz_kinds: tuple[str, ...] = tuple(QUESTION_KINDS)
    quiz_at: int = 1
    compared: tuple[Subject, ...] = ()
    depth: str = "share"
    so_far: bool = True
    first: int = 1
    second: int = 2
    rolled: str = "layers"
    only_changed: bool = True
    paper: str = EVERY
    paper_table: str = EVERY
    verdict: str = EVERY
    counter: str = "fvcore"
    figure: str = ""
    image: str = "svg"

    @property
    def width(self) -> int:
        """The width that ρ implies, in px."""
        return width_of(self.height, *self.base)

    @property
    def rho(self) -> float:
        """height / base height."""
        return self.height / self.base[0]

    @property
    def rows(self) -> Network | None:
        """The network of rows; ``None`` for one that has none, and so no sliders."""
        own = self.own is not None and self.own.name == self.network
        return self.own if own else CATALOGUE.get(self.network)

    @property
    def design(self) -> Design:
        """The checked design; ``t`` is left out where the network has none. For a network of rows alone."""
        network = self.rows
        assert network is not None
        return Design(
            network=self.network,
            own=None if network is CATALOGUE.get(self.network) else network,
            alpha=self.alpha,
            height=self.height,
            width=self.width,
            t=self.t if network.takes_t else None,
            classes=self.classes,
            in_channels=self.channels,
        )

    @property
    def subject(self) -> Subject:
        """The design, or the network without rows."""
        if self.imported is not None and self.imported.network == self.network:
            return self.imported
        return self.design if self.rows is not None else counted_reference(self.network)

    def of_network(self, name: str) -> View:
        """The view of another network: α and ρ stay; an input of the old one's own becomes the new one's."""
        return self._turned_to(replace(self, network=name))

    def of_own(self, own: Network, start: str) -> View:
        """The view of the visitor's own rows, with what was as in the network shown before as in this one."""
        return self._turned_to(replace(self, network=own.name, own=own, start=start))

    def _turned_to(self, there: View) -> View:
        old, new = self.rows, there.rows
        if new is None:
            return there
        base = new.base if old is None or self.base == old.base else self.base
        return replace(
            there,
            base=base,
            height=self.height_on(base),
            channels=new.in_channels if old is None or self.channels == old.in_channels else self.channels,
            classes=new.classes if old is None or self.classes == old.classes else self.classes,
            t=new.t if old is not None and new.t is not None and self.t == old.t else self.t,
        )

    def height_on(self, base: tuple[int, int]) -> int:
        """The height at the same ρ on another base, within the slider's reach."""
        reach = sides(*base)
        return min(max(round(self.rho * base[0]), reach[0]), reach[-1]) if base != self.base else self.height

    def comparing(self, subject: Subject) -> View:
        """The same view with a subject more to compare, unless it is there or there are as many as may be."""
        if subject in self.compared or len(self.compared) >= MOST:
            return self
        return replace(self, compared=(*self.compared, subject))

    def showing(self, subject: Subject) -> View:
        """The same view on another design, or on a network without rows."""
        if isinstance(subject, Counted):
            imported = self.imported if subject.network in REFERENCES else subject
            return replace(self, network=subject.network, imported=imported)
        design = subject
        return replace(
            self,
            network=design.network,
            own=self.own if design.own is None else design.own,
            alpha=design.alpha,
            height=design.height,
            base=base_of(design, self.base),
            channels=design.in_channels,
            t=self.t if design.t is None else design.t,
            classes=design.classes,
        )


def base_of(design: Design, known: tuple[int, int]) -> tuple[int, int]:
    """A base whose ρ slider reaches the design: the known one, else the network's, 224 px, or the nearest to it."""
    for base in (known, design.entry.base, (224, 224)):
        if width_of(design.height, *base) == design.width and design.height in sides(*base):
            return base
    found = base_for(design.height, design.width)
    if found is None:
        raise ValueError(f"resolution must be one that the ρ slider reaches, got {design.resolution}")
    return found


def default_view() -> View:
    """MobileNetV2 as published, pinned as the first baseline."""
    view = View()
    return replace(view, pin=view.design)
