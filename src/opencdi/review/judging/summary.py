"""An answer in words: question and answer, only what was answered."""

from __future__ import annotations

from opencdi.counting import classification, rulebook
from opencdi.review.audits.material import Facts
from opencdi.review.judging import wording
from opencdi.review.judging.answers import NO_RECORD, CrimeAnswer, class_is_right
from opencdi.review.judging.causes import BY_CODE
from opencdi.review.judging.forms import record_in_words
from opencdi.review.judging.words import quoted


def summary_of(crime: CrimeAnswer, facts: Facts, log: str) -> list[tuple[str, str]]:
    """(question, answer) in the order of the form."""
    record = facts.record(crime.record)
    said = {
        "requires": wording.REQUIRES.get(crime.requires, ""),
        "class_code": class_in_words(crime.class_code),
        "victim": str(crime.victim) if crime.requires == "crime" else "",
        "record": record_in_words(record) if record else _without_record(crime),
        "class_right": wording.SAID.get(class_is_right(crime, record), ""),
        "in_time": wording.SAID.get(crime.in_time, ""),
        "cancellation_right": wording.SAID.get(crime.cancellation_right, ""),
        "victim_told": wording.SAID.get(crime.victim_told, ""),
        "flags": ", ".join(str(wording.FLAGS.get(flag, flag)) for flag in crime.flags),
        "paperwork": ", ".join(str(wording.PAPERWORK.get(each, each)) for each in crime.paperwork),
        "words": quoted(crime.spans, log),
        "rule": _rule(crime.rule),
        "cause": str(BY_CODE[crime.cause].words) if crime.cause in BY_CODE else "",
        "missing": crime.missing,
    }
    return [(str(wording.QUESTIONS[name]), str(value)) for name, value in said.items() if value]


def class_in_words(class_code: str) -> str:
    found = classification.load().classes.get(class_code)
    return f"{class_code} {found.title}" if found else class_code


def _without_record(crime: CrimeAnswer) -> str:
    if not crime.record:
        return ""
    return str(wording.NO_RECORD if crime.record == NO_RECORD else wording.RECORD_UNKNOWN)


def _rule(rule_id: str) -> str:
    return next((rule.title for rule in rulebook.load().rules if rule.id == rule_id), rule_id)
