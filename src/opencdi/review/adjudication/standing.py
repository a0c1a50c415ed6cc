"""From judgements to the rows that stand: one for each crime anybody found, with each verdict on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from opencdi.counting import classification
from opencdi.counting.editions import edition_on
from opencdi.review.adjudication.pairing import pairs, verdict_on
from opencdi.review.audits.material import Facts
from opencdi.review.judging.answers import (
    Answers,
    CrimeAnswer,
    class_is_right,
    n100_is_right,
)

LONDON = ZoneInfo("Europe/London")
BY_DATE = "by-date"


@dataclass(frozen=True)
class Judged:
    """Everything that was said of one case; ``reread`` is None where no third reading counts."""

    first: Answers
    second: Answers
    stands: Answers
    reread: Answers | None = None


@dataclass(frozen=True)
class Line:
    """One crime as each of them has it; None where that one has no such crime."""

    first: CrimeAnswer | None
    second: CrimeAnswer | None
    stands: CrimeAnswer | None
    reread: CrimeAnswer | None

    @property
    def final(self) -> CrimeAnswer | None:
        return self.reread or self.stands

    @property
    def anybody(self) -> CrimeAnswer:
        found = self.stands or self.first or self.second or self.reread
        assert found is not None
        return found


def lines(judged: Judged) -> list[Line]:
    """Every crime that anybody found, once."""
    together = [(pair.first, pair.second) for pair in pairs(judged.first, judged.second)]
    known = [one or other for one, other in together]
    standing = _beside(known, judged.stands)
    rows = [*together, *[(None, None)] * (len(standing) - len(together))]
    found = [old or new for old, new in zip([*known, *[None] * len(standing)], standing, strict=False)]
    again: Sequence[CrimeAnswer | None] = (
        [None] * len(found) if judged.reread is None else _beside(found, judged.reread)
    )
    rows += [(None, None)] * (len(again) - len(rows))
    standing = [*standing, *[None] * (len(again) - len(standing))]
    return [
        Line(first, second, stands, reread)
        for (first, second), stands, reread in zip(rows, standing, again, strict=True)
    ]


def columns(line: Line, judged: Judged, facts: Facts, edition: str) -> dict[str, object]:
    """The columns of ``schema.VERDICTS`` for one crime; an answer that does not arise is empty."""
    answer = line.anybody
    record = facts.record(answer.record)
    class_code = answer.class_code or (record.class_code if record else "") or ""
    listed = classification.load()
    known = class_code in listed.classes
    on_record = line.stands is not None and answer.requires == "crime" and record is not None
    plain = on_record and record is not None and record.status != "n100"
    return {
        "verdict": verdict_on(line.stands, facts),
        "first_verdict": verdict_on(line.first, facts),
        "second_verdict": verdict_on(line.second, facts),
        "reread_verdict": "" if judged.reread is None else verdict_on(line.reread, facts),
        "class_required": answer.class_code,
        "class_recorded": (record.class_code or "") if record else "",
        "crime_id": record.crime_id if record else "",
        "offence_group": listed.group_of(class_code) if known else "",
        "offence_subgroup": listed.subgroup_of(class_code) if known else "",
        "domestic_abuse": "domestic_abuse" in answer.flags
        or (record is not None and "domestic_abuse" in record.flags),
        "edition": edition_of(facts, edition),
        "within_24_hours": answer.in_time if plain else "",
        "class_right": class_is_right(answer, record) if plain else "",
        "cancellation_right": answer.cancellation_right if plain else "",
        "n100_right": n100_is_right(answer, record) if line.stands is not None else "",
        "victim_told": answer.victim_told if plain else "",
        "cause": answer.cause,
    }


def edition_of(facts: Facts, edition: str) -> str:
    """The edition the report was judged under: the audit's, or the one in force on the day."""
    if edition != BY_DATE:
        return edition
    return edition_on(facts.reported_at.astimezone(LONDON).date()).name


def _beside(known: Sequence[CrimeAnswer | None], other: Answers) -> list[CrimeAnswer | None]:
    """The crimes of ``other`` beside those already known, and after them what it alone has."""
    base = Answers(crimes=tuple(each for each in known if each is not None))
    paired = pairs(base, other)
    return [pair.second for pair in paired]
