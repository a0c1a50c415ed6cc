"""``opencdi score`` ends in tables, or in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from opencdi.cli.score import score as command
from opencdi.cli.score import share
from opencdi.errors import UserError


def test_a_folder_without_truth_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "audit.toml").write_text(
        'force = "Testshire"\n[[exports]]\ntable = "incidents"\nfiles = ["a.csv"]\nprofile = "p.toml"\n'
    )
    with pytest.raises(UserError, match=r"holds no errors\.parquet"):
        command(tmp_path, tmp_path / "truth")


def test_a_share_of_nothing_is_a_dash() -> None:
    assert (share(None), share(0.5)) == ("-", "0.50")
