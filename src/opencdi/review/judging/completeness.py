"""What an answer still lacks before it can be submitted: a sentence for each field."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from opencdi.counting import classification
from opencdi.review.audits.material import Facts
from opencdi.review.judging.answers import Answers, CrimeAnswer, verdict_of
from opencdi.review.judging.causes import BY_CODE

RESTS_ON_WORDS = frozenset({"missing", "wrong_class", "n100_wrong", "cancelled_wrong"})
FAULTS = RESTS_ON_WORDS | {"late", "over_recorded", "paperwork"}
"""Verdicts that say something went wrong: each wants a cause."""


def faults(crime: CrimeAnswer, facts: Facts, log: str) -> dict[str, str]:
    """Field and sentence, in the order of the form; empty where the answer can be submitted."""
    return dict(_faults(crime, facts, log))


def is_complete(answers: Answers, facts: Facts, log: str) -> bool:
    return answers.nothing_required or (
        bool(answers.crimes) and not any(faults(crime, facts, log) for crime in answers.crimes)
    )


def unaccounted(answers: Answers, facts: Facts) -> list[str]:
    """References of records on which nothing was said: worth a warning, since links can be wrong."""
    named = {crime.record for crime in answers.crimes}
    return [each.crime_id for each in facts.records if each.crime_id not in named]


def _faults(crime: CrimeAnswer, facts: Facts, log: str) -> Iterator[tuple[str, str]]:
    record = facts.record(crime.record)
    if not crime.requires:
        yield "requires", _("Select what the report requires")
        return
    if crime.requires == "cannot_tell":
        if not crime.missing:
            yield "missing", _("Enter what is missing to tell")
        return
    if crime.requires == "crime":
        yield from _class_faults(crime)
    if not crime.record:
        yield "record", _("Select the record, or say that there is none")
        return
    if crime.is_on_record and record is None:
        yield "record", _("Select one of the records shown, or say that there is none")
        return
    if crime.requires == "crime" and record is not None:
        if record.status != "n100" and not crime.in_time:
            yield "in_time", _("Select whether it was recorded in time")
        if record.status == "cancelled":
            if not crime.cancellation_right:
                yield "cancellation_right", _("Select whether it was rightly cancelled")
            if not crime.victim_told:
                yield "victim_told", _("Select whether the victim was told")
    yield from _faults_of_verdict(crime, verdict_of(crime, record), log)


def _class_faults(crime: CrimeAnswer) -> Iterator[tuple[str, str]]:
    if not crime.class_code:
        yield "class_code", _("Select the class of the crime")
    elif crime.class_code not in classification.load().classes:
        yield "class_code", _("Select a class of the offence list")


def _faults_of_verdict(crime: CrimeAnswer, verdict: str, log: str) -> Iterator[tuple[str, str]]:
    if verdict == "cannot_tell" and not crime.missing:
        yield "missing", _("Enter what is missing to tell")
    if verdict in RESTS_ON_WORDS and log and not crime.spans:
        yield "words", _("Enter the words of the log it rests on")
    if verdict in FAULTS and not crime.cause:
        yield "cause", _("Select the most likely cause")
    elif crime.cause and crime.cause not in BY_CODE:
        yield "cause", _("Select a cause of the list")
