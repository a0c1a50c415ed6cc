"""What is marked verified stands on the page that is cited; checked against the documents where present."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from opencdi.counting import reference, rulebook
from opencdi.counting.classification import load

OFFICIAL = Path(__file__).resolve().parents[3] / "shared" / "reference" / "official"
FILES = {
    "recording-rules-2026-27": "crime-recording-rules-2026_27-April-v2.txt",
    "notifiable-offence-list-2026-04": "notifiable-offence-and-notifiable-reported-incidents-april-2026.txt",
    "fraud-rules-2026-04": "nfib-fraud-april-2026.txt",
    "outcomes-framework-2026": "outcomes-framework-guidance-2026.txt",
    "incident-standard-2011": "count-nsir11.txt",
}

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not OFFICIAL.exists(), reason="the official documents are not beside the repository"),
]


@cache
def pages(document: str) -> tuple[str, ...]:
    return tuple((OFFICIAL / FILES[document]).read_text(encoding="utf-8").split("\f"))


def page_numbers(cited: str) -> list[int]:
    """The pages of ``12``, ``25, 26`` or ``12 to 14``."""
    numbers = [int(number) for number in re.findall(r"\d+", cited)]
    return list(range(numbers[0], numbers[-1] + 1)) if "to" in cited else numbers


def cited(document: str, where: str) -> str:
    return "\n".join(pages(document)[number - 1] for number in page_numbers(where))


def squeezed(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def test_every_verified_code_stands_on_its_page() -> None:
    for row in load().rows:
        if row.status == "verified":
            page = cited(row.source, row.page)
            number, _, part = row.code.partition("/")
            short = f"{int(number)}/{int(part)}"
            ranges = re.findall(r"(\d{3}/\d{2}) *[-–] *(\d{3}/\d{2})", page)
            inside = any(first <= row.code <= last for first, last in ranges)
            named_by_class = row.class_code in {"8S", "8T"} and re.search(rf"\b{row.class_code}\b", page)
            assert row.code in page or short in page or inside or named_by_class, (row.code, row.page)


def test_every_verified_class_stands_on_its_page() -> None:
    for found in load().classes.values():
        if found.status == "verified":
            page = cited(found.source, found.page)
            spelled = re.escape(found.class_code).replace(r"\.", r"[./]")
            spelled = spelled.replace("NFIB", "NFIB ?")
            named_by_code = any(row.code in page for row in load().rows_of(found.class_code))
            assert re.search(rf"(?<![\w/]){spelled}(?!\w)", page) or named_by_code, found.class_code


def test_every_unit_of_count_is_read_where_the_rules_state_one() -> None:
    stated = re.compile(r"(?i)(one|once|1) crime (for|per|must be counted for)|provided that the weapon")
    for found in load().classes.values():
        if found.unit_source in FILES:
            assert stated.search(cited(found.unit_source, found.unit_page)), found.class_code


def test_every_page_a_rule_cites_exists() -> None:
    for rule in rulebook.load():
        for version in rule.version:
            if version.cite.document in FILES:
                last = len(pages(version.cite.document)) - 1
                assert all(1 <= number <= last for number in page_numbers(version.cite.page)), rule.id


def test_every_row_of_the_principal_crime_table_is_on_page_14_in_this_order() -> None:
    page = pages("recording-rules-2026-27")[13]
    places = [page.index(place.codes[0]) for place in load().principal_crimes]
    assert places == sorted(places)


def test_every_outcome_stands_on_its_page() -> None:
    for outcome in reference.outcomes().values():
        if outcome.source in FILES:
            page = squeezed(cited(outcome.source, outcome.page))
            assert re.search(rf"outcome(type)?{outcome.outcome.lower()}", page), outcome.outcome


def test_every_incident_category_and_qualifier_stands_on_its_page() -> None:
    standard = reference.incident_categories()
    for category in standard:
        page = squeezed(cited(category.source, category.page))
        words = [word for word in re.findall(r"[A-Za-z]{4,}", category.category) if word not in {"Recorded"}]
        assert any(squeezed(word) in page for word in words), category.category
    for qualifier in reference.incident_qualifiers():
        page = squeezed(cited(qualifier.source, qualifier.page))
        assert any(squeezed(word) in page for word in qualifier.qualifier.split()), qualifier.qualifier


def test_every_n_code_the_rules_know_stands_on_its_page() -> None:
    for code, incident in reference.reported_incidents().items():
        if incident.status == "verified":
            page = cited(incident.source, incident.page)
            prefix, _, number = code.partition("/")
            assert re.search(rf"{prefix}/0?{int(number)}\b", page), code
