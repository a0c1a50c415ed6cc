"""The words of a log: first entry, later entries, shorthand and slips of the keyboard."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from opencdi.simulation.calendar import HOUR, local_seconds
from opencdi.simulation.draws import Draws, Integers, Keys, Truths, mixed, salt_of
from opencdi.simulation.events import (
    AGAIN,
    CONTRARY,
    CRIME,
    CRIME_RELATED,
    FORM,
    LAY,
    LOG,
    LONG_PAST,
    NO_MENTION,
    OFFICER,
    OTHER_FORCE,
    REFERRAL,
    SCHOOL,
    Events,
)
from opencdi.simulation.grammar import CAPITAL, LATER, PLAIN, UPPER, Cells, Codes, Grammar, stamp_minute
from opencdi.simulation.offences import PERSON, SETTINGS, STRANGER, offences, topics
from opencdi.simulation.taxonomy import CAUSES
from opencdi.simulation.voices import Voices

NONE = -1
"""Stands for no piece of text."""
_WRITINGS = ("log", "form", "referral", "officer")
_MENTIONS = ("", "denied", "feared", "long_past", "others", "withdrawn", "long_past_act")
_DISPOSITIONS = (
    "",
    "cri_untraced",
    "cri_declines",
    "other_force",
    "school",
    "contrary",
    "again",
    "confirmed",
    "school_recorded",
)
_AGO_HOURS = np.array([1.0, 12.0, 40.0, 24.0 * 8, 24.0 * 60])
_AGO_NAMES = ("ago_now", "ago_today", "ago_yesterday", "ago_week", "ago_weeks", "ago_years")
_SECOND = {
    "Criminal damage": "second_owner",
    "Vehicle offences": "second_owner",
    "Other theft": "second_owner",
    "Theft from the person": "second_owner",
    "Stalking and harassment": "second_conduct",
    "Public order offences": "second_abuse",
    "Robbery of personal property": "second_robbed",
}
_HINTS = (
    "first_contact_decision",
    "awaiting_appointment",
    "reliance_on_officer",
    "specialist_mailbox",
    "third_party_not_treated_as_report",
    "limited_supervision",
    "victim_not_believed",
    "victim_declined_to_support",
    "rules_common_assault",
    "rules_conduct_crime",
    "rules_malicious_communications",
    "rules_public_order",
)
"""Causes that show in a log."""
OTHER_FORCES = pa.array(["Northshire", "Eastmoor", "Wessland", "Southdown", "Lakeland", "Scotland"])


@dataclass(frozen=True)
class Links:
    """What a log says of other records: the log it repeats and the crime made from it; null for none."""

    earlier_log: pa.Array
    crime_number: pa.Array
    suspect_name: pa.Array
    victim_name: pa.Array
    recorded: Truths
    hint: Integers
    """Why no crime came of it, as a place in the causes; 0 for nothing said."""


@dataclass
class _Draft:
    """The pieces of many texts, column by column; a row has those of its pieces that are not none."""

    rows: int
    targets: list[Codes] = field(default_factory=list)
    cases: list[np.ndarray] = field(default_factory=list)
    _begun: Truths = field(init=False)

    def __post_init__(self) -> None:
        self._begun = np.zeros(self.rows, dtype=bool)

    def add(self, target: Codes | int, case: Integers | int, present: Truths | None = None) -> None:
        column = np.broadcast_to(np.asarray(target, dtype=np.int32), self.rows)
        self.targets.append(column if present is None else np.where(present, column, NONE).astype(np.int32))
        self.cases.append(np.broadcast_to(np.asarray(case, dtype=np.int8), self.rows))

    def sentence(self, target: Codes, case: Integers | int, gap: int) -> None:
        """A piece that stands after a gap, unless it begins its entry."""
        present = target != NONE
        self.add(gap, PLAIN, present & self._begun)
        self.add(target, case)
        self._begun = self._begun | present

    def begin(self) -> None:
        """What comes next is a new entry."""
        self._begun = np.zeros(self.rows, dtype=bool)

    def cells(self, row_keys: Keys) -> Cells:
        target = np.stack(self.targets, axis=1)
        row, piece = np.nonzero(target != NONE)
        salts = np.array([salt_of(f"piece {number}") for number in range(len(self.targets))])
        return Cells(
            target=target[row, piece],
            row=row.astype(np.int32),
            key=mixed(row_keys[row] ^ salts[piece]),
            case=np.stack(self.cases, axis=1)[row, piece],
        )


class Narrator:
    """Writes logs in one style."""

    def __init__(self, grammar: Grammar, draws: Draws) -> None:
        self._grammar = grammar
        self._draws = draws.within("words")
        self._voices = Voices(grammar, self._draws)
        self._gap = grammar.word(". ")
        self._acts = grammar.symbols((*offences().acts, *topics().names))
        self._online = grammar.symbols([*map(grammar.online, offences().acts), *topics().names])
        self._minutes = np.array(
            [grammar.word(stamp_minute(minute)) for minute in range(1440)], dtype=np.int32
        )
        self._pairs = np.array([grammar.word(f"{number:02}") for number in range(100)], dtype=np.int32)
        self._stamp = grammar.symbols(("stamp_between", "stamp_after"))
        self._forces = grammar.symbols([f"force_{number}" for number in range(len(OTHER_FORCES))])
        self._agos = grammar.symbols(_AGO_NAMES)
        self._seconds = grammar.symbols([_SECOND.get(name, "second_person") for name in offences().subgroups])
        self._hints = np.array(
            [grammar.symbol(f"hint_{cause}") if cause in _HINTS else NONE for cause in CAUSES], dtype=np.int32
        )
        self._orders = grammar.symbols(("order_restraining", "order_molestation"))

    def logs(self, events: Events, links: Links) -> pa.Array:
        """One text a row."""
        draft = _Draft(len(events))
        self._first_entry(draft, events)
        self._later_entries(draft, events, links)
        keys = self._draws.keys(events.rows, "row")
        own = (links.earlier_log, links.crime_number, links.suspect_name, links.victim_name)
        return self._grammar.texts(draft.cells(keys), len(events), self._routes(events), keys, own)

    def summaries(self, events: Events, kinds: Integers) -> pa.Array:
        """What the crime record says happened, a text a row."""
        draft = _Draft(len(events))
        draft.add(self._grammar.symbol("summary"), UPPER)
        keys = self._draws.keys(events.rows, "summary")
        routes = self._routes(events, self._voices.of_police(events)) | {"act": self._acts[kinds]}
        return self._grammar.texts(draft.cells(keys), len(events), routes, keys)

    def other_force(self, events: Events) -> pa.Array:
        """The force in whose area it happened, for those that did not happen here."""
        return OTHER_FORCES.take(pa.array(self._which_force(events)))

    def _which_force(self, events: Events) -> Integers:
        return self._draws.below(events.event, "other force", len(OTHER_FORCES))

    def _routes(self, events: Events, voices: dict[str, Codes] | None = None) -> dict[str, Codes]:
        table, rows = offences(), len(events)
        known, topic = np.maximum(events.offence, 0), np.maximum(events.topic, 0)
        order = np.where(events.extra >= 0, events.extra, events.offence)
        restraining = order == table.place("breach_restraining")
        what = np.where(events.offence >= 0, known, len(table.acts) + topic)
        lesser = np.maximum(events.companion, 0)
        return (voices or self._voices.of(events)) | {
            "act": np.where(events.online, self._online[what], self._acts[what]),
            "cact": np.where(events.online, self._online[lesser], self._acts[lesser]),
            "mact": self._acts[np.maximum(events.mentioned, 0)],
            "order": self._orders[np.where(restraining, 0, 1)],
            "otherforce": self._forces[self._which_force(events)],
            "log": self._grammar.row_text(0, rows),
            "crimeref": self._grammar.row_text(1, rows),
            "sname": self._grammar.row_text(2, rows),
            "vname": self._grammar.row_text(3, rows),
            "ago": self._agos[self._how_long_ago(events)],
        }

    def _chosen(self, codes: Integers, names: tuple[str, ...]) -> Codes:
        """The symbol of each code; the empty name stands for no piece."""
        targets = [self._grammar.symbol(name) if name else NONE for name in names]
        return np.array(targets, dtype=np.int32)[codes]

    def _if(self, wanted: Truths, name: str) -> Codes:
        return np.where(wanted, self._grammar.symbol(name), NONE).astype(np.int32)

    # -- the first entry ---------------------------------------------------------------------------

    def _first_entry(self, draft: _Draft, events: Events) -> None:
        draws, rows = self._draws, events.rows
        shouted = np.isin(events.writing, (LOG, OFFICER))
        careful = draws.chance(rows, "capital letters", 0.7) & np.isin(events.writing, (FORM, REFERRAL))
        case = np.select([shouted, careful], [UPPER, CAPITAL], PLAIN)
        openings = tuple(f"open_{name}" for name in _WRITINGS)
        details = tuple(f"detail_{name}" for name in _WRITINGS)
        draft.sentence(self._chosen(events.writing, openings), case, self._gap)
        draft.sentence(self._if(events.companion >= 0, "companion"), case + LATER, self._gap)
        second = self._seconds[np.maximum(events.offence, 0)]
        for number in (1, 2):
            told = (events.victims > number) & (events.offence >= 0)
            draft.sentence(np.where(told, second, NONE).astype(np.int32), case + LATER, self._gap)
        blamed = events.alcohol & (events.offence >= 0)
        draft.sentence(self._if(blamed, "drink_blamed"), case, self._gap)
        draft.sentence(self._names(events), case, self._gap)
        count = draws.below(rows, "details", 5)
        mention, place = self._mention(events), draws.below(rows, "mention place", 4)
        for number in range(4):
            draft.sentence(np.where(place == number, mention, NONE).astype(np.int32), case, self._gap)
            detail = self._chosen(events.writing, details)
            draft.sentence(np.where(count > number, detail, NONE).astype(np.int32), case, self._gap)

    def _names(self, events: Events) -> Codes:
        """Whether the log names the suspect or a victim who does not speak."""
        known = (events.tie != STRANGER) & (events.offence >= 0) & ~events.unseen
        suspect = known & self._draws.chance(events.rows, "suspect named", 0.35)
        likely = np.where(events.offence >= 0, 0.5, 0.15)
        absent = (events.caller != events.victim) & (events.victims > 0) & (events.victim_kind == PERSON)
        absent &= events.traced & self._draws.chance(events.rows, "victim named", likely)
        codes = np.where(suspect & absent, 3, np.where(absent, 2, np.where(suspect, 1, 0)))
        return self._chosen(codes, ("", "named_suspect", "named_victim", "named_both"))

    def _how_long_ago(self, events: Events) -> Integers:
        """Bucket of the time between the offence and the report."""
        hours = (events.reported - events.started) / HOUR
        hours = np.where(events.offence >= 0, hours, np.minimum(hours, 11.0))
        return np.searchsorted(_AGO_HOURS, hours, side="right")

    def _mention(self, events: Events) -> Codes:
        told = (events.mention == LONG_PAST) & (events.mentioned >= 0)
        return self._chosen(np.where(told, len(_MENTIONS) - 1, events.mention + NO_MENTION), _MENTIONS)

    # -- later entries -----------------------------------------------------------------------------

    def _later_entries(self, draft: _Draft, events: Events, links: Links) -> None:
        draws, rows = self._draws, events.rows
        count = draws.below(rows, "updates", 6)
        told = links.recorded & draws.chance(rows, "number in text", 0.3)
        clock = local_seconds(events.reported) % 86_400
        entries = [
            [self._if(count > 0, "update")],
            [self._if(count > 1, "update"), self._disposition(events), self._extra(events)],
            [self._if(count > 2, "update"), self._hints[links.hint]],
            [self._if(count > 3, "update"), self._if(told, "ref_in_text")],
            [self._if(count > 4, "update")],
            [self._closing(events, links)],
        ]
        for number, pieces in enumerate(entries):
            wait = draws.lognormal(rows, f"wait {number}", 1500.0, 1.2)
            clock = clock + 60 + wait.astype(np.int64)
            present = np.any([piece != NONE for piece in pieces], axis=0)
            self._add_stamp(draft, events, number, clock, present)
            draft.begin()
            for piece in pieces:
                draft.sentence(piece, UPPER, self._gap)

    def _add_stamp(
        self, draft: _Draft, events: Events, number: int, clock: Integers, present: Truths
    ) -> None:
        operator = self._draws.below(events.rows, f"operator {number}", 9_000) + 1_000
        draft.add(self._grammar.word("\n"), PLAIN, present)
        draft.add(self._minutes[clock // 60 % 1440], PLAIN, present)
        draft.add(int(self._stamp[0]), UPPER, present)
        draft.add(self._pairs[operator // 100], PLAIN, present)
        draft.add(self._pairs[operator % 100], PLAIN, present)
        draft.add(int(self._stamp[1]), UPPER, present)

    def _disposition(self, events: Events) -> Codes:
        related = events.verdict == CRIME_RELATED
        crime = events.verdict == CRIME
        confirmed = crime & (events.reporter == LAY)
        confirmed |= crime & self._draws.chance(events.rows, "confirms", 0.08) & (events.victims > 0)
        again = (events.verdict == AGAIN) & self._draws.chance(events.rows, "names earlier log", 0.85)
        codes = np.select(
            [
                related & ~events.traced,
                related,
                events.verdict == OTHER_FORCE,
                events.verdict == SCHOOL,
                events.verdict == CONTRARY,
                again,
                crime & (events.setting == SETTINGS.index("school")),
                confirmed,
            ],
            [1, 2, 3, 4, 5, 6, 8, 7],
            0,
        )
        return self._chosen(codes, _DISPOSITIONS)

    def _extra(self, events: Events) -> Codes:
        drugs = events.extra == offences().place("cannabis")
        codes = np.where(events.extra < 0, 0, np.where(drugs, 2, 1))
        return self._chosen(codes, ("", "extra_breach", "extra_drugs"))

    def _closing(self, events: Events, links: Links) -> Codes:
        said = self._draws.chance(events.rows, "says closing", 0.75)
        crimed = links.recorded & self._draws.chance(events.rows, "says crimed", 0.45)
        codes = np.select([~said, crimed], [0, 1], 2)
        return self._chosen(codes, ("", "close_crime", "close_plain"))
