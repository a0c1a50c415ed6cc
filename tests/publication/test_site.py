"""The site: every number leads to the rates table, the same release gives the same bytes, pages are light."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.publication.following import Page, read_page
from tests.publication.small_release import release_of

from opencdi.publication.figures import Figure, Release
from opencdi.publication.national import compare_forces, pooled, rounds
from opencdi.publication.pages.force_page import unjudged_told, yearly_sentence
from opencdi.publication.pages.national_page import national_values
from opencdi.publication.press import write_press
from opencdi.publication.sentences.pooled import headline, rule_sentence
from opencdi.publication.sentences.rates import went_right, went_wrong
from opencdi.publication.site import write_pages
from opencdi.publication.tables.every import TABLES
from opencdi.publication.tables.metadata import write_metadata
from opencdi.publication.tables.reading import read_earlier
from opencdi.publication.tables.tidy import write_csvs
from opencdi.publication.tables.write import write_tables

HEAVIEST = 200_000


def site_of(release: Release, folder: Path) -> Path:
    """The pages and the press file; the tables have tests of their own."""
    write_press(release, folder / "press")
    write_pages(release, folder)
    return folder


@pytest.fixture(scope="module")
def release() -> Release:
    return release_of()


@pytest.fixture(scope="module")
def site(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return site_of(release, tmp_path_factory.mktemp("site") / "site")


def pages_of(site: Path) -> dict[str, Page]:
    return {
        path.relative_to(site).as_posix(): read_page(path.read_text(encoding="utf-8"))
        for path in sorted(site.rglob("*.html"))
    }


def figures_of(release: Release) -> dict[tuple[str, str, str, str], Figure]:
    return {(audit.id, *figure.key): figure for audit, figure in release.each_figure()}


def test_every_number_on_every_page_leads_to_its_row_of_the_rates(release: Release, site: Path) -> None:
    known, followed = figures_of(release), 0
    for page in pages_of(site).values():
        for row in page.rows.values():
            figure = known[row.audit, row.measure, row.dimension, row.group]
            for field, value in row.values.items():
                assert value == str(getattr(figure, field))
                followed += 1
        for anchor, field, value in page.links:
            row = page.rows[anchor]
            figure = known[row.audit, row.measure, row.dimension, row.group]
            assert value == str(getattr(figure, field))
            followed += 1
    assert followed > 500


def test_every_row_of_every_page_is_found_in_the_published_tables(tmp_path: Path) -> None:
    release = release_of(2, 2)
    site = site_of(release, tmp_path / "site")
    write_tables(release, site / "data", None, lambda _: None)
    with (site / "data" / "figures.csv").open(encoding="utf-8-sig", newline="") as file:
        published = {
            tuple(row[name] for name in ("audit_id", "measure", "dimension", "group_name")): row
            for row in csv.DictReader(file)
        }
    followed = 0
    for page in pages_of(site).values():
        for row in page.rows.values():
            found = published[row.audit, row.measure, row.dimension, row.group]
            for field, value in row.values.items():
                assert float(found[field]) == pytest.approx(float(value), abs=1e-8)
                followed += 1
    assert followed > 300


def test_every_count_and_every_figure_of_several_forces_is_found_in_its_published_table(
    release: Release, site: Path, tmp_path: Path
) -> None:
    write_csvs(release, tmp_path)
    tables = {
        table.name: {
            tuple(sorted((name, row[name]) for name in table.key)): row
            for row in csv.DictReader((tmp_path / table.file).read_text(encoding="utf-8").splitlines())
        }
        for table in TABLES
    }
    followed = Counter[str]()
    for page in pages_of(site).values():
        for cell in page.cells:
            row = tables[cell.table][tuple(sorted(cell.key))]
            assert float(row[cell.field]) == pytest.approx(float(cell.value), abs=1e-8)
            followed[cell.table] += 1
    assert set(followed) == {"audits", "counts", "pooled", "years"} and sum(followed.values()) > 80


def test_the_figures_of_several_forces_are_those_that_the_published_figures_give(
    release: Release, site: Path, tmp_path: Path
) -> None:
    write_csvs(release, tmp_path)
    write_metadata(release, tmp_path)
    again, page = read_earlier(tmp_path), read_page((site / "index.html").read_text(encoding="utf-8"))
    key, _ = page.headings[0]
    said = dict(key)
    pools = pooled(again, said["measure"], said["dimension"], said["group_name"])
    pool = next(each for each in pools if each.rule == said["rule"])
    assert page.headings == [(key, headline(pool)), (key, rule_sentence(pool))]
    assert national_values(again, compare_forces(again))["standing_said"] in (site / "index.html").read_text()
    for cell in page.cells:
        if cell.table == "years" and cell.field == "average":
            made = {str(each.year): each for each in rounds(again)}[dict(cell.key)["year"]]
            assert float(cell.value) == pytest.approx(made.average, abs=1e-8)


def test_every_sentence_on_a_figure_is_the_one_its_row_gives(release: Release, site: Path) -> None:
    rules = {
        "went_right": went_right,
        "went_wrong": went_wrong,
        "yearly": yearly_sentence,
        "unjudged": unjudged_told,
    }
    known, followed = figures_of(release), 0
    for page in pages_of(site).values():
        for anchor, how, words in page.said:
            row = page.rows[anchor]
            assert words == rules[how](known[row.audit, row.measure, row.dimension, row.group])
            followed += 1
    assert followed > 30


def test_every_address_on_every_page_leads_somewhere(site: Path) -> None:
    pages = pages_of(site)
    for name, page in pages.items():
        assert len(page.ids) == len(set(page.ids)), name
        for address in page.addresses:
            path, _, anchor = address.partition("#")
            if path:
                assert (site / name).parent.joinpath(path).resolve().exists(), (name, address)
            else:
                assert anchor in page.ids, (name, address)


def test_no_page_asks_anything_of_the_outside_or_needs_a_script(site: Path) -> None:
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "<script" not in text and "javascript:" not in text
        assert not re.search(r"""(?:src|@import|url\()\s*=?\s*["']?https?:""", text)
        assert "default-src 'none'" in text


def test_every_page_weighs_under_200_kilobytes(site: Path) -> None:
    assert all(path.stat().st_size < HEAVIEST for path in site.rglob("*.html"))


@pytest.mark.slow
def test_a_full_release_has_light_pages_too(tmp_path: Path) -> None:
    site = site_of(release_of(43, 12), tmp_path / "site")
    assert len(list((site / "forces").iterdir())) == 43
    assert max(path.stat().st_size for path in site.rglob("*.html")) < HEAVIEST


def test_the_same_release_gives_the_same_bytes(release: Release, site: Path, tmp_path: Path) -> None:
    def digest(folder: Path) -> dict[str, str]:
        files = [path for path in folder.rglob("*") if path.is_file()]
        return {
            str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
        }

    shuffled = replace(release, audits=tuple(reversed(release.audits)))
    assert digest(site_of(shuffled, tmp_path / "again")) == digest(site)


def test_the_headline_names_which_audits_are_counted(site: Path) -> None:
    text = (site / "index.html").read_text(encoding="utf-8")
    title = re.search(r"<h1[^>]*>(.*?)</h1>", text)
    assert title and re.fullmatch(r"\S.* of .* audited crimes in 6 forces was not recorded", title[1])
    assert "each force&#39;s latest audit" in text and "every audit of every force" in text


def test_a_draft_says_so_on_every_page_and_a_signed_release_on_none(tmp_path: Path, site: Path) -> None:
    draft = site_of(release_of(signed=False), tmp_path / "draft")
    assert all("Draft, not for release" in path.read_text("utf-8") for path in draft.rglob("*.html"))
    assert not any("Draft, not for release" in path.read_text("utf-8") for path in site.rglob("*.html"))


def test_no_page_carries_the_brand_of_the_government_and_all_say_so(site: Path) -> None:
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "This is not a GOV.UK service." in text
        assert not re.search(r"GDS Transport|crest|govuk-logo", text)


def test_a_suppressed_figure_shows_no_number_anywhere_on_its_page(tmp_path: Path) -> None:
    release = release_of()
    audit = release.audits[-1]
    hidden = Figure("recorded", "offence_subgroup", "Rape", marker="c")
    figures = tuple(hidden if each.key == hidden.key else each for each in audit.figures)
    changed = replace(release, audits=(*release.audits[:-1], replace(audit, figures=figures)))
    folder = site_of(changed, tmp_path / "site")
    page = read_page((folder / "forces" / f"{audit.force.slug}.html").read_text(encoding="utf-8"))
    rows = [row for row in page.rows.values() if (row.measure, row.group) == ("recorded", "Rape")]
    assert [row.values for row in rows] == [{}]
    assert any("so few could identify somebody" in words for _, _, words in page.said)


def test_no_figure_for_all_forces_is_made_of_those_that_are_not_withheld() -> None:
    release = release_of()
    audit = release.audits[-1]
    hidden = Figure("recorded_correctly", "offence_subgroup", "Rape", marker="c")
    figures = tuple(hidden if each.key == hidden.key else each for each in audit.figures)
    changed = replace(release, audits=(*release.audits[:-1], replace(audit, figures=figures)))
    assert len(pooled(release, *hidden.key)) == 2
    assert pooled(changed, *hidden.key) == []


def test_the_press_file_has_one_row_and_one_paragraph_a_force(site: Path, release: Release) -> None:
    with (site / "press" / "press.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    text = (site / "press" / "press.txt").read_text(encoding="utf-8")
    assert [row["force"] for row in rows] == sorted(force.name for force in release.forces)
    assert all(row["paragraph"] in text and row["rate"] and row["audited"] for row in rows)
    assert "For immediate release." in text and release.contact in text and "Cite as:" in text


@pytest.mark.parametrize(("year", "said"), [(2018, False), (2026, True)])
def test_a_page_says_where_grade_rules_were_not_in_force(tmp_path: Path, year: int, said: bool) -> None:
    release = release_of(1, 1)
    audit = replace(release.audits[0], first_day=date(year - 1, 10, 1), last_day=date(year, 3, 31))
    folder = site_of(replace(release, audits=(audit,)), tmp_path)
    text = (folder / "forces" / f"{audit.force.slug}.html").read_text(encoding="utf-8")
    assert ("not in force in the period of this audit" in text) is said
