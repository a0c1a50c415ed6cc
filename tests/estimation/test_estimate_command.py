"""``opencdi estimate`` reads what was drawn and judged, and refuses a damaged file with a sentence."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from opencdi import ledger, schema
from opencdi.bundle import Bundle, draw_sample, freeze
from opencdi.bundle.sample_file import read_sample
from opencdi.bundle.verdict_file import read_verdicts
from opencdi.cli import app, commands
from opencdi.engine import DuckDBEngine, batch_of
from opencdi.errors import UserError
from opencdi.settings import load_audit

Rows = list[dict[str, object]]


@pytest.fixture(params=["neyman", "pareto"])
def audit(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """An audit's folder with a sample of 300 of 3,000 incidents."""
    folder = tmp_path / "audit"
    folder.mkdir()
    (folder / "audit.toml").write_text(
        'force = "Testshire"\n[[exports]]\ntable = "incidents"\nfiles = ["x.csv"]\nprofile = "x.toml"\n'
        f'[sample]\ndesign = "{request.param}"\nreadings = 300\n'
    )
    rows = [
        {
            "incident_id": f"{number:05d}",
            "kind": "ordinary",
            "record": "ordinary",
            "channel": "101",
            "opening_group": "violence",
            "offence_group": ("theft", "violence with injury")[number % 2],
            "domestic_abuse": number % 5 == 0,
            "required": 1,
            "score": (number % 50) / 60,
        }
        for number in range(3000)
    ]
    with DuckDBEngine() as engine:
        population = engine.from_batches(schema.POPULATION, [batch_of(schema.POPULATION, rows)])
        freeze(population, load_audit(folder / "audit.toml"), Bundle(folder / "sample"))
    draw_sample(Bundle(folder / "sample"), "4 1 6 2", "four dice before witnesses")
    yield folder


def verdict_rows(folder: Path) -> Rows:
    with (folder / "sample" / "sample.csv").open() as file:
        return [
            {
                "incident_id": row["incident_id"],
                "required_no": 1,
                "verdict": "missing" if int(row["incident_id"]) % 50 > 44 else "correct",
                "offence_group": "violence with injury",
            }
            for row in csv.DictReader(file)
        ]


def write(path: Path, rows: Rows) -> Path:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def run(*arguments: object) -> tuple[int, str]:
    commands.register(app)
    result = CliRunner().invoke(app, [str(each) for each in arguments])
    if isinstance(result.exception, UserError):
        return 2, str(result.exception)
    assert result.exception is None, result.exception
    return result.exit_code, result.output


def rates(folder: Path) -> list[dict[str, str]]:
    with (folder / "sample" / "rates.csv").open() as file:
        return list(csv.DictReader(file))


def test_rates_come_with_interval_seed_frame_and_version_in_every_row(audit: Path) -> None:
    code, output = run("estimate", audit, "--verdicts", write(audit / "judged.csv", verdict_rows(audit)))
    assert code == 0 and "recorded" in output
    found = rates(audit)
    first = next(row for row in found if row["measure"] == "recorded")
    assert 0.7 < float(first["lower"]) < float(first["estimate"]) < float(first["upper"]) < 1
    for row in found:
        assert row["seed"] == "4 1 6 2" and len(row["frame_sha256"]) == 64 and row["code_version"]
    assert (audit / "tables" / "rates.parquet").exists()
    assert ledger.entries(audit / "sample" / "ledger.jsonl")[-1].kind == "rates-estimated"


def test_the_published_copy_of_the_verdicts_gives_the_same_rates(audit: Path) -> None:
    run("estimate", audit, "--verdicts", write(audit / "judged.csv", verdict_rows(audit)))
    first = (audit / "sample" / "rates.csv").read_bytes()
    run("estimate", audit)
    assert (audit / "sample" / "rates.csv").read_bytes() == first


def test_a_workbook_reads_like_the_text_file(audit: Path) -> None:
    rows = verdict_rows(audit)
    sheet = openpyxl.Workbook()
    assert sheet.active is not None
    sheet.active.append(list(rows[0]))
    for row in rows:
        sheet.active.append(list(row.values()))
    sheet.save(audit / "judged.xlsx")
    sampled = frozenset(read_sample(Bundle(audit / "sample")).incident_id)
    text = read_verdicts(write(audit / "judged.csv", rows), sampled)
    assert read_verdicts(audit / "judged.xlsx", sampled) == text


def test_crimes_recorded_in_a_year_give_the_number_not_recorded(audit: Path) -> None:
    yearly = write(
        audit / "year.csv", [{"dimension": "all", "group_name": "all crimes", "recorded": "144,400"}]
    )
    run(
        "estimate",
        audit,
        "--verdicts",
        write(audit / "judged.csv", verdict_rows(audit)),
        "--recorded",
        yearly,
    )
    found = next(row for row in rates(audit) if row["measure"] == "unrecorded_in_a_year")
    rate = next(float(row["estimate"]) for row in rates(audit) if row["measure"] == "recorded")
    assert float(found["estimate"]) == pytest.approx(144_400 * (1 - rate) / rate)


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("incident_id", lambda text: text.lstrip("0") or "0", "a spreadsheet program has dropped zeros"),
        ("incident_id", lambda _: "08/06/2026", "turned the incident number into a date"),
        ("incident_id", lambda _: "1.2E+05", "a power of ten"),
        ("incident_id", lambda _: "99999", "is not in the sample"),
        ("required_no", lambda _: "one", "must be a whole number"),
        ("required_no", lambda _: "²", "must be a whole number"),
        ("verdict", lambda _: "fine", "must be one of correct, late"),
        ("verdict", lambda _: "", "no verdict"),
        ("offence_group", lambda _: "8-Jun", "holds a date"),
    ],
)
def test_a_damaged_cell_is_refused_with_its_line(
    audit: Path, column: str, value: object, sentence: str
) -> None:
    rows = verdict_rows(audit)
    place = next(place for place, row in enumerate(rows) if str(row["incident_id"]).startswith("0"))
    assert callable(value)
    rows[place][column] = value(str(rows[place][column]))
    code, output = run("estimate", audit, "--verdicts", write(audit / "judged.csv", rows))
    assert code == 2 and sentence in output and f"line {place + 2}" in output
    assert not (audit / "sample" / "rates.csv").exists()


def test_a_date_cell_of_a_workbook_is_refused(audit: Path) -> None:
    from datetime import date

    rows = verdict_rows(audit)
    sheet = openpyxl.Workbook()
    assert sheet.active is not None
    sheet.active.append(list(rows[0]))
    sheet.active.append([rows[0]["incident_id"], 1, "correct", date(2026, 6, 8)])
    sheet.save(audit / "judged.xlsx")
    code, output = run("estimate", audit, "--verdicts", audit / "judged.xlsx")
    assert code == 2 and "a cell holds a date where text belongs" in output


def test_two_columns_of_one_name_are_refused_since_either_may_be_meant(audit: Path) -> None:
    rows = [row | {"Verdict": "missing"} for row in verdict_rows(audit)]
    code, output = run("estimate", audit, "--verdicts", write(audit / "judged.csv", rows))
    assert code == 2 and "has two columns `verdict`" in output


def test_unknown_and_missing_columns_are_named(audit: Path) -> None:
    rows = [row | {"victm_told": "yes"} for row in verdict_rows(audit)]
    code, output = run("estimate", audit, "--verdicts", write(audit / "judged.csv", rows))
    assert code == 2 and "unknown column `victm_told`" in output
    short = [{"incident_id": row["incident_id"]} for row in verdict_rows(audit)]
    code, output = run("estimate", audit, "--verdicts", write(audit / "short.csv", short))
    assert code == 2 and "no column `required_no`" in output


def test_a_partial_audit_publishes_only_the_worst_case(audit: Path) -> None:
    run("estimate", audit, "--verdicts", write(audit / "judged.csv", verdict_rows(audit)[:-3]))
    first = next(row for row in rates(audit) if row["measure"] == "recorded")
    assert first["estimate"] == first["lower"] == ""
    assert 0 < float(first["worst_lower"]) < float(first["worst_upper"]) <= 1
    assert "3 sampled incidents have not been judged" in first["note"]


def test_an_edited_sample_is_refused(audit: Path) -> None:
    path = audit / "sample" / "sample.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([lines[0], lines[1], *lines[1:]]))
    with pytest.raises(UserError, match=r"twice|as it was"):
        read_sample(Bundle(audit / "sample"))
