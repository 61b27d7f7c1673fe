"""``check``: a network held to budgets and to a baseline, for a build."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from analysis.cli.group import commands
from analysis.cli.options import OPTIONS as DESIGN_OPTIONS
from analysis.cli.options import budget_options, network_argument, read_subject, with_options
from analysis.cli.output import deliver, print_bytes, say

if TYPE_CHECKING:
    from analysis.gate.settings import Entry
    from analysis.gate.verdict import Limits, Verdict
    from analysis.networks.design import DesignOptions

OVER = 1
"""The exit status where a network exceeds a limit."""

REPORTS = ("text", "markdown", "json", "junit")

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

OUTPUT_OPTIONS = (
    click.option("--config", metavar="FILE", help="Read [tool.multadds] there.  [default: nearest pyproject.toml]"),
    click.option("--write-baseline", metavar="FILE", help="Write what it costs now, for a later --baseline."),
    click.option("--update-baseline", is_flag=True, help="Write each check's baseline, in place of comparing with it."),
    click.option("--format", default="text", show_default=True, metavar="NAME", help=f"Print {', '.join(REPORTS)}."),
    click.option("--markdown", metavar="FILE", help="Also append Markdown to this file, as a build summary is."),
    click.option("--junit", metavar="FILE", help="Also write JUnit XML: a case a limit."),
    click.option("--json", metavar="FILE", help="Also write JSON."),
)


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
    return _given(options)


@commands.command()
@click.argument("network", required=False)
@with_options(*CHECK_OPTIONS, *OUTPUT_OPTIONS)
def check(
    network: str | None,
    config: str | None,
    write_baseline: str | None,
    update_baseline: bool,
    format: str,
    markdown: str | None,
    junit: str | None,
    json: str | None,
    **options: Any,
) -> int:
    """Hold NETWORK to budgets and to a baseline: exit status 0 within, 1 over, 2 for bad input.

    Says by how much each limit is exceeded, which layers cost most of it, and which grew most. A total that is equal
    to its limit is within. Mult-Adds are the papers'; 1 MB is 1,000,000 bytes, 1 MiB is 1,048,576.
    Without NETWORK every check in the [tool.multadds] table of the nearest pyproject.toml; with the name of one,
    that one. Options given here come before those written there.

    \b
    Examples:
      multadds check mobilenet_v2 --max-mult-adds 301M --max-params 3.51M --max-peak-memory 6.1MB
      multadds check mobilenet_v2 --alpha 0.75 --baseline costs.json --update-baseline
      multadds check mobilenet_v2 --alpha 0.75 --baseline costs.json --max-growth 2%
      multadds check --markdown "$GITHUB_STEP_SUMMARY" --junit multadds.xml
    """
    if format not in REPORTS:
        raise ValueError(f"format must be one of {', '.join(REPORTS)}, got {format[:40]}")
    _limits(_given(options))
    asked = _asked(network, config, _given(options))
    _check_alone(asked, {"baseline": options["baseline"], "write-baseline": write_baseline})
    judged = [_judged(each, write_baseline, update_baseline) for each in asked]
    verdicts = [verdict for verdict, _ in judged]
    for path, data in (written for _, files in judged for written in files.items()):
        deliver(data, path)
        say(f"wrote {path}")
    _report(verdicts, format, {"markdown": markdown, "junit": junit, "json": json})
    return _status(verdicts, wrote=any(files for _, files in judged))


def _given(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _asked(network: str | None, config: str | None, options: dict[str, Any]) -> list[Asked]:
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
        _limits(options, between="_")
    except (ValueError, click.ClickException) as error:
        message = error.format_message() if isinstance(error, click.ClickException) else str(error)
        raise ValueError(f"{entry.where}: {message}") from None
    return options


def _limits(options: dict[str, Any], *, between: str = "-") -> Limits:
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


def _check_alone(asked: Sequence[Asked], files: dict[str, str | None]) -> None:
    """``ValueError`` where one file is given for several checks."""
    for name, file in files.items():
        if file is not None and len(asked) > 1:
            names = ", ".join(each.name for each in asked)
            raise ValueError(f"{name} is of one network, got {len(asked)} checks; name one of them: {names}")


def _judged(asked: Asked, write_baseline: str | None, update: bool) -> tuple[Verdict, dict[str, bytes]]:
    """The verdict on one check, and the baselines to be written."""
    try:
        return _judge(asked, write_baseline, update)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{asked.where}: {error}" if asked.where else str(error)) from None


def _judge(asked: Asked, write_baseline: str | None, update: bool) -> tuple[Verdict, dict[str, bytes]]:
    from analysis.cost.closed_form import check_number_format
    from analysis.gate.baseline import baseline_bytes, read_baseline
    from analysis.gate.costs import costs_of
    from analysis.gate.verdict import judge

    limits, baseline = _limits(asked.options), asked.options.get("baseline")
    if baseline is None and (update or limits.growth is not None):
        raise ValueError(f"{'update-baseline' if update else 'max-growth'} needs a baseline; add --baseline FILE")
    if update:
        limits = replace(limits, growth=None)
    number_format = check_number_format(asked.options.get("number_format", "float32"))
    subject = read_subject(asked.network, _design_options(asked.options), _inputs(asked.options))
    costs = costs_of(subject, number_format)
    before = read_baseline(baseline) if baseline is not None and not update else None
    targets = [write_baseline, baseline if update else None]
    files = {path: baseline_bytes(subject, costs) for path in targets if path is not None}
    return judge(asked.name, costs, limits, before), files


def _inputs(options: dict[str, Any]) -> list[str]:
    return [text.strip() for text in options.get("input", "").split(",") if text.strip()]


def _design_options(options: dict[str, Any]) -> DesignOptions:
    """The options that are left for the design."""
    from analysis.cost.budgets import BUDGETS

    others = {kind.name for kind in BUDGETS.values()} | {"max_growth", "baseline", "number_format", "input"}
    return cast("DesignOptions", {name: value for name, value in options.items() if name not in others})


def _report(verdicts: Sequence[Verdict], format: str, files: dict[str, str | None]) -> None:
    """Print one report, and write those that a file is given for; Markdown is added to what its file holds."""
    from analysis.gate import reports

    made = {
        "text": lambda: reports.text_report(verdicts).encode(),
        "markdown": lambda: reports.markdown_report(verdicts).encode(),
        "json": lambda: reports.json_report(verdicts).encode(),
        "junit": lambda: reports.junit_report(verdicts),
    }
    for name, path in files.items():
        if path is not None:
            (append if name == "markdown" else deliver)(made[name](), path)
    print_bytes(made[format]())


def append(data: bytes, path: str) -> None:
    """Bytes at the end of a file, a blank line after what it holds; ``-`` is standard output."""
    if path == "-":
        print_bytes(data)
        return
    try:
        with Path(path).open("ab") as file:
            file.write(b"\n" + data if file.tell() else data)
    except OSError as error:
        raise ValueError(f"cannot write {path}: {error.strerror}") from None


def _status(verdicts: Sequence[Verdict], *, wrote: bool) -> int:
    """The exit status, and a line on standard error where a limit is exceeded, or where nothing was asked for."""
    from analysis.gate.sections import outcome

    if not wrote and not any(verdict.limited for verdict in verdicts):
        say("no limit was given, so nothing can be over; add one such as --max-mult-adds 300M or --max-growth 2%")
    over = [verdict for verdict in verdicts if verdict.exceeded]
    for verdict in over:
        say(f"{verdict.name}: {outcome(verdict)}")
    return OVER if over else 0
