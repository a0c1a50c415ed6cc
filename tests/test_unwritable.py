"""A folder that may not be written to is named in one sentence, by every command that writes one."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from opencdi.cli import force_work

FORBIDDEN = Path("/sys/opencdi")
"""Nobody makes a folder there, not even root."""
PUBLISHED = (
    "publisher,force,inspection,measure,value_percent,source_url\n"
    "HMICFRS,Kent,2018,all reported crime recorded,96.6,https://example.org/kent\n"
)
INCIDENTS = "Incident No,Reported,Log\n1,13/04/2026 10:00,CALLER HIT\n2,14/04/2026 10:00,CALLER HIT\n"
CRIMES = "Crime No,Recorded,HO Code\nC1,13/04/2026 11:00,008/06\nC2,14/04/2026 11:00,008/06\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name, text in (("published", PUBLISHED), ("incidents", INCIDENTS), ("crimes", CRIMES)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.skipif(not FORBIDDEN.parent.is_dir(), reason="There is no /sys here.")
@pytest.mark.parametrize(
    "command",
    [
        ("init", FORBIDDEN, "--incidents", "incidents.csv", "--crimes", "crimes.csv"),
        ("simulate", FORBIDDEN, "--incidents", "20"),
        ("publish", FORBIDDEN, "--published", "published.csv"),
        ("ledger", "keygen", FORBIDDEN, "--name", "clerk"),
    ],
    ids=lambda command: command[0],
)
def test_a_folder_without_the_right_to_write_is_named(files: Path, command: tuple[object, ...]) -> None:
    program = [sys.executable, "-c", "from opencdi.cli import main; main()", *map(str, command)]
    told = subprocess.run(program, capture_output=True, text=True, cwd=files, timeout=120)
    assert told.returncode == 2, told.stderr
    line = told.stderr.strip()
    assert line.startswith("Error: /sys/opencdi") and "\n" not in line
    assert "write" in line or "written" in line


def test_a_force_of_a_country_that_the_disk_refuses_is_told_so_and_not_as_a_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(*_: object) -> object:
        raise OSError(errno.EDQUOT, "Disk quota exceeded", "forces/kent")

    monkeypatch.setattr(force_work, "_audited", refused)
    problem = force_work._answer({})["problem"]
    assert problem.startswith("forces/kent cannot be read or written: Disk quota exceeded.")
    assert "fault of OpenCDI" not in problem
