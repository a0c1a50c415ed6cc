"""``opencdi discover`` from a fresh folder, as a registrar walks through it, and with input nobody wants."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from opencdi.cli import app, commands
from opencdi.errors import UserError

pytestmark = pytest.mark.slow

INCIDENTS = 700
CONTROL = 120
SEED = "4"
"""A control sample that holds enough missing crimes for a promise."""


def run(*arguments: object) -> str:
    """What a command prints. An error that becomes a sentence is raised as it is."""
    commands.register(app)
    finished = CliRunner(env={"COLUMNS": "120"}).invoke(app, [str(one) for one in arguments])
    if finished.exception is not None:
        raise finished.exception
    return finished.output


def made(home: Path) -> Path:
    """A made-up force of 700 incidents, audited."""
    run("simulate", home / "force", "--incidents", INCIDENTS, "--seed", 5, "--force", "Testshire")
    exports = home / "force" / "exports"
    files = ("--incidents", exports / "incidents.csv", "--crimes", exports / "crimes.csv")
    run("init", home / "audit", *files, "--force", "Testshire")
    run("audit", home / "audit")
    return home / "audit"


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield made(tmp_path_factory.mktemp("force"))


@pytest.fixture
def audit(audited: Path, tmp_path: Path) -> Path:
    """A copy of the force and its audit that a test may change."""
    shutil.copytree(audited.parent, tmp_path / "home")
    return tmp_path / "home" / "audit"


def missing_in(audit: Path) -> set[str]:
    """Incidents that in truth miss a crime."""
    errors = pq.read_table(audit.parent / "force" / "truth" / "errors.parquet").to_pylist()
    return {row["incident_id"] for row in errors if "missing" in row["kind"]}


def worklist(audit: Path, number: int) -> list[dict[str, str]]:
    with (audit / "discovery" / f"batch-{number:04d}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def filled_csv(audit: Path, number: int, missing: set[str]) -> Path:
    rows = worklist(audit, number)
    for row in rows:
        row["Verdict (yours)"] = "missing" if row["Incident"] in missing else "not missing"
    path = audit.parent / f"back-{number}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def filled_workbook(audit: Path, number: int, missing: set[str]) -> Path:
    path = audit / "discovery" / f"batch-{number:04d}.xlsx"
    book = load_workbook(path)
    sheet = book["Leads"]
    headings = [cell.value for cell in sheet[1]]
    incident, verdict = headings.index("Incident") + 1, headings.index("Verdict (yours)") + 1
    for line in range(2, sheet.max_row + 1):
        answer = "missing" if sheet.cell(line, incident).value in missing else "not missing"
        sheet.cell(line, verdict, answer)
    back = audit.parent / f"back-{number}.xlsx"
    book.save(back)
    return back


def leads(audit: Path) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = pq.read_table(audit / "tables" / "leads.parquet").to_pylist()
    return rows


def test_a_registrar_ranks_reads_gives_back_relearns_and_is_told_when_to_stop(audit: Path) -> None:
    missing = missing_in(audit)
    said = run("discover", audit, "--batch", 60, "--control", CONTROL, "--seed", SEED)
    assert f"0 of {INCIDENTS} incidents read" in said
    assert f"0 of the {CONTROL} control incidents are read" in said
    first = worklist(audit, 1)
    assert len(first) == 60
    assert {"Seriousness (1 most)", "Probability that a crime is missing"} <= set(first[0])
    assert all(row["Why"].startswith(("The log", "There is no log")) for row in first)
    assert any(row["Words that moved the learned score"] for row in first)

    said = run(
        "discover",
        audit,
        "--verdicts",
        filled_workbook(audit, 1, missing),
        "--batch",
        60,
        "--control",
        CONTROL,
        "--seed",
        SEED,
    )
    assert "60 rows = 60 with a verdict + 0 left empty + 0 set aside" in said
    assert f"60 of {INCIDENTS} incidents read" in said
    second = worklist(audit, 2)
    assert not {row["Incident"] for row in first} & {row["Incident"] for row in second}

    number = 2
    while "You may stop" not in said:
        said = run(
            "discover", audit, "--verdicts", filled_csv(audit, number, missing), "--batch", 200,
            "--control", CONTROL, "--seed", SEED, "--target", 0.5, "--confidence", 0.6,
        )  # fmt: skip
        number += 1
        assert number < 8
    assert (audit / "discovery" / "model" / "readers.skops").is_file()
    assert "remain (60% bound from the control sample)" in said
    found = {row["incident_id"] for row in leads(audit) if row["verdict"] == "missing"}
    assert found <= missing and len(found) >= 0.5 * len(missing)
    assert sorted(row["rank"] for row in leads(audit)) == list(range(1, INCIDENTS + 1))


def test_the_ranking_finds_most_in_the_first_reads(audit: Path) -> None:
    missing = missing_in(audit)
    run("discover", audit, "--batch", 0, "--control", CONTROL, "--seed", SEED)
    top = {row["incident_id"] for row in leads(audit)[: INCIDENTS // 5]}
    assert len(top & missing) > 0.7 * len(missing)


def test_the_same_verdicts_come_back_from_the_review_rooms_export(audit: Path) -> None:
    known = [str(row["incident_id"]) for row in pq.read_table(audit / "tables" / "incidents").to_pylist()][:3]
    path = audit.parent / "verdicts.csv"
    path.write_text(
        "incident_id,required_no,verdict,known_verdict\n"
        f"{known[0]},1,correct,\n{known[0]},2,missing,\n{known[1]},0,nothing_required,\n"
        f"{known[2]},1,cannot_tell,\nK-1,1,missing,missing\n",
        encoding="utf-8",
    )
    said = run("discover", audit, "--verdicts", path, "--batch", 0, "--control", CONTROL, "--seed", SEED)
    assert "5 rows = 4 with a verdict + 0 left empty + 1 known cases of the review + 0 set aside" in said
    assert "Of 1 that were read nobody could tell" in said
    held = {row["incident_id"]: row["verdict"] for row in leads(audit) if row["verdict"]}
    assert held == {known[0]: "missing", known[1]: "not_missing", known[2]: "cannot_tell"}


def test_rows_that_cannot_be_taken_are_told_kept_and_do_not_stop_the_others(audit: Path) -> None:
    known = [str(row["incident_id"]) for row in pq.read_table(audit / "tables" / "incidents").to_pylist()][:3]
    path = audit.parent / "back.csv"
    path.write_text(
        "Incident,Verdict (yours)\n"
        f"NO-SUCH,missing\n{known[0]},missing\n{known[0]},not missing\n"
        f"{known[1]},perhaps\n{known[2]},missing\n",
        encoding="utf-8",
    )
    said = run("discover", audit, "--verdicts", path, "--batch", 0, "--control", CONTROL, "--seed", SEED)
    assert "5 rows = 1 with a verdict + 0 left empty + 4 set aside" in said
    for words in (
        "line 2: the audit has no incident",
        "line 3: this file holds two verdicts",
        "line 5: that is not",
    ):
        assert words in said
    kept = (audit / "discovery" / "set-aside.csv").read_text(encoding="utf-8").splitlines()
    assert len(kept) == 5


def test_the_harm_that_is_read_first_can_be_chosen_and_a_wrong_name_is_a_sentence(audit: Path) -> None:
    run("discover", audit, "--batch", 0, "--control", CONTROL, "--seed", SEED, "--order", "stalking")
    likely = [str(row["harm_group"]) for row in leads(audit) if float(str(row["probability"])) >= 0.5]
    first = [group == "stalking" for group in likely]
    assert any(first) and first == sorted(first, reverse=True)
    with pytest.raises(UserError, match="no harm group `arson`"):
        run("discover", audit, "--order", "arson")


def test_another_control_sample_cannot_be_drawn_afterwards(audit: Path) -> None:
    run("discover", audit, "--batch", 0, "--control", CONTROL, "--seed", SEED)
    with pytest.raises(UserError, match="was drawn with --control 120"):
        run("discover", audit, "--batch", 0, "--control", 80)


def test_expected_reads_are_shown_before_anyone_starts(audit: Path) -> None:
    with pytest.raises(UserError, match=r"discover .* --batch 0"):
        run("discover-simulate", audit)
    run("discover", audit, "--batch", 0, "--control", CONTROL, "--seed", SEED)
    said = run("discover-simulate", audit, "--control", 300, "--target", 0.8, "--runs", 20)
    assert "Control sample" in said and "Elusion test after" in said
    assert "The scores expect" in said


STRANGE = {
    "empty": "",
    "spaces": "   ",
    "stops": "... --- ...",
    "numbers": "12/03 14:05 4239 //",
    "other letters": "Мужчина ударил женщину ножом, нужна полиция",
    "mixed": "CALLER SPEAKS POLISH, mąż ją uderzył, SHE SAYS HER HUSBAND PUNCHED HER IN THE FACE",
    "control characters": "ip says her ex\x08 punched\x0b her in the\x1f face and broke her nose",
    "mark-up": "<p>IP says her ex <b>punched</b> her in the face &amp; broke her nose</p>",
    "capitals": "IP SAYS HER EX PUNCHED HER IN THE FACE AND BROKE HER NOSE",
    "long": "ip says her ex punched her in the face. " * 25_000,
}


def strange_export(path: Path) -> dict[str, str]:
    """The first incidents of an export with strange logs in place of their own."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    places = {}
    for row, (name, text) in zip(rows, STRANGE.items(), strict=False):
        row["Log Text"] = text
        places[name] = row["Incident No"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)
    return places


def test_strange_logs_are_scored_and_what_cannot_be_read_is_never_no_crime(audit: Path) -> None:
    places = strange_export(audit.parent / "force" / "exports" / "incidents.csv")
    run("audit", audit)
    said = run("discover", audit, "--batch", 0, "--control", CONTROL, "--seed", SEED)
    rows = {row["incident_id"]: row for row in pq.read_table(audit / "tables" / "scores.parquet").to_pylist()}
    assert len(rows) == INCIDENTS
    strata = {name: rows[incident]["stratum"] for name, incident in places.items()}
    assert {name for name, stratum in strata.items() if stratum == "no_narrative"} == {"empty", "spaces"}
    unreadable = {name for name, stratum in strata.items() if stratum == "not_readable"}
    assert unreadable == {"stops", "numbers", "other letters"}
    for name in ("empty", "spaces", *unreadable):
        assert rows[places[name]]["missing"] >= 0.05
    for name in ("mixed", "control characters", "mark-up", "capitals", "long"):
        assert rows[places[name]]["described"] > 0.5, name
    assert "incidents have no log text" in said and "never count as no crime" in said


def test_text_in_another_column_than_promised_is_told_with_the_column_that_holds_it(audit: Path) -> None:
    profile = audit / "profiles" / "incidents.toml"
    text = profile.read_text(encoding="utf-8")
    profile.write_text(text.replace('narrative = "Log Text"', 'narrative = "Opening Code"'), encoding="utf-8")
    assert "takes it from `Opening Code`; `Log Text` of" in run("audit", audit)
    said = run("discover", audit, "--batch", 0, "--control", CONTROL, "--seed", SEED)
    assert "The logs do not read as text" in said
    assert "takes it from `Opening Code`; `Log Text` of" in said
    assert "run `opencdi audit` again" in said
