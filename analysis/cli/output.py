"""What a command prints: figures on standard output or in a file, messages on standard error, one line each."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    import pandas as pd


def fail(message: str) -> NoReturn:
    """Say what is wrong and end with status 2."""
    say(message)
    sys.exit(2)


def say(message: str) -> None:
    """One line on standard error, without control characters."""
    line = "".join(character for character in " ".join(message.split()) if character.isprintable())
    click.echo(f"multadds: {line}", err=True)


def abandon_output() -> None:
    """Nothing more to a standard output that cannot be written, also not when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def print_text(text: str) -> None:
    """Text and a line end on standard output."""
    print_bytes(f"{text}\n".encode())


def print_bytes(data: bytes) -> None:
    """Bytes on standard output; ``ValueError`` where it cannot be written."""
    if sys.stdout is None:
        raise ValueError("standard output is closed")
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough, as in `multadds table mobilenet_v2 | head`
        abandon_output()
        sys.exit(0)
    except OSError as error:
        abandon_output()
        raise ValueError(f"cannot write to standard output: {error.strerror}") from None


def print_json(content: Any) -> None:
    """Indented JSON on standard output."""
    print_text(json.dumps(content, indent=2, ensure_ascii=False))


def aligned(frame: pd.DataFrame) -> str:
    """A frame as aligned text; missing values are empty."""
    from tabulate import tabulate

    cells = [["" if cell is None or cell != cell else cell for cell in row] for row in frame.astype(object).to_numpy()]
    return str(tabulate(cells, headers=list(frame.columns), tablefmt="simple", intfmt=",", floatfmt="g"))


def check_terminal(format: str, out: str | None) -> None:
    """``ValueError`` where a binary format would go to a terminal."""
    from analysis.exchange.formats import FORMATS, check_format

    text = FORMATS[check_format(format)].text
    if not text and out in (None, "-") and sys.stdout is not None and sys.stdout.isatty():
        raise ValueError(f"{format} is binary and standard output is a terminal; add --out FILE")


def deliver(data: bytes, out: str | None) -> None:
    """Bytes to the file ``out``, whole or not at all, or to standard output; ``ValueError`` if that fails."""
    from analysis.exchange.files import write_file

    if out is None or out == "-":
        print_bytes(data)
        return
    try:
        if not Path(out).parent.is_dir():
            raise ValueError(f"out must be a file in a folder that exists, got {out}")
        write_file(Path(out), data)
    except OSError as error:
        raise ValueError(f"cannot write {out}: {error.strerror}") from None


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
