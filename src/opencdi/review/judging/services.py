"""What an auditor does with a case: open, save, submit, take back, hand back. Each with its event."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from opencdi.errors import UserError
from opencdi.review.audits.models import Assignment
from opencdi.review.audits.services import assign_case, replace_reader
from opencdi.review.events.chain import digest, record, writing
from opencdi.review.events.kinds import Kind
from opencdi.review.judging.answers import Answers
from opencdi.review.judging.completeness import is_complete
from opencdi.review.judging.models import Judgement
from opencdi.review.judging.reading import case_to_read
from opencdi.review.people.models import Interest, Person
from opencdi.review.people.services import declare_interest

Stage = Judgement.Stage


class StaleFormError(Exception):
    """The form was filled in from a version that is no longer the latest. Nothing was changed."""


class NotYoursError(Exception):
    """No such case is the person's to judge, or not any more."""


class IncompleteError(Exception):
    """Something is still to be answered before this can be submitted."""


def log_opened(person: Person, key: UUID) -> None:
    """That somebody looked at a log is told before they see it."""
    with writing():
        assignment = _own(person, key)
        record(Kind.NARRATIVE_OPENED, person, case=assignment.case.key, assignment=key)


def save(person: Person, key: UUID, version: int, answers: Answers) -> None:
    """Keep a draft. ``version`` is the one the form was made from, 0 for the first.

    Raises ``StaleFormError`` where somebody (the person, in another window) saved since, or it is submitted.
    """
    with writing():
        assignment = _own(person, key)
        judgement = _judgement(assignment)
        if judgement is None:
            if version != 0:
                raise StaleFormError
            judgement = Judgement(assignment=assignment)
        elif judgement.version != version or judgement.stage != Stage.DRAFT:
            raise StaleFormError
        else:
            judgement.version += 1
        judgement.content = answers.model_dump_json()
        judgement.saved_at = timezone.now()
        judgement.save()


def submit(person: Person, key: UUID, version: int) -> None:
    """Commit the answers; they can be taken back until the person signs.

    Raises ``StaleFormError``, or ``IncompleteError`` where something is not answered.
    """
    with writing():
        judgement = _at(person, key, version, Stage.DRAFT)
        case = case_to_read(person, key)
        if case is None or not is_complete(case.answers, case.facts, case.log):
            raise IncompleteError
        judgement.stage, judgement.submitted_at = Stage.SUBMITTED, timezone.now()
        judgement.version += 1
        judgement.save()
        record(
            Kind.JUDGEMENT_SUBMITTED,
            person,
            case=judgement.assignment.case.key,
            judgement=judgement.key,
            version=judgement.version,
            answers=digest(judgement.key, judgement.content),
        )


def take_back(person: Person, key: UUID, version: int) -> None:
    """Make a submitted judgement a draft again. Raises ``StaleFormError`` where it is signed."""
    with writing():
        judgement = _at(person, key, version, Stage.SUBMITTED)
        judgement.stage, judgement.submitted_at = Stage.DRAFT, None
        judgement.version += 1
        judgement.save()
        record(
            Kind.JUDGEMENT_TAKEN_BACK,
            person,
            case=judgement.assignment.case.key,
            judgement=judgement.key,
            version=judgement.version,
        )


def sign_submitted(person: Person) -> list[Judgement]:
    """Sign everything submitted; what was signed, for the settling that follows in the same transaction."""
    with writing():
        submitted = list(
            Judgement.objects.filter(
                assignment__person=person, assignment__ended_at__isnull=True, stage=Stage.SUBMITTED
            ).select_related("assignment__case")
        )
        for judgement in submitted:
            judgement.stage, judgement.signed_at = Stage.SIGNED, timezone.now()
            judgement.version += 1
            judgement.save()
            record(
                Kind.JUDGEMENT_SIGNED,
                person,
                case=judgement.assignment.case.key,
                judgement=judgement.key,
                answers=digest(judgement.key, judgement.content),
            )
    return submitted


def hand_back(person: Person, key: UUID) -> None:
    """Give a case back; nobody asks why. Somebody else gets it where there is somebody."""
    _give_up(person, key, Assignment.Ended.HANDED_BACK)


def hand_back_with_interest(person: Person, key: UUID) -> None:
    """Give a case back because of an interest in it, which is kept so that they never get it again."""
    with writing():
        assignment = _own(person, key)
        declare_interest(person, Interest.About.CASE, str(assignment.case.key))
        _give_up(person, key, Assignment.Ended.INTEREST)


def _give_up(person: Person, key: UUID, because: str) -> None:
    with writing():
        assignment = _own(person, key)
        try:
            replace_reader(assignment, because, person)
        except UserError:
            raise StaleFormError from None
        assign_case(assignment.case)


def _own(person: Person, key: UUID) -> Assignment:
    found = (
        Assignment.objects.filter(person=person, key=key, ended_at__isnull=True)
        .select_related("case", "judgement")
        .first()
    )
    if found is None:
        raise NotYoursError
    return found


def _judgement(assignment: Assignment) -> Judgement | None:
    return getattr(assignment, "judgement", None)


def _at(person: Person, key: UUID, version: int, stage: str) -> Judgement:
    judgement = _judgement(_own(person, key))
    if judgement is None or judgement.version != version or judgement.stage != stage:
        raise StaleFormError
    return judgement
