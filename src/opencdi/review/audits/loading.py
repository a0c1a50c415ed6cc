"""Taking a drawn sample in: once, whole, and only the one that belongs to the audit."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from opencdi.errors import UserError
from opencdi.review.audits.folder import DrawnSample, Log
from opencdi.review.audits.models import Audit, Case, Material
from opencdi.review.events.chain import digest, record, writing
from opencdi.review.events.kinds import Kind
from opencdi.review.findings.models import MachineFinding
from opencdi.review.quality.known_cases import KnownCase
from opencdi.review.quality.models import KnownTruth, PlannedRereading
from opencdi.sampling.tickets import fractions, tickets

KNOWN_SHARE = 0.08
"""Known cases for each case of the sample: between the 5 and 10 % that audits of reading use."""

REREAD_CHANCE = Decimal("0.1")


@dataclass(frozen=True)
class Loaded:
    """What loading came to."""

    audit: Audit
    cases_added: int
    known_added: int
    rereadings: int


def load(
    sample: DrawnSample,
    known: Sequence[KnownCase] = (),
    kind: str = Audit.Kind.INSPECTION,
    reread_chance: Decimal = REREAD_CHANCE,
    known_share: float = KNOWN_SHARE,
) -> Loaded:
    """Take the sample in. A second time adds what an extended sample has more, and otherwise nothing.

    Raises ``UserError`` where an audit of this name is there with another frame or another draw.
    """
    with writing():
        audit = Audit.objects.filter(name=sample.name).first()
        if audit is None:
            audit = _new_audit(sample, kind, reread_chance)
        else:
            _check_it_is_the_same(audit, sample)
        present = set(audit.cases.values_list("incident_id", flat=True))
        logs = [log for log in sample.logs if log.facts.incident_id not in present]
        cases = [_add(audit, log) for log in logs]
        for case in cases:
            _add_findings(case, sample)
        seeded = _seed(audit, known, sample, round(known_share * len(sample.logs)))
        drawn = _draw_rereadings(audit, cases)
        if logs and present:
            record(Kind.CASES_ADDED, None, audit=audit.key, cases=len(logs), sample=sample.sample_sha256)
            audit.sample_sha256 = sample.sample_sha256
            audit.save(update_fields=["sample_sha256"])
    return Loaded(audit, len(cases), len(seeded), len(drawn))


def _new_audit(sample: DrawnSample, kind: str, reread_chance: Decimal) -> Audit:
    audit = Audit(
        name=sample.name,
        kind=kind,
        force=sample.force,
        first_day=sample.first_day,
        last_day=sample.last_day,
        edition=sample.edition,
        commitment=sample.commitment,
        frame_sha256=sample.frame_sha256,
        sample_sha256=sample.sample_sha256,
        purpose=sample.purpose,
        reread_chance=reread_chance,
    )
    audit.secret = secrets.token_hex(32)
    audit.save()
    record(
        Kind.AUDIT_LOADED,
        None,
        audit=audit.key,
        commitment=sample.commitment,
        frame=sample.frame_sha256,
        sample=sample.sample_sha256,
        cases=len(sample.logs),
        secret=digest(audit.key, audit.secret),
    )
    return audit


def _check_it_is_the_same(audit: Audit, sample: DrawnSample) -> None:
    if audit.commitment != sample.commitment:
        raise UserError(
            f"An audit named {sample.name} is loaded already, with another frame or design: this is the "
            "sample of another audit. Give the folder another name."
        )
    if audit.purpose != sample.purpose:
        raise UserError(
            f"The audit {sample.name} is loaded with the draw `{audit.purpose}`, and this is the draw "
            f"`{sample.purpose}`. What is being judged cannot be drawn again: give the folder another name."
        )
    gone = set(audit.cases.filter(known_truth__isnull=True).values_list("incident_id", flat=True)) - {
        log.facts.incident_id for log in sample.logs
    }
    if gone:
        raise UserError(
            f"The audit {sample.name} is loaded with {len(gone)} incidents more than this sample has. Load "
            "the whole sample."
        )


def _add(audit: Audit, log: Log) -> Case:
    case = Case.objects.create(audit=audit, incident_id=log.facts.incident_id)
    material = Material(case=case, unit=log.facts.unit or "")
    material.log = log.text
    material.facts = log.facts.model_dump_json()
    material.save()
    return case


def _add_findings(case: Case, sample: DrawnSample) -> None:
    for each in sample.findings.get(case.incident_id, ()):
        finding = MachineFinding(case=case, kind=each["kind"])
        finding.content = json.dumps(each, ensure_ascii=False, sort_keys=True)
        finding.save()


def _seed(audit: Audit, known: Sequence[KnownCase], sample: DrawnSample, wanted: int) -> list[Case]:
    """Known cases up to the share, chosen by ticket; none whose number is in the sample."""
    own = {log.facts.incident_id for log in sample.logs}
    present = set(audit.cases.values_list("incident_id", flat=True))
    usable = {each.facts.incident_id: each for each in known if each.facts.incident_id not in own}
    missing = wanted - KnownTruth.objects.filter(case__audit=audit).count()
    order = _by_chance(audit, "known cases", [each for each in usable if each not in present])
    added = []
    for incident in order[: max(0, missing)]:
        one = usable[incident]
        case = _add(audit, Log(one.facts, one.log))
        truth = KnownTruth(case=case)
        truth.content = one.truth.model_dump_json()
        truth.save()
        added.append(case)
    return added


def _draw_rereadings(audit: Audit, cases: Sequence[Case]) -> list[Case]:
    """Each case of the sample with the audit's chance, independently; nobody can foresee which."""
    names = [case.incident_id for case in cases]
    drawn = fractions(tickets(audit.secret, "third reading", [""] * len(names), names))
    chosen = [case for case, chance in zip(cases, drawn, strict=True) if chance < float(audit.reread_chance)]
    PlannedRereading.objects.bulk_create(PlannedRereading(case=case) for case in chosen)
    return chosen


def _by_chance(audit: Audit, purpose: str, names: Sequence[str]) -> list[str]:
    drawn = fractions(tickets(audit.secret, purpose, [""] * len(names), names))
    return [name for _, name in sorted(zip(drawn.tolist(), names, strict=True))]
