"""What may not be published is refused with a sentence that names it."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.publication.small_audit import judged_audit
from tests.publication.small_release import audit_of, release_of

from opencdi.errors import UserError
from opencdi.publication.audit_folder import read_audit
from opencdi.publication.checks import check
from opencdi.publication.figures import Release, Source
from opencdi.publication.forces import force_of_code, force_of_name, forces
from opencdi.publication.publish import fresh_folder, verified_before
from opencdi.publication.published_file import read_published
from opencdi.publication.release import read_release
from opencdi.publication.settings import read_release_settings
from opencdi.publication.verified import verify_all

HEADINGS = (
    "publisher,force,inspection,period_start,period_end,measure,value_percent,ci_plus_minus_percent,"
    "source_url"
)
GOOD = (
    "HMICFRS,Kent Police,2018,2018-01,2018-06,all reported crime recorded,96.6,1.2,https://example.org/kent"
)

Published = Callable[..., Path]


@pytest.fixture
def published(tmp_path: Path) -> Published:
    def write(*lines: str, headings: str = HEADINGS) -> Path:
        path = tmp_path / "published.csv"
        path.write_text("\n".join([headings, *lines]) + "\n", encoding="utf-8")
        return path

    return write


def refused(release: Release) -> str:
    with pytest.raises(UserError) as found:
        check(release)
    return str(found.value)


def test_a_good_release_passes() -> None:
    release = release_of(6, 3)
    assert check(release) is release


def test_nothing_to_publish_is_refused() -> None:
    assert "nothing to publish" in refused(replace(release_of(), audits=()))


def test_a_force_given_twice_is_named() -> None:
    release = release_of()
    told = refused(replace(release, audits=(*release.audits, release.audits[0])))
    assert (
        told
        == "Metropolitan Police is given twice for one audit (E23000001-2025-03-31). Give each audit once."
    )


def test_overlapping_periods_are_named() -> None:
    kent = force_of_name("Kent")
    early, late = audit_of(kent, 2025), replace(audit_of(kent, 2026), first_day=date(2025, 3, 1))
    told = refused(replace(release_of(), audits=(early, late)))
    assert "Two audits of Kent overlap" in told and "2025-03-31" in told and "2025-03-01" in told


def test_a_rate_without_denominator_is_named() -> None:
    release = release_of()
    audit = release.audits[0]
    bare = tuple(
        replace(each, denominator=None) if each.group == "Robbery" else each for each in audit.figures
    )
    told = refused(replace(release, audits=(replace(audit, figures=bare), *release.audits[1:])))
    assert "Metropolitan Police" in told and "Robbery is a rate without a denominator" in told


def test_forces_under_different_editions_are_not_compared_without_a_reason() -> None:
    audits = (audit_of(forces()[0], 2026), audit_of(forces()[1], 2026, edition="2018-04"))
    told = refused(replace(release_of(), audits=audits))
    assert "Cumbria was audited under edition 2018-04 and Metropolitan Police under 2023-05" in told
    check(replace(release_of(), audits=audits, mixed_editions="both editions count these crimes alike"))


def test_a_published_figure_without_source_is_named(published: Published) -> None:
    with pytest.raises(UserError, match=r"line 2: a figure for Kent Police has no source"):
        read_published(published(GOOD.replace("https://example.org/kent", "")))
    audit = replace(audit_of(forces()[0], 2026), results_of="publisher", source=Source("HMICFRS"))
    assert "has no source" in refused(replace(release_of(), audits=(audit,)))


@pytest.mark.parametrize("code", ["E23000040", "E23000000", "W15000005", "29", ""])
def test_an_unknown_force_code_is_named(code: str) -> None:
    with pytest.raises(UserError, match=f"`{code}` is not the code of a police force"):
        force_of_code(code)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("Kent Police", "Kentshire Police", "line 2: `Kentshire Police` is not a police force"),
        ("96.6", "966", "line 2: `value_percent` must be a number from 0 to 100"),
        ("1.2", "narrow", "line 2: `ci_plus_minus_percent` must be a number"),
        ("2018-06", "June 2018", "line 2: `period_end` must be a date"),
        ("all reported crime recorded", "happiness", "line 2: measure `happiness` is not known"),
        ("2018-01,2018-06", "2018-06,2018-01", "line 2: the period ends before it starts"),
        ("96.6,", "96,6,", "line 2 has more cells than headings"),
    ],
)
def test_a_bad_cell_of_a_published_file_is_named(
    published: Published, before: str, after: str, told: str
) -> None:
    with pytest.raises(UserError, match=told):
        read_published(published(GOOD.replace(before, after)))


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"confidence": "sure"}, "line 2: `confidence` must be a number like 0.95"),
        ({"numerator": "12"}, "line 2: 12 crimes of how many"),
        ({"numerator": "12", "denominator": "9"}, "line 2: 12 of 9 is no share"),
    ],
)
def test_counts_of_a_published_figure_that_do_not_fit_are_named(
    published: Published, more: dict[str, str], told: str
) -> None:
    path = published(",".join([GOOD, *more.values()]), headings=",".join([HEADINGS, *more]))
    with pytest.raises(UserError, match=told):
        read_published(path)


def test_a_published_figure_that_stands_twice_is_named_with_both_lines(published: Published) -> None:
    other = GOOD.replace("all reported crime recorded", "violent crime recorded")
    assert len(read_published(published(GOOD, other))[0].figures) == 2
    with pytest.raises(UserError, match=r"line 4: Kent, 2018: `all reported.*` stands on line 2 already"):
        read_published(published(GOOD, other, GOOD))


def test_a_month_in_which_a_period_ends_is_in_it_to_its_last_day(published: Published) -> None:
    audit = read_published(published(GOOD))[0]
    assert (audit.first_day, audit.last_day) == (date(2018, 1, 1), date(2018, 6, 30))


@pytest.mark.parametrize(
    ("content", "told"), [(b"", "is empty"), (b"\xff\xfe\x00\x81", "is not a CSV file in UTF-8")]
)
def test_a_published_file_that_is_no_text_is_named(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "published.csv"
    path.write_bytes(content)
    with pytest.raises(UserError, match=told):
        read_published(path)
    with pytest.raises(UserError, match="There is no file"):
        read_published(tmp_path)


@pytest.mark.parametrize(
    ("text", "told"),
    [('released = "tomorrow"', "must be a day and a time"), ("released = 2027-01-14", "09:30 London time")],
)
def test_a_release_without_a_time_is_named(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "release.toml"
    path.write_text(text + "\n", encoding="utf-8")
    with pytest.raises(UserError, match=told):
        read_release_settings(path)
    with pytest.raises(UserError, match=r"There is no file .*nowhere.toml. Check the name\.$"):
        read_release_settings(tmp_path / "nowhere.toml")


def test_a_published_file_without_a_needed_column_is_named(published: Published) -> None:
    with pytest.raises(UserError, match="has no column `source_url`"):
        read_published(published(headings=HEADINGS.replace(",source_url", "")))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Kent Police", "E23000032"),
        ("Devon & Cornwall Police", "E23000035"),
        ("Hampshire Constabulary", "E23000030"),
        ("thames valley", "E23000029"),
        ("Dyfed–Powys Police", "W15000004"),
        ("London, City of", "E23000034"),
        ("Metropolitan", "E23000001"),
    ],
)
def test_a_force_is_found_by_any_usual_name(name: str, code: str) -> None:
    assert force_of_name(name).code == code


# Audits' folders ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return judged_audit(tmp_path_factory.mktemp("audit") / "kent-2026", "Kent")


def test_an_audit_is_read_as_its_rates_say(folder: Path) -> None:
    audit = read_audit(folder)
    with (folder / "sample" / "rates.csv").open(encoding="utf-8", newline="") as file:
        rows = {(row["measure"], row["dimension"], row["group_name"]): row for row in csv.DictReader(file)}
    assert audit.force.name == "Kent" and audit.id == "E23000032-2026-03-31"
    assert {figure.key for figure in audit.figures} == set(rows)
    for figure in audit.figures:
        row = rows[figure.key]
        for name in ("numerator", "denominator", "estimate", "lower", "upper", "effective_size"):
            value = getattr(figure, name)
            assert row[name] == ("" if value is None else str(value))


def test_an_audit_that_fails_verification_is_named(folder: Path, tmp_path: Path) -> None:
    changed = tmp_path / "kent-changed"
    changed.mkdir()
    (changed / "sample").mkdir()
    for path in (folder / "sample").iterdir():
        (changed / "sample" / path.name).write_bytes(path.read_bytes())
    rates = changed / "sample" / "rates.csv"
    rates.write_text(rates.read_text(encoding="utf-8").replace("0.95,", "0.99,", 1), encoding="utf-8")
    verified = verify_all([folder], ())
    assert verify_all([folder], verified) == verified
    with pytest.raises(
        UserError, match=r"kent-changed fails verification .* The rates are those of the verdicts"
    ):
        verify_all([changed], verified)


def test_an_audit_without_rates_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"There is no .*rates.csv"):
        verify_all([tmp_path], ())


def test_a_force_in_no_register_is_named_with_where_its_code_goes(folder: Path, tmp_path: Path) -> None:
    made_up = judged_audit(tmp_path / "midshire", "Midshire")
    with pytest.raises(UserError, match=r"`Midshire` is not a police force .*publication.toml"):
        read_audit(made_up)
    (made_up / "publication.toml").write_text('force_code = "E23000032"\n', encoding="utf-8")
    assert read_audit(made_up).force.name == "Kent"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('force_cod = "E23000032"', "unknown key `force_cod`"),
        ('[[cause]]\nkind = "x"\ncount = -1', "cause.0.count"),
    ],
)
def test_a_wrong_key_of_the_audit_s_own_words_is_named(folder: Path, text: str, told: str) -> None:
    path = folder / "publication.toml"
    path.write_text(text + "\n", encoding="utf-8")
    try:
        with pytest.raises(UserError, match=told):
            read_audit(folder)
    finally:
        path.unlink()


def test_a_release_at_another_time_than_half_past_nine_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "release.toml"
    path.write_text("released = 2027-01-14T10:00:00\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"`released`: statistics are released at 09:30"):
        read_release_settings(path)
    for other in ("2027-07-14T09:30:00Z", "2027-01-14T09:30:00+01:00"):
        path.write_text(f"released = {other}\n", encoding="utf-8")
        with pytest.raises(UserError, match="09:30 London time"):
            read_release_settings(path)
    path.write_text("released = 2027-07-14T08:30:00Z\n", encoding="utf-8")
    assert read_release_settings(path).released
    path.write_text("released = 2027-01-14T09:30:00\n", encoding="utf-8")
    assert read_release([], [], path).released is not None


def test_a_folder_that_is_no_site_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(UserError, match="not empty and not a site"), fresh_folder(tmp_path):
        pass
    assert (tmp_path / "thesis.txt").exists()


def test_a_site_that_fails_half_way_leaves_the_old_one_whole(tmp_path: Path) -> None:
    site = tmp_path / "site"
    with fresh_folder(site, ["abc"]) as folder:
        (folder / "index.html").write_text("old")
    with pytest.raises(RuntimeError), fresh_folder(site) as folder:
        raise RuntimeError
    assert (site / "index.html").read_text() == "old"
    assert verified_before(site) == {"abc"}


@pytest.mark.slow
def test_the_command_publishes_an_audit_and_refuses_with_exit_code_2(folder: Path, tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        program = [sys.executable, "-c", "from opencdi.cli import main; main()", "publish", *arguments]
        return subprocess.run(program, capture_output=True, text=True)

    made = run(str(tmp_path / "site"), str(folder))
    assert made.returncode == 0, made.stderr
    assert "A draft" in made.stdout and (tmp_path / "site" / "forces" / "kent.html").exists()
    again = run(str(tmp_path / "other"), str(folder), str(folder))
    assert again.returncode == 2
    assert (
        again.stderr.strip()
        == "Error: Kent is given twice for one audit (E23000032-2026-03-31). Give each audit once."
    )
