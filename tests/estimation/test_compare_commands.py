"""``opencdi compare`` says what may be said of two audits, several forces and a threshold, and no more."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from opencdi import schema
from opencdi.bundle import Bundle, draw_sample, freeze
from opencdi.cli import app, commands
from opencdi.engine import DuckDBEngine, batch_of
from opencdi.errors import UserError
from opencdi.settings import load_audit

Judge = Callable[[int], str]


def run(*arguments: object) -> tuple[int, str]:
    commands.register(app)
    result = CliRunner().invoke(app, [str(each) for each in arguments], env={"COLUMNS": "200"})
    if isinstance(result.exception, UserError):
        return 2, str(result.exception)
    assert result.exception is None, result.exception
    return result.exit_code, result.output


@pytest.fixture
def audit(tmp_path: Path) -> Iterator[Callable[[str, str, Judge], Path]]:
    def make(name: str, design: str, judge: Judge) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "audit.toml").write_text(
            'force = "Testshire"\n[[exports]]\ntable = "incidents"\nfiles = ["x"]\nprofile = "x"\n'
            f'[sample]\ndesign = "{design}"\nreadings = 400\n'
        )
        rows = [
            {
                "incident_id": f"{number:05d}",
                "kind": "ordinary",
                "record": "ordinary",
                "channel": "101",
                "opening_group": "violence",
                "offence_group": "theft",
                "domestic_abuse": False,
                "required": 1,
                "score": 0.1,
            }
            for number in range(4000)
        ]
        bundle = Bundle(folder / "sample")
        with DuckDBEngine() as engine:
            population = engine.from_batches(schema.POPULATION, [batch_of(schema.POPULATION, rows)])
            freeze(population, load_audit(folder / "audit.toml"), bundle)
        draw_sample(bundle, "4 1 6 2", "dice")
        with bundle.sample.open() as file, bundle.verdicts.open("w", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["incident_id", "required_no", "verdict"])
            writer.writerows(
                [row["incident_id"], 1, judge(place)] for place, row in enumerate(csv.DictReader(file))
            )
        run("estimate", folder)
        return folder

    yield make


def test_a_large_change_is_a_change_and_a_small_one_is_not(
    audit: Callable[[str, str, Judge], Path],
) -> None:
    old = audit("old", "simple", lambda place: "missing" if place % 10 == 0 else "correct")
    near = audit("near", "simple", lambda place: "missing" if place % 11 == 0 else "correct")
    far = audit("far", "simple", lambda place: "missing" if place % 3 == 0 else "correct")
    first, second, third = (folder / "sample" / "rates.csv" for folder in (old, near, far))
    assert "not a proven change" in run("compare", "change", first, second)[1]
    recorded = next(
        line for line in run("compare", "change", first, third)[1].splitlines() if "all crimes" in line
    )
    assert "a change" in recorded and "not a proven" not in recorded


def test_a_threshold_is_decided_in_ticket_order_and_only_there(
    audit: Callable[[str, str, Judge], Path],
) -> None:
    good = audit("good", "simple", lambda _: "correct")
    code, output = run("compare", "threshold", good, 0.95, "--look", 200, "--look", 400)
    assert code == 0 and "The rate is above 95 %" in output and "decided at 200 read" in output
    scored = audit("scored", "neyman", lambda _: "correct")
    code, output = run("compare", "threshold", scored, 0.95, "--look", 200)
    assert code == 2 and "decided on a simple sample" in output


def test_an_incident_left_out_blocks_a_threshold(audit: Callable[[str, str, Judge], Path]) -> None:
    folder = audit("gap", "simple", lambda _: "correct")
    path = folder / "sample" / "verdicts.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines[:5], *lines[6:]]))
    code, output = run("compare", "threshold", folder, 0.95, "--look", 200)
    assert code == 2 and "one was left out" in output


def test_forces_come_with_ranks_as_intervals_and_groups(tmp_path: Path) -> None:
    rows = [
        f"Force {name},{rate},400" for name, rate in zip("ABCDE", (0.95, 0.94, 0.93, 0.80, 0.79), strict=True)
    ]
    file = tmp_path / "forces.csv"
    file.write_text("force,rate,effective_size\n" + "\n".join(rows) + "\n")
    code, output = run("compare", "forces", file)
    assert code == 0
    assert "Cannot be told apart: Force A, Force B, Force C" in output
    assert "4 to 5" in output


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("force,rate\nA,0.9\n", "no column `effective_size`"),
        ("force,rate,effective_size\nA,high,400\n", "line 2: `rate` is not a number"),
        ("force,rate,effective_size\nA,90,400\nB,0.8,400\nC,0.8,400\n", "rates lie between 0 and 1"),
        ("force,rate,effective_size\nA,0.9,400\nB,0.8,400\n", "at least three forces"),
    ],
)
def test_a_wrong_file_of_forces_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "forces.csv").write_text(text)
    code, output = run("compare", "forces", tmp_path / "forces.csv")
    assert code == 2 and sentence in output


def test_the_grade_is_spoken_of_with_what_else_it_needs(audit: Callable[[str, str, Judge], Path]) -> None:
    folder = audit("grade", "simple", lambda place: "missing" if place % 10 == 0 else "correct")
    output = run("estimate", folder, "--grade", "cdi-2017")[1]
    assert "the rate alone would be good or requires improvement" in output.replace("\n", " ")
    assert "leadership and culture" in output
    code, output = run("estimate", folder, "--grade", "cdi-1999")
    assert code == 2 and "There are no grade rules `cdi-1999`" in output


def test_two_final_verdicts_leave_the_published_verdicts_as_they_were(
    audit: Callable[[str, str, Judge], Path], tmp_path: Path
) -> None:
    folder = audit("twice", "simple", lambda _: "correct")
    before = (folder / "sample" / "verdicts.csv").read_bytes()
    lines = before.decode().splitlines(keepends=True)
    (tmp_path / "twice.csv").write_text("".join([*lines, lines[-1]]))
    code, output = run("estimate", folder, "--verdicts", tmp_path / "twice.csv")
    assert code == 2 and "two final verdicts" in output
    assert (folder / "sample" / "verdicts.csv").read_bytes() == before
