"""Of a night's file that lies beside the exports and is read by no setting an audit says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from opencdi.cli.exports_beside import exports_beside
from opencdi.workspace import Workspace

TOML = """force = "Testshire"
[[exports]]
table = "incidents"
files = ["../exports/{incidents}"]
profile = "profiles/incidents.toml"
[[exports]]
table = "crimes"
files = ["../exports/crimes.csv"]
profile = "profiles/crimes.toml"
"""


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    for name in ("incidents-2026-11-30.csv", "crimes.csv", "custody.csv"):
        (folder / name).write_text("Number\n1\n")
    return folder


def _said(exports: Path, incidents: str = "incidents-2026-11-30.csv") -> str | None:
    root = exports.parent / "audit"
    root.mkdir(exist_ok=True)
    (root / "audit.toml").write_text(TOML.format(incidents=incidents))
    return exports_beside(Workspace.open(root))


def test_files_of_other_names_are_no_nights(exports: Path) -> None:
    assert _said(exports) is None


def test_a_later_night_that_no_setting_names_is_said_with_the_pattern_that_would(exports: Path) -> None:
    (exports / "Incidents-2026-12-01.csv").write_text("Number\n2\n")
    said = _said(exports)
    assert said is not None and said.startswith("Incidents-2026-12-01.csv lies beside the exports")
    assert said.endswith("such as Incidents*.csv.")


def test_of_several_nights_the_first_is_named(exports: Path) -> None:
    for name in ("incidents-2026-12-01.csv", "incidents-2026-12-02.csv", "crimes-2.csv"):
        (exports / name).write_text("Number\n2\n")
    said = _said(exports)
    assert said is not None and said.startswith("crimes-2.csv and 2 more lie beside")


def test_a_pattern_leaves_nothing_to_say(exports: Path) -> None:
    (exports / "incidents-2026-12-01.csv").write_text("Number\n2\n")
    assert _said(exports, "incidents-*.csv") is None


def test_what_lies_beside_the_file_that_an_export_links_to_is_no_night(exports: Path, tmp_path: Path) -> None:
    (tmp_path / "exports-2.csv").write_text("Number\n3\n")
    (exports / "exports-1.csv").symlink_to(tmp_path / "exports-1.csv")
    (tmp_path / "exports-1.csv").write_text("Number\n4\n")
    assert _said(exports, "exports-1.csv") is None
