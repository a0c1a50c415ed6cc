"""Every case a registrar can read comes out as it says, for the reasons it names."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.counting.casebook import Case, cases

from opencdi.counting import classification, rulebook
from opencdi.counting.answer import Answer, answer
from opencdi.counting.report_reading import checked


def answered(case: Case) -> Answer:
    return answer(checked(case.report, case.id))


def reasons(found: Answer) -> set[str]:
    """The rules behind what is recorded and behind what is not."""
    of_crimes = {reason.rule for crime in found.required for reason in crime.reasons}
    return of_crimes | {reason.rule for offence in found.offences for reason in offence.reasons}


def records(found: Answer) -> Counter[tuple[str, str, str | None]]:
    counted: Counter[tuple[str, str, str | None]] = Counter()
    for crime in found.required:
        counted[crime.record_as, crime.class_code, crime.n100_code] += crime.number
    return counted


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_a_case_comes_out_as_it_says(case: Case) -> None:
    found = answered(case)
    expected: Counter[tuple[str, str, str | None]] = Counter()
    for each in case.expect:
        expected[each.as_, each.class_, each.n100] += each.number
    assert records(found) == expected, case.words
    assert set(case.rules) <= reasons(found)
    assert {fact for crime in found.required for fact in crime.missing_facts} == set(case.missing)
    for each in case.expect:
        assert each.code is None or each.code in {crime.code for crime in found.required}
    assert set(case.flags) <= {flag for crime in found.required for flag in crime.flags}
    ruled = {(ruling.action, ruling.may): ruling.decided_by for ruling in found.recorded}
    for each_ruled in case.ruled:
        assert (each_ruled.action, each_ruled.may) in ruled
        if each_ruled.decided_by is not None:
            assert ruled[each_ruled.action, each_ruled.may] == each_ruled.decided_by


def test_cases_have_names_of_their_own() -> None:
    names = Counter(case.id for case in cases())
    assert [name for name, number in names.items() if number > 1] == []


def test_cases_cite_documents_and_rules_that_exist() -> None:
    documents = (classification.HOCR / "sources.toml").read_text(encoding="utf-8")
    rules = {rule.id for rule in rulebook.load()}
    for case in cases():
        assert f"[{case.document}]" in documents, case.id
        assert set(case.rules) <= rules, case.id
