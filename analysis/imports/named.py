"""A module of the user's own by its name, for the command line. Nothing else imports user code."""

from __future__ import annotations

import contextlib
import importlib
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from analysis.cost.counted import Counted
from analysis.networks.values import shortened

if TYPE_CHECKING:
    from torch import nn

NAME = re.compile(r"(?P<module>[^\W\d]\w*(\.[^\W\d]\w*)*):(?P<path>[^\W\d]\w*(\.[^\W\d]\w*)*)")


def count_named(target: str, inputs: Sequence[str]) -> Counted:
    """The module that ``package.module:name`` is or makes, counted for inputs as ``1x3x224x224`` or ``mask=1x8:bool``.

    ``name`` is a ``torch.nn.Module``, a class of one, or a function without arguments that returns one; dots lead into
    what it is in. Modules in the current folder are found too, as with ``python -m``. What the user's code prints goes
    to standard error. Raises ``ValueError`` with one sentence.
    """
    found = NAME.fullmatch(target)
    if found is None:
        raise ValueError(f"a module is named as package.module:name, got {shortened(target)}")
    if not inputs:
        raise ValueError(f"{target} needs --input, the shape it is called with, as --input 1x3x224x224")
    given = _inputs(inputs)
    with contextlib.redirect_stdout(sys.stderr), _current_folder():
        module = _module(target, found["module"], found["path"])
        from analysis.imports.modules import count

        counted = count(module, given, name=target)
    words = " ".join(f"--input {text}" for text in inputs)
    return replace(counted, label=found["path"], source=f"module {type(module).__qualname__}", words=words)


def _inputs(texts: Sequence[str]) -> Any:
    named = [text.partition("=")[::2] for text in texts if "=" in text]
    if named and len(named) < len(texts):
        raise ValueError("--input is either named for all inputs or for none")
    if len(dict(named)) < len(named):
        raise ValueError(f"--input names an input twice: {', '.join(name for name, _ in named)}")
    return dict(named) if named else tuple(texts)


@contextlib.contextmanager
def _current_folder() -> Iterator[None]:
    """While it lasts, modules are looked for in the current folder first."""
    here = str(Path.cwd())
    sys.path.insert(0, here)
    try:
        yield
    finally:
        with contextlib.suppress(ValueError):
            sys.path.remove(here)


def _module(target: str, name: str, path: str) -> nn.Module:
    found: Any = _imported(name)
    for part in path.split("."):
        if not hasattr(found, part):
            raise ValueError(f"{name} has no {path}")
        found = getattr(found, part)
    from analysis.imports.copies import is_module

    if not is_module(found) and callable(found):
        try:
            found = found()
        except (Exception, SystemExit) as error:
            raise ValueError(f"{target} raised {_said(error)}") from None
    if not is_module(found):
        raise ValueError(f"{target} must be or return a torch.nn.Module, got {type(found).__name__}")
    return cast("nn.Module", found)


def _imported(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and (name == error.name or name.startswith(f"{error.name}.")):
            raise ValueError(f"there is no module {name} here or among the installed packages") from None
        raise ValueError(f"{name} raised {_said(error)}") from None
    except (Exception, SystemExit) as error:
        raise ValueError(f"{name} raised {_said(error)}") from None


def _said(error: BaseException) -> str:
    from analysis.imports.copies import sentence

    return sentence(error)
