"""Taking the public seed, and drawing the sample that it gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from opencdi import ledger
from opencdi.bundle.files import (
    SAMPLE_COLUMNS,
    Bundle,
    read_frame,
    read_json,
    sha256_of,
    write_csv,
    write_json,
)
from opencdi.errors import UserError
from opencdi.sampling.design import PURPOSE, Design, draw, ticket_strata
from opencdi.sampling.strata import Strata
from opencdi.sampling.tickets import ticket, tickets


@dataclass(frozen=True)
class Drawn:
    """One draw: who, and under which purpose (a second draw says so in its name)."""

    incidents: tuple[str, ...]
    purpose: str
    commitment: str


def draw_sample(
    bundle: Bundle, seed: str, origin: str, again: str = "", readings: int | None = None
) -> Drawn:
    """Take the seed and write sample.csv in reading order.

    ``origin`` says where the seed comes from (dice before witnesses, a beacon's round). ``again`` is
    the reason for drawing a second time; without it a second draw is refused, and with it the draw is
    an event in the ledger and part of every ticket. ``readings`` extends a Pareto sample down its
    ranking. Raises ``UserError`` where there is no frame, the frame has changed, or the seed is empty.
    """
    if not seed.strip():
        raise UserError(
            "The seed is empty. Give the string that was agreed, such as the dice in the order thrown."
        )
    record = _committed_design(bundle)
    earlier = [entry for entry in ledger.entries(bundle.ledger) if entry.kind == "sample-drawn"]
    same = bundle.seed.exists() and read_json(bundle.seed)["seed"] == seed and readings is not None
    if earlier and not again and not same:
        raise UserError(
            f"{bundle.root} has been drawn already. Drawing again needs a reason, which everyone will see: "
            "use --again REASON."
        )
    times = 1 + sum(1 for entry in earlier if entry.content["again"]) + bool(again)
    purpose = PURPOSE if times == 1 else f"{PURPOSE}-{times}"
    commitment = sha256_of(bundle.design)
    frame = read_frame(bundle.frame)
    rows = list(sample_rows(frame, record, seed, purpose, readings))
    write_json(bundle.seed, {"seed": seed, "origin": origin, "commitment": commitment, "purpose": purpose})
    write_csv(bundle.sample, SAMPLE_COLUMNS, rows)
    chosen = tuple(str(row[1]) for row in rows)
    ledger.append(
        bundle.ledger,
        "sample-drawn",
        {
            "seed": seed,
            "origin": origin,
            "purpose": purpose,
            "commitment": commitment,
            "readings": len(chosen),
            "sample_sha256": sha256_of(bundle.sample),
            "again": again,
        },
    )
    return Drawn(chosen, purpose, commitment)


def sample_rows(
    frame: pa.Table, record: Mapping[str, Any], seed: str, purpose: str, readings: int | None = None
) -> Iterator[tuple[object, ...]]:
    """The rows of sample.csv, in reading order, as the frame, the design and the seed give them."""
    design = frozen_design(frame, record)
    ids = frame["incident_id"]
    sample = draw(design, tickets(seed, purpose, ticket_strata(design), _texts(ids)), readings)
    drawn = frame.take(pa.array(sample.positions)).select(["incident_id", "stratum", "machine_required"])
    for order, (row, place, probability) in enumerate(
        zip(drawn.to_pylist(), sample.positions, sample.probabilities, strict=True), start=1
    ):
        yield (
            order,
            row["incident_id"],
            row["stratum"],
            int(design.millionths[place]),
            row["machine_required"],
            ticket(seed, purpose, row["stratum"], row["incident_id"]),
            f"{probability:.12g}",
            f"{1 / probability:.12g}",
        )


def _committed_design(bundle: Bundle) -> dict[str, Any]:
    if not bundle.design.exists() or not bundle.frame.exists():
        raise UserError(
            f"{bundle.root} has no frame yet. Freeze it with `opencdi frame` (of a country `country-frame`) "
            "and publish its commitment; only then may a seed be taken."
        )
    record = read_json(bundle.design)
    if sha256_of(bundle.frame) != record["frame_sha256"]:
        raise UserError(
            f"{bundle.frame} has changed since it was frozen: its hash is not the published one. Restore the "
            "frozen file, or freeze a new frame before any seed is known."
        )
    return record


def frozen_design(frame: pa.Table, record: Mapping[str, Any]) -> Design:
    """The design as it was frozen, over the frame."""
    labels = tuple(str(each["stratum"]) for each in record["strata"])
    return Design(
        kind=record["kind"],
        readings=int(record["readings"]),
        strata=Strata(labels, _stratum_numbers(frame["stratum"].combine_chunks(), labels)),
        population=np.array([each["population"] for each in record["strata"]]),
        allocation=np.array([each["readings"] for each in record["strata"]]),
        millionths=frame["score_millionths"].to_numpy(),
        uniform_share=float(record["uniform_share"]),
    )


def _stratum_numbers(strata: pa.DictionaryArray, labels: Sequence[str]) -> NDArray[np.intp]:
    number_of = {label: number for number, label in enumerate(labels)}
    numbers = np.array([number_of[label] for label in strata.dictionary.to_pylist()], dtype=np.intp)
    coded: NDArray[np.intp] = numbers[strata.indices.to_numpy()]
    return coded


def _texts(ids: pa.ChunkedArray) -> Iterator[str]:
    """The incident numbers one after another, without holding them all as Python texts."""
    for start in range(0, len(ids), 100_000):
        yield from ids.slice(start, 100_000).to_pylist()
