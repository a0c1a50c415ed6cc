"""From one export file to a proposed profile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from opencdi.engine import Engine
from opencdi.errors import UserError
from opencdi.records.dates import Reading, date_part, swapped
from opencdi.records.guessing.codelists import add_code_lists
from opencdi.records.guessing.contents import Contents, Sample, contents_of, distinct_values, sample_of
from opencdi.records.guessing.draft import Draft, DraftSource
from opencdi.records.guessing.fields import ENOUGH, Choice, chosen
from opencdi.records.guessing.headings import numbered_family, words_of
from opencdi.records.guessing.meanings import likely_meaning
from opencdi.records.loading import RawFile, load, refuse_without_rows
from opencdi.records.profile import FIELDS, REQUIRED_FIELDS, Layout
from opencdi.records.sources import SourceFile

_LISTS = ("closing_codes", "crime_references")
_SEPARATED = ("flags", "crime_references")
_SEPARATORS = (";", "|", ",", "/")


@dataclass(frozen=True)
class Proposal:
    """A proposed profile: its text, what it is unsure of, the columns of each field, and the column of
    each field of a person (such as ``victim.surname``). Fields and formats were settled by ``looked_at`` of
    the ``rows``, codes by all."""

    text: str
    doubts: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    people: Mapping[str, str]
    rows: int
    looked_at: int


def propose(
    engine: Engine, source: SourceFile, table: Literal["incidents", "crimes"], number: int = 0
) -> Proposal:
    """Propose the profile that reads a file as incidents or as crimes.

    Raises ``UserError`` where the file cannot be read, or where no column can be the record's number or
    the time it was reported or recorded.
    """
    layout = Layout()
    raw = load(engine, source, layout, number)
    refuse_without_rows(raw, layout)
    sample = sample_of(engine, raw.relation, raw.column_of.values())
    contents = contents_of(engine, sample, raw.column_of)
    choices = chosen(table, contents)
    if table == "crimes":
        choices = _without_a_weak_recording_time(choices)
    draft = Draft(table, raw.name, sample.rows, raw.rows_in, layout=dict(raw.layout_found))
    _take_columns(draft, choices, contents)
    _take_times_of_day(draft, engine, raw, contents, sample)
    _refuse_without_the_needed(draft, raw)
    _take_formats(draft, engine, raw, contents, sample)
    _take_separators(draft, engine, raw)
    _take_flag_columns(draft, contents)
    add_code_lists(draft, engine, raw)
    _list_the_unused(draft, raw)
    engine.drop([sample.relation])
    return Proposal(
        draft.as_toml(),
        tuple(draft.doubts),
        {name: tuple(each.columns) for name, each in draft.sources.items()},
        {
            f"{role}.{attribute}": heading
            for role, party in draft.parties.items()
            for attribute, heading in party.items()
        },
        raw.rows_in,
        sample.rows,
    )


def _without_a_weak_recording_time(choices: Mapping[str, Choice]) -> dict[str, Choice]:
    """Where no heading speaks of recording, the time of the report is the better stand-in."""
    recorded = choices.get("recorded_at")
    if recorded is None or recorded.score >= ENOUGH or "reported_at" not in choices:
        return dict(choices)
    return {name: choice for name, choice in choices.items() if name != "recorded_at"}


def _take_columns(draft: Draft, choices: Mapping[str, Choice], contents: Mapping[str, Contents]) -> None:
    taken = {choice.heading for choice in choices.values()}
    for name in FIELDS[draft.table]:
        if name not in choices:
            continue
        choice = choices[name]
        columns = [choice.heading]
        if name in _LISTS:
            family = numbered_family(choice.heading)
            columns += [
                heading for heading in contents if numbered_family(heading) == family and heading not in taken
            ]
        draft.sources[name] = DraftSource(columns)
        _doubt_choice(draft, name, choice, contents)
    for name, choice in choices.items():
        role, _, attribute = name.partition(".")
        if attribute:
            draft.parties.setdefault(role, {})[attribute] = choice.heading
    for party in draft.parties.values():
        if "surname" in party:
            party.pop("full_name", None)


def _doubt_choice(draft: Draft, name: str, choice: Choice, contents: Mapping[str, Contents]) -> None:
    if choice.rival is not None:
        draft.doubts.append(f"{name} is taken from `{choice.heading}`; `{choice.rival}` fits nearly as well.")
    elif not choice.sure:
        why = "the column is empty" if contents[choice.heading].empty else "heading and contents fit loosely"
        draft.doubts.append(f"{name} is taken from `{choice.heading}`, but {why}.")


def _take_times_of_day(
    draft: Draft, engine: Engine, raw: RawFile, contents: Mapping[str, Contents], sample: Sample
) -> None:
    """Join a column of dates with the column that holds its times."""
    times = [heading for heading, each in contents.items() if each.is_time_of_day]
    for source in draft.sources.values():
        heading = source.columns[0]
        if not contents[heading].is_date or contents[heading].has_time:
            continue
        partner = _time_partner(heading, times)
        if partner is None:
            continue
        joined = f"concat_ws(' ', trim({raw.column_of[heading]}), trim({raw.column_of[partner]}))"
        reading = sample.reading(engine, joined)
        if reading is not None and any("%M" in each for each in reading.formats):
            source.columns.append(partner)


def _time_partner(heading: str, times: Sequence[str]) -> str | None:
    wanted = set(words_of(heading)) - {"date", "time"}
    for other in times:
        if set(words_of(other)) - {"date", "time"} == wanted:
            return other
    return None


def _refuse_without_the_needed(draft: Draft, raw: RawFile) -> None:
    if draft.table == "crimes" and "recorded_at" not in draft.sources and "reported_at" in draft.sources:
        draft.sources["recorded_at"] = draft.sources["reported_at"]
        draft.doubts.append("No column says when a crime was recorded; the date of its report stands in.")
    for name in REQUIRED_FIELDS[draft.table]:
        if name not in draft.sources:
            headings = ", ".join(f"`{heading}`" for heading in raw.headings if heading)
            raise UserError(
                f"{raw.name}: no column looks like {name}. Its columns are {headings}. Add that column to "
                "the "
                "export, or write the profile by hand (docs/reading-exports.md)."
            )


def _take_formats(
    draft: Draft, engine: Engine, raw: RawFile, contents: Mapping[str, Contents], sample: Sample
) -> None:
    readings = {
        name: reading
        for name, source in draft.sources.items()
        if contents[source.columns[0]].is_date
        and (reading := _reading(engine, raw, source.columns, contents, sample)) is not None
    }
    proved = [reading for reading in readings.values() if reading.twin is None]
    common = Counter(each for reading in proved for each in reading.formats)
    if common:
        draft.formats = (common.most_common(1)[0][0],)
    for name, reading in readings.items():
        formats = _settled(draft, name, reading, proved)
        if formats is not None and formats != draft.formats:
            draft.sources[name].formats = formats


def _reading(
    engine: Engine,
    raw: RawFile,
    columns: Sequence[str],
    contents: Mapping[str, Contents],
    sample: Sample,
) -> Reading | None:
    if len(columns) == 1:
        return contents[columns[0]].reading
    joined = ", ".join(f"trim({raw.column_of[heading]})" for heading in columns)
    return sample.reading(engine, f"concat_ws(' ', {joined})")


def _settled(draft: Draft, name: str, reading: Reading, proved: Sequence[Reading]) -> tuple[str, ...] | None:
    """The formats of a column; one that can be read both ways follows the file's other columns."""
    if reading.twin is None:
        return reading.formats
    column = draft.sources[name].columns[0]
    orders = {date_part(each) for other in proved for each in other.formats}
    for mine in (reading.formats[0], reading.twin):
        other = swapped(mine)
        if date_part(mine) in orders and (other is None or date_part(other) not in orders):
            draft.doubts.append(
                f"`{column}` could be read day first or month first; it is read as the other columns, {mine}."
            )
            return (mine,)
    draft.doubts.append(
        f"`{column}`: every date can be read as {reading.formats[0]} and as {reading.twin}. Reading stops "
        f'until you state which: {name} = {{ columns = ["{column}"], formats = ["{reading.formats[0]}"] }}.'
    )
    return None


def _take_separators(draft: Draft, engine: Engine, raw: RawFile) -> None:
    for name in _SEPARATED:
        source = draft.sources.get(name)
        if source is None:
            continue
        values = [
            value
            for heading in source.columns
            for value, _ in distinct_values(engine, raw.relation, raw.column_of[heading], 2_000)
        ]
        used = Counter(each for value in values for each in _SEPARATORS if each in value)
        if name == "crime_references":
            used.pop("/", None)
        if used:
            source.separator = used.most_common(1)[0][0]


def _take_flag_columns(draft: Draft, contents: Mapping[str, Contents]) -> None:
    taken = {heading for source in draft.sources.values() for heading in source.columns}
    taken |= {heading for party in draft.parties.values() for heading in party.values()}
    for heading, each in contents.items():
        if heading in taken or each.empty or each.shares["yes_or_no"] < 0.95:
            continue
        flag = likely_meaning("flags", " ".join(_plain_words(heading)))
        if flag not in (None, "ignore"):
            draft.flag_columns[heading] = str(flag)


def _plain_words(heading: str) -> list[str]:
    return [word for word in heading.replace("_", " ").lower().split() if word not in ("flag", "yn", "y/n")]


def _list_the_unused(draft: Draft, raw: RawFile) -> None:
    taken = {heading for source in draft.sources.values() for heading in source.columns}
    taken |= {heading for party in draft.parties.values() for heading in party.values()}
    draft.unused = [
        heading
        for heading in raw.headings
        if heading and heading not in taken and heading not in draft.flag_columns
    ]
    if draft.table == "incidents" and "narrative" not in draft.sources:
        draft.doubts.append(
            "No column looks like the log's text; incidents are audited by their codes alone."
        )
    if draft.table == "crimes" and "incident_reference" not in draft.sources:
        draft.doubts.append(
            "No column looks like the incident's number; crimes are linked by other evidence."
        )
