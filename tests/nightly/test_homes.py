"""In which parts records can lie, told without opening any."""

from __future__ import annotations

import pytest
from nights import Nights

from opencdi.nightly.homes import first_and_last, parts_about, parts_within
from opencdi.nightly.notes import calendar_of, digests_of
from opencdi.workspace import Workspace

DAY = 86_400


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    nights = Nights(tmp_path_factory.mktemp("homes"), 600, 40, seed=3, incidents_a_part=40)
    nights.run(to="read")
    return Workspace.open(nights.audit)


def number_in(workspace: Workspace, part: str) -> str:
    return digests_of(workspace, "incidents")[part]["first"]


@pytest.mark.parametrize("place", [0, -1])
def test_a_number_is_sought_in_its_part(workspace: Workspace, place: int) -> None:
    part = sorted(digests_of(workspace, "incidents"))[place]
    with workspace.engine() as engine:
        found = parts_about(
            workspace, engine, "incidents", f"select '{number_in(workspace, part)}' as number"
        )
    assert part in found


def test_a_number_beyond_all_others_is_sought_nowhere(workspace: Workspace) -> None:
    with workspace.engine() as engine:
        assert parts_about(workspace, engine, "incidents", "select '~' as number") == []


def test_very_many_numbers_are_sought_everywhere(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = sorted(digests_of(workspace, "incidents"))
    monkeypatch.setattr("opencdi.nightly.homes._SOUGHT_AT_MOST", 1)
    few, many = ("select '~' as number", "select '~' as number union all select '~~' as number")
    with workspace.engine() as engine:
        assert parts_about(workspace, engine, "incidents", few) == []
        assert parts_about(workspace, engine, "incidents", many) == parts


def test_a_part_lies_within_a_day_of_those_beside_it_and_no_other(workspace: Workspace) -> None:
    parts = sorted(digests_of(workspace, "incidents"))
    assert parts_within(workspace, "incidents", [parts[1]], DAY, DAY) == parts[:3]


def test_what_lies_before_a_window_is_no_part_of_it(workspace: Workspace) -> None:
    parts = sorted(digests_of(workspace, "incidents"))
    a_part = calendar_of(workspace).seconds
    assert parts_within(workspace, "incidents", [parts[3]], 2 * a_part, -2 * a_part) == parts[1:2]


def test_the_earliest_and_the_latest_report_lie_in_the_first_and_the_last_part(workspace: Workspace) -> None:
    def ends(of: str) -> object:
        return engine.rows(f"select min(reported_at) as first, max(reported_at) as last from {of}")

    with workspace.engine() as engine:
        some = ends(first_and_last(workspace, engine, "incidents").name)
        assert some == ends(workspace.opened(engine, ("incidents",))["incidents"].name)
