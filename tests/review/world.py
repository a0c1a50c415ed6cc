"""A made-up room in which every page has something to show: people of every role, cases in every state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from tests.review import aftermath
from tests.review.aftermath import Aftermath
from tests.review.made_up import (
    MONDAY,
    correct,
    crimes,
    found,
    judge,
    loaded,
    log,
    missing,
    readings,
    record,
    sample,
    sign,
)
from tests.review.visitors import PASSWORD, somebody

from opencdi.review.adjudication.decision import Decision
from opencdi.review.adjudication.services import decide, dispute, save, waiting_for
from opencdi.review.audits.folder import Log
from opencdi.review.audits.models import Assignment, Audit
from opencdi.review.judging.answers import Answers
from opencdi.review.judging.reading import case_to_read
from opencdi.review.judging.services import save as save_answers
from opencdi.review.people.models import Person
from opencdi.review.policy import Role

FORCE = "Testshire"
LONG_LOG = """09:02 INFT STATES SHE WAS PUNCHED IN THE FACE BY A STRANGER OUTSIDE THE SHOP.
09:04 SHE IS SAFE INSIDE THE SHOP NOW. MALE LEFT TOWARDS THE STATION, GREY HOODED TOP, ABOUT 25.
09:10 NO INJURY SEEN. SHE DOES NOT WANT AN AMBULANCE.
09:31 OFFICER SPOKE TO HER. SHE SAYS HE ALSO TOOK HER TELEPHONE AND THREW IT IN THE ROAD. SCREEN BROKEN.
10:15 CCTV ASKED FOR. WITNESS DETAILS IN NOTEBOOK."""

UNREAD, DRAFT, SUBMITTED, SETTLED, DIFFERING, HALF_DECIDED, OWN_ANSWER, DECIDED = range(1, 9)


@dataclass(frozen=True)
class World:
    """People by role, and the keys under which pages of each state are reached."""

    people: dict[Role, Person]
    second_auditor: Person
    audit: Audit
    readings: dict[int, UUID]
    """Of the first auditor, by case."""
    second_readings: dict[int, UUID]
    disputes: dict[int, UUID]
    """Of the adjudicator, by case."""
    after: Aftermath
    """Of other audits, settled ones."""

    def keys(self) -> set[UUID]:
        """Every key there is, to be tried by everybody."""
        return {*self.readings.values(), *self.second_readings.values(), *self.disputes.values()}


def built() -> World:
    """The whole of it, in the database at hand."""
    own = {Role.REGISTRAR, Role.FORCE_LEAD, Role.DATA_PROTECTION}
    people = {
        role: somebody(
            role, force=FORCE if role in own else "", password=PASSWORD if role == Role.AUDITOR else None
        )
        for role in Role
    }
    second = somebody(Role.AUDITOR)
    audit = loaded(sample(*(_log(number) for number in range(1, 9))))
    by_person: dict[Person, dict[int, Assignment]] = {}
    for each in readings(audit):
        by_person.setdefault(each.person, {})[int(each.case.incident_id.rpartition("-")[2])] = each
    first = people[Role.AUDITOR]
    mine = {number: each.key for number, each in by_person[first].items()}
    theirs = {number: each.key for number, each in by_person[second].items()}
    for number in (SETTLED, DIFFERING, HALF_DECIDED, OWN_ANSWER, DECIDED):
        judge(first, mine[number], correct(number))
        judge(second, theirs[number], correct(number) if number == SETTLED else _otherwise(number))
    sign(first, second)
    _draft(first, mine[DRAFT])
    disputes = _disputes(people[Role.ADJUDICATOR])
    _decide(people[Role.ADJUDICATOR], disputes)
    after = aftermath.built(people)
    # Of those who have read nothing there is one, so that cases can be given to somebody.
    somebody(Role.AUDITOR)
    # Last of all, since whoever signs for another audit signs everything they have submitted.
    judge(first, mine[SUBMITTED], correct(SUBMITTED))
    return World(people, second, audit, mine, theirs, disputes, after)


def _log(number: int) -> Log:
    cancelled = record(
        number + 100,
        class_code="58C",
        offence_written="Criminal damage to other property",
        status="cancelled",
        cancellation_code="C2",
        cancelled_at=MONDAY + timedelta(days=2),
    )
    return log(number, record(number), cancelled, text=LONG_LOG)


def _otherwise(number: int) -> Answers:
    return crimes(
        found(number, in_time="no", cause="limited_supervision", spans=((26, 37),)),
        missing("58C", spans=((26, 37),)),
    )


def _draft(person: Person, key: UUID) -> None:
    case = case_to_read(person, key)
    assert case is not None
    save_answers(person, key, case.version, crimes(found(DRAFT)))


def _disputes(adjudicator: Person) -> dict[int, UUID]:
    return {int(each.case.incident_id.rpartition("-")[2]): each.key for each in waiting_for(adjudicator)}


def _decide(adjudicator: Person, disputes: dict[int, UUID]) -> None:
    decision = Decision(choices=("a", "a"), reason="The log names one blow and no damage.")
    own = decision.model_copy(update={"choices": ("own", "a")})
    save(adjudicator, disputes[OWN_ANSWER], _version(adjudicator, disputes[OWN_ANSWER]), own)
    for number in (HALF_DECIDED, DECIDED):
        save(adjudicator, disputes[number], _version(adjudicator, disputes[number]), decision)
    decide(adjudicator, disputes[DECIDED], _version(adjudicator, disputes[DECIDED]))


def _version(adjudicator: Person, key: UUID) -> int:
    return dispute(adjudicator, key).version
