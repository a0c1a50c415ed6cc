"""An answer in words, for a screen or a page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from opencdi.counting.answer import Answer, OffenceAnswer, Reason, RequiredCrime, Step
from opencdi.counting.derive import LONDON


def in_words(found: Answer) -> str:
    """The whole answer: what goes on record and why, offence by offence, and what is not known."""
    lines = [f"Edition {found.edition}; reported {_moment(found.reported_at)}."]
    if found.required:
        lines += ["", "To be on record:"]
    for crime in found.required:
        lines += _crime(crime)
    if not found.required and found.settled and found.offences:
        lines += ["", "Nothing to record as a crime. Tell whoever reported it, and keep the reason."]
    if found.offences:
        lines += ["", "Offence by offence:"]
    for offence in found.offences:
        lines += _offence(offence)
    lines += _missing(found)
    lines += _presumed(found)
    lines += _recorded(found)
    return "\n".join(lines)


def _crime(crime: RequiredCrime) -> Iterator[str]:
    incident = "crime-related incident" if crime.record_as == "crime_related_incident" else "crime"
    what = crime.n100_code or (crime.code if crime.record_as == "n300" else incident)
    title = f"{crime.class_code} {crime.class_title}" + (f" ({crime.code})" if crime.code else "")
    yield f"  {crime.number} x {what}: {title}; one for each {crime.one_for_each}"
    against = f"victim {crime.victim}" if crime.victim else "the state"
    yield f"      offence {crime.offences[0]}, against {against}; on record by {_moment(crime.deadline)}"
    if not crime.certain:
        yield f"      only if: {', '.join(crime.missing_facts)} not known (see below)"
    for one in crime.reasons:
        if one.rule not in {merged.reason.rule for merged in crime.merged}:
            if_so = "If so: " if one.rule == "record-crime" and not crime.certain else ""
            yield f"      - {if_so}{one.statement} {_cited(one)}"
    for merged in crime.merged:
        code = f" ({merged.code})" if merged.code else ""
        yield f"      offence {merged.offence}, {merged.class_code}{code}, counts in it:"
        yield f"      - {merged.because} {_cited(merged.reason)}"
    for due in crime.flags_because:
        because = f"{due.reason.statement} {_cited(due.reason)}" if due.reason else "named in the report"
        yield f"      flag {due.flag} (offence {due.offence}): {because}"


def _moment(text: str) -> str:
    """``09:30 on 4 May 2026``, in London."""
    found = datetime.fromisoformat(text).astimezone(LONDON)
    return f"{found:%H:%M} on {found.day} {found:%B %Y}"


def _cited(one: Reason) -> str:
    mark = "" if one.status == "verified" else ", unverified for this edition"
    return f"[{one.rule}; {one.source} p. {one.page}{mark}]"


def _offence(offence: OffenceAnswer) -> Iterator[str]:
    counts = f" (record {offence.counts_in})" if offence.counts_in else ""
    outcome = offence.outcome.replace("_", " ")
    yield f"  {offence.offence}. {offence.class_code}: {outcome}{counts}"
    passed = [step for step in offence.steps if step.result == "passes"]
    because = "; ".join(dict.fromkeys(fact for step in passed for fact in step.because))
    if passed:
        yield f"      passes {_numbers(passed)}" + (f" ({because})" if because else "")
    for step in offence.steps:
        if step.result != "passes":
            yield f"      step {step.step}. {step.question} {step.result}: {' '.join(step.because)}"
    for one in offence.reasons:
        yield f"      - {one.statement} {_cited(one)}"


def _numbers(steps: list[Step]) -> str:
    numbers = [step.step for step in steps]
    if numbers == list(range(1, 8)):
        return "all seven questions of page 11"
    return f"step{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))} of page 11"


def _presumed(found: Answer) -> Iterator[str]:
    if not found.presumed:
        return
    yield ""
    yield "Taken as the rules presume, since the report is silent; otherwise the answer would be:"
    for one in found.presumed:
        where = f"offence {one.offence}: " if len(found.offences) > 1 else ""
        yield f"  - {where}{one.question} Taken as {one.presumed}."
        yield f"      where {one.otherwise}: {', '.join(one.records)}"


def _missing(found: Answer) -> Iterator[str]:
    if not found.missing:
        return
    yield ""
    yield "Not known, and it would change the answer:"
    yield from (f"  - {question}" for question in found.missing)
    for one in found.alternatives:
        given = "; ".join(f"{fact} = {value}" for fact, value in one.given.items())
        yield f"  where {given}: {', '.join(one.records)}"


def _recorded(found: Answer) -> Iterator[str]:
    if found.recorded:
        yield ""
        yield "The crime already on record:"
    for ruling in found.recorded:
        may = "may" if ruling.may else "not (yet)"
        by = f"; decided by {ruling.decided_by}" if ruling.decided_by else ""
        yield f"  {ruling.action}: {may}{by}. {ruling.statement} [p. {ruling.page}]"
        yield from (f"      still needed: {thing}" for thing in ruling.still_needed)
