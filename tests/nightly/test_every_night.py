"""An audit brought up to date night by night holds the same bytes as one made from nothing."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from nights import Nights, report, tables

from opencdi import comparison
from opencdi.engine import Engine, Relation
from opencdi.workspace import Workspace

WHAT_A_NIGHT_BRINGS = (
    Nights.new_rows,
    Nights.amended_rows,
    Nights.deleted_rows,
    Nights.headings_alone,
    Nights.nothing,
)


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    """Two months of 600 incidents, in parts of a week."""
    nights = Nights(tmp_path_factory.mktemp("force"), 600, 60, seed=11, incidents_a_part=40)
    nights.run()
    return nights


def test_new_and_amended_rows_night_by_night_end_in_the_same_bytes(force: Nights) -> None:
    force.run(to="report")
    for night, brings in enumerate((Nights.new_rows, Nights.amended_rows)):
        brings(force, 6)
        force.run(to="report")
        fresh = force.from_nothing(f"new-{night}", "report")
        assert tables(force.audit) == tables(fresh)
        assert report(force.audit) == report(fresh)


def test_a_quiet_nights_headings_are_counted_and_change_nothing_else(force: Nights) -> None:
    force.run()
    before = tables(force.audit)
    force.headings_alone(0)
    force.run()
    after = tables(force.audit)
    changed = {name.split("/")[1] for name in after if after[name] != before.get(name)}
    assert changed == {"reconciliation", "rejects"}
    assert after == tables(force.from_nothing("quiet"))
    workspace = Workspace.open(force.audit)
    with workspace.desk() as engine:
        opened = workspace.opened(engine, ("reconciliation", "rejects"))
        counted = opened["reconciliation"].rows("where rows_in = 0")
        said = opened["rejects"].rows("where reason = 'no_rows'")
    assert {row["table_name"] for row in counted} == {"incidents", "crimes"}
    assert [row["source_file"] for row in said] == sorted(row["source_file"] for row in counted)
    assert all("headings (line 1) and no rows" in row["sentence"] for row in said)


def test_an_audit_put_under_another_edition_ends_in_the_same_bytes(tmp_path: Path) -> None:
    nights = Nights(tmp_path, 200, 30, seed=3, incidents_a_part=40)
    nights.run()
    by_date = tables(nights.audit)
    toml = nights.audit / "audit.toml"
    toml.write_text(f'{toml.read_text()}\n[counting]\nedition = "2018-04"\n')
    nights.run()
    assert tables(nights.audit) == tables(nights.from_nothing("another-edition"))
    assert tables(nights.audit) != by_date


def test_what_another_edition_would_have_asked_for_is_no_night_between_two_others(tmp_path: Path) -> None:
    nights = Nights(tmp_path, 200, 30, seed=3, incidents_a_part=40)
    nights.run(to="report")
    nights.new_rows(10)
    nights.run(to="report")
    told = (nights.audit / "report" / "morning.html").read_bytes()
    toml = nights.audit / "audit.toml"
    by_date = toml.read_text()
    toml.write_text(f'{by_date}\n[counting]\nedition = "2018-04"\n')
    nights.run(to="report")
    assert b"or the first by this edition" in (nights.audit / "report" / "morning.html").read_bytes()
    toml.write_text(by_date)
    nights.run(to="report")
    assert (nights.audit / "report" / "morning.html").read_bytes() == told


def test_an_audit_in_parts_finds_what_a_comparison_of_all_at_once_finds(force: Nights) -> None:
    force.amended_rows(30)
    force.run()
    workspace = Workspace.open(force.audit)
    with workspace.desk() as engine:
        found = workspace.opened(engine, ("matches", "findings"))
        made = _compared_at_once(workspace, engine)
        for name in found:
            assert _rows(found[name]) == _rows(made[name])
        elsewhere = engine.rows(
            "select q.incident_id from compared_quoted_logs as q "
            "join compared_matches as m on m.incident_id = q.incident_id "
            "and m.required_no = q.required_no and m.outcome = 'elsewhere'"
        )
    assert elsewhere, "No log that quotes another stands for a crime counted there: nothing was tried."


def _compared_at_once(workspace: Workspace, engine: Engine) -> dict[str, Relation]:
    names = ("incidents", "crimes", "parties", "links", "disclosed_offences")
    tables = workspace.opened(engine, (*names, "required_crimes", "offence_decisions"))
    made = comparison.compare(
        required=tables["required_crimes"],
        decisions=tables["offence_decisions"],
        disclosed=tables["disclosed_offences"],
        **{name: tables[name] for name in ("links", "crimes", "incidents", "parties")},
    )
    return {"matches": made.matches, "findings": made.findings}


def _rows(relation: Relation) -> list[str]:
    names = ", ".join(relation.contract.names)
    return sorted(map(str, relation.engine.rows(f"select {names} from {relation.name}")))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_any_sequence_of_nights_ends_in_the_same_bytes(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    nights = Nights(tmp_path, 500, 60, seed=seed, incidents_a_part=40)
    for _ in range(4):
        chance.choice(WHAT_A_NIGHT_BRINGS)(nights, chance.randrange(1, 12))
        nights.run()
    assert tables(nights.audit) == tables(nights.from_nothing("from-nothing"))
