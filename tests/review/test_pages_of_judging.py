"""The auditor's and the adjudicator's pages, as a browser without scripts goes through them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from tests.review.browsing import CORRECT, address, sent, signed_in
from tests.review.made_up import (
    NOTHING,
    auditors,
    correct,
    crimes,
    found,
    judge,
    loaded,
    log,
    missing,
    person,
    readings,
    record,
    recorded_sample,
    sample,
    sign,
)

from opencdi.review.adjudication.models import Settlement
from opencdi.review.audits.models import Assignment, Audit, Case
from opencdi.review.audits.states import State
from opencdi.review.events.chain import entries
from opencdi.review.judging.answers import Answers
from opencdi.review.judging.models import Judgement
from opencdi.review.judging.reading import case_to_read
from opencdi.review.people.models import Person
from opencdi.review.policy import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def audit() -> Audit:
    auditors("anna", "ben")
    person("clara", Role.ADJUDICATOR)
    return loaded(recorded_sample(2))


@pytest.fixture
def reading(audit: Audit) -> Assignment:
    return readings(audit)[0]


def answers_of(reading: Assignment) -> Answers:
    case = case_to_read(reading.person, reading.key)
    assert case is not None
    return case.answers


def post(client: Client, reader: Person, route: str, key: UUID, data: dict[str, Any], **named: Any) -> Any:
    return client.post(address(route, key, **named), sent(reader, **data), follow=True)


def test_a_plain_case_from_the_queue_to_the_signature(reading: Assignment) -> None:
    client, key = signed_in(reading.person), reading.key
    assert b"0 of 2 reports judged" in client.get(address("queue")).content
    assert b"may be distressing" in client.get(address("content_warning", key)).content
    opened = client.get(address("read_case", key), follow=True)
    assert b"PUNCHED IN THE FACE" in opened.content
    fields = {**CORRECT, "version": "0", "record": "42/00001/26"}
    check = post(client, reading.person, "judge_crime", key, fields, number=1)
    assert b"Recorded correctly" in check.content and b"Submit this judgement" in check.content
    done = post(client, reading.person, "submit_case", key, {"version": "1"})
    assert b"is submitted" in done.content and b"What the counting rules make of your answer" in done.content
    assert b"1 of 2 reports judged" in client.get(address("queue")).content
    assert b"Sign 1 judgement" in client.get(address("sign_off")).content
    signed = client.post(address("sign_off"), follow=True)
    assert b"You signed 1 judgement." in signed.content
    assert Judgement.objects.get().stage == "signed"


def test_nothing_required_takes_one_answer(reading: Assignment) -> None:
    client = signed_in(reading.person)
    fields = {"version": "0", "requires": "nothing", "victim": "1", "then": "check"}
    check = post(client, reading.person, "judge_crime", reading.key, fields, number=1)
    assert b"Nothing is required" in check.content
    assert b"You have said nothing of these records" in check.content
    post(client, reading.person, "submit_case", reading.key, {"version": "1"})
    assert answers_of(reading) == NOTHING


def test_what_is_lacking_is_said_at_its_field_and_the_draft_is_kept(reading: Assignment) -> None:
    client = signed_in(reading.person)
    fields = {"version": "0", "requires": "crime", "class_code": "8N", "record": "none", "then": "check"}
    page = post(client, reading.person, "judge_crime", reading.key, fields, number=1)
    assert b'href="#id_words"' in page.content and b'href="#id_cause"' in page.content
    assert b"<title>Error: " in page.content
    assert answers_of(reading).crimes[0].class_code == "8N"


def test_words_that_are_not_in_the_log_are_refused(reading: Assignment) -> None:
    client = signed_in(reading.person)
    fields = {**CORRECT, "version": "0", "record": "42/00001/26", "words": "kicked him"}
    page = post(client, reading.person, "judge_crime", reading.key, fields, number=1)
    assert b"Line 1 does not stand in the log" in page.content


def test_several_crimes_are_added_changed_and_removed(reading: Assignment) -> None:
    client, key = signed_in(reading.person), reading.key
    first = {**CORRECT, "version": "0", "record": "42/00001/26", "then": "another"}
    page = post(client, reading.person, "judge_crime", key, first, number=1)
    assert b"Crime 2 of this report" in page.content
    second = {
        "version": "1",
        "requires": "crime",
        "class_code": "58C",
        "record": "none",
        "words": "punched in the face",
        "cause": "rules_principal_crime",
        "then": "check",
    }
    post(client, reading.person, "judge_crime", key, second, number=2)
    assert [each.class_code for each in answers_of(reading).crimes] == ["8N", "58C"]
    post(client, reading.person, "remove_crime", key, {"version": "2"}, number=1)
    assert [each.class_code for each in answers_of(reading).crimes] == ["58C"]


def test_a_submitted_judgement_can_be_corrected_and_a_signed_one_cannot(reading: Assignment) -> None:
    client, key = signed_in(reading.person), reading.key
    judge(reading.person, key, correct(1))
    page = post(client, reading.person, "take_back", key, {"version": "2"})
    assert b"Check your answers" in page.content
    post(client, reading.person, "submit_case", key, {"version": "3"})
    sign(reading.person)
    assert client.post(address("take_back", key), sent(reading.person, version="5")).status_code == 404
    page = client.get(address("submitted", key))
    assert page.status_code == 200 and b"Correct this judgement" not in page.content


def test_a_stale_form_is_told_so_and_what_was_typed_is_there_again(reading: Assignment) -> None:
    client, key = signed_in(reading.person), reading.key
    fields = {**CORRECT, "version": "0", "record": "42/00001/26"}
    post(client, reading.person, "judge_crime", key, {**fields, "then": "draft"}, number=1)
    late = {**fields, "class_code": "105A", "missing": "A LONG TEXT THAT MUST NOT BE LOST"}
    page = post(client, reading.person, "judge_crime", key, late, number=1)
    assert page.status_code == 409 and b"kept for you" in page.content
    assert answers_of(reading).crimes[0].class_code == "8N"
    again = client.get(address("judge_crime", key, number=1))
    assert b"A LONG TEXT THAT MUST NOT BE LOST" in again.content
    post(client, reading.person, "judge_crime", key, {**late, "version": "1"}, number=1)
    assert answers_of(reading).crimes[0].class_code == "105A"
    assert (
        b"what you sent when it could not be saved"
        not in client.get(address("judge_crime", key, number=1)).content
    )


def test_a_session_lost_in_the_middle_of_a_long_answer_loses_nothing(reading: Assignment) -> None:
    client, key = signed_in(reading.person), reading.key
    place = address("judge_crime", key, number=1)
    assert client.get(place).status_code == 200
    client.session.flush()
    text = "A LONG ANSWER " * 100
    fields = {"version": "0", "requires": "cannot_tell", "missing": text, "then": "check"}
    sent_away = client.post(place, sent(reading.person, **fields))
    assert sent_away.status_code == 302 and not Judgement.objects.exists()
    again = signed_in(reading.person).get(place)
    assert text.strip().encode() in again.content
    assert b"what you sent when it could not be saved" in again.content


@pytest.mark.parametrize("text", ["👮🏽‍♀️ مرحبا " * 40, "x" * 5_001, "<script>alert(1)</script>"])
def test_odd_texts_are_kept_or_refused_with_a_sentence(reading: Assignment, text: str) -> None:
    client = signed_in(reading.person)
    fields = {"version": "0", "requires": "cannot_tell", "missing": text, "then": "check"}
    page = post(client, reading.person, "judge_crime", reading.key, fields, number=1)
    assert page.status_code == 200 and b"<script>alert" not in page.content
    if len(text) > 5_000:
        assert b"5,000 characters or fewer" in page.content
    else:
        assert answers_of(reading).crimes[0].missing == text.strip()


def test_a_text_of_a_megabyte_is_refused_with_a_sentence(reading: Assignment) -> None:
    client = signed_in(reading.person)
    fields = {"version": "0", "requires": "cannot_tell", "missing": "x" * 1_000_000, "then": "check"}
    page = post(client, reading.person, "judge_crime", reading.key, fields, number=1)
    assert page.status_code in (200, 413)
    assert not Judgement.objects.exists()


def test_a_report_is_handed_back_without_a_reason(reading: Assignment) -> None:
    client = signed_in(reading.person)
    page = client.get(address("hand_back", reading.key))
    assert b"You need not say why" in page.content
    post(client, reading.person, "hand_back", reading.key, {})
    assert client.get(address("content_warning", reading.key)).status_code == 404


def test_after_a_report_is_handed_back_no_report_is_beyond_the_last(audit: Audit) -> None:
    first, last = Assignment.objects.filter(person=readings(audit)[0].person).order_by("number")
    client = signed_in(first.person)
    post(client, first.person, "hand_back", first.key, {})
    page = client.get(address("judge_crime", last.key, number=1))
    assert b"Report 2 of 2" in page.content


def test_every_view_of_a_log_is_an_event(reading: Assignment) -> None:
    client = signed_in(reading.person)
    before = sum(entry.kind == "narrative-opened" for entry in entries())
    client.get(address("content_warning", reading.key))
    client.get(address("judge_crime", reading.key, number=1))
    client.get(address("judge_crime", reading.key, number=1))
    assert sum(entry.kind == "narrative-opened" for entry in entries()) == before + 2


def test_somebody_elses_case_is_an_address_that_does_not_exist(audit: Audit) -> None:
    mine, other = readings(audit)[0], readings(audit)[1]
    client = signed_in(mine.person)
    assert client.get(address("content_warning", other.key)).status_code == 404
    assert [entry.kind for entry in entries()][-1] == "access-refused"


def differing_case(audit: Audit) -> Case:
    one, other = readings(audit)[:2]
    judge(one.person, one.key, correct(1))
    judge(other.person, other.key, crimes(found(1, in_time="no", cause="workload")))
    sign(one.person, other.person)
    return Case.objects.get(pk=one.case_id)


def test_the_adjudicator_compares_decides_and_gives_the_reason(audit: Audit) -> None:
    case = differing_case(audit)
    adjudication = case.adjudications.get()
    clara, key = adjudication.person, adjudication.key
    client = signed_in(clara)
    assert b"On 1 report two judgements differ" in client.get(address("differing")).content
    page = client.get(address("decide", key))
    assert b"Judgement A" in page.content and b"Anna" not in page.content and b"Ben" not in page.content
    lacking = post(client, clara, "decide", key, {"version": "1", "then": "check"})
    assert b"Select what stands for crime 1" in lacking.content and b"Enter the reason" in lacking.content
    choice = {"version": "2", "choice_0": "a", "reason": "The clock started at 09:02.", "then": "check"}
    check = post(client, clara, "decide", key, choice)
    assert b"Let it stand" in check.content
    done = post(client, clara, "confirm_decision", key, {"version": "3"})
    assert b"Your decision stands" in done.content
    case.refresh_from_db()
    assert case.state == State.SETTLED and case.settlement.how == Settlement.How.ADJUDICATION
    assert client.get(address("decide", key)).status_code == 404
    reader = readings(audit)[0]
    reveal = signed_in(reader.person).get(address("reveal_case", reader.key))
    assert b"The clock started at 09:02." in reveal.content and b"Clara" not in reveal.content


def test_the_adjudicator_answers_a_crime_in_their_own_way(audit: Audit) -> None:
    case = differing_case(audit)
    adjudication = case.adjudications.get()
    clara, key = adjudication.person, adjudication.key
    client = signed_in(clara)
    own = {"version": "1", "choice_0": "own", "reason": "Another class.", "then": "check"}
    page = post(client, clara, "decide", key, own)
    assert b"Your own answer for crime 1" in page.content
    fields = {
        "version": "2",
        "requires": "crime",
        "class_code": "105A",
        "record": "42/00001/26",
        "in_time": "yes",
        "words": "no injury seen",
        "cause": "rules_classification",
    }
    page = post(client, clara, "decide_crime", key, fields, place=1)
    assert b"Change your own answer" in page.content
    post(client, clara, "decide", key, {**own, "version": "3"})
    post(client, clara, "confirm_decision", key, {"version": "4"})
    verdict = case.settlement.verdicts.get()
    assert (verdict.verdict, verdict.class_required, verdict.cause) == (
        "wrong_class",
        "105A",
        "rules_classification",
    )


def test_a_crime_that_neither_has_can_be_added(audit: Audit) -> None:
    case = differing_case(audit)
    adjudication = case.adjudications.get()
    clara, key = adjudication.person, adjudication.key
    client = signed_in(clara)
    page = post(
        client, clara, "decide", key, {"version": "1", "choice_0": "b", "reason": "Two.", "then": "add"}
    )
    assert b"Your own answer for crime 2" in page.content
    fields = {
        "version": "2",
        "requires": "crime",
        "class_code": "58C",
        "record": "none",
        "words": "09:10",
        "cause": "rules_principal_crime",
    }
    post(client, clara, "decide_crime", key, fields, place=2)
    check = post(
        client, clara, "decide", key, {"version": "3", "choice_0": "b", "reason": "Two.", "then": "check"}
    )
    assert b"Let it stand" in check.content
    post(client, clara, "confirm_decision", key, {"version": "4"})
    assert sorted(each.verdict for each in case.settlement.verdicts.all()) == sorted(
        [case.settlement.verdicts.get(number=1).verdict, "missing"]
    )


def test_after_agreement_both_see_each_other_and_what_the_machine_found() -> None:
    auditors("anna", "ben")
    drawn = sample(
        log(1),
        findings={
            "TS-0001": ({"kind": "missing", "explanation": "A LEAD OF THE MACHINE", "crime_id": None},)
        },
    )
    audit = loaded(drawn)
    one, other = readings(audit)
    for each in (one, other):
        judge(each.person, each.key, crimes(missing()))
    client = signed_in(one.person)
    assert client.get(address("reveal_case", one.key)).status_code == 404
    sign(one.person, other.person)
    page = client.get(address("reveal_case", one.key))
    assert b"A LEAD OF THE MACHINE" in page.content and b"Not recorded" in page.content
    assert b"Report 1" in client.get(address("revealed")).content


def test_a_cancelled_record_is_asked_about_and_others_are_not(reading: Assignment) -> None:
    assert (
        b"rightly cancelled"
        not in signed_in(reading.person).get(address("judge_crime", reading.key, number=1)).content
    )
    auditors("dora", "emil")
    cancelled = record(9, status="cancelled", cancellation_code="C2")
    audit = loaded(sample(log(9, cancelled), name="cancelled-2026"))
    other = readings(audit)[0]
    page = signed_in(other.person).get(address("judge_crime", other.key, number=1))
    assert b"Was it rightly cancelled?" in page.content
