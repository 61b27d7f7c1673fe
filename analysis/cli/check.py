"""``check``: a network held to budgets and to a baseline, for a build."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from analysis.cli.check_asked import CHECK_OPTIONS, Asked, check_alone, read_asked, read_limits, subject_of
from analysis.cli.group import commands
from analysis.cli.options import given, with_options
from analysis.cli.output import append, deliver, print_bytes, say

if TYPE_CHECKING:
    from analysis.gate.verdict import Verdict

OVER = 1
"""The exit status where a network exceeds a limit."""

REPORTS = ("text", "markdown", "json", "junit")

OUTPUT_OPTIONS = (
    click.option("--config", metavar="FILE", help="Read [tool.multadds] there.  [default: nearest pyproject.toml]"),
    click.option("--write-baseline", metavar="FILE", help="Write what it costs now, for a later --baseline."),
    click.option("--update-baseline", is_flag=True, help="Write each check's baseline, in place of comparing with it."),
    click.option("--format", default="text", show_default=True, metavar="NAME", help=f"Print {', '.join(REPORTS)}."),
    click.option("--markdown", metavar="FILE", help="Also append Markdown to this file, as a build summary is."),
    click.option("--junit", metavar="FILE", help="Also write JUnit XML: a case a limit."),
    click.option("--json", metavar="FILE", help="Also write JSON."),
)


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
    read_limits(given(options))
    asked = read_asked(network, config, given(options))
    check_alone(asked, {"baseline": options["baseline"], "write-baseline": write_baseline})
    judged = [_judged(each, write_baseline, update_baseline) for each in asked]
    verdicts = [verdict for verdict, _ in judged]
    for path, data in (written for _, files in judged for written in files.items()):
        deliver(data, path)
        say(f"wrote {path}")
    _report(verdicts, format, {"markdown": markdown, "junit": junit, "json": json})
    return _status(verdicts, wrote=any(files for _, files in judged))


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

    limits, baseline = read_limits(asked.options), asked.options.get("baseline")
    if baseline is None and (update or limits.growth is not None):
        raise ValueError(f"{'update-baseline' if update else 'max-growth'} needs a baseline; add --baseline FILE")
    if update:
        limits = replace(limits, growth=None)
    number_format = check_number_format(asked.options.get("number_format", "float32"))
    subject = subject_of(asked)
    costs = costs_of(subject, number_format)
    before = read_baseline(baseline) if baseline is not None and not update else None
    targets = [write_baseline, baseline if update else None]
    files = {path: baseline_bytes(subject, costs) for path in targets if path is not None}
    return judge(asked.name, costs, limits, before), files


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


def _status(verdicts: Sequence[Verdict], *, wrote: bool) -> int:
    """The exit status, and a line on standard error where a limit is exceeded, or where nothing was asked for."""
    from analysis.gate.sections import outcome

    if not wrote and not any(verdict.limited for verdict in verdicts):
        say("no limit was given, so nothing can be over; add one such as --max-mult-adds 300M or --max-growth 2%")
    over = [verdict for verdict in verdicts if verdict.exceeded]
    for verdict in over:
        say(f"{verdict.name}: {outcome(verdict)}")
    return OVER if over else 0
