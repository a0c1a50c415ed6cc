"""From the folder of an audit to a signed release, by the commands, on real bundles."""

from __future__ import annotations

import csv
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from tests.publication import made_up
from tests.publication.small_audit import judged_audit
from typer.testing import CliRunner

from opencdi.bundle import Bundle
from opencdi.bundle.estimate import estimate_bundle, read_sample
from opencdi.bundle.verdict_file import write_verdicts
from opencdi.cli import app, commands

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def _commands():
    commands.register(app)


def run(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(each) for each in arguments])
    said = result.output + (str(result.exception) if result.exception else "")
    assert (result.exit_code == 0) == (code == 0), said
    return said


@pytest.fixture
def audit(tmp_path: Path) -> Path:
    """150 incidents with crimes of many groups, so that much is withheld."""
    folder = judged_audit(tmp_path / "audit", "Kent")
    bundle = Bundle(folder / "sample")
    incidents = read_sample(bundle).incident_id
    drawn = made_up.verdicts(11, 450)
    write_verdicts(
        bundle.verdicts,
        [
            replace(
                each, incident_id=incidents[number % 150], required_no=number // 150 + 1, edition="2023-05"
            )
            for number, each in enumerate(drawn)
        ],
    )
    estimate_bundle(bundle)
    return folder


@pytest.fixture
def keys(tmp_path: Path) -> dict[str, str]:
    return {
        office: run("ledger", "keygen", tmp_path / f"{n}.key", "--name", f"key-{n}").split(": ")[1].strip()
        for n, office in enumerate(("Chief statistician", "Chief inspector"))
    }


@pytest.fixture
def settings(tmp_path: Path, keys: dict[str, str]) -> Path:
    path = tmp_path / "release.toml"
    signers = "".join(f'[[signer]]\noffice = "{office}"\nkey = "{key}"\n' for office, key in keys.items())
    about = 'title = "A release"\npublisher = "An office"\nreleased = 2027-01-14T09:30:00\n'
    path.write_text(about + signers)
    return path


def test_a_release_goes_from_draft_to_signed_to_the_next(tmp_path, audit, settings, keys):
    site = tmp_path / "site"
    assert "A draft, signed by nobody" in run("publish", site, audit, "--release", settings)
    assert "Draft, not for release" in (site / "index.html").read_text()
    refused = run("publish", site, audit, "--release", settings, "--final", code=2)
    assert "two different people must sign it" in refused and "Chief inspector" in refused
    for number, office in enumerate(keys):
        run("sign", tmp_path / "site.sign-off", "--office", office, "--key", tmp_path / f"{number}.key")
    assert "Released. Signed by Chief statistician, Chief inspector" in run(
        "publish", site, audit, "--release", settings, "--final"
    )
    assert "Draft, not for release" not in (site / "index.html").read_text()
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=site, check=True, timeout=60)
    checked = run("verify", next((site / "verification").iterdir()))
    assert "unmade The rates are those of the verdicts" in checked
    again = tmp_path / "next"
    run("publish", again, audit, "--release", settings, "--previous", site)
    assert "figures that differ: 0" in (again / "data" / "CHANGES.md").read_text()
    assert (again / "data" / "figures.csv").read_bytes() == (site / "data" / "figures.csv").read_bytes()


def test_no_withheld_count_stands_anywhere_in_the_site(tmp_path, audit, settings):
    """The sign-off folder has the true counts; the site's files have no row, sum or rate of them."""
    site = tmp_path / "site"
    run("publish", site, audit, "--release", settings)
    with (tmp_path / "site.sign-off" / "withheld.csv").open(encoding="utf-8", newline="") as file:
        withheld = list(csv.DictReader(file))
    with (site / "data" / "figures.csv").open(encoding="utf-8", newline="") as file:
        shown = {(row["measure"], row["dimension"], row["group_name"]): row for row in csv.DictReader(file)}
    assert withheld
    for each in withheld:
        row = shown.get((each["measure"], each["dimension"], each["group_name"]))
        assert row is None or (row["marker"] == "c" and not row["numerator"] and not row["estimate"])
        sentence = f"{each['count']} of {each['read']}"
        if each["count"] and each["read"] and each["kind"] == "primary":
            for page in site.rglob("*.html"):
                assert f"({sentence}" not in page.read_text(encoding="utf-8"), (page.name, sentence)


def test_the_methods_page_gives_the_rules_as_they_are_applied(tmp_path, audit, settings):
    from opencdi.publication.control.rules import read_rules

    site = tmp_path / "site"
    run("publish", site, audit, "--release", settings)
    page = (site / "methods.html").read_text(encoding="utf-8")
    for each in read_rules().classes:
        cells = f'{each.least_read}</td><td class="n">{each.least_count}</td>'
        assert f'>{each.name}</th><td class="n">{cells}' in page
