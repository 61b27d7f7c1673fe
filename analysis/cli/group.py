"""The group that every command belongs to."""

from __future__ import annotations

import click

from analysis.cli.output import print_text
from analysis.version import VERSION

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=CONTEXT, invoke_without_command=True)
@click.version_option(VERSION, message="multadds %(version)s")
@click.pass_context
def commands(context: click.Context) -> None:
    """What each layer of a convolutional network costs: exact Mult-Adds and parameters.

    \b
    Examples:
      multadds networks
      multadds totals mobilenet_v2 --alpha 0.75 --resolution 160
      multadds table mobilenet_v2 --t 4 --out layers.xlsx
      multadds audit mobilenet_v1
      multadds fit mobilenet_v1 --min-alpha 0.5
      multadds search mobilenet_v2 --max-mult-adds 100M --max-peak-memory 1MB
      multadds compare mobilenet_v1 mobilenet_v2@alpha=1.4 --report comparison.html
      multadds check mobilenet_v2 --max-mult-adds 301M --max-params 3.51M
      multadds sweep mobilenet_v2 --alpha 0.25:1.4:0.05 --out sweep.parquet
      multadds worksheet --seed 7 --questions 10 --out worksheet.html
      multadds papers --paper v1 --table 12
      multadds crosscheck mobilenet_v2 --figure 314.2M
      multadds app

    Figures go to standard output, messages to standard error. Exit status: 0 success, 1 two counts that differ,
    no design that fits or a network over its budget, 2 anything that could not be done, said in one line.
    """
    if context.invoked_subcommand is None:
        print_text(context.get_help())
