"""Every case a registrar can read comes out as it says, for the reasons it names."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest
from tests.counting.casebook import Case, Expected, cases

from opencdi.counting import classification, rulebook
from opencdi.counting.answer import Answer, RequiredCrime, answer
from opencdi.counting.report_reading import checked


def answered(case: Case) -> Answer:
    return answer(checked(case.report, case.id))


def reasons(found: Answer) -> set[str]:
    """The rules behind what is recorded and behind what is not."""
    of_crimes = {reason.rule for crime in found.required for reason in crime.reasons}
    return of_crimes | {reason.rule for offence in found.offences for reason in offence.reasons}


def fits(expected: Expected, crime: RequiredCrime) -> bool:
    """Is the record of that kind and class, and of the code where the case names one?"""
    named = (
        (expected.class_, crime.class_code),
        (expected.code, crime.code),
        (expected.n100, crime.n100_code),
    )
    return expected.as_ == crime.record_as and all(wanted in (None, found) for wanted, found in named)


def unlike(case: Case, found: Answer) -> list[str]:
    """Records that stand and should not, and records that should stand and do not."""
    exact_first = sorted(case.expect, key=lambda each: each.code is None)
    wanted = [each for each in exact_first for _ in range(each.number)]
    surplus = []
    for crime in found.required:
        for _ in range(crime.number):
            answering = next((each for each in wanted if fits(each, crime)), None)
            if answering:
                wanted.remove(answering)
            else:
                surplus.append(f"not expected: {crime.record_as} {crime.class_code} {crime.code}")
    return [*surplus, *(f"expected: {each.model_dump(exclude_none=True)}" for each in wanted)]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_a_case_comes_out_as_it_says(case: Case) -> None:
    found = answered(case)
    assert unlike(case, found) == [], case.words
    assert set(case.rules) <= reasons(found)
    assert {fact for crime in found.required for fact in crime.missing_facts} == set(case.missing)
    if case.flags is not None:
        assert set(case.flags) == {flag for crime in found.required for flag in crime.flags}
    if case.deadline is not None:
        assert datetime.fromisoformat(found.deadline) == case.deadline
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
