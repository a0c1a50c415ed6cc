"""A small audit's folder with a whole, verifiable bundle."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from opencdi import schema
from opencdi.bundle import Bundle, draw_sample, freeze
from opencdi.bundle.estimate import estimate_bundle, read_sample
from opencdi.bundle.verdict_file import write_verdicts
from opencdi.engine import DuckDBEngine, batch_of
from opencdi.estimation.verdicts import Verdict
from opencdi.settings import Audit


def judged_audit(folder: Path, force: str) -> Path:
    """150 of 600 incidents read, each with one required crime, every ninth not recorded."""
    audit = Audit.model_validate(
        {
            "force": force,
            "period": {"first_day": date(2025, 10, 1), "last_day": date(2026, 3, 31)},
            "exports": [{"table": "incidents", "files": ["x"], "profile": "x"}],
            "counting": {"edition": "2023-05"},
            "sample": {"design": "simple", "readings": 150},
        }
    )
    rows = [
        {
            "incident_id": f"{number:04d}",
            "kind": "no_narrative" if number % 50 == 0 else "ordinary",
            "record": "ordinary",
            "channel": "101",
            "opening_group": "violence",
            "offence_group": "violence with injury",
            "domestic_abuse": False,
            "required": 1,
            "score": 0.1,
        }
        for number in range(600)
    ]
    bundle = Bundle(folder / "sample")
    with DuckDBEngine() as engine:
        freeze(engine.from_batches(schema.POPULATION, [batch_of(schema.POPULATION, rows)]), audit, bundle)
    draw_sample(bundle, "4 1 6 2", "four dice before witnesses")
    write_verdicts(bundle.verdicts, [_verdict(incident) for incident in read_sample(bundle).incident_id])
    estimate_bundle(bundle)
    return folder


def _verdict(incident: str) -> Verdict:
    found = "missing" if int(incident) % 9 == 0 else "correct"
    return Verdict(incident, 1, found, offence_group="Violence against the person", edition="2023-05")
