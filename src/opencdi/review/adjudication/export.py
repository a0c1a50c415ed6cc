"""Verdicts as estimation takes them: a row a crime, with both judgements, re-reading and known truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from opencdi import schema
from opencdi.bundle.files import sha256_of, write_csv
from opencdi.review.adjudication.models import Verdict
from opencdi.review.adjudication.pairing import verdict_on
from opencdi.review.adjudication.settling import facts_of
from opencdi.review.adjudication.standing import Judged, lines
from opencdi.review.audits.models import Audit, Case
from opencdi.review.audits.services import BLIND_PAIR
from opencdi.review.events.chain import record, writing
from opencdi.review.events.kinds import Kind
from opencdi.review.judging.answers import Answers, CrimeAnswer
from opencdi.review.people.models import Person
from opencdi.review.quality.models import KnownTruth
from opencdi.sampling.tickets import ticket

Row = dict[str, object]

NONE_DECIDED: Mapping[int, Mapping[str, str]] = {}

COPIED = (
    "verdict",
    "class_required",
    "class_recorded",
    "crime_id",
    "offence_group",
    "offence_subgroup",
    "domestic_abuse",
    "edition",
    "within_24_hours",
    "class_right",
    "cancellation_right",
    "n100_right",
    "victim_told",
    "cause",
    "first_verdict",
    "second_verdict",
)


def export(audit: Audit, path: Path, decided: Mapping[int, Mapping[str, str]] = NONE_DECIDED) -> int:
    """Write the verdicts of every settled case (others count as unread); how many rows.

    ``decided`` gives, by the id of a verdict, the columns that a decided dispute changed.
    """
    found = sorted(
        rows(audit, decided), key=lambda row: (str(row["incident_id"]), str(row["required_no"]).zfill(3))
    )
    names = schema.VERDICTS.names
    path.parent.mkdir(parents=True, exist_ok=True)
    write_csv(path, names, ([_cell(row.get(name)) for name in names] for row in found))
    with writing():
        record(Kind.VERDICTS_EXPORTED, None, audit=audit.key, rows=len(found), file=sha256_of(path))
    return len(found)


def rows(audit: Audit, decided: Mapping[int, Mapping[str, str]] = NONE_DECIDED) -> Iterator[Row]:
    """One row a crime, in the columns of ``schema.VERDICTS``."""
    codes = auditor_codes(audit)
    settled = audit.cases.filter(settlement__isnull=False).select_related(
        "settlement", "planned_rereading", "known_truth", "material", "audit"
    )
    for case in settled.prefetch_related("settlement__verdicts", "assignments__person"):
        readers = {each.slot: each.person for each in case.assignments.all() if each.ended_at is None}
        first, second = (codes[readers[slot].pk] for slot in BLIND_PAIR)
        shared: Row = {
            "incident_id": case.incident_id,
            "first_auditor": first,
            "second_auditor": second,
            "settled_by": case.settlement.how,
        }
        verdicts = list(case.settlement.verdicts.all())
        if hasattr(case, "known_truth"):
            yield from ({**shared, **row} for row in _known_rows(case, case.known_truth, verdicts))
        else:
            yield from (
                {**shared, **_sample_row(case, each), **decided.get(each.pk, {})} for each in verdicts
            )


def auditor_codes(audit: Audit) -> dict[int, str]:
    """Readers as R01, R02 and so on, in an order that says nothing of them."""
    people = Person.objects.filter(assignments__case__audit=audit).distinct()
    order = sorted(people, key=lambda person: ticket(audit.secret, "code", "", str(person.key)))
    return {person.pk: f"R{number:02d}" for number, person in enumerate(order, start=1)}


def _sample_row(case: Case, verdict: Verdict) -> Row:
    row: Row = {name: getattr(verdict, name) for name in COPIED}
    row["required_no"] = verdict.number
    if verdict.reread_verdict:
        row["reread_verdict"] = verdict.reread_verdict
        row["reread_chance"] = float(case.settlement.reread_chance or 1)
    return row


def _known_rows(case: Case, truth: KnownTruth, verdicts: list[Verdict]) -> Iterator[Row]:
    """What stood beside what is true: for each crime of either."""
    facts = facts_of(case)
    true = Answers.model_validate_json(truth.content)
    stood = Answers(
        crimes=tuple(CrimeAnswer.model_validate_json(each.answer) for each in verdicts if each.answer)
    )
    paired = lines(Judged(true, true, stood))
    beside = {each.answer: each for each in verdicts}
    for number, line in enumerate(paired, start=1):
        verdict = beside.get(line.stands.model_dump_json()) if line.stands else None
        row: Row = {name: getattr(verdict, name) for name in COPIED} if verdict else {}
        yield {
            **row,
            "required_no": number,
            "domestic_abuse": bool(row.get("domestic_abuse", False)),
            "verdict": verdict_on(line.stands, facts),
            "known_verdict": verdict_on(line.first, facts),
        }
    if not paired:
        yield {
            "required_no": 0,
            "domestic_abuse": False,
            "verdict": "nothing_required",
            "first_verdict": verdicts[0].first_verdict,
            "second_verdict": verdicts[0].second_verdict,
            "known_verdict": "nothing_required",
        }


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
