"""``worksheet``: questions about the cost math to hand out, and their answers."""

from __future__ import annotations

from pathlib import Path

import click

from analysis.cli.group import commands
from analysis.cli.options import json_option, with_options
from analysis.cli.output import deliver, print_json, say
from analysis.networks.values import check_count

OPTIONS = (
    click.option("--seed", default="7", show_default=True, metavar="N", help="The same seed, the same questions."),
    click.option("--questions", default="10", show_default=True, metavar="N", help="How many, 1 to 100."),
    click.option("--kinds", metavar="NAMES", help="Kinds of questions, as standard,ratio.  [default: all]"),
    click.option("--title", metavar="TEXT", help="The sheet's title."),
    click.option("--language", default="en", show_default=True, metavar="CODE", help="en or ko."),
    click.option(
        "--out", metavar="FILE", help="The worksheet; its answers go beside it, to FILE's name with -answers."
    ),
    click.option("--answers", "key", is_flag=True, help="Without --out: print the answer key, not the worksheet."),
    json_option,
)


@commands.command()
@with_options(*OPTIONS)
def worksheet(
    seed: str,
    questions: str,
    kinds: str | None,
    title: str | None,
    language: str,
    out: str | None,
    key: bool,
    as_json: bool,
) -> None:
    """Questions with fresh numbers, as an HTML page to print; the answer key is a page of its own.

    Mult-Adds and parameters of standard, separable and grouped convolutions, α and ρ, inverted residuals, output sizes
    and memory. The same options give the same bytes.

    \b
    Examples:
      multadds worksheet --seed 7 --questions 10 --out worksheet.html
      multadds worksheet --seed 7 --kinds standard,separable,ratio --json
    """
    from analysis.lessons import worksheet as sheets
    from analysis.lessons.questions import KINDS

    chosen = tuple(KINDS) if kinds is None else [kind.strip() for kind in kinds.split(",") if kind.strip()]
    number = check_count("seed", seed, 0, sheets.MOST_SEED)
    count = check_count("questions", questions, 1, sheets.MOST_QUESTIONS)
    sheet = sheets.worksheet(number, questions=count, kinds=chosen)
    if as_json:
        print_json(sheets.worksheet_facts(sheet, language=language))
        return
    page, answers = (
        make(sheet, title=title, language=language) for make in (sheets.worksheet_html, sheets.answers_html)
    )
    if out is None or out == "-":
        deliver(answers if key else page, None)
        return
    path = Path(out)
    beside = path.with_name(f"{path.stem}-answers{path.suffix}")
    deliver(page, str(path))
    deliver(answers, str(beside))
    say(f"wrote {path} and {beside}")
