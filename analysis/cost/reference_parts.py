"""Parts of the reference networks that printed figures count alone, leave out or add; kept in a table like their costs.

``python -m analysis.cost.reference_parts`` counts them again and writes the table; a test recounts them.
"""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import as_file, files

import pandas as pd

from analysis.networks.reference import REFERENCES, Reference

TABLE = files("analysis.cost") / "data" / "reference_parts.csv"

DETECTION_HEADS = ("extras.", "predictors.")


def reference_parts() -> pd.DataFrame:
    """A row a part: ``name`` of the network, ``part``, ``mult_adds`` and ``params``; zero parameters of mere additions.

    Parts are ``heads`` (a single shot detector's added maps and predictors), ``heads, 80 scores``, ``auxiliary
    classifier``, ``bias additions`` (operations, one an output) and ``dilation padding`` (Mult-Adds spent on padding
    when a dilated convolution runs as plain ones on every r-th pixel).
    """
    with TABLE.open("rb") as file:
        return pd.read_csv(file)


def recount_parts() -> pd.DataFrame:
    """The table, counted now on shapes alone; imports torch."""
    from analysis.networks.reference.counted import bias_additions, dilation_padding, part

    rows: list[tuple[str, str, int, int]] = []
    for name, reference in REFERENCES.items():
        if name.endswith("320_mobilenet_v2") or name.endswith("320_mobilenet_v1"):
            rows.append((name, "heads", *part(reference, *DETECTION_HEADS)))
            rows.append((name, "heads, 80 scores", *part(_with_scores(reference, 80), *DETECTION_HEADS)))
        if name.startswith(("ssd", "faster_rcnn")):
            rows.append((name, "bias additions", bias_additions(reference), 0))
        if name.startswith("deeplab"):
            rows.append((name, "dilation padding", dilation_padding(reference), 0))
        if name == "planet_inception_v3":
            rows.append((name, "auxiliary classifier", *part(reference, "auxiliary.")))
    return pd.DataFrame(rows, columns=["name", "part", "mult_adds", "params"])


def _with_scores(reference: Reference, scores: int) -> Reference:
    return replace(reference, options={**reference.options, "outputs": scores})


def main() -> None:
    """Count every part and write the table."""
    frame = recount_parts()
    with as_file(TABLE) as path:
        frame.to_csv(path, index=False, lineterminator="\n")
    print(frame.to_string(index=False))


if __name__ == "__main__":
    main()
