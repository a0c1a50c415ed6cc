"""The report's folder: what stands in it, what must not, and that it comes out the same each time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.report.small_audit import AUDIT, LOG, compared

from opencdi import report
from opencdi.engine import DuckDBEngine


def _write(
    folder: Path,
    events: int = 60,
    limits: report.Limits | None = None,
    kept_pages: report.KeptPages | None = None,
) -> Path:
    folder.mkdir()
    with DuckDBEngine() as engine:
        report.write(folder, AUDIT, compared(engine, events), limits, kept_pages=kept_pages)
    return folder


def _hashes(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _write(tmp_path_factory.mktemp("audit") / "report")


def _pages(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.rglob("*.html")):
        yield path, path.read_text(encoding="utf-8")


class Links(HTMLParser):
    """Collects what a page points to and the ids it holds."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.targets.append(value)
            if name == "id" and value:
                self.ids.append(value)


def test_the_same_tables_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    again = _write(tmp_path / "again")

    assert _hashes(folder) == _hashes(again)


def test_with_pages_kept_from_an_older_audit_the_bytes_are_the_same(folder: Path, tmp_path: Path) -> None:
    first = report.KeptPages()
    before = _write(tmp_path / "before", 40, kept_pages=first)
    then = report.KeptPages(first.pages)
    now = _write(tmp_path / "now", 60, kept_pages=then)
    assert 0 < len(then.left) < len(then.pages)
    left = {name: digest for name, digest in _hashes(before).items() if name in then.left}
    assert {**_hashes(now), **left} == _hashes(folder)
    assert not {*_hashes(now)} & {*left}


def test_a_page_that_stands_is_not_made_again_unless_it_says_other_things_or_other_code_asks(
    tmp_path: Path,
) -> None:
    made: list[str] = []

    def make() -> str:
        made.append("made")
        return "a page"

    standing: dict[str, report.Kept] = {}
    for code, says in (("old", 1), ("old", 1), ("new", 1), ("new", 2)):
        kept = report.KeptPages(standing, code)
        kept.write(tmp_path, "page.html", {"says": says}, make)
        standing = kept.pages
    assert len(made) == 3


def test_a_page_whose_sources_are_as_they_were_is_left_without_a_look_at_what_it_says(tmp_path: Path) -> None:
    first = report.KeptPages(written_with="code")
    first.write(tmp_path, "page.html", "says", lambda: "a page", rests_on="these parts")
    then = report.KeptPages(first.pages, "code")
    assert not then.leave("page.html", "other parts")
    assert not then.leave("page.html", None)
    assert not then.leave("other.html", "these parts")
    assert not report.KeptPages(first.pages, "other code").leave("page.html", "these parts")
    assert then.leave("page.html", "these parts")
    assert (then.left, then.pages) == ({"page.html"}, first.pages)


def test_a_record_keeps_the_name_of_its_page_from_one_report_to_the_next(
    folder: Path, tmp_path: Path
) -> None:
    before = _write(tmp_path / "before", 40)
    for page in before.glob("incidents/*.html"):
        then, now = (_heading(each / "incidents" / page.name) for each in (before, folder))
        assert now in (None, then)


def _heading(page: Path) -> str | None:
    return re.findall("<h1>(.*?)</h1>", page.read_text())[0] if page.exists() else None


def test_every_link_leads_to_a_page_or_a_place_that_is_there(folder: Path) -> None:
    for path, text in _pages(folder):
        links = Links(text)
        for target in links.targets:
            if target == "data:,":
                continue
            if target.startswith("#"):
                assert target[1:] in links.ids, (path, target)
            else:
                assert (path.parent / target).resolve().exists(), (path, target)


def test_ids_are_unique_in_each_page(folder: Path) -> None:
    for path, text in _pages(folder):
        ids = Links(text).ids
        assert len(ids) == len(set(ids)), path


def test_no_page_asks_anything_of_another_computer_or_runs_a_script(folder: Path) -> None:
    for path, text in _pages(folder):
        assert "<script" not in text, path
        assert "@import" not in text and "url(http" not in text, path
        addresses = re.findall(r"https?://[^\"'<\s]+", text)
        assert set(addresses) <= {"http://www.w3.org/2000/svg"}, path


def test_every_page_says_how_sensitive_it_is_and_that_leads_are_no_rates(folder: Path) -> None:
    for path, text in _pages(folder):
        assert "OFFICIAL-SENSITIVE" in text, path
        assert "They are not verdicts" in text, path


def test_no_page_prints_a_rate(folder: Path) -> None:
    style = re.compile(r"<style>.*?</style>", re.DOTALL)
    for path, text in _pages(folder):
        assert not re.search(r"\d\s?(%|per ?cent)", style.sub("", text)), path


def test_what_stands_in_the_records_is_escaped(folder: Path) -> None:
    everything = "".join(text for _, text in _pages(folder))
    assert "<Police>" not in everything and "&lt;Police&gt;" in everything
    assert "<SHAKEN>" not in everything and "&lt;SHAKEN&gt;" in everything


def test_raw_rejected_rows_are_never_shown(folder: Path) -> None:
    assert all("SECRET RAW ROW" not in text for _, text in _pages(folder))


def test_file_names_are_made_of_numbers_and_known_words_only(folder: Path) -> None:
    known = r"(index|(all|group|abuse|channel|opening|code)-[a-z0-9_-]+|[0-9a-f]{16})\.html|worklist\.xlsx"
    for path in folder.rglob("*"):
        if path.is_file():
            assert re.fullmatch(known, path.name), path


def test_a_figure_leads_to_the_record_its_words_its_rules_and_its_link(folder: Path) -> None:
    index = (folder / "index.html").read_text()
    assert 'href="leads/all-wrong_class.html"' in index
    leads = (folder / "leads" / "all-wrong_class.html").read_text()
    record = (folder / "leads" / re.findall(r'href="(\.\./incidents/[0-9a-f]+\.html)"', leads)[0]).resolve()
    text = record.read_text()
    assert "<mark>PUNCHED IN THE FACE<sup>[1]</sup></mark>" in text
    assert '<mark class="other">NO WEAPON<sup>[2]</sup></mark>' in text
    assert "principal-crime" in text and "recording-rules" in text and "2025-04" in text
    assert "the crime gives the incident&#39;s number" in text and "+14.2" in text


def test_the_drill_down_stays_within_its_limits_and_says_what_it_leaves_out(tmp_path: Path) -> None:
    folder = _write(tmp_path / "report", 120, report.Limits(leads_a_figure=3, record_pages=60))
    records = list((folder / "incidents").glob("*.html"))
    assert 0 < len(records) <= 60
    leads = (folder / "leads" / "all-missing.html").read_text()
    assert re.search(r"The [123] most serious of \d+ leads", leads)


def test_an_audit_without_findings_still_has_a_report(tmp_path: Path) -> None:
    folder = _write(tmp_path / "report", 0)
    assert "No missing crime was found." in (folder / "index.html").read_text()


def test_a_log_longer_than_is_shown_says_so(tmp_path: Path) -> None:
    folder = _write(tmp_path / "report", 20, report.Limits(log_characters=30))
    record = min((folder / "incidents").glob("*.html")).read_text()
    assert "The first 30 characters are shown." in record
    assert LOG[40:] not in record
