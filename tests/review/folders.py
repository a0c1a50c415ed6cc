"""A small made-up audit folder with a drawn sample, as `opencdi review load` takes it."""

from __future__ import annotations

from pathlib import Path

from tests.factories import Row, crime, incident, link, tables

from opencdi import schema
from opencdi.bundle import Bundle, draw_sample, freeze
from opencdi.engine import DuckDBEngine, batch_of
from opencdi.review.audits.folder import DrawnSample, drawn_sample
from opencdi.settings import Audit

SEED, ORIGIN = "4 1 6 2 3 5", "six dice before two witnesses"


def settings(force: str = "Testshire", readings: int = 12) -> Audit:
    export = {"table": "incidents", "files": ["x.csv"], "profile": "x.toml"}
    sample = {"design": "simple", "readings": readings}
    return Audit.model_validate({"force": force, "exports": [export], "sample": sample})


def rows(incidents: int) -> dict[str, list[Row]]:
    """Two of three incidents have a record of assault with injury; every sixth of those is late."""
    made: dict[str, list[Row]] = {"incidents": [], "crimes": [], "links": []}
    for number in range(1, incidents + 1):
        name = f"TS-{number:04d}"
        made["incidents"].append(incident(name, narrative=f"INFT {number} PUNCHED IN THE FACE BY SUSP"))
        if number % 3:
            made["crimes"].append(crime(f"42/{number:05d}/26"))
            made["links"].append(link(f"42/{number:05d}/26", name))
    return made


def population(incidents: int) -> list[Row]:
    return [
        {
            "incident_id": f"TS-{number:04d}",
            "kind": "ordinary",
            "record": "ordinary",
            "channel": "101",
            "opening_group": "violence",
            "offence_group": "Violence against the person",
            "domestic_abuse": False,
            "required": 1,
            "score": 0.1,
        }
        for number in range(1, incidents + 1)
    ]


def bundle_in(folder: Path, audit: Audit, incidents: int = 40, seed: str = SEED) -> Bundle:
    """A frozen frame and a drawn sample in ``folder``."""
    with DuckDBEngine() as engine:
        relation = engine.from_batches(
            schema.POPULATION, [batch_of(schema.POPULATION, population(incidents))]
        )
        bundle = Bundle(folder)
        freeze(relation, audit, bundle)
    draw_sample(bundle, seed, ORIGIN)
    return bundle


def drawn(bundle: Bundle, audit: Audit, incidents: int = 40, name: str = "testshire-2026") -> DrawnSample:
    with DuckDBEngine() as engine:
        made = tables(engine, **rows(incidents))
        return drawn_sample(name, bundle, audit, made)
