"""What ``check`` is asked: its options, from the command line or from a [tool.multadds] table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from analysis.cli.options import OPTIONS as DESIGN_OPTIONS
from analysis.cli.options import budget_options, given, network_argument, read_subject, with_options

if TYPE_CHECKING:
    from analysis.cost.subjects import Subject
    from analysis.gate.settings import Entry
    from analysis.gate.verdict import Limits
    from analysis.networks.design import DesignOptions

CHECK_OPTIONS = (
    *budget_options,
    click.option("--baseline", metavar="FILE", help="What it cost before, written by --update-baseline."),
    click.option("--max-growth", metavar="PERCENT", help="Of each total over the baseline: as 2%."),
    *(option for option in DESIGN_OPTIONS if option is not network_argument),
    click.option("--input", metavar="SHAPES", help="Of a module or an ONNX file, as 1x3x224x224; several with commas."),
    click.option(
        "--number-format", metavar="NAME", help="What sizes are in: float64, float32 (the default), float16 or int8."
    ),
)
"""What one check is asked: on the command line, or under the same names in a [tool.multadds] table."""


@dataclass(frozen=True)
class Asked:
    """One check: its name, its network, its options, those not given left out, and where it is written, if it is."""

    name: str
    network: str
    options: dict[str, Any]
    where: str = ""


@click.command()
@with_options(*CHECK_OPTIONS)
def configured(**options: Any) -> dict[str, Any]:
    """The options of one check, read as on the command line."""
    return given(options)


def read_asked(network: str | None, config: str | None, options: dict[str, Any]) -> list[Asked]:
    """The checks that the argument names: of the configuration, or by itself."""
    from analysis.gate.settings import find_config, merged, read_entries

    path = find_config(Path.cwd()) if config is None else Path(config)
    keys = [str(option.name) for option in configured.params]
    entries = [] if path is None else read_entries(path, keys)
    chosen = [entry for entry in entries if network in (None, entry.name)]
    if chosen:
        return [Asked(entry.name, entry.network, merged(_read(entry), options), entry.where) for entry in chosen]
    if network is None:
        raise ValueError(
            "nothing to check: name a network, as in `multadds check mobilenet_v2 --max-mult-adds 300M`, "
            'or write network = "mobilenet_v2" and max_mult_adds = "300M" under [tool.multadds] in pyproject.toml'
        )
    return [Asked(network, network, options)]


def _read(entry: Entry) -> dict[str, Any]:
    """A configured check's options, read as the command line's; a message names file and table."""
    words = [f"--{name.replace('_', '-')}={value}" for name, value in entry.options.items()]
    try:
        options: dict[str, Any] = configured.main(words, standalone_mode=False)
        read_limits(options, between="_")
    except (ValueError, click.ClickException) as error:
        message = error.format_message() if isinstance(error, click.ClickException) else str(error)
        raise ValueError(f"{entry.where}: {message}") from None
    return options


def read_limits(options: dict[str, Any], *, between: str = "-") -> Limits:
    """The checked limits among the options; a message names an option as it is typed, its words joined ``between``."""
    from analysis.cost.budgets import BUDGETS
    from analysis.gate.verdict import Limits, read_growth

    budgets = {
        total: kind.read(kind.name.replace("_", between), options[kind.name])
        for total, kind in BUDGETS.items()
        if kind.name in options
    }
    growth = read_growth(f"max{between}growth", options["max_growth"]) if "max_growth" in options else None
    return Limits(budgets, growth)


def check_alone(asked: Sequence[Asked], files: dict[str, str | None]) -> None:
    """``ValueError`` where one file is given for several checks."""
    for name, file in files.items():
        if file is not None and len(asked) > 1:
            names = ", ".join(each.name for each in asked)
            raise ValueError(f"{name} is of one network, got {len(asked)} checks; name one of them: {names}")


def subject_of(asked: Asked) -> Subject:
    """The network with its design options that one check is of."""
    inputs = [text.strip() for text in asked.options.get("input", "").split(",") if text.strip()]
    return read_subject(asked.network, _design_options(asked.options), inputs)


def _design_options(options: dict[str, Any]) -> DesignOptions:
    """The options that are left for the design."""
    from analysis.cost.budgets import BUDGETS

    others = {kind.name for kind in BUDGETS.values()} | {"max_growth", "baseline", "number_format", "input"}
    return cast("DesignOptions", {name: value for name, value in options.items() if name not in others})
