"""What is kept to save work is the same as made from nothing, and no loss when lost."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from nights import Nights, tables

from opencdi.nightly import standing
from opencdi.storage import kept_notes
from opencdi.workspace import Workspace


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    """Two months of 500 incidents, in parts of a week, three nights on."""
    nights = Nights(tmp_path_factory.mktemp("force"), 500, 60, seed=5, incidents_a_part=40)
    nights.run()
    for brings in (Nights.new_rows, Nights.amended_rows, Nights.deleted_rows):
        brings(nights, 8)
        nights.run()
    return nights


def lists(root: Path) -> dict[str, str]:
    """The digest of the list of subjects of each part."""
    digests: dict[str, str] = kept_notes(root / "tables" / ".memory" / "subjects.json")["lists"]["digests"]
    return digests


def test_lists_of_subjects_kept_night_by_night_are_those_made_from_nothing(force: Nights) -> None:
    kept = lists(force.audit)
    assert kept
    shutil.rmtree(force.audit / "tables" / ".memory")
    force.run()
    assert lists(force.audit) == kept


def test_a_night_works_out_the_digests_of_a_few_subjects(
    force: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("The digests of all subjects were worked out.")

    force.new_rows(3)
    with monkeypatch.context() as patched:
        patched.setattr(standing, "_all_anew", refused)
        force.run()
    assert tables(force.audit) == tables(force.from_nothing("from-nothing"))


def test_a_part_that_comes_out_as_it_was_is_left_as_it_stands(force: Nights) -> None:
    def parts() -> dict[Path, tuple[bytes, int]]:
        return {
            path: (path.read_bytes(), path.stat().st_ino)
            for table in ("matches", "findings", "population")
            for path in (force.audit / "tables" / table).glob("*.parquet")
        }

    before = parts()
    force.amended_rows(6)
    force.run()
    written = {path: content for path, (content, file) in parts().items() if (content, file) != before[path]}
    assert written
    assert all(content != before[path][0] for path, content in written.items())
    assert tables(force.audit) == tables(force.from_nothing("left-standing"))


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _garbled(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20] + b"x" * 20)


@pytest.mark.parametrize(
    "spoiled",
    [
        pytest.param(Path.unlink, id="lost", marks=pytest.mark.slow),
        pytest.param(_emptied, id="emptied", marks=pytest.mark.slow),
        pytest.param(_garbled, id="garbled"),
    ],
)
def test_kept_files_that_are_lost_or_spoiled_change_no_byte(
    force: Nights, spoiled: Callable[[Path], None]
) -> None:
    expected = tables(force.audit)
    memory = sorted(
        path
        for path in (force.audit / "tables" / ".memory").rglob("*")
        if path.is_file() and "morning" not in path.parts and "worklist" not in path.parts
    )
    for path in random.Random(2).sample(memory, len(memory) // 2):
        spoiled(path)
    for step in ("disclose", "count", "compare", "population"):
        record = Workspace.open(force.audit).tables / ".steps" / f"{step}.json"
        record.write_text(record.read_text().replace('"parts": {', '"parts": {\n  "2020-01-06": "none",', 1))
    force.run()
    assert tables(force.audit) == expected
