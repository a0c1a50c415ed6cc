"""The force's answers, the reviewer's decisions, the registrar's corrections: added, never replaced."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from opencdi.errors import UserError
from opencdi.review.adjudication.models import Verdict
from opencdi.review.answers.models import (
    AdverseVerdict,
    Correction,
    Deadline,
    DisputeDecision,
    ForceAnswer,
)
from opencdi.review.answers.states import BY_THE_FORCE, Standing, Step, WayNotOpenError, after
from opencdi.review.audits.models import Audit
from opencdi.review.audits.states import State
from opencdi.review.events.chain import digest, record, writing
from opencdi.review.events.kinds import Kind
from opencdi.review.files.models import StoredFile
from opencdi.review.files.storing import store
from opencdi.review.judging.services import NotYoursError, StaleFormError
from opencdi.review.people.models import Person

ADVERSE = frozenset(
    {"missing", "wrong_class", "late", "paperwork", "n100_wrong", "cancelled_wrong", "over_recorded"}
)
"""Verdicts that say a record is wrong, and that a force is asked about."""

DECIDABLE = (*sorted(ADVERSE), "correct", "nothing_required", "cannot_tell")


def open_answers(audit: Audit, last_day: date, by: Person) -> int:
    """Ask the force for its answers by the end of a day; how many verdicts it is asked about.

    Raises ``UserError`` where cases are still being judged or the day is past.
    """
    _refuse_a_day_past(last_day)
    with writing():
        open_cases = audit.cases.exclude(state=State.SETTLED).count()
        if open_cases:
            raise UserError(
                f"{open_cases} cases of this audit have no verdict yet. Ask for answers when all are settled."
            )
        new = [AdverseVerdict(verdict=verdict) for verdict in _adverse(audit)]
        for each in new:
            each.save()
        Deadline.objects.create(audit=audit, last_day=last_day, set_by=by)
        record(Kind.ANSWERS_OPENED, by, audit=audit.key, verdicts=len(new), last_day=last_day.isoformat())
    return len(new)


def extend_deadline(audit: Audit, last_day: date, by: Person) -> None:
    """A later last day. Raises ``UserError`` where it is past, not later, or nothing was opened."""
    _refuse_a_day_past(last_day)
    with writing():
        before = deadline_of(audit)
        if before is None:
            raise UserError("The force has not been asked for answers yet. Ask for them first.")
        if last_day <= before:
            raise UserError(f"The deadline is {before:%-d %B %Y} already. Give a later day.")
        Deadline.objects.create(audit=audit, last_day=last_day, set_by=by)
        record(Kind.ANSWERS_EXTENDED, by, audit=audit.key, last_day=last_day.isoformat())


def deadline_of(audit: Audit) -> date | None:
    """The last day for answers: the latest that was set; None where answers were not asked for."""
    last = audit.deadlines.last()
    return last.last_day if last else None


def is_open_for_answers(audit: Audit) -> bool:
    deadline = deadline_of(audit)
    return deadline is not None and timezone.localdate() <= deadline


def accept(person: Person, key: UUID, version: int) -> None:
    """Raises ``StaleFormError`` where the verdict was answered since, or the deadline is past."""
    with writing():
        adverse = _moved(person, key, version, Step.ACCEPTED)
        _answer(adverse, person, ForceAnswer.Says.ACCEPT, "", ())


def dispute(
    person: Person, key: UUID, version: int, reason: str, files: Sequence[UploadedFile[bytes]] = ()
) -> None:
    """Dispute a verdict, or add to a dispute.

    Raises ``StaleFormError`` as ``accept`` does, ``NotTakenError`` for a file that is not taken.
    """
    with writing():
        adverse = _moved(person, key, version, Step.DISPUTED)
        _answer(adverse, person, ForceAnswer.Says.DISPUTE, reason, files)


def decide(person: Person, key: UUID, version: int, verdict: str, reason: str) -> None:
    """The reviewer's decision of a dispute; ``verdict`` is the one that stands from now on.

    Raises ``StaleFormError`` where it was decided since, ``ValueError`` for what is no verdict.
    """
    if verdict not in DECIDABLE:
        raise ValueError(f"{verdict} is no verdict.")
    with writing():
        adverse = _found(key)
        stays = verdict == adverse.verdict.stands
        adverse = _moved(person, key, version, Step.UPHELD if stays else Step.CHANGED)
        decision = DisputeDecision(about=adverse, person=person, verdict=verdict)
        decision.reason = reason
        decision.save()
        record(
            Kind.DISPUTE_DECIDED,
            person,
            verdict=adverse.key,
            stands=verdict,
            before=adverse.verdict.stands,
            reason=digest(decision.key, reason),
        )


def correct(person: Person, key: UUID, version: int, crime_id: str, corrected_on: date, note: str) -> None:
    """Enter what was put right, which closes the verdict.

    Raises ``StaleFormError`` where it was closed or disputed since.
    """
    with writing():
        adverse = _moved(person, key, version, Step.CORRECTED)
        correction = Correction(about=adverse, person=person, crime_id=crime_id, corrected_on=corrected_on)
        correction.note = note
        correction.save()
        record(
            Kind.RECORD_CORRECTED,
            person,
            verdict=adverse.key,
            crime=digest(correction.key, crime_id),
            corrected_on=corrected_on.isoformat(),
        )


def log_opened(person: Person, key: UUID) -> None:
    """That somebody looked at a log is told before they see it."""
    with writing():
        adverse = _found(key)
        record(Kind.NARRATIVE_OPENED, person, case=adverse.verdict.settlement.case.key, verdict=adverse.key)


def file_opened(person: Person, file: StoredFile) -> None:
    """That somebody took a file is told before they have it."""
    with writing():
        record(Kind.FILE_OPENED, person, file=file.key, sha256=file.sha256)


def _adverse(audit: Audit) -> list[Verdict]:
    """The sample's adverse verdicts not yet asked about. Seeded known cases are no reports of the force's."""
    settled = Verdict.objects.filter(
        settlement__case__audit=audit, settlement__case__known_truth__isnull=True, adverse__isnull=True
    )
    return [verdict for verdict in settled.order_by("pk") if verdict.stands in ADVERSE]


def _refuse_a_day_past(day: date) -> None:
    if day < timezone.localdate():
        raise UserError(f"{day:%-d %B %Y} is past. Give a day that is still to come.")


def _found(key: UUID) -> AdverseVerdict:
    found = (
        AdverseVerdict.objects.filter(key=key)
        .select_related("verdict__settlement__case__audit", "verdict__settlement__case__material")
        .first()
    )
    if found is None:
        raise NotYoursError
    return found


def _moved(person: Person, key: UUID, version: int, step: Step) -> AdverseVerdict:
    adverse = _found(key)
    late = step in BY_THE_FORCE and not is_open_for_answers(adverse.verdict.settlement.case.audit)
    if adverse.version != version or late:
        raise StaleFormError
    before = Standing(adverse.standing)
    try:
        adverse.standing = after(before, step)
    except WayNotOpenError:
        raise StaleFormError from None
    adverse.version += 1
    adverse.changed_at = timezone.now()
    adverse.save(update_fields=["standing", "version", "changed_at"])
    record(
        Kind.VERDICT_MOVED,
        person,
        verdict=adverse.key,
        step=step.value,
        before=before.value,
        standing=adverse.standing,
    )
    return adverse


def _answer(
    adverse: AdverseVerdict, person: Person, says: str, reason: str, files: Sequence[UploadedFile[bytes]]
) -> None:
    answer = ForceAnswer(about=adverse, person=person, says=says)
    answer.reason = reason
    answer.save()
    stored = [store(file, person) for file in files]
    answer.files.set(stored)
    record(
        Kind.FORCE_ANSWERED,
        person,
        verdict=adverse.key,
        says=says,
        reason=digest(answer.key, reason),
        files=[file.sha256 for file in stored],
    )
