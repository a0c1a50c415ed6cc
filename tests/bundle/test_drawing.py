"""The frame is frozen before the seed, the seed is taken once, and everyone sees a second draw."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from opencdi import ledger, schema
from opencdi.bundle import Bundle, draw_sample, freeze
from opencdi.engine import DuckDBEngine, Relation, batch_of
from opencdi.errors import UserError
from opencdi.sampling.tickets import ticket
from opencdi.settings import Audit

GROUPS = ("rape", "violence with injury", "theft", "no crime disclosed")


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine() as engine:
        yield engine


def population(engine: DuckDBEngine, incidents: int = 2000) -> Relation:
    rows = [
        {
            "incident_id": f"{number:05d}",
            "kind": "no_narrative" if number % 97 == 0 else "ordinary",
            "record": "ordinary",
            "channel": ("999", "101", "online")[number % 3],
            "opening_group": ("violence", "anti_social_behaviour")[number % 2],
            "offence_group": GROUPS[0] if number % 100 == 1 else GROUPS[1 + number % 3],
            "domestic_abuse": number % 5 == 0,
            "required": 1,
            "score": (number % 50) / 60,
        }
        for number in range(incidents)
    ]
    return engine.from_batches(schema.POPULATION, [batch_of(schema.POPULATION, rows)])


def audit(**sample: object) -> Audit:
    export = {"table": "incidents", "files": ["x.csv"], "profile": "x.toml"}
    settings = {"readings": 400, "census": ["rape"], **sample}
    return Audit.model_validate({"force": "Testshire", "exports": [export], "sample": settings})


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_incident_is_in_the_frame_with_a_chance_to_be_read(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    bundle = Bundle(tmp_path / "sample")
    frozen = freeze(population(engine), audit(), bundle)
    assert [row["incident_id"] for row in rows_of(bundle.frame)] == [
        f"{number:05d}" for number in range(2000)
    ]
    assert (frozen.design.allocation > 0).all()
    assert any("anti_social_behaviour" in label for label in frozen.design.strata.labels)
    assert any("no_narrative" in label for label in frozen.design.strata.labels)


def test_the_hashes_are_the_sha256_of_the_files(engine: DuckDBEngine, tmp_path: Path) -> None:
    bundle = Bundle(tmp_path / "sample")
    frozen = freeze(population(engine), audit(), bundle)
    assert frozen.frame_sha256 == hashlib.sha256(bundle.frame.read_bytes()).hexdigest()
    assert frozen.commitment == hashlib.sha256(bundle.design.read_bytes()).hexdigest()


@pytest.mark.parametrize("design", ["simple", "proportional", "neyman", "pareto"])
def test_the_sample_has_the_readings_asked_for_and_weights_that_sum_to_the_frame(
    engine: DuckDBEngine, tmp_path: Path, design: str
) -> None:
    bundle = Bundle(tmp_path / "sample")
    frozen = freeze(population(engine), audit(design=design), bundle)
    drawn = draw_sample(bundle, "4 1 6 2", "dice")
    sample = rows_of(bundle.sample)
    assert len(sample) == len(drawn.incidents) == frozen.design.readings
    tolerance = 0.15 if design == "pareto" else 1e-9
    assert sum(float(row["weight"]) for row in sample) == pytest.approx(2000, rel=tolerance)
    assert sample[0]["ticket"] == ticket("4 1 6 2", "sample", sample[0]["stratum"], sample[0]["incident_id"])


def test_a_census_group_is_read_whole(engine: DuckDBEngine, tmp_path: Path) -> None:
    bundle = Bundle(tmp_path / "sample")
    freeze(population(engine), audit(), bundle)
    drawn = draw_sample(bundle, "4 1 6 2", "dice")
    assert {f"{number:05d}" for number in range(1, 2000, 100)} <= set(drawn.incidents)


@pytest.mark.parametrize("design", ["neyman", "pareto"])
def test_an_extended_sample_contains_the_one_before(
    engine: DuckDBEngine, tmp_path: Path, design: str
) -> None:
    bundle = Bundle(tmp_path / "sample")
    freeze(population(engine), audit(design=design), bundle)
    first = set(draw_sample(bundle, "4 1 6 2", "dice").incidents)
    longer = set(draw_sample(bundle, "4 1 6 2", "dice", readings=700).incidents)
    assert first < longer
    assert len(longer) == 700


def test_a_seed_before_the_frame_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="only then may a seed be taken"):
        draw_sample(Bundle(tmp_path / "sample"), "4 1 6 2", "dice")


def test_a_frame_that_was_changed_after_it_was_frozen_is_refused(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    bundle = Bundle(tmp_path / "sample")
    freeze(population(engine), audit(), bundle)
    bundle.frame.write_text(bundle.frame.read_text().replace('"00007"', '"99999"'))
    with pytest.raises(UserError, match="has changed since it was frozen"):
        draw_sample(bundle, "4 1 6 2", "dice")


def test_a_new_frame_after_the_seed_is_refused(engine: DuckDBEngine, tmp_path: Path) -> None:
    bundle = Bundle(tmp_path / "sample")
    freeze(population(engine), audit(), bundle)
    draw_sample(bundle, "4 1 6 2", "dice")
    with pytest.raises(UserError, match="already has a seed"):
        freeze(population(engine), audit(), bundle)


def test_drawing_again_needs_a_reason_and_is_an_event_that_changes_every_ticket(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    bundle = Bundle(tmp_path / "sample")
    freeze(population(engine), audit(), bundle)
    first = draw_sample(bundle, "4 1 6 2", "dice")
    with pytest.raises(UserError, match="needs a reason"):
        draw_sample(bundle, "5 5 5 5", "dice")
    second = draw_sample(bundle, "4 1 6 2", "dice", again="a witness left the room")
    third = draw_sample(bundle, "4 1 6 2", "dice", again="again")
    assert [each.purpose for each in (first, second, third)] == ["sample", "sample-2", "sample-3"]
    assert first.incidents != second.incidents != third.incidents
    events = [
        entry.content["again"] for entry in ledger.entries(bundle.ledger) if entry.kind == "sample-drawn"
    ]
    assert events == ["", "a witness left the room", "again"]


def test_an_empty_seed_is_refused(engine: DuckDBEngine, tmp_path: Path) -> None:
    bundle = Bundle(tmp_path / "sample")
    freeze(population(engine), audit(), bundle)
    with pytest.raises(UserError, match="seed is empty"):
        draw_sample(bundle, "  ", "dice")


def test_the_same_frame_and_seed_give_the_same_files(engine: DuckDBEngine, tmp_path: Path) -> None:
    written = []
    for name in ("one", "two"):
        bundle = Bundle(tmp_path / name)
        freeze(population(engine), audit(), bundle)
        draw_sample(bundle, "4 1 6 2", "dice")
        written.append(
            [path.read_bytes() for path in (bundle.frame, bundle.design, bundle.seed, bundle.sample)]
        )
    assert written[0] == written[1]


def test_a_sample_larger_than_the_population_is_refused(engine: DuckDBEngine, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="only"):
        freeze(population(engine), audit(readings=2001), Bundle(tmp_path / "sample"))
