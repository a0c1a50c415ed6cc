"""What follows when a judgement is signed: nothing yet, a verdict, or an adjudicator."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from opencdi.review.adjudication.models import Adjudication, Settlement, Verdict
from opencdi.review.adjudication.pairing import agree
from opencdi.review.adjudication.standing import Judged, columns, edition_of, lines
from opencdi.review.audits.assigning import Wanted, assign
from opencdi.review.audits.material import Facts
from opencdi.review.audits.models import Audit, Case
from opencdi.review.audits.services import BLIND_PAIR, THIRD_READING, is_interested
from opencdi.review.audits.states import Move, State, after
from opencdi.review.events.chain import record, writing
from opencdi.review.events.kinds import Kind
from opencdi.review.judging.answers import Answers
from opencdi.review.judging.models import Judgement
from opencdi.review.judging.reading import answers_of
from opencdi.review.judging.services import sign_submitted
from opencdi.review.people.models import Person
from opencdi.review.policy import Role

VERDICT_OF_NOTHING = "nothing_required"


@dataclass(frozen=True)
class Signed:
    """The signed judgements of a case, by the place of their reader; None while one is not in."""

    first: Answers | None
    second: Answers | None
    third: Answers | None
    third_is_planned: bool


def sign_off(person: Person) -> int:
    """Sign everything the person has submitted and let follow what follows; how many were signed."""
    with writing():
        signed = sign_submitted(person)
        for judgement in signed:
            weigh(judgement.assignment.case)
    return len(signed)


def weigh(case: Case) -> None:
    """Move a case on where its judgements allow. In the transaction of the signature that led here."""
    case.refresh_from_db()
    signed = signed_of(case)
    move = next_move(State(case.state), signed, facts_of(case))
    if move is None:
        return
    move_case(case, move)
    if move in (Move.AGREED, Move.REREAD_ALIKE):
        assert signed.first is not None and signed.second is not None
        judged = Judged(signed.first, signed.second, signed.first, signed.third)
        settle(case, judged, case.audit.reread_chance if signed.third else None, None)
    elif move in (Move.DIFFERED, Move.REREAD_DIFFERED):
        assign_adjudicator(case)


def next_move(state: State, signed: Signed, facts: Facts) -> Move | None:
    """The way out of a state that the signed judgements open; None where they open none."""
    if state == State.READING:
        return _after_the_pair(signed, facts)
    if state == State.REREADING and signed.third is not None and signed.first is not None:
        alike = agree(signed.first, signed.third, facts)
        return Move.REREAD_ALIKE if alike else Move.REREAD_DIFFERED
    return None


def _after_the_pair(signed: Signed, facts: Facts) -> Move | None:
    if signed.first is None or signed.second is None:
        return None
    if not agree(signed.first, signed.second, facts):
        return Move.DIFFERED
    if not signed.third_is_planned:
        return Move.AGREED
    if signed.third is None:
        return Move.AGREED_TO_BE_REREAD
    return Move.AGREED if agree(signed.first, signed.third, facts) else Move.DIFFERED


def move_case(case: Case, move: Move, by: Person | None = None) -> None:
    """Raises ``MoveNotPossibleError`` where the table of states has no such way."""
    before = State(case.state)
    case.state, case.changed_at = after(before, move), timezone.now()
    case.save(update_fields=["state", "changed_at"])
    record(Kind.CASE_MOVED, by, case=case.key, move=move.value, state=case.state, before=before.value)


def settle(
    case: Case, judged: Judged, reread_chance: Decimal | None, adjudication: Adjudication | None
) -> Settlement:
    """Write what stands; never changed afterwards. ``reread_chance`` is that of the authority's reading."""
    facts = facts_of(case)
    settlement = Settlement.objects.create(
        case=case,
        how=Settlement.How.ADJUDICATION if adjudication else Settlement.How.AGREEMENT,
        adjudication=adjudication,
        reread_chance=reread_chance,
    )
    rows = lines(judged)
    for number, line in enumerate(rows, start=1):
        verdict = Verdict(
            settlement=settlement, number=number, **columns(line, judged, facts, case.audit.edition)
        )
        final = line.final
        verdict.answer = final.model_dump_json() if final else ""
        verdict.save()
    if not rows:
        Verdict.objects.create(settlement=settlement, number=0, **_nothing(judged, facts, case.audit))
    return settlement


def signed_of(case: Case) -> Signed:
    judgements = {
        each.assignment.slot: answers_of(each)
        for each in Judgement.objects.filter(
            assignment__case=case, assignment__ended_at__isnull=True, stage=Judgement.Stage.SIGNED
        ).select_related("assignment")
    }
    first, second = (judgements.get(slot) for slot in BLIND_PAIR)
    return Signed(first, second, judgements.get(THIRD_READING), hasattr(case, "planned_rereading"))


def facts_of(case: Case) -> Facts:
    return Facts.model_validate_json(case.material.facts)


def assign_adjudicator(case: Case) -> Adjudication | None:
    """The adjudicator with the least to decide who has not read the case; None where there is nobody."""
    able = [person for person in _adjudicators() if not _is_barred(person, case)]
    if not able:
        return None
    workload = {
        str(person.pk): Adjudication.objects.filter(person=person, ended_at__isnull=True).count()
        for person in able
    }
    people = {str(person.pk): person for person in able}
    wanted = [Wanted(str(case.key), (1,), frozenset())]
    chosen = assign(wanted, people, workload, case.audit.secret)
    adjudication = Adjudication.objects.create(case=case, person=people[chosen[0].person])
    record(
        Kind.ADJUDICATOR_ASSIGNED,
        None,
        case=case.key,
        adjudication=adjudication.key,
        person=adjudication.person.key,
    )
    return adjudication


def assign_waiting(audit: Audit) -> int:
    """An adjudicator for every differing case that has none; how many were given one."""
    with writing():
        taken = Adjudication.objects.filter(ended_at__isnull=True)
        waiting = audit.cases.filter(state=State.DIFFERING).exclude(pk__in=taken.values("case"))
        return sum(assign_adjudicator(case) is not None for case in waiting)


def _adjudicators() -> list[Person]:
    return list(
        Person.objects.filter(
            is_active=True,
            memberships__role=Role.ADJUDICATOR,
            memberships__confirmed_at__isnull=False,
            memberships__ended_at__isnull=True,
        ).order_by("pk")
    )


def _is_barred(person: Person, case: Case) -> bool:
    return (
        case.assignments.filter(person=person).exists()
        or case.adjudications.filter(person=person).exists()
        or is_interested(person, case)
    )


def _nothing(judged: Judged, facts: Facts, audit: Audit) -> dict[str, object]:
    again = {} if judged.reread is None else {"reread_verdict": VERDICT_OF_NOTHING}
    return {
        **dict.fromkeys(("verdict", "first_verdict", "second_verdict"), VERDICT_OF_NOTHING),
        **again,
        "edition": edition_of(facts, audit.edition),
    }
