"""An answer in words, for a screen or a page."""

from __future__ import annotations

from collections.abc import Iterator

from opencdi.counting.answer import Answer, OffenceAnswer, RequiredCrime


def in_words(found: Answer) -> str:
    """The whole answer: what goes on record and why, offence by offence, and what is not known."""
    lines = [f"Edition {found.edition}; reported {found.reported_at}."]
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
    if found.presumed:
        lines += ["", "Presumed:", *(f"  - {sentence}" for sentence in found.presumed)]
    lines += _recorded(found)
    return "\n".join(lines)


def _crime(crime: RequiredCrime) -> Iterator[str]:
    incident = "crime-related incident" if crime.record_as == "crime_related_incident" else "crime"
    what = crime.n100_code or (crime.code if crime.record_as == "n300" else incident)
    title = f"{crime.class_code} {crime.class_title}" + (f" ({crime.code})" if crime.code else "")
    yield f"  {crime.number} x {what}: {title}; one for each {crime.one_for_each}"
    against = f"victim {crime.victim}" if crime.victim else "the state"
    yield f"      against {against}; offences {', '.join(map(str, crime.offences))} count in it"
    yield f"      by {crime.deadline}"
    if crime.flags:
        yield f"      flags: {', '.join(crime.flags)}"
    if not crime.certain:
        yield f"      cannot be told: {', '.join(crime.missing_facts)} not known"
    for one in crime.reasons:
        mark = "" if one.status == "verified" else ", unverified for this edition"
        yield f"      - {one.statement} [{one.rule}; {one.source} p. {one.page}{mark}]"


def _offence(offence: OffenceAnswer) -> Iterator[str]:
    counts = f" (record {offence.counts_in})" if offence.counts_in else ""
    outcome = offence.outcome.replace("_", " ")
    yield f"  {offence.offence}. {offence.class_code}: {outcome}{counts}"
    for step in offence.steps:
        because = f": {' '.join(step.because)}" if step.because else ""
        yield f"      step {step.step} {step.result}{because}"
    for one in offence.reasons:
        yield f"      - {one.statement} [{one.rule}; {one.source} p. {one.page}]"


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
