"""Two people judge blind; what they sign settles the case or brings it to an adjudicator."""

from __future__ import annotations

import pytest
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
    number_of,
    person,
    readings,
    record,
    recorded_sample,
    sample,
    sign,
)

from opencdi.review.adjudication.decision import Decision
from opencdi.review.adjudication.models import Adjudication, Settlement, Verdict
from opencdi.review.adjudication.services import decide, dispute, waiting_for
from opencdi.review.adjudication.services import save as save_decision
from opencdi.review.adjudication.settling import assign_waiting
from opencdi.review.audits.models import Assignment, Audit, Case
from opencdi.review.audits.states import State
from opencdi.review.events.chain import entries, verify
from opencdi.review.judging.answers import Answers
from opencdi.review.judging.models import Judgement
from opencdi.review.judging.reading import case_to_read, queue
from opencdi.review.judging.services import (
    IncompleteError,
    NotYoursError,
    StaleFormError,
    hand_back,
    hand_back_with_interest,
    save,
    submit,
    take_back,
)
from opencdi.review.policy import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def audit() -> Audit:
    """Three incidents, two auditors, one adjudicator."""
    auditors("anna", "ben")
    person("clara", Role.ADJUDICATOR)
    return loaded(recorded_sample(3))


def judged(audit: Audit, first: Answers, second: Answers) -> Case:
    """The audit's first case, judged and signed by both."""
    pair = [each for each in readings(audit) if each.case.incident_id == "TS-0001"]
    for reading, answers in zip(pair, (first, second), strict=True):
        judge(reading.person, reading.key, answers)
    sign(*(reading.person for reading in pair))
    return Case.objects.get(pk=pair[0].case_id)


def test_two_who_agree_settle_the_case(audit: Audit) -> None:
    case = judged(audit, correct(1), correct(1))
    assert case.state == State.SETTLED
    assert case.settlement.how == Settlement.How.AGREEMENT
    (verdict,) = case.settlement.verdicts.all()
    assert (verdict.number, verdict.verdict, verdict.crime_id) == (1, "correct", "42/00001/26")
    assert (verdict.class_required, verdict.offence_group) == ("8N", "Violence against the person")
    assert verdict.edition == "2026-04"


def test_two_who_require_nothing_settle_the_case_with_number_nought(audit: Audit) -> None:
    (verdict,) = judged(audit, NOTHING, NOTHING).settlement.verdicts.all()
    assert (verdict.number, verdict.verdict) == (0, "nothing_required")


def test_one_signature_moves_nothing(audit: Audit) -> None:
    reading = readings(audit)[0]
    judge(reading.person, reading.key, correct(1))
    sign(reading.person)
    assert Case.objects.get(pk=reading.case_id).state == State.READING


def test_a_submitted_judgement_settles_nothing_before_it_is_signed(audit: Audit) -> None:
    for reading in readings(audit)[:2]:
        judge(reading.person, reading.key, correct(1))
    assert Case.objects.get(incident_id="TS-0001").state == State.READING


def test_two_who_differ_bring_the_case_to_an_adjudicator_who_read_none_of_it(audit: Audit) -> None:
    case = judged(audit, correct(1), crimes(missing()))
    assert case.state == State.DIFFERING
    assert case.adjudications.get().person.name == "Clara"


def test_an_adjudicator_comes_later_where_there_was_none() -> None:
    auditors("anna", "ben")
    audit = loaded(recorded_sample(1))
    case = judged(audit, correct(1), NOTHING)
    assert case.state == State.DIFFERING and not case.adjudications.exists()
    person("clara", Role.ADJUDICATOR)
    assert assign_waiting(audit) == 1
    assert assign_waiting(audit) == 0


def test_the_adjudicator_decides_with_a_reason_and_the_decision_stands(audit: Audit) -> None:
    case = judged(audit, correct(1), crimes(found(1, in_time="no", cause="workload")))
    clara = case.adjudications.get().person
    (adjudication,) = waiting_for(clara)
    seen = dispute(clara, adjudication.key)
    late = "a" if seen.a.crimes[0].in_time == "no" else "b"
    decision = seen.decision.model_copy(update={"choices": (late,)})
    save_decision(clara, adjudication.key, seen.version, decision)
    with pytest.raises(IncompleteError):
        decide(clara, adjudication.key, seen.version + 1)
    reasoned = decision.model_copy(update={"reason": "The clock started at 09:02."})
    save_decision(clara, adjudication.key, seen.version + 1, reasoned)
    decide(clara, adjudication.key, seen.version + 2)
    case.refresh_from_db()
    verdict = case.settlement.verdicts.get()
    assert case.state == State.SETTLED
    assert (verdict.verdict, verdict.first_verdict, verdict.second_verdict) == ("late", "correct", "late")
    assert (verdict.reread_verdict, case.settlement.reread_chance) == ("late", 1)
    with pytest.raises(StaleFormError):
        decide(clara, adjudication.key, seen.version + 3)


def test_the_adjudicator_can_find_what_neither_found(audit: Audit) -> None:
    case = judged(audit, correct(1), NOTHING)
    clara = case.adjudications.get().person
    (adjudication,) = waiting_for(clara)
    seen = dispute(clara, adjudication.key)
    kept = "a" if seen.a.crimes else "b"
    decision = Decision(choices=(kept,), own=(None,), added=(missing("58C"),), reason="The window.")
    save_decision(clara, adjudication.key, seen.version, decision)
    decide(clara, adjudication.key, seen.version + 1)
    rows = Verdict.objects.filter(settlement__case=case)
    assert [(row.verdict, row.first_verdict, row.second_verdict) for row in rows] == [
        ("correct", "correct", "nothing_required"),
        ("missing", "nothing_required", "nothing_required"),
    ]


def test_who_is_shown_as_a_is_random_and_stays(audit: Audit) -> None:
    auditors("dora")
    more = loaded(recorded_sample(40, name="another-2026"))
    for reading in readings(more):
        number = number_of(reading.case.incident_id)
        judge(reading.person, reading.key, correct(number) if reading.slot == 1 else NOTHING)
    sign(*{reading.person for reading in readings(more)})
    firsts = []
    for adjudication in Adjudication.objects.filter(case__audit=more):
        seen = dispute(adjudication.person, adjudication.key)
        assert seen.a == dispute(adjudication.person, adjudication.key).a
        firsts.append(bool(seen.a.crimes))
    assert len(firsts) == 40
    assert 8 <= sum(firsts) <= 32


# Blind to the third reading ------------------------------------------------------------------------


def reread_case() -> tuple[Case, list[Assignment]]:
    auditors("anna", "ben", "dora")
    person("clara", Role.ADJUDICATOR)
    audit = loaded(recorded_sample(1), reread_chance="1")
    return audit.cases.get(), readings(audit)


def test_an_agreed_case_that_was_drawn_waits_for_its_third_reading() -> None:
    case, (one, two, three) = reread_case()
    for reading in (one, two):
        judge(reading.person, reading.key, correct(1))
    sign(one.person, two.person)
    case.refresh_from_db()
    assert case.state == State.REREADING
    judge(three.person, three.key, correct(1))
    sign(three.person)
    case.refresh_from_db()
    verdict = case.settlement.verdicts.get()
    assert (case.state, verdict.verdict, verdict.reread_verdict) == (State.SETTLED, "correct", "correct")


@pytest.mark.parametrize("third_is_last", [True, False])
def test_a_third_reading_that_differs_goes_to_the_adjudicator_like_any_difference(
    third_is_last: bool,
) -> None:
    case, (one, two, three) = reread_case()
    said = {one: correct(1), two: correct(1), three: crimes(missing())}
    order = [one, two, three] if third_is_last else [three, one, two]
    for reading in order:
        judge(reading.person, reading.key, said[reading])
        sign(reading.person)
    case.refresh_from_db()
    assert case.state == State.DIFFERING
    adjudication = case.adjudications.get()
    seen = dispute(adjudication.person, adjudication.key)
    not_recorded = [index for index, pair in enumerate(seen.pairs) if pair.either.record == "none"]
    assert not_recorded or len(seen.pairs) == 1
    missing_side = "a" if seen.a.crimes[0].record == "none" else "b"
    choices = (missing_side,) * len(seen.pairs)
    decision = seen.decision.model_copy(update={"choices": choices, "reason": "The record is another's."})
    save_decision(adjudication.person, adjudication.key, seen.version, decision)
    decide(adjudication.person, adjudication.key, seen.version + 1)
    verdict = Verdict.objects.get(settlement__case=case)
    assert (verdict.verdict, verdict.reread_verdict, verdict.stands) == ("correct", "missing", "missing")


def test_a_third_reading_after_the_pair_differed_changes_nothing() -> None:
    case, (one, two, three) = reread_case()
    judge(one.person, one.key, correct(1))
    judge(two.person, two.key, NOTHING)
    sign(one.person, two.person)
    judge(three.person, three.key, correct(1))
    sign(three.person)
    case.refresh_from_db()
    assert case.state == State.DIFFERING
    assert case.adjudications.count() == 1


# Drafts, corrections, handing back -----------------------------------------------------------------


def test_a_draft_is_kept_and_a_stale_form_changes_nothing(audit: Audit) -> None:
    reading = readings(audit)[0]
    save(reading.person, reading.key, 0, NOTHING)
    with pytest.raises(StaleFormError):
        save(reading.person, reading.key, 0, correct(1))
    case = case_to_read(reading.person, reading.key)
    assert case is not None and case.answers == NOTHING and case.version == 1


def test_a_submitted_judgement_can_be_corrected_until_it_is_signed(audit: Audit) -> None:
    reading = readings(audit)[0]
    judge(reading.person, reading.key, correct(1))
    with pytest.raises(StaleFormError):
        save(reading.person, reading.key, 2, NOTHING)
    take_back(reading.person, reading.key, 2)
    save(reading.person, reading.key, 3, NOTHING)
    submit(reading.person, reading.key, 4)
    sign(reading.person)
    with pytest.raises(StaleFormError):
        take_back(reading.person, reading.key, 6)


def test_an_incomplete_answer_cannot_be_submitted(audit: Audit) -> None:
    reading = readings(audit)[0]
    save(reading.person, reading.key, 0, crimes(found(1, in_time="")))
    with pytest.raises(IncompleteError):
        submit(reading.person, reading.key, 1)


def test_nobody_touches_the_case_of_another(audit: Audit) -> None:
    mine, other = readings(audit)[0], readings(audit)[1]
    assert mine.person != other.person
    with pytest.raises(NotYoursError):
        save(mine.person, other.key, 0, NOTHING)
    assert case_to_read(mine.person, other.key) is None


def test_a_case_handed_back_goes_to_somebody_else_and_never_comes_again(audit: Audit) -> None:
    (dora,) = auditors("dora")
    reading = readings(audit)[0]
    hand_back(reading.person, reading.key)
    assert reading.key not in [item.key for item in queue(reading.person)]
    assert dora in [each.person for each in readings(audit) if each.case_id == reading.case_id]


def test_a_case_handed_back_with_nobody_left_waits(audit: Audit) -> None:
    reading = readings(audit)[0]
    hand_back(reading.person, reading.key)
    assert len([each for each in readings(audit) if each.case_id == reading.case_id]) == 1


def test_who_declares_an_interest_never_decides_the_case_either() -> None:
    auditors("anna", "ben", "dora")
    audit = loaded(recorded_sample(1))
    reading = readings(audit)[0]
    hand_back_with_interest(reading.person, reading.key)
    pair = readings(audit)
    judge(pair[0].person, pair[0].key, correct(1))
    judge(pair[1].person, pair[1].key, NOTHING)
    from opencdi.review.people.services import grant

    grant(reading.person, Role.ADJUDICATOR)
    sign(pair[0].person, pair[1].person)
    assert not Adjudication.objects.exists()


def test_a_judgement_holds_no_readable_text_in_the_database(audit: Audit) -> None:
    reading = readings(audit)[0]
    remark = "A REMARK NOBODY MAY READ"
    save(reading.person, reading.key, 0, Answers(nothing_required=True, remark=remark))
    judgement = Judgement.objects.get(assignment=reading)
    assert remark in judgement.content
    assert remark.encode() not in bytes(judgement.content_sealed)


def test_everything_that_happened_is_in_the_chain_and_no_text_of_it(audit: Audit) -> None:
    case = judged(audit, correct(1), crimes(missing()))
    kinds = [entry.kind for entry in entries()]
    assert kinds.count("judgement-submitted") == kinds.count("judgement-signed") == 2
    assert "case-moved" in kinds and "adjudicator-assigned" in kinds
    whole = " ".join(entry.canonical.decode() for entry in entries())
    assert "PUNCHED" not in whole and str(case.key) in whole
    assert verify() == []


def test_cases_with_an_incident_that_has_no_record_can_be_judged_missing() -> None:
    auditors("anna", "ben")
    audit = loaded(sample(log(1), log(2, record(2))))
    case = judged(audit, crimes(missing()), crimes(missing(cause="workload")))
    assert case.settlement.verdicts.get().verdict == "missing"
