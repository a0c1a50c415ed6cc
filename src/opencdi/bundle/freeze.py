"""Freezing the frame: the population list and the whole design, hashed before the seed is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from opencdi import __version__, ledger, schema
from opencdi.bundle.files import Bundle, sha256_of, write_frame, write_json
from opencdi.errors import UserError
from opencdi.sampling.design import PURPOSE, Design, make_design
from opencdi.sampling.strata import Dimension, score_bands
from opencdi.settings import Audit, Sample

ALWAYS_CUT_BY = ("kind", "record", "offence_group")
"""Never joined: reported groups, and records that cannot be judged."""


class Population(Protocol):
    """The population list, in one table or one after the other."""

    def batches(self, columns: Sequence[str], rows_a_batch: int = ...) -> Iterator[pa.RecordBatch]:
        """Columns of ``schema.POPULATION``, in order of incident number and in bounded memory."""


@dataclass(frozen=True)
class Frozen:
    """What is published before the seed is taken."""

    incidents: int
    frame_sha256: str
    commitment: str
    """SHA-256 of design.json, which holds the frame's hash: the one string to publish."""
    design: Design


def freeze(population: Population, audit: Audit, bundle: Bundle) -> Frozen:
    """Write frame.csv and design.json, and the event in the ledger.

    Raises ``UserError`` where a seed has already been taken for this bundle.
    """
    if bundle.seed.exists():
        raise UserError(
            f"{bundle.root} already has a seed. A frame cannot be changed after the seed is known; "
            "copy the folder away and start a new sample in its place."
        )
    table = population_table(population)
    design = design_over(table, audit.sample)
    bundle.root.mkdir(parents=True, exist_ok=True)
    write_frame(bundle.frame, _frame_tables(table, design))
    frame_sha256 = sha256_of(bundle.frame)
    commitment = write_json(bundle.design, _design_record(audit, table, design, frame_sha256))
    ledger.append(bundle.ledger, "frame-frozen", {"frame_sha256": frame_sha256, "commitment": commitment})
    return Frozen(table.num_rows, frame_sha256, commitment, design)


def design_over(table: pa.Table, settings: Sample) -> Design:
    """The design of the settings over a population table."""
    scores = _scores(table)
    return make_design(
        kind=settings.design,
        dimensions=_dimensions(table, settings, scores),
        joinable=settings.strata,
        scores=scores,
        readings=settings.readings,
        minimum=settings.minimum,
        uniform_share=settings.uniform_share,
        census=settings.census,
    )


def _dimensions(table: pa.Table, settings: Sample, scores: NDArray[np.float64]) -> list[Dimension]:
    """The dimensions that cut the frame, each incident's value as a number."""
    names = (*ALWAYS_CUT_BY, *(name for name in settings.strata if name != "score_band"))
    dimensions = [_dimension(table, name) for name in names]
    if "score_band" in settings.strata:
        bands = score_bands(scores, settings.score_bands)
        dimensions.append(
            Dimension("score_band", [f"band {n + 1}" for n in range(settings.score_bands)], bands)
        )
    return dimensions


CODED = ("kind", "record", "channel", "opening_group", "offence_group")


def population_table(population: Population) -> pa.Table:
    """The population in memory, in order of incident number, its text columns as dictionaries.

    About 60 bytes an incident. Raises ``UserError`` where it is empty or repeats an incident.
    """
    batches = population.batches(schema.POPULATION.names, 500_000)
    tables = [pa.table({name: _coded(name, batch[name]) for name in batch.schema.names}) for batch in batches]
    if not tables or sum(table.num_rows for table in tables) == 0:
        raise UserError(
            "The audit has no incidents, so there is nothing to draw from. Read the exports first."
        )
    table = pa.concat_tables(tables).unify_dictionaries()
    ids = table["incident_id"]
    if pc.any(pc.equal(ids.slice(1), ids.slice(0, len(ids) - 1))).as_py():
        raise UserError("An incident number stands twice in the population. Run `opencdi audit` again.")
    return table


def _coded(name: str, column: pa.Array) -> pa.Array:
    return column.dictionary_encode() if name in CODED else column


def _dimension(table: pa.Table, name: str) -> Dimension:
    coded = table[name].combine_chunks()
    values = coded.dictionary.to_pylist()
    order = sorted(range(len(values)), key=lambda place: str(values[place]))
    rank = np.empty(len(values), dtype=np.int32)
    rank[order] = np.arange(len(values))
    return Dimension(
        name, [str(values[place]) for place in order], rank[coded.indices.to_numpy(zero_copy_only=False)]
    )


def _scores(table: pa.Table) -> NDArray[np.float64]:
    scores: NDArray[np.float64] = table["score"].to_numpy(zero_copy_only=False)
    return np.clip(scores, 0.0, 1.0)


def _frame_tables(table: pa.Table, design: Design) -> Iterator[pa.Table]:
    labels = pa.array(design.strata.labels)
    for start in range(0, table.num_rows, 500_000):
        piece = slice(start, start + 500_000)
        yield pa.table(
            {
                "incident_id": table["incident_id"][piece],
                "stratum": labels.take(pa.array(design.strata.number[piece])),
                "score_millionths": design.millionths[piece],
                "machine_required": table["required"][piece],
            }
        )


def _design_record(audit: Audit, table: pa.Table, design: Design, frame_sha256: str) -> dict[str, object]:
    labels = design.strata.labels
    scores = np.bincount(design.strata.number, design.millionths, len(labels))
    crimes = table["required"].to_numpy()
    required = np.bincount(design.strata.number, crimes, len(labels))
    expected = np.bincount(design.strata.number, design.millionths * crimes, len(labels))
    period = audit.period
    return {
        "format": 1,
        "opencdi": __version__,
        "force": audit.force,
        "first_day": period.first_day.isoformat() if period else "",
        "last_day": period.last_day.isoformat() if period else "",
        "edition": audit.counting.edition,
        "purpose": PURPOSE,
        "kind": design.kind,
        "readings": design.readings,
        "uniform_share": f"{design.uniform_share:.6f}",
        "incidents": int(design.population.sum()),
        "frame_sha256": frame_sha256,
        "strata": [
            {
                "stratum": label,
                "population": int(size),
                "readings": int(count),
                "score_millionths": int(score),
                "machine_required": int(wanted),
                "expected_millionths": int(missing),
            }
            for label, size, count, score, wanted, missing in zip(
                labels, design.population, design.allocation, scores, required, expected, strict=True
            )
        ],
    }
