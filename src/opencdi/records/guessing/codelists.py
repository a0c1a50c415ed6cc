"""The code lists of a proposed profile: every code that occurs, with what its description says it means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from opencdi.engine import Engine
from opencdi.records.guessing.contents import distinct_values
from opencdi.records.guessing.draft import CodeEntry, Draft
from opencdi.records.guessing.headings import words_of
from opencdi.records.guessing.meanings import likely_meaning, meaning_patterns
from opencdi.records.loading import RawFile
from opencdi.records.profile import VOCABULARIES

CODES_LISTED = 400
LONGEST_CODE = 60

_DESCRIBING = {"title", "name", "narrative"}
"""Words of headings over descriptions: Opening Description, Type Text, Beat Name."""

SOURCE_OF = {
    "channel": "channel",
    "caller_role": "caller_role",
    "opening_group": "opening_code",
    "closing_group": "closing_codes",
    "flags": "flags",
    "status": "status",
    "cancellation_code": "cancellation_code",
    "victim_informed": "victim_informed",
}
"""Coded fields and the field of the draft whose columns hold their codes."""


def add_code_lists(draft: Draft, engine: Engine, raw: RawFile) -> None:
    """Fill the draft's code lists; each code nothing explains becomes a doubt."""
    for coded, source in SOURCE_OF.items():
        if source in draft.sources:
            _add(draft, engine, raw, coded, draft.sources[source].columns, draft.sources[source].separator)


def _add(
    draft: Draft, engine: Engine, raw: RawFile, coded: str, columns: Sequence[str], separator: str | None
) -> None:
    counts: Counter[str] = Counter()
    described: dict[str, str] = {}
    for heading in columns:
        partner = description_of(heading, list(raw.column_of))
        if partner is not None:
            described |= _descriptions(engine, raw, heading, partner)
        for value, count in distinct_values(engine, raw.relation, raw.column_of[heading], CODES_LISTED + 1):
            for item in value.split(separator) if separator else (value,):
                counts[item.strip()] += count
    codes = [(code, count) for code, count in counts.most_common() if code]
    if len(codes) > CODES_LISTED or any(len(code) > LONGEST_CODE for code, _ in codes):
        draft.patterns[coded] = {f"(?i){p.pattern}": m for m, p in meaning_patterns(coded)}
        draft.doubts.append(
            f"`{columns[0]}` holds more than {CODES_LISTED} different values or long ones; what they mean is "
            f"read from their words ([patterns.{coded}])."
        )
        return
    entries = [_entry(coded, code, described.get(code, ""), count) for code, count in codes]
    if entries:
        draft.codes[coded] = entries
    unclear = [entry for entry in entries if entry.meaning in (None, "unknown")]
    if unclear:
        rows = sum(entry.count for entry in unclear)
        draft.doubts.append(
            f"{len(unclear)} of {len(entries)} codes of `{columns[0]}` ({rows:,} rows) say nothing that is "
            f"understood; complete [codes.{coded}]."
        )


def _entry(coded: str, code: str, description: str, count: int) -> CodeEntry:
    meaning = likely_meaning(coded, description) or likely_meaning(coded, code)
    if meaning is None and "unknown" in VOCABULARIES[coded]:
        meaning = "unknown"
    return CodeEntry(code, meaning, description, count)


def description_of(heading: str, headings: Sequence[str]) -> str | None:
    """The column that describes the codes of another: the same words, with *title* for *code*."""
    words = set(words_of(heading))
    best: tuple[int, str] | None = None
    for other in headings:
        others = set(words_of(other))
        if other == heading or not others & _DESCRIBING:
            continue
        differing = (words ^ others) - {"code", "number"} - _DESCRIBING
        if not differing and (best is None or len(others) > best[0]):
            best = (len(others), other)
    return best[1] if best else None


def _descriptions(engine: Engine, raw: RawFile, heading: str, partner: str) -> Mapping[str, str]:
    code, text = raw.column_of[heading], raw.column_of[partner]
    rows = engine.rows(
        f"select code, text from (select trim({code}) as code, trim({text}) as text,"
        f" row_number() over (partition by trim({code}) order by count(*) desc, trim({text})) as place"
        f" from {raw.relation} where trim({code}) <> '' and trim({text}) <> '' group by trim({code}), "
        f"trim({text})"
        f") as each_pair where place = 1 order by code limit {CODES_LISTED}"
    )
    return {str(row["code"]): str(row["text"]) for row in rows}
