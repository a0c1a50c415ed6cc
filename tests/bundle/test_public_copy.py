"""The public copy of a bundle: no row of one report in it, and still bound to what it withholds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.bundle.test_verify import SCRIPT, published
from typer.testing import CliRunner

from opencdi.bundle import Bundle
from opencdi.bundle.public import write_public_copy
from opencdi.bundle.verify import verify
from opencdi.cli import app, commands
from opencdi.errors import UserError


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Bundle:
    return published(tmp_path_factory.mktemp("whole"), "proportional")


@pytest.fixture
def public(whole, tmp_path) -> Bundle:
    write_public_copy(whole, tmp_path / "public", smallest_stratum=20)
    return Bundle(tmp_path / "public")


def script(bundle: Bundle) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), str(bundle.root)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_no_file_of_the_public_copy_names_a_report(whole, public):
    texts = [path.read_text(encoding="utf-8") for path in public.root.iterdir()]
    numbers = [line.split(",")[1] for line in whole.sample.read_text().splitlines()[1:20]]
    names = sorted(path.name for path in public.root.iterdir())
    assert names == ["design.json", "ledger.jsonl", "seed.json", "withheld.json"]
    assert not any(f'"{number}"' in text or f",{number}," in text for number in numbers for text in texts)


def test_what_can_be_checked_holds_and_the_rest_says_what_is_withheld(public):
    found = {check.name: check for check in verify(public)}
    assert not any(check.problem for check in found.values())
    assert found["The commitment came before the seed"].holds
    assert found["What is withheld is what the history names"].holds
    assert found["The rates are those of the verdicts"].unmade.startswith(
        "sample.csv is withheld: each row is one"
    )
    assert (
        script(public).returncode == 0 and "Withheld, so not checked: verdicts.csv" in script(public).stdout
    )


def test_the_command_ends_well_and_names_what_it_could_not_check(public):
    commands.register(app)
    result = CliRunner().invoke(app, ["verify", str(public.root)])
    assert result.exit_code == 0 and "unmade The sample is the one the seed gives" in result.output


def test_a_design_with_few_reports_in_a_stratum_is_withheld_too(whole, tmp_path):
    write_public_copy(whole, tmp_path / "public", smallest_stratum=10_000)
    public = Bundle(tmp_path / "public")
    assert not public.design.exists()
    assert not any(check.problem for check in verify(public)) and script(public).returncode == 0


@pytest.mark.parametrize("file", ["frame.csv", "sample.csv", "verdicts.csv", "rates.csv"])
def test_another_hash_for_a_withheld_file_is_found(public, file):
    stated = json.loads(public.withheld.read_bytes())
    for each in stated["withheld"]:
        if each["file"] == file:
            each["sha256"] = "0" * 64
    public.withheld.write_text(json.dumps(stated))
    assert any(file in check.problem for check in verify(public))
    assert script(public).returncode == 1


def test_a_withheld_design_must_be_the_one_the_seed_was_taken_for(whole, tmp_path):
    write_public_copy(whole, tmp_path / "public", smallest_stratum=10_000)
    public = Bundle(tmp_path / "public")
    seed = json.loads(public.seed.read_bytes())
    public.seed.write_text(json.dumps(seed | {"commitment": "0" * 64}))
    assert any("design.json" in check.problem for check in verify(public))
    assert script(public).returncode == 1


def test_a_whole_bundle_is_checked_as_before(whole):
    assert len(verify(whole)) == 8 and all(check.holds for check in verify(whole))


def test_a_file_missing_without_a_word_still_fails(public):
    public.withheld.unlink()
    assert any(check.problem for check in verify(public))


def test_a_damaged_list_fails(public):
    public.withheld.write_text("[]")
    assert [check.holds for check in verify(public)] == [False]


def test_there_is_no_public_copy_of_nothing(tmp_path: Path):
    with pytest.raises(UserError, match=r"There is no .*design.json"):
        write_public_copy(Bundle(tmp_path / "nowhere"), tmp_path / "again", 20)
