"""A force's numbers are learned from all records, and a night samples the parts alone that changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from nights import Nights

from opencdi import linkage
from opencdi.engine import Engine, Relation
from opencdi.linkage import NumberFormats
from opencdi.linkage.references import learn_formats
from opencdi.nightly.numbering import formats_of
from opencdi.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    nights = Nights(tmp_path, 600, 40, seed=3, incidents_a_part=40)
    nights.run(to="read")
    return Workspace.open(nights.audit)


def learned(workspace: Workspace) -> NumberFormats:
    with workspace.engine() as engine:
        return formats_of(workspace, engine)


def test_numbers_are_learned_as_from_all_records(workspace: Workspace) -> None:
    with workspace.engine() as engine:
        tables = workspace.opened(engine, ("incidents", "crimes"))
        assert formats_of(workspace, engine) == learn_formats(tables["incidents"], tables["crimes"])


def test_of_records_that_are_as_they_were_none_is_sampled_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = learned(workspace)
    monkeypatch.setattr(Workspace, "opened_parts", None)
    assert learned(workspace) == first


def test_a_sample_that_is_lost_is_taken_again(workspace: Workspace) -> None:
    first = learned(workspace)
    (workspace.memory / "numbers.json").write_text("{")
    assert learned(workspace) == first


def test_a_sample_of_days_alone_is_cut_and_teaches_what_all_records_do(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in (linkage, linkage.references):
        monkeypatch.setattr(place, "MOST_SAMPLED", 30)
    learned(workspace)
    kept = json.loads((workspace.memory / "numbers.json").read_text())["notes"]["sampled"]
    assert [sum(len(share) for _, share in kept[table].values()) for table in ("incidents", "crimes")] == [
        30,
        30,
    ]
    with workspace.engine() as engine:
        tables = workspace.opened(engine, ("incidents", "crimes"))
        assert learned(workspace) == learn_formats(tables["incidents"], tables["crimes"])


def test_a_sample_that_was_cut_is_taken_again(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in (linkage, linkage.references):
        monkeypatch.setattr(place, "MOST_SAMPLED", 30)
    learned(workspace)
    opened: list[str] = []
    as_it_is = Workspace.opened_parts

    def told(self: Workspace, engine: Engine, name: str, *rest: Any) -> Relation:
        opened.append(name)
        return as_it_is(self, engine, name, *rest)

    monkeypatch.setattr(Workspace, "opened_parts", told)
    learned(workspace)
    assert opened == ["incidents", "crimes"]
