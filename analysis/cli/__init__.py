"""The command line: figures on standard output, all else on standard error.

Exit status 0 is success, 1 two counts that differ, no design that fits or a network over its budget, 2 anything
that could not be done, said in one line.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from analysis.cli import (  # noqa: F401  each adds its commands to the group
    check,
    compare,
    costs,
    crosscheck,
    fit,
    own,
    papers,
    search,
    serve,
    sweep,
    worksheet,
)
from analysis.cli.group import commands
from analysis.cli.output import abandon_output, fail


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and exit with its status; whatever is wrong is one line on standard error."""
    try:
        status: object = commands.main(arguments, prog_name="multadds", standalone_mode=False)
    except click.ClickException as error:
        fail(error.format_message())
    except (click.Abort, KeyboardInterrupt):
        sys.exit(128 + signal.SIGINT)
    except OSError as error:
        abandon_output()
        fail(error.strerror or str(error))
    except (ValueError, OverflowError) as error:
        fail(str(error))
    sys.exit(status if isinstance(status, int) else 0)
