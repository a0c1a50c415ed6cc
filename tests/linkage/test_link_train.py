"""`opencdi link-train`: from an audit's tables to a weights file the next audit uses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from linkage_world import make_world

from opencdi.engine import DuckDBEngine
from opencdi.linkage import load_weights
from opencdi.workspace import Workspace

OPENCDI = str(Path(sys.executable).parent / "opencdi")
AUDIT = """
force = "Westshire"
[[exports]]
table = "incidents"
files = ["incidents.csv"]
profile = "profiles/incidents.toml"
"""


@pytest.fixture
def audit(tmp_path: Path) -> Path:
    (tmp_path / "audit.toml").write_text(AUDIT)
    (tmp_path / "tables").mkdir()
    with DuckDBEngine() as engine:
        for relation in make_world(1500, seed=8).relations(engine):
            engine.write(relation, tmp_path / "tables" / f"{relation.contract.name}.parquet")
    return tmp_path


def _train(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([OPENCDI, "link-train", str(folder)], capture_output=True, text=True, check=False)


def test_a_force_gets_weights_of_its_own_and_is_told_how_to_use_them(audit: Path) -> None:
    finished = _train(audit)
    assert finished.returncode == 0, finished.stderr
    assert 'weights = "weights.json"' in finished.stdout
    learned = load_weights(str(audit / "weights.json"))
    assert learned.provenance["force"] == "Westshire"
    assert learned.comparisons != load_weights("default").comparisons
    (audit / "audit.toml").write_text(AUDIT + '[linkage]\nweights = "weights.json"\n')
    assert Workspace.open(audit).linkage.weights == str(audit / "weights.json")


def test_an_audit_that_has_not_been_read_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "audit.toml").write_text(AUDIT)
    finished = _train(tmp_path)
    assert finished.returncode == 2
    assert "has no table `incidents` yet" in finished.stderr
