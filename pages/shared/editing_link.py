"""A visitor's own rows in a link: the text of their file, compressed, and read with the same checks as a file."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from functools import lru_cache

from analysis.cost.totals import design_totals
from analysis.networks import CATALOGUE, Network, make_design, parse_network, write_network
from analysis.networks.fields import MOST_IN_CHANNELS
from analysis.networks.ranges import BASE_SIDES, MOST_CLASSES_IN_APP, TS
from analysis.networks.reference import REFERENCES
from analysis.networks.values import shortened

LONGEST = 4_000
"""The most characters of rows in a link: servers and chat programs cut longer addresses."""

MOST_BLOCKS = 300
"""Repeats of all rows together: every page draws and searches them at each move of a slider."""

MOST_TEXT = 64 * 1024
"""The most bytes that a link's rows may unfold to."""

TOO_LONG = "-"
"""Stands in a link for rows that it cannot hold."""

LABEL = re.compile(r"[\w +.,()/%&=×-]+")
"""What a label may be made of: nothing that a page would take for a link, a colour or a formula."""

NOT_ROWS = "rows must be as this app writes them into a link"


def check_own(network: Network) -> Network:
    """A network that the app's controls reach, under a name that no other has; ``ValueError`` with a sentence else."""
    if network.name in CATALOGUE or network.name in REFERENCES:
        raise ValueError(f"name must not be one of the catalogue, got {network.name}")
    if network.name.endswith(".onnx"):
        raise ValueError(f"name must not end as an imported file's, got {network.name}")
    if not LABEL.fullmatch(network.label) or "www." in network.label.lower():
        raise ValueError(f"label must be of letters, digits, spaces and + - . , ( ) / % & = × _, got {network.label}")
    if not all(side in BASE_SIDES for side in network.base):
        least, most, (height, width) = BASE_SIDES[0], BASE_SIDES[-1], network.base
        raise ValueError(f"input must be from {least} to {most:,} px a side in the app, got {height}x{width}")
    if network.classes > MOST_CLASSES_IN_APP:
        raise ValueError(f"classes must be at most {MOST_CLASSES_IN_APP:,} in the app, got {network.classes:,}")
    if not 1 <= network.in_channels <= MOST_IN_CHANNELS:
        raise ValueError(f"in_channels must be from 1 to {MOST_IN_CHANNELS}, got {network.in_channels}")
    blocks = sum(row.n for row in network.rows)
    if blocks > MOST_BLOCKS:
        raise ValueError(f"the repeats of all rows must be at most {MOST_BLOCKS} in the app, got {blocks:,}")
    if network.t is not None and not TS[0] <= network.t <= TS[-1]:
        raise ValueError(f"t must be from {TS[0]:g} to {TS[-1]:g} in the app, got {network.t:g}")
    try:
        design_totals(make_design(network))
    except OverflowError as error:
        raise ValueError(str(error)) from None
    return network


@lru_cache(64)
def rows_text(network: Network) -> str:
    """The network as letters, digits, dashes and underscores, or :data:`TOO_LONG`; :func:`rows_of` undoes it."""
    packed = zlib.compress(write_network(network).encode(), 9)
    text = base64.urlsafe_b64encode(packed).decode().rstrip("=")
    return text if len(text) <= LONGEST else TOO_LONG


@lru_cache(64)
def rows_of(text: str) -> Network:
    """The network of a link's text; ``ValueError`` with a sentence for anything else."""
    if text == TOO_LONG:
        raise ValueError("these rows are too long for a link; ask for their file, and load it on the page Edit")
    if len(text) > LONGEST or not re.fullmatch(r"[\w-]+", text, re.ASCII):
        raise ValueError(f"{NOT_ROWS}, got {shortened(text)}")
    return check_own(parse_network(_unfolded(text), file="the link"))


def _unfolded(text: str) -> bytes:
    """The bytes of a text, no more than :data:`MOST_TEXT` of them whatever it claims."""
    unpacking = zlib.decompressobj()
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        unfolded = unpacking.decompress(packed, MOST_TEXT)
    except (binascii.Error, zlib.error):
        raise ValueError(f"{NOT_ROWS}, got {shortened(text)}") from None
    if not unpacking.eof or unpacking.unused_data:
        raise ValueError(f"{NOT_ROWS}, whole and of at most {MOST_TEXT:,} bytes, got {shortened(text)}")
    return unfolded
