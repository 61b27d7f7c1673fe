"""``crosscheck``: what other tools print for a network, and whether they do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

import click

from analysis.cli.group import commands
from analysis.cli.options import design_options, json_option, read_subject
from analysis.cli.output import aligned, print_json, print_text, say
from analysis.networks.design import DesignOptions
from analysis.networks.values import shortened

if TYPE_CHECKING:
    from analysis.cost.subjects import Subject
    from analysis.crosscheck import Verdict


@commands.command()
@design_options
@click.option("--run", is_flag=True, help="Run the real tools on the built module and compare to the integer.")
@click.option("--tool", "tools", multiple=True, metavar="NAME", help="This convention alone; may be given again.")
@click.option("--figure", metavar="NUMBER", help="A figure you got, as 314.2M or 327486720: what gives it.")
@json_option
def crosscheck(
    network: str,
    run: bool,
    tools: tuple[str, ...],
    figure: str | None,
    as_json: bool,
    **options: Unpack[DesignOptions],
) -> int:
    """What fvcore, torchinfo, thop, ptflops, torch and others print for NETWORK, as exact sums from its Mult-Adds.

    With --run those that can be run here are: pip install 'multadds[crosscheck]'. Each sum is then held, NOT HELD with
    both integers, or not run with the reason. Exit status 1 if one is not held, 2 if one of them could not be run.

    \b
    Examples:
      multadds crosscheck mobilenet_v2
      multadds crosscheck mobilenet_v2 --alpha 0.5 --figure 97.1M
      multadds crosscheck resnet50 --run --tool thop --tool ptflops
    """
    from analysis.cost.conventions import CONVENTIONS
    from analysis.crosscheck import explain_figure, identities, verdicts
    from analysis.crosscheck.text import answer_facts, verdict_facts

    unknown = next((name for name in tools if name not in CONVENTIONS), None)
    if unknown is not None:
        raise ValueError(f"tool must be one of {', '.join(CONVENTIONS)}, got {shortened(unknown)}")
    subject = read_subject(network, options)
    answer = None if figure is None else explain_figure(subject, figure)
    found = verdicts(identities(subject, among=tools or tuple(CONVENTIONS)), _runs(subject, tools) if run else {})
    if as_json:
        facts: dict[str, Any] = {"label": subject.label, "tools": [verdict_facts(verdict) for verdict in found]}
        print_json(facts | ({} if answer is None else {"figure": answer_facts(answer)}))
    else:
        print_text(_text(subject, found, run, answer))
    return _status(found) if run else 0


def _runs(subject: Subject, tools: tuple[str, ...]) -> Any:
    from analysis.crosscheck.crosscheck_process import run_in_child
    from analysis.crosscheck.tools import TOOLS

    return run_in_child(subject, [name for name in TOOLS if not tools or name in tools])


def _text(subject: Subject, found: Any, run: bool, answer: Any) -> str:
    import pandas as pd

    from analysis.crosscheck.text import answer_lines, identity_lines, trust_sentence

    rows = [
        {
            "tool": verdict.identity.convention.label,
            "unit": verdict.identity.convention.unit,
            "figure": verdict.identity.count,
            "of ours": f"×{verdict.identity.ratio:.4f}",
            **({"verdict": verdict.sentence, "version": verdict.version_text} if run else {}),
        }
        for verdict in found
    ]
    sums = identity_lines([verdict.identity for verdict in found])
    parts = [subject.label, aligned(pd.DataFrame(rows)), "\n".join(sums), trust_sentence(subject)]
    return "\n\n".join([*parts, *([] if answer is None else ["\n".join(answer_lines(answer))])])


def _status(found: tuple[Verdict, ...]) -> int:
    """1 where a sum is not held; ``ValueError`` with what could not be run, where nothing fails."""
    from analysis.crosscheck.verdicts import prevented_sentences

    failed = [verdict for verdict in found if verdict.held is False]
    for verdict in failed:
        say(f"{verdict.identity.convention.label}: {verdict.sentence}")
    reasons = prevented_sentences(found)
    if reasons and not failed:
        raise ValueError(f"not every tool could be run: {'; '.join(reasons)}")
    return 1 if failed else 0
