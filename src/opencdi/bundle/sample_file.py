"""The drawn sample as estimation takes it, from sample.csv and design.json."""

from __future__ import annotations

import csv

import numpy as np

from opencdi.bundle.files import SAMPLE_COLUMNS, Bundle, read_json
from opencdi.errors import UserError
from opencdi.estimation.sample import Sample, Stratum


def read_sample(bundle: Bundle) -> Sample:
    """Raises ``UserError`` where the sample is missing, edited, or not of this design."""
    record = read_json(bundle.design)
    rows = sorted(_rows(bundle), key=lambda row: (row["stratum"], int(row["order"])))
    by_name = {str(each["stratum"]): each for each in record["strata"]}
    labels = [str(each["stratum"]) for each in record["strata"]]
    if record["kind"] in ("simple", "pareto"):
        labels = labels[:1]
    place = {label: number for number, label in enumerate(sorted(labels))}
    unknown = next((row["stratum"] for row in rows if row["stratum"] not in place), None)
    if unknown is not None:
        raise UserError(
            f"{bundle.sample}: stratum {unknown} is not in the design. Use the sample as it was drawn."
        )
    stratum = np.array([place[row["stratum"]] for row in rows], dtype=np.int64)
    drawn = np.bincount(stratum, minlength=len(place))
    return Sample(
        incident_id=tuple(row["incident_id"] for row in rows),
        stratum=stratum,
        probability=np.array([float(row["inclusion_probability"]) for row in rows]),
        strata=tuple(
            Stratum(
                label,
                int(by_name[label]["population"]),
                int(drawn[number]),
                float(by_name[label]["score_millionths"]) / 1e6,
                float(by_name[label]["machine_required"]),
                float(by_name[label]["expected_millionths"]) / 1e6,
            )
            for label, number in place.items()
        ),
        score=np.array([int(row["score_millionths"]) / 1e6 for row in rows]),
        machine_required=np.array([float(row["machine_required"]) for row in rows]),
    )


def _rows(bundle: Bundle) -> list[dict[str, str]]:
    if not bundle.sample.exists():
        raise UserError(f"There is no {bundle.sample}. Draw the sample with `opencdi seed` first.")
    with bundle.sample.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = set(SAMPLE_COLUMNS) - set(reader.fieldnames or ())
        if missing:
            raise UserError(
                f"{bundle.sample} has no column {sorted(missing)[0]}. Use the sample as it was drawn."
            )
        return list(reader)
