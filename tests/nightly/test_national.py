"""A country's forces as one: the gravest leads of all, and one frame to draw from."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import openpyxl
import pyarrow.csv as pacsv
import pytest
from tests.factories import after, finding, incident

from opencdi import schema
from opencdi.bundle import Bundle
from opencdi.bundle.freeze import Frozen
from opencdi.bundle.verify import verify
from opencdi.cli import up_to_date
from opencdi.cli.country import _write_worklist
from opencdi.cli.country import country as run_country
from opencdi.cli.country_estimate import country_estimate
from opencdi.cli.country_sample import DesignChoice, country_frame, country_seed, frozen_over_forces
from opencdi.engine import DuckDBEngine, batch_of
from opencdi.errors import UserError
from opencdi.nightly.national import all_forces, by_force, gravest_leads
from opencdi.settings import Sample
from opencdi.storage import one_run

FORCES = ("North", "O'Hare")
NAME_THAT_GOES_ON = "North East"
"""Before ``North`` in the order of numbers, since a blank stands before the stroke; after it by name."""
TOML = """force = "{name}"
[[exports]]
table = "incidents"
files = ["incidents.csv"]
profile = "profiles/incidents.toml"
"""


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine() as running:
        yield running


@pytest.fixture
def country(engine: DuckDBEngine, tmp_path: Path) -> Path:
    """Two forces whose incidents bear the same numbers; the second's leads are the graver ones."""
    for number, name in enumerate(FORCES):
        folder = tmp_path / "forces" / name
        (folder / "tables").mkdir(parents=True)
        (folder / "audit.toml").write_text(TOML.format(name=name))
        leads = [
            finding("missing", f"I{each}", seriousness=2 - number, deadline_at=after(each))
            for each in range(3)
        ]
        population = [
            {
                "incident_id": f"I{each:03d}",
                "kind": "ordinary",
                "record": "ordinary",
                "channel": "999",
                "opening_group": "violence",
                "offence_group": "theft",
                "domestic_abuse": False,
                "score": each / 100,
                "required": 1,
            }
            for each in range(60)
        ]
        for contract, rows in ((schema.FINDINGS, leads), (schema.POPULATION, population)):
            made = engine.from_batches(contract, [batch_of(contract, rows)])
            engine.write(made, folder / "tables" / f"{contract.name}.parquet")
    return tmp_path


def test_the_gravest_leads_of_all_forces_come_first_and_bear_their_force(
    engine: DuckDBEngine, country: Path
) -> None:
    found = gravest_leads(engine, country, 4)
    assert [row["incident_id"] for row in found.rows()] == ["O'Hare/I0", "O'Hare/I1", "O'Hare/I2", "North/I0"]
    (country / "report").mkdir()
    _write_worklist(country, "Two forces", "1GB", 4)
    sheet = openpyxl.load_workbook(country / "report" / "worklist.xlsx")["Leads 1"]
    assert sheet["E2"].value == "O'Hare/I0" and sheet.max_row == 5


def test_incidents_of_the_same_number_stay_two(engine: DuckDBEngine, country: Path) -> None:
    named = [row["incident_id"] for row in all_forces(engine, country, "population").rows()]
    assert len(named) == len(set(named)) == 120
    assert by_force(["North/I1", "O'Hare/I/1", "North/I0"]) == {"North": ["I1", "I0"], "O'Hare": ["I/1"]}


@pytest.fixture
def tables_belong_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """The forces here are tables alone, which no step is on record to have made."""
    monkeypatch.setattr(up_to_date, "refuse_stale", lambda *_: None)


@pytest.mark.usefixtures("tables_belong_together")
def test_one_frame_over_all_forces_is_frozen_before_the_seed(
    country: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    country_frame(country, readings=20, design=DesignChoice.simple, memory="1GB")
    assert "Incidents in the frame: 120" in capsys.readouterr().out
    frame = pacsv.read_csv(country / "sample" / "frame.csv")
    assert {name.partition("/")[0] for name in frame["incident_id"].to_pylist()} == set(FORCES)


def _freeze(country: Path) -> Frozen:
    return frozen_over_forces(country, "Both", Sample(design="simple", readings=20), memory="1GB")


def test_a_force_whose_tables_do_not_belong_together_is_named_and_nothing_is_frozen(country: Path) -> None:
    with pytest.raises(UserError, match="forces/North: `read` is not done"):
        country_frame(country)
    assert not (country / "sample").exists()


def test_a_size_of_memory_that_is_none_is_a_sentence(country: Path) -> None:
    with pytest.raises(UserError, match="`4XB` is no size of memory"):
        country_frame(country, memory="4XB")


def test_a_national_sample_may_be_drawn_by_every_design_of_a_force() -> None:
    assert {each.value for each in DesignChoice} == set(get_args(Sample.model_fields["design"].annotation))


@pytest.mark.usefixtures("tables_belong_together")
def test_a_force_that_the_frame_lacks_is_named(country: Path, capsys: pytest.CaptureFixture[str]) -> None:
    late = country / "forces" / "West"
    late.mkdir()
    (late / "audit.toml").write_text(TOML.format(name="West"))
    country_frame(country, readings=20, design=DesignChoice.simple, memory="1GB")
    assert "Not in the frame, since not audited yet: West" in capsys.readouterr().out


def test_a_seed_before_the_frame_says_how_a_country_freezes_one(country: Path) -> None:
    with pytest.raises(UserError, match="of a country `country-frame`"):
        country_seed(country, "1 2 3 4", origin="dice")


def test_a_frame_made_force_by_force_is_in_the_order_of_its_numbers(country: Path) -> None:
    shutil.copytree(country / "forces" / FORCES[1], country / "forces" / NAME_THAT_GOES_ON)
    _freeze(country)
    numbers = pacsv.read_csv(country / "sample" / "frame.csv")["incident_id"].to_pylist()
    assert len(numbers) == 180 and numbers == sorted(numbers)


@pytest.fixture
def drawn_country(engine: DuckDBEngine, country: Path) -> Path:
    """Twenty incidents of the two forces, drawn and handed out."""
    for name in FORCES:
        rows = [{**incident(f"I{each:03d}"), "force": name} for each in range(60)]
        for contract, made in ((schema.INCIDENTS, rows), (schema.CRIMES, []), (schema.LINKS, [])):
            place = country / "forces" / name / "tables" / f"{contract.name}.parquet"
            engine.write(engine.from_batches(contract, [batch_of(contract, made)]), place)
    _freeze(country)
    country_seed(country, "1 2 3 4", origin="dice")
    return country


def test_the_drawn_incidents_are_handed_to_their_forces(drawn_country: Path) -> None:
    country = drawn_country
    drawn = pacsv.read_csv(country / "sample" / "sample.csv")["incident_id"].to_pylist()
    handed = []
    for name in FORCES:
        book = openpyxl.load_workbook(country / "forces" / name / "report" / "national-sample.xlsx")
        about = [row[0].value for row in book["About"].iter_rows()]
        assert "opencdi estimate" not in " ".join(about) and "whoever drew the sample" in about[-1]
        handed += [f"{name}/{row[0].value}" for row in book["incidents"].iter_rows(min_row=2)]
    assert sorted(handed) == sorted(drawn) and len(handed) == 20


def test_the_workbooks_that_come_back_give_the_rate_of_the_country(
    drawn_country: Path, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match="No workbook has come back"):
        country_estimate(drawn_country, verdicts=tmp_path / "nowhere")
    for number, name in enumerate(FORCES):
        _judge_all(drawn_country, name, _sheet_of(drawn_country, name), ("correct", "missing")[number])
    country_estimate(drawn_country)
    judged = pacsv.read_csv(drawn_country / "sample" / "verdicts.csv")
    drawn = pacsv.read_csv(drawn_country / "sample" / "sample.csv")["incident_id"].to_pylist()
    assert sorted(judged["incident_id"].to_pylist()) == sorted(drawn)
    of_north = sum(name.startswith("North/") for name in drawn)
    rates = pacsv.read_csv(drawn_country / "sample" / "rates.csv").to_pylist()
    (rate,) = (row for row in rates if (row["measure"], row["dimension"]) == ("recorded", "all"))
    assert rate["estimate"] == pytest.approx(of_north / len(drawn))
    assert not any(check.problem for check in verify(Bundle(drawn_country / "sample")))


def test_the_verdicts_of_a_workbook_that_is_not_there_any_more_stand(
    drawn_country: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    back = tmp_path / "back"
    back.mkdir()
    _judge_all(drawn_country, FORCES[0], back / f"{FORCES[0]}.xlsx")
    _judge_all(drawn_country, FORCES[1], back / "late.xlsx")
    country_estimate(drawn_country, verdicts=back)
    told = " ".join(capsys.readouterr().out.split())
    assert f"{FORCES[1]}: none of its drawn incidents (" in told
    assert "late.xlsx: not read, since no force with drawn incidents is called `late`" in told
    (back / "late.xlsx").rename(back / f"{FORCES[1]}.xlsx")
    (back / f"{FORCES[0]}.xlsx").unlink()
    country_estimate(drawn_country, verdicts=back)
    assert f"{FORCES[0]}: verdicts taken in before stand, on " in " ".join(capsys.readouterr().out.split())
    country_estimate(drawn_country)
    assert "national-sample.xlsx holds no verdict" in " ".join(capsys.readouterr().out.split())
    assert pacsv.read_csv(drawn_country / "sample" / "verdicts.csv").num_rows == 20


def test_verdicts_that_a_workbook_has_no_more_are_counted_out_loud(
    drawn_country: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in FORCES:
        _judge_all(drawn_country, name, _sheet_of(drawn_country, name))
    country_estimate(drawn_country)
    sheet = _sheet_of(drawn_country, FORCES[0])
    book = openpyxl.load_workbook(sheet)
    book["verdicts"]["C2"].value = None
    book.save(sheet)
    country_estimate(drawn_country)
    assert "has no verdict any more on 1 of the incidents judged before" in " ".join(
        capsys.readouterr().out.split()
    )


def test_a_force_with_two_files_of_verdicts_is_asked_which_counts(
    drawn_country: Path, tmp_path: Path
) -> None:
    back = tmp_path / "back"
    back.mkdir()
    _judge_all(drawn_country, FORCES[0], back / f"{FORCES[0]}.xlsx")
    (back / f"{FORCES[0]}.csv").write_text("incident_id,required_no,verdict\n")
    with pytest.raises(UserError, match=r"holds both North\.xlsx and North\.csv"):
        country_estimate(drawn_country, verdicts=back)


def _judge_all(country: Path, force: str, place: Path, verdict: str = "correct") -> None:
    book = openpyxl.load_workbook(_sheet_of(country, force))
    for row in book["verdicts"].iter_rows(min_row=2, max_row=book["verdicts"].max_row):
        row[2].value = verdict
    book.save(place)


def _sheet_of(country: Path, force: str) -> Path:
    return country / "forces" / force / "report" / "national-sample.xlsx"


def test_a_second_run_on_a_country_says_so_and_stops(drawn_country: Path, tmp_path: Path) -> None:
    made = tmp_path / "made"
    for table in ("incidents", "crimes"):
        (made / table / "force=North").mkdir(parents=True)
    with one_run(drawn_country):
        for run in (
            lambda: run_country(drawn_country, made),
            lambda: country_frame(drawn_country),
            lambda: country_seed(drawn_country, "1 2 3 4", origin="dice"),
            lambda: country_estimate(drawn_country),
        ):
            with pytest.raises(UserError, match="Another run is working on"):
                run()


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no folder"):
        country_estimate(tmp_path / "nowhere")


def test_a_country_nobody_has_audited_is_a_sentence(engine: DuckDBEngine, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="has been audited yet"):
        all_forces(engine, tmp_path, "population")
