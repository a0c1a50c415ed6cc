"""A force's numbers are learned from all records, and a night samples the parts alone that changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from nights import Nights

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
