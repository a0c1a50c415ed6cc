"""What an adjudicator sees and does: two anonymous judgements in random order; a decision with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from opencdi.review.adjudication.decision import Decision, decided_answers, undecided
from opencdi.review.adjudication.models import Adjudication
from opencdi.review.adjudication.pairing import Pair, agree, pairs
from opencdi.review.adjudication.settling import facts_of, move_case, settle, signed_of
from opencdi.review.adjudication.standing import Judged
from opencdi.review.audits.material import Facts
from opencdi.review.audits.models import Case
from opencdi.review.audits.states import Move, State
from opencdi.review.events.chain import digest, record, writing
from opencdi.review.events.kinds import Kind
from opencdi.review.judging.answers import Answers, CrimeAnswer
from opencdi.review.judging.completeness import faults
from opencdi.review.judging.services import IncompleteError, NotYoursError, StaleFormError
from opencdi.review.people.models import Person
from opencdi.sampling.tickets import ticket


@dataclass(frozen=True)
class Dispute:
    """A differing case as its adjudicator sees it: who judged how is not to be seen, nor why it is here."""

    key: UUID
    facts: Facts
    log: str
    a: Answers
    b: Answers
    pairs: tuple[Pair, ...]
    """Each crime as A and as B has it."""
    decision: Decision
    version: int
    is_decided: bool


def waiting_for(person: Person) -> Sequence[Adjudication]:
    """The person's undecided cases, in the order they were given."""
    return list(
        Adjudication.objects.filter(
            person=person, ended_at__isnull=True, decided_at__isnull=True, case__state=State.DIFFERING
        ).order_by("assigned_at", "pk")
    )


def dispute(person: Person, key: UUID) -> Dispute:
    """Raises ``NotYoursError`` where the case is not the person's to decide."""
    adjudication = _own(person, key)
    case = adjudication.case
    a, b = _in_random_order(case, person)
    paired = tuple(pairs(a, b))
    text = adjudication.content
    decision = Decision.model_validate_json(text) if text else Decision()
    return Dispute(
        key=adjudication.key,
        facts=facts_of(case),
        log=case.material.log,
        a=a,
        b=b,
        pairs=paired,
        decision=decision.fitted(len(paired)),
        version=adjudication.version,
        is_decided=adjudication.decided_at is not None,
    )


def log_opened(person: Person, key: UUID) -> None:
    with writing():
        record(Kind.NARRATIVE_OPENED, person, case=_own(person, key).case.key, adjudication=key)


def save(person: Person, key: UUID, version: int, decision: Decision) -> None:
    """Keep a draft of the decision. Raises ``StaleFormError`` where it was changed since, or is decided."""
    with writing():
        adjudication = _at(person, key, version)
        adjudication.content = decision.model_dump_json()
        adjudication.version += 1
        adjudication.save()


def lacking(dispute: Dispute) -> list[int]:
    """Places of crimes that still want a choice or a complete own answer."""
    open_places = set(undecided(dispute.decision, dispute.pairs, dispute.facts))
    for place, choice in enumerate(dispute.decision.choices):
        own = dispute.decision.own[place]
        if choice == "own" and (own is None or faults(own, dispute.facts, dispute.log)):
            open_places.add(place)
    for at, crime in enumerate(dispute.decision.added):
        if faults(crime, dispute.facts, dispute.log):
            open_places.add(len(dispute.pairs) + at)
    return sorted(open_places)


def decide(person: Person, key: UUID, version: int) -> None:
    """Let the decision stand. Raises ``StaleFormError``; ``IncompleteError`` without a choice or a reason."""
    with writing():
        adjudication = _at(person, key, version)
        seen = dispute(person, key)
        if lacking(seen) or not seen.decision.reason.strip():
            raise IncompleteError
        stands = decided_answers(seen.decision, seen.pairs)
        adjudication.decided_at = timezone.now()
        adjudication.version += 1
        adjudication.save()
        record(
            Kind.CASE_ADJUDICATED,
            person,
            case=adjudication.case.key,
            adjudication=key,
            reason=digest(adjudication.key, seen.decision.reason),
            verdict=digest(adjudication.key, stands.model_dump_json()),
        )
        move_case(adjudication.case, Move.ADJUDICATED, person)
        _settle(adjudication.case, stands, adjudication)


def _settle(case: Case, stands: Answers, adjudication: Adjudication) -> None:
    """A pair that differs is decided by the final authority with certainty. A doubt about a pair that agrees
    is its third reading: the pair's verdict stays the one to be corrected, with that reading's chance."""
    signed = signed_of(case)
    assert signed.first is not None and signed.second is not None
    if agree(signed.first, signed.second, facts_of(case)):
        judged = Judged(signed.first, signed.second, signed.first, stands)
        settle(case, judged, case.audit.reread_chance, adjudication)
    else:
        settle(case, Judged(signed.first, signed.second, stands, stands), Decimal(1), adjudication)


def _in_random_order(case: Case, person: Person) -> tuple[Answers, Answers]:
    signed = signed_of(case)
    assert signed.first is not None and signed.second is not None
    if agree(signed.first, signed.second, facts_of(case)):
        assert signed.third is not None
        one, other = signed.first, signed.third
    else:
        one, other = signed.first, signed.second
    toss = int(ticket(case.audit.secret, "shown first", str(person.key), str(case.key)), 16) % 2
    return (one, other) if toss else (other, one)


def _own(person: Person, key: UUID) -> Adjudication:
    found = (
        Adjudication.objects.filter(person=person, key=key, ended_at__isnull=True)
        .select_related("case__material", "case__audit")
        .first()
    )
    if found is None:
        raise NotYoursError
    return found


def _at(person: Person, key: UUID, version: int) -> Adjudication:
    adjudication = _own(person, key)
    if adjudication.version != version or adjudication.decided_at is not None:
        raise StaleFormError
    return adjudication


def own_answer(dispute: Dispute, place: int) -> CrimeAnswer:
    """What the adjudicator has put in their own words there so far, else an empty answer."""
    return dispute.decision.own_at(place) or CrimeAnswer()
