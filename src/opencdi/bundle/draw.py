"""Taking the public seed, and drawing the sample that it gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from opencdi import ledger
from opencdi.bundle.files import (
    FRAME_COLUMNS,
    SAMPLE_COLUMNS,
    Bundle,
    read_csv,
    read_json,
    sha256_of,
    write_csv,
    write_json,
)
from opencdi.errors import UserError
from opencdi.sampling.design import PURPOSE, Design, Sample, draw, ticket_strata
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
    ids, design = _read_frame(bundle, record)
    drawn = draw(design, tickets(seed, purpose, ticket_strata(design), ids), readings)
    write_json(bundle.seed, {"seed": seed, "origin": origin, "commitment": commitment, "purpose": purpose})
    write_csv(bundle.sample, SAMPLE_COLUMNS, sample_rows(seed, purpose, design, ids, drawn))
    chosen = tuple(ids[place] for place in drawn.positions)
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
    seed: str, purpose: str, design: Design, ids: list[str], sample: Sample
) -> Iterable[tuple[object, ...]]:
    """The rows of sample.csv: order, incident, stratum, score, ticket, probability, weight."""
    for order, (place, probability) in enumerate(
        zip(sample.positions, sample.probabilities, strict=True), start=1
    ):
        label = design.strata.labels[design.strata.number[place]]
        yield (
            order,
            ids[place],
            label,
            f"{design.scores[place]:.6f}",
            ticket(seed, purpose, label, ids[place]),
            f"{probability:.12g}",
            f"{1 / probability:.12g}",
        )


def _committed_design(bundle: Bundle) -> dict[str, Any]:
    if not bundle.design.exists() or not bundle.frame.exists():
        raise UserError(
            f"{bundle.root} has no frame yet. Freeze it with `opencdi frame` and publish its commitment; "
            "only then may a seed be taken."
        )
    record = read_json(bundle.design)
    if sha256_of(bundle.frame) != record["frame_sha256"]:
        raise UserError(
            f"{bundle.frame} has changed since it was frozen: its hash is not the published one. Restore the "
            "frozen file, or freeze a new frame before any seed is known."
        )
    return record


def _read_frame(bundle: Bundle, record: dict[str, Any]) -> tuple[list[str], Design]:
    labels = tuple(str(each["stratum"]) for each in record["strata"])
    number_of = {label: number for number, label in enumerate(labels)}
    ids: list[str] = []
    numbers = np.empty(int(record["incidents"]), dtype=np.intp)
    scores = np.empty(int(record["incidents"]))
    for place, (incident, stratum, score) in enumerate(read_csv(bundle.frame, FRAME_COLUMNS)):
        ids.append(incident)
        numbers[place] = number_of[stratum]
        scores[place] = float(score)
    return ids, Design(
        kind=record["kind"],
        readings=int(record["readings"]),
        strata=Strata(labels, numbers),
        population=np.array([each["population"] for each in record["strata"]]),
        allocation=np.array([each["readings"] for each in record["strata"]]),
        scores=scores,
        uniform_share=float(record["uniform_share"]),
    )
