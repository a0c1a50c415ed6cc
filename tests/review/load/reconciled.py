"""What people were told against what the database holds and the chain of events tells.

``python -m tests.review.load.reconciled FILE`` reads what happened, a JSON object a line, and prints the
sums and every sentence about what does not fit; an empty list of sentences is what is wanted.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Line = dict[str, Any]


def reconciled(lines: list[Line]) -> dict[str, Any]:
    """Sums, and what does not fit."""
    import django

    django.setup()
    from opencdi.review.adjudication.models import Settlement
    from opencdi.review.audits.models import Assignment, Case
    from opencdi.review.events.chain import entries, verify
    from opencdi.review.judging.models import Judgement

    told = [line for line in lines if "act" in line]
    events = Counter(entry.kind for entry in entries())
    judgements = {
        str(each.assignment.key): each for each in Judgement.objects.select_related("assignment").all()
    }
    problems = [
        *verify(),
        *_of_saves(told, judgements),
        *_of_submissions(told, judgements),
        *_of_signatures(told, judgements),
        *_of_versions(told, judgements),
        *_of_digests(judgements),
    ]
    return {
        "cases": Case.objects.count(),
        "readings_given": Assignment.objects.count(),
        "judgements": len(judgements),
        "signed": sum(each.stage == Judgement.Stage.SIGNED for each in judgements.values()),
        "settled": Settlement.objects.count(),
        "events": sum(events.values()),
        "acknowledged": {act: _count(told, act, True) for act in ("save", "submit", "sign")},
        "sent_and_not_answered": {act: _count(told, act, False) for act in ("save", "submit", "sign")},
        "events_submitted": events["judgement-submitted"],
        "events_signed": events["judgement-signed"],
        "problems": problems,
    }


def _count(told: list[Line], act: str, acknowledged: bool) -> int:
    return sum(line["act"] == act and line["acknowledged"] == acknowledged for line in told)


def _of_saves(told: list[Line], judgements: dict[str, Any]) -> Iterator[str]:
    """What stands is the last answer that was acknowledged, or one sent after it and not answered."""
    from opencdi.review.judging.reading import answers_of

    sent: dict[str, list[Line]] = defaultdict(list)
    for line in told:
        if line["act"] == "save":
            sent[line["key"]].append(line)
    for key, lines in sent.items():
        last = max((line["said"]["number"] for line in lines if line["acknowledged"]), default=0)
        allowed = {line["said"]["missing"]: line["said"] for line in lines if line["said"]["number"] >= last}
        if key not in judgements:
            if last:
                yield f"{key}: answer {last} was acknowledged and there is no judgement."
            continue
        stands = answers_of(judgements[key]).crimes
        said = allowed.get(stands[0].missing) if len(stands) == 1 else None
        if said is None:
            yield f"{key}: what stands is not the last answer that was acknowledged."
        elif any(getattr(stands[0], name) != said[name] for name in ("class_code", "record", "in_time")):
            yield f"{key}: what stands is not as it was sent."


def _of_submissions(told: list[Line], judgements: dict[str, Any]) -> Iterator[str]:
    """Each acknowledged submission is one event, and no judgement has more events than forms were sent."""
    from opencdi.review.events.chain import entries

    submitted = Counter(
        entry.content["judgement"] for entry in entries() if entry.kind == "judgement-submitted"
    )
    sure, perhaps = _by_key(told, "submit", True), _by_key(told, "submit", False)
    for key in sure | perhaps:
        judgement = judgements.get(key)
        if judgement is None:
            yield f"{key}: submitted, and there is no judgement."
            continue
        count = submitted[str(judgement.key)]
        if not sure[key] <= count <= sure[key] + perhaps[key]:
            yield f"{key}: {sure[key]} submissions acknowledged, {count} events."
        if sure[key] and judgement.stage == "draft":
            yield f"{key}: its submission was acknowledged and it is a draft."


def _of_signatures(told: list[Line], judgements: dict[str, Any]) -> Iterator[str]:
    """Whoever was told that they signed has signed all they had submitted, each once."""
    from opencdi.review.events.chain import entries

    signed = Counter(entry.content["judgement"] for entry in entries() if entry.kind == "judgement-signed")
    for line in told:
        if line["act"] == "sign" and line["acknowledged"]:
            for key in line["keys"]:
                if judgements[key].stage != "signed":
                    yield f"{key}: its signature was acknowledged and it is not signed."
    for key, judgement in judgements.items():
        wanted = 1 if judgement.stage == "signed" else 0
        if signed[str(judgement.key)] != wanted:
            yield f"{key}: {signed[str(judgement.key)]} events of signing, {wanted} signatures."


def _of_versions(told: list[Line], judgements: dict[str, Any]) -> Iterator[str]:
    """Each change raises the version by one, so that a form taken twice would show."""
    sure = _by_key(told, "save", True) + _by_key(told, "submit", True)
    perhaps = _by_key(told, "save", False) + _by_key(told, "submit", False)
    for key, judgement in judgements.items():
        changes = judgement.version - (judgement.stage == "signed")
        if not sure[key] <= changes <= sure[key] + perhaps[key]:
            yield f"{key}: {sure[key]} changes acknowledged, and {changes} were made."


def _of_digests(judgements: dict[str, Any]) -> Iterator[str]:
    """What was signed is what stands, by the digest in the chain."""
    from opencdi.review.events.chain import digest, entries

    at_signing = {
        entry.content["judgement"]: entry.content["answers"]
        for entry in entries()
        if entry.kind == "judgement-signed"
    }
    for key, judgement in judgements.items():
        told = at_signing.get(str(judgement.key))
        if told is not None and told != digest(judgement.key, judgement.content):
            yield f"{key}: the digest in the chain is of another answer."


def _by_key(told: list[Line], act: str, acknowledged: bool) -> Counter[str]:
    return Counter(
        line["key"] for line in told if line["act"] == act and line["acknowledged"] == acknowledged
    )


if __name__ == "__main__":
    with Path(sys.argv[1]).open(encoding="utf-8") as file:
        print(json.dumps(reconciled([json.loads(line) for line in file])))
