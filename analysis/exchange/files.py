"""Files that are whole or not there."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def write_file(path: Path, data: bytes) -> None:
    """Write ``data`` beside ``path`` and move it there in one step; a device or a pipe is written straight.

    Raises ``OSError`` where it cannot be written; what stood there before then stays.
    """
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    target = Path(os.path.realpath(path))
    part = target.with_name(f".{target.name[:200]}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        if target.exists():
            shutil.copymode(target, part)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
