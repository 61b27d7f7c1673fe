"""``python -m benchmarks [section …] [--quick] [--control]``: measure, print one table."""

from __future__ import annotations

import argparse
import sys
import traceback
from collections.abc import Callable
from time import monotonic

from benchmarks import browser, imports, library, papers, searches, sessions, sweeps
from benchmarks.report import ERROR, Row, machine, table

SECTIONS: dict[str, Callable[..., list[Row]]] = {
    "library": library.rows,
    "sweep": sweeps.rows,
    "search": searches.rows,
    "papers": papers.rows,
    "imports": imports.rows,
    "slider": browser.slider_rows,
    "paint": browser.paint_rows,
    "sessions": sessions.rows,
}

WITHOUT_APP = ("library", "sweep", "search", "papers", "imports")
"""Sections in which no app could be put in the app's place."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="section", help=f"of {', '.join(SECTIONS)}; all by default")
    parser.add_argument("--quick", action="store_true", help="few repetitions: a look, not a figure")
    parser.add_argument(
        "--control", action="store_true", help="put the hello-world app in the app's place: every ratio must be near 1"
    )
    options = parser.parse_args()
    if unknown := set(options.sections) - set(SECTIONS):
        parser.error(f"no section {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}")
    heading = machine()
    rows = [row for name in options.sections or SECTIONS for row in _section(name, options)]
    print(heading, table(rows), sep="\n")
    return int(any(row.verdict == ERROR for row in rows))


def _section(name: str, options: argparse.Namespace) -> list[Row]:
    begin = monotonic()
    print(f"{name} …", file=sys.stderr, flush=True)
    try:
        return SECTIONS[name](quick=options.quick, **({} if name in WITHOUT_APP else {"control": options.control}))
    except Exception as error:  # the other sections' figures are still worth printing
        traceback.print_exc()
        return [Row(name, "not measured", verdict=ERROR, note=f"{type(error).__name__}: {error}"[:300])]
    finally:
        print(f"{name}: {monotonic() - begin:.0f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
