"""The verdict follows from the answers."""

from __future__ import annotations

from typing import Any

import pytest
from tests.review.made_up import found, log, missing, record

from opencdi import schema
from opencdi.review.judging.answers import CrimeAnswer, verdict_of
from opencdi.review.judging.causes import BY_CODE, LEVELS
from opencdi.review.judging.completeness import faults
from opencdi.review.judging.words import WordsNotFoundError, quoted, spans_of
from opencdi.simulation.taxonomy import CAUSES

CANCELLED = {"status": "cancelled", "cancellation_code": "C2"}


@pytest.mark.parametrize(
    ("answer", "of_record", "verdict"),
    [
        (found(1), {}, "correct"),
        (found(1, in_time="no"), {}, "late"),
        (found(1), {"class_code": "9A"}, "wrong_class"),
        (found(1, in_time="no"), {"class_code": "9A"}, "wrong_class"),
        (found(1, class_right="yes"), {"class_code": "9A"}, "correct"),
        (found(1, flags=("domestic_abuse",)), {}, "paperwork"),
        (found(1, flags=("domestic_abuse",)), {"flags": ("domestic_abuse",)}, "correct"),
        (found(1, paperwork=("rationale",)), {}, "paperwork"),
        (found(1, in_time="no", paperwork=("rationale",)), {}, "late"),
        (found(1, cancellation_right="no"), CANCELLED, "cancelled_wrong"),
        (found(1, cancellation_right="yes"), CANCELLED, "correct"),
        (found(1, cancellation_right="unknown"), CANCELLED, "cannot_tell"),
        (found(1), {"status": "n100", "class_code": None}, "n100_wrong"),
        (found(1, requires="n100"), {"status": "n100", "class_code": None}, "nothing_required"),
        (found(1, requires="n100"), {}, "over_recorded"),
        (found(1, requires="no_crime"), {}, "over_recorded"),
        (found(1, requires="cannot_tell"), {}, "cannot_tell"),
        (missing(), {}, "missing"),
        (missing(record="unknown"), {}, "cannot_tell"),
    ],
)
def test_the_verdict_follows_from_the_answers(
    answer: CrimeAnswer, of_record: dict[str, Any], verdict: str
) -> None:
    on_file = record(1, **of_record) if answer.is_on_record else None
    assert verdict_of(answer, on_file) == verdict
    assert verdict in schema.VERDICTS_ON_A_CRIME


def test_the_causes_are_those_the_made_up_force_draws_from_and_more() -> None:
    assert set(CAUSES) - {""} <= set(BY_CODE)
    assert {cause.level for cause in BY_CODE.values()} == set(LEVELS)


def _lacking(answer: CrimeAnswer, **of_record: Any) -> list[str]:
    case = log(1, record(1, **of_record))
    return list(faults(answer, case.facts, case.text))


def test_an_empty_answer_is_asked_what_the_report_requires_and_nothing_else() -> None:
    assert _lacking(CrimeAnswer()) == ["requires"]


def test_a_plain_correct_answer_lacks_nothing() -> None:
    assert _lacking(found(1)) == []


def test_a_missing_crime_rests_on_words_and_has_a_cause() -> None:
    assert _lacking(missing(spans=(), cause="")) == ["words", "cause"]
    assert _lacking(missing()) == []


def test_a_log_without_text_asks_for_no_words() -> None:
    case = log(1, text="")
    assert list(faults(missing(spans=()), case.facts, case.text)) == []


def test_who_cannot_tell_says_what_is_missing() -> None:
    assert _lacking(CrimeAnswer(requires="cannot_tell")) == ["missing"]


def test_a_cancelled_record_is_asked_about() -> None:
    assert _lacking(found(1), **CANCELLED) == ["cancellation_right", "victim_told", "missing"]


def test_a_class_that_is_not_in_the_list_is_refused() -> None:
    assert _lacking(found(1, class_code="8Z9")) == ["class_code", "words", "cause"]


def test_a_record_of_another_case_is_refused() -> None:
    assert _lacking(found(2)) == ["record"]


def test_words_are_found_whatever_their_case_and_spacing_and_come_back_as_they_stand() -> None:
    text = "SHE WAS\n  PUNCHED   in the face"
    spans = spans_of("was punched\n\nIN THE FACE", text)
    assert quoted(spans, text) == "WAS PUNCHED\nin the face"


def test_words_that_are_not_in_the_log_are_told_by_their_line_and_not_repeated() -> None:
    with pytest.raises(WordsNotFoundError) as told:
        spans_of("punched\nKICKED HIM", "SHE WAS PUNCHED")
    assert told.value.line == 2
    assert "KICKED" not in str(told.value)
