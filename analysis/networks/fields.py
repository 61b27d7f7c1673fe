"""What the fields of a row may hold: types that carry their limits, for files, forms and schemas to read."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field

MOST_ALPHA = 1_000
MOST_T = 1_000
MOST_CLASSES = 1_000_000_000
MOST_IN_CHANNELS = 512
MOST_CHANNELS = 65_536
MOST_KERNEL = 63
MOST_PADDING = MOST_KERNEL // 2


def check_odd(value: int) -> int:
    """``value`` if it is odd; ``ValueError`` otherwise."""
    if value % 2 == 0:
        raise ValueError(f"must be odd, got {value}")
    return value


Channels: TypeAlias = Annotated[int, Field(ge=1, le=MOST_CHANNELS)]
Groups: TypeAlias = Annotated[int, Field(ge=1, le=MOST_CHANNELS)]
Repeats: TypeAlias = Annotated[int, Field(ge=1, le=1_000)]
Stride: TypeAlias = Annotated[int, Field(ge=1, le=16)]
Window: TypeAlias = Annotated[int, Field(ge=1, le=MOST_KERNEL)]
"""The side of a pool's window."""
Kernel: TypeAlias = Annotated[
    int, Field(ge=1, le=MOST_KERNEL, json_schema_extra={"not": {"multipleOf": 2}}), AfterValidator(check_odd)
]
"""The side of a convolution's kernel: odd, so that padding by half of it keeps the map's size."""
Padding: TypeAlias = Annotated[int, Field(ge=0, le=MOST_PADDING)]
Classes: TypeAlias = Annotated[int, Field(ge=1, le=MOST_CLASSES)]
T: TypeAlias = Annotated[float, Field(gt=0, le=MOST_T)]
Alpha: TypeAlias = Annotated[float, Field(gt=0, le=MOST_ALPHA)]
Ratio: TypeAlias = Annotated[float, Field(gt=0, le=1)]
Probability: TypeAlias = Annotated[float, Field(ge=0, le=1)]
