"""The checks that a project writes in the ``[tool.multadds]`` table of its pyproject.toml."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.networks.values import shortened

FILE = "pyproject.toml"
MOST_BYTES = 4_000_000
MOST_CHECKS = 1_000


@dataclass(frozen=True)
class Entry:
    """One check as configured: its name, its network, and its options as text, named as on the command line.

    ``where`` is the file and the table, for messages; paths in ``network`` and ``baseline`` are from here.
    """

    name: str
    where: str
    network: str
    options: Mapping[str, str]


def find_config(folder: Path) -> Path | None:
    """The pyproject.toml with a ``[tool.multadds]`` table in the folder or the nearest above it, or ``None``."""
    for each in (folder, *folder.parents):
        path = each / FILE
        if path.is_file() and _table(path) is not None:
            return path
    return None


def read_entries(path: Path, keys: Collection[str]) -> list[Entry]:
    """Every check of the file: each ``[[tool.multadds.check]]``, or ``[tool.multadds]`` itself where there is none.

    What stands in ``[tool.multadds]`` holds for every check that does not say otherwise. ``keys`` are the options that
    a check takes. Raises ``ValueError`` naming the file, the table and the key.
    """
    table = _table(path)
    if table is None:
        raise ValueError(f"{_shown(path)} has no table [tool.multadds]")
    checks = table.pop("check", None)
    top = _texts(table, {"network", *keys}, f"{_shown(path)}, [tool.multadds]")
    if checks is None:
        return [_entry(path, f"{_shown(path)}, [tool.multadds]", top)]
    if not isinstance(checks, list) or not checks or not all(isinstance(check, dict) for check in checks):
        raise ValueError(f"{_shown(path)}: checks must be tables [[tool.multadds.check]]")
    if len(checks) > MOST_CHECKS:
        raise ValueError(f"{_shown(path)}: checks must be at most {MOST_CHECKS:,}, got {len(checks):,}")
    entries = [_named(path, number, check, top, keys) for number, check in enumerate(checks, start=1)]
    _check_names(path, [entry.name for entry in entries])
    return entries


def _named(path: Path, number: int, check: dict[str, Any], top: dict[str, str], keys: Collection[str]) -> Entry:
    """One ``[[tool.multadds.check]]``; a message says its name, or its number where it has none."""
    name = check.get("name")
    if not isinstance(name, str) or not name.strip():
        raise ValueError(f"{_shown(path)}, check {number}: name is missing")
    where = f"{_shown(path)}, check {shortened(name)}"
    own = _texts(check, {"name", "network", *keys}, where)
    return _entry(path, where, merged(top, own), own.pop("name"))


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Both, ``above`` before ``below``; a resolution takes the place of a ρ, and a ρ that of a resolution."""
    replaced = {"rho": "resolution", "resolution": "rho"}
    gone = {replaced.get(name) for name in above}
    return {name: value for name, value in below.items() if name not in gone} | dict(above)


def _entry(path: Path, where: str, values: dict[str, str], name: str | None = None) -> Entry:
    """The entry of that name, or named by its network."""
    network = values.get("network")
    if network is None:
        raise ValueError(f"{where}: network is missing")
    options = {key: value for key, value in values.items() if key not in ("name", "network")}
    if "baseline" in options:
        options["baseline"] = _from_here(path, options["baseline"])
    file = _from_here(path, network)
    network = file if Path(file).is_file() else network
    return Entry(name or network, where, network, options)


def _from_here(path: Path, file: str) -> str:
    """A path that is written from the config's folder, from the current one."""
    return os.path.relpath(path.parent / file)


def _texts(table: Mapping[str, Any], keys: Collection[str], where: str) -> dict[str, str]:
    """The values as text, as the command line has them; ``ValueError`` for a key or a kind of value that is not one."""
    for key, value in table.items():
        if key not in keys:
            guesses = difflib.get_close_matches(key.lower().replace("-", "_"), keys, n=1)
            hint = f"; did you mean {guesses[0]}?" if guesses else ""
            raise ValueError(f"{where}: {shortened(key)} is not an option of a check{hint}")
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise ValueError(f"{where}: {key} must be text or a number, got {shortened(value)}")
    return {key: str(value) for key, value in table.items()}


def _check_names(path: Path, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{_shown(path)}: the name {shortened(name)} is of {names.count(name)} checks")


def _table(path: Path) -> dict[str, Any] | None:
    """``[tool.multadds]``, or ``None`` where the file has none; ``ValueError`` for a file that cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise ValueError(f"the file must be at most {MOST_BYTES:,} bytes")
        content = tomllib.loads(data.decode("utf-8"))
    except OSError as error:
        raise ValueError(f"{_shown(path)} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError(f"{_shown(path)} must be UTF-8") from None
    except RecursionError:
        raise ValueError(f"{_shown(path)}: its values are nested too deep") from None
    except ValueError as error:
        raise ValueError(f"{_shown(path)}: {error}") from None
    tool = content.get("tool", {})
    table = tool.get("multadds") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise ValueError(f"{_shown(path)}: tool.multadds must be a table [tool.multadds]")
    return table


def _shown(path: Path) -> str:
    return os.path.relpath(path)
