"""The words of a log: first entry, later entries, shorthand and slips of the keyboard."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opencdi.simulation.calendar import local_seconds
from opencdi.simulation.draws import Draws, Integers, Truths
from opencdi.simulation.events import (
    AGAIN,
    CONTRARY,
    CRIME,
    CRIME_RELATED,
    FORM,
    LAY,
    LOG,
    LONG_PAST,
    OFFICER,
    OTHER_FORCE,
    PARENT,
    REFERRAL,
    SCHOOL,
    STAFF,
    VICTIM,
    Events,
)
from opencdi.simulation.grammar import Batch, Grammar
from opencdi.simulation.offences import (
    FAMILY,
    FEMALE,
    KNOWN,
    MALE,
    ORGANISATION,
    PARTNER,
    STATE,
    STRANGER,
    offences,
    topics,
)
from opencdi.simulation.texts import joined

_NO_ROUTE = ""
_TIE_NAMES = {PARTNER: "partner", FAMILY: "family", KNOWN: "known", STRANGER: "stranger"}
_MENTIONS = ("", "denied", "feared", "long_past", "others", "withdrawn")
_OTHER_FORCES = pa.array(["Northshire", "Eastmoor", "Wessland", "Southdown", "Lakeland", "Scotland"])
_ORDERS = pa.array(["", "restraining order", "non molestation order"])


@dataclass(frozen=True)
class Links:
    """What a log says of other records: the log it repeats and the crime made from it; null for none."""

    earlier_log: pa.Array
    crime_number: pa.Array
    recorded: Truths


class Narrator:
    """Writes logs in one style."""

    def __init__(self, grammar: Grammar, draws: Draws, slips: tuple[tuple[str, str], ...]) -> None:
        self._grammar = grammar
        self._draws = draws.within("words")
        self._slips = slips

    def logs(self, events: Events, links: Links) -> pa.Array:
        """One text a row."""
        batch = self._batch(events, links)
        first = self._first_entry(events, batch)
        later = self._later_entries(events, batch, links)
        text = pc.binary_join_element_wise(first, later, "")
        return self._slipped(events, text)

    def summaries(self, events: Events, kinds: Integers) -> pa.Array:
        """What the crime record says happened, a text a row."""
        nobody = pa.nulls(len(events), pa.string())
        links = Links(nobody, nobody, np.ones(len(events), dtype=bool))
        batch = self._batch(events, links)
        batch = Batch(batch.columns, {**batch.routes, "act": (kinds, offences().acts)})
        return pc.utf8_upper(self._symbols(events, batch, "summary", ["summary"] * len(events)))

    def other_force(self, events: Events) -> pa.Array:
        """The force in whose area it happened, for those that it did."""
        return _OTHER_FORCES.take(
            pa.array(self._draws.below(events.event, "other force", len(_OTHER_FORCES)))
        )

    # -- who is who --------------------------------------------------------------------------------

    def _symbols(self, events: Events, batch: Batch, name: str, symbols: list[str]) -> pa.Array:
        """A text a row from a symbol a row; the empty name gives an empty text."""
        names, codes = np.unique(np.array(symbols), return_inverse=True)
        return self._routed(events, batch, name, codes, tuple(str(item) for item in names))

    def _routed(
        self, events: Events, batch: Batch, name: str, codes: Integers, names: tuple[str, ...]
    ) -> pa.Array:
        texts = np.full(len(events), -1, dtype=np.int64)
        pieces: list[pa.Array] = [pa.array([""])]
        size = 1
        for code, symbol in enumerate(names):
            if symbol == _NO_ROUTE:
                continue
            at = np.flatnonzero(codes == code)
            if not len(at):
                continue
            keys = self._draws.keys(events.rows[at], name)
            pieces.append(self._grammar.expand(symbol, batch, at, keys))
            texts[at] = np.arange(size, size + len(at))
            size += len(at)
        return pa.concat_arrays(pieces).take(pa.array(np.maximum(texts, 0)))

    def _batch(self, events: Events, links: Links) -> Batch:
        people = self._victim_words(events)
        batch = Batch(people, {})
        tie = self._tie_words(events, batch)
        people = people | tie
        offence = np.maximum(events.offence, 0)
        table, topic = offences(), np.maximum(events.topic, 0)
        restraining = np.isin(
            np.where(events.extra >= 0, events.extra, events.offence), [table.place("breach_restraining")]
        )
        acts = (*table.acts, *topics().names)
        act = np.where(events.offence >= 0, offence, len(table.acts) + topic)
        crime_reference = pc.fill_null(links.crime_number, "")
        columns = people | {
            "order": _ORDERS.take(pa.array(np.where(restraining, 1, 2))),
            "otherforce": self.other_force(events),
            "log": pc.fill_null(links.earlier_log, "previous"),
            "crimeref": crime_reference,
        }
        routes = {
            "act": (act, acts),
            "cact": (np.maximum(events.companion, 0), table.acts),
            "mact": (np.maximum(events.mentioned, 0), table.acts),
        }
        return Batch(columns, routes)

    def _victim_words(self, events: Events) -> dict[str, pa.Array]:
        empty = Batch({}, {})
        female = events.victim_sex == FEMALE
        she = pa.array(np.where(female, "she", "he"))
        her = pa.array(np.where(female, "her", "his"))
        her_object = pa.array(np.where(female, "her", "him"))
        child = events.victim_age < 16
        first_person = (events.writing == FORM) & (events.reporter == VICTIM)
        organisation = events.victim_kind == ORGANISATION
        noun = self._symbols(events, empty, "victim noun", self._victim_nouns(events, female, child))
        by_noun = self._draws.chance(events.rows, "victim by noun", 0.45)
        log_self = (events.writing == LOG) & (events.reporter == VICTIM)
        known_sex = self._draws.chance(events.rows, "victim by pronoun", 0.4)
        subject = pc.case_when(
            pc.make_struct(
                pa.array(first_person),
                pa.array(organisation),
                pa.array(log_self & known_sex),
                pa.array(by_noun),
            ),
            "i",
            "they",
            noun,
            noun,
            she,
        )
        whose = pc.case_when(
            pc.make_struct(
                pa.array(first_person), pa.array(organisation), pa.array((events.writing == LOG) & known_sex)
            ),
            "my",
            "the",
            "ips",
            her,
        )
        whom = pc.case_when(
            pc.make_struct(pa.array(first_person), pa.array(organisation)), "me", "them", her_object
        )
        objects = pc.case_when(
            pc.make_struct(pa.array(first_person), pa.array(organisation)), "me", "staff", noun
        )
        return {"V": objects, "VS": subject, "VP": whose, "him2": whom}

    def _victim_nouns(self, events: Events, female: Truths, child: Truths) -> list[str]:
        sex = np.where(female, "f", "m")
        writing, reporter = events.writing, events.reporter
        names = np.full(len(events), "log_victim", dtype=object)
        third = (reporter == LAY) | (reporter == STAFF)
        names = np.where(
            third & (writing == LOG), np.where(female, "log_victim_third", "log_victim_third_m"), names
        )
        names = np.where(third & (writing == FORM), "plain_third_" + sex.astype(object), names)
        parent = reporter == PARENT
        names = np.where(parent & (writing == LOG), "log_child_" + sex.astype(object), names)
        names = np.where(parent & (writing == FORM), "plain_child_" + sex.astype(object), names)
        unknown = (events.verdict == CRIME_RELATED) & ~events.traced
        names = np.where(unknown, "passer_" + sex.astype(object), names)
        referred = writing == REFERRAL
        names = np.where(referred, np.where(child, "ref_child", "ref_victim"), names)
        return [str(name) for name in names]

    def _tie_words(self, events: Events, batch: Batch) -> dict[str, pa.Array]:
        male = events.suspect_sex == MALE
        sex = np.where(male, "m", "f")
        ties = [f"tie_{_TIE_NAMES[int(tie)]}_{letter}" for tie, letter in zip(events.tie, sex, strict=True)]
        tie = self._symbols(events, batch, "tie", ties)
        stranger = events.tie == STRANGER
        whose = pc.binary_join_element_wise(batch.columns["VP"], tie, " ")
        plain = pc.if_else(pa.array(stranger), tie, whose)
        short = self._draws.chance(events.rows, "suspect in short", 0.45) & (events.writing == LOG)
        officer = (events.writing == OFFICER) & (events.victim_kind == STATE) & stranger
        log_word = self._symbols(
            events, batch, "suspect word", ["log_suspect" if one else "log_suspect_f" for one in male]
        )
        seen = pc.if_else(pa.array(short | officer), log_word, plain)
        unseen = self._symbols(events, batch, "unseen", ["unseen"] * len(events))
        subject = pc.if_else(pa.array(events.unseen), unseen, seen)
        return {
            "S": subject,
            "So": subject,
            "he": pa.array(np.where(male, "he", "she")),
            "his": pa.array(np.where(male, "his", "her")),
            "him": pa.array(np.where(male, "him", "her")),
        }

    # -- the first entry ---------------------------------------------------------------------------

    def _first_entry(self, events: Events, batch: Batch) -> pa.Array:
        draws = self._draws
        writing = np.array(["log", "form", "referral", "officer"])[events.writing]
        crime = events.offence >= 0
        plain = (~crime) & (events.writing != OFFICER)
        opening = self._symbols(
            events,
            batch,
            "opening",
            [f"open_{name}{'_non' if non else ''}" for name, non in zip(writing, plain, strict=True)],
        )
        pieces = [opening]
        pieces.append(self._where(events, batch, "companion", events.companion >= 0, "cact"))
        pieces.append(self._where(events, batch, "second", events.victims > 1, "second_person"))
        pieces.append(self._where(events, batch, "third", events.victims > 2, "second_person"))
        details = draws.below(events.rows, "details", 4)
        mention = self._mention(events, batch)
        mention_place = draws.below(events.rows, "mention place", 3)
        for number in range(3):
            pieces.append(pc.if_else(pa.array(mention_place == number), mention, ""))
            symbols = [
                f"detail_{name}" if more else "" for name, more in zip(writing, details > number, strict=True)
            ]
            pieces.append(self._symbols(events, batch, f"detail {number}", symbols))
        text = joined(pieces, ". ")
        upper = pa.array(np.isin(events.writing, (LOG, OFFICER)))
        first = pc.utf8_upper(pc.utf8_slice_codeunits(text, 0, 1))
        sentence = pc.binary_join_element_wise(first, pc.utf8_slice_codeunits(text, 1), "")
        return pc.if_else(upper, pc.utf8_upper(text), sentence)

    def _where(self, events: Events, batch: Batch, name: str, wanted: Truths, symbol: str) -> pa.Array:
        return self._routed(events, batch, name, wanted.astype(np.int64), (_NO_ROUTE, symbol))

    def _mention(self, events: Events, batch: Batch) -> pa.Array:
        codes = np.where(
            (events.mention == LONG_PAST) & (events.mentioned >= 0), len(_MENTIONS), events.mention
        )
        return self._routed(events, batch, "mention", codes, (*_MENTIONS, "long_past_act"))

    # -- later entries -----------------------------------------------------------------------------

    def _later_entries(self, events: Events, batch: Batch, links: Links) -> pa.Array:
        draws = self._draws
        count = draws.below(events.rows, "updates", 4)
        clock = local_seconds(events.reported) % 86_400
        lines: list[pa.Array] = []
        fixed = self._disposition(events, batch)
        extra = self._extra(events, batch)
        told = self._routed(
            events,
            batch,
            "number told",
            (links.recorded & draws.chance(events.rows, "number in text", 0.3)).astype(np.int64),
            (_NO_ROUTE, "ref_in_text"),
        )
        for number in range(4):
            clock = clock + 60 + draws.lognormal(events.rows, f"wait {number}", 1500.0, 1.2).astype(np.int64)
            if number == 3:
                text = self._closing(events, batch, links)
            else:
                text = self._where(events, batch, f"update {number}", count > number, "update")
            if number == 1:
                text = joined([text, fixed, extra], ". ")
            if number == 2:
                text = joined([text, told], ". ")
            lines.append(self._stamped(events, number, clock, text))
        return pc.binary_join_element_wise(*lines, "")

    def _stamped(self, events: Events, number: int, clock: Integers, text: pa.Array) -> pa.Array:
        minutes = clock // 60 % 1440
        hour = pc.utf8_lpad(pc.cast(pa.array(minutes // 60), pa.string()), 2, "0")
        minute = pc.utf8_lpad(pc.cast(pa.array(minutes % 60), pa.string()), 2, "0")
        operator = pc.cast(
            pa.array(1000 + self._draws.below(events.rows, f"operator {number}", 8999)), pa.string()
        )
        stamp = pc.binary_join_element_wise("\n", hour, ":", minute, " [", operator, "] ", "")
        line = pc.binary_join_element_wise(stamp, pc.utf8_upper(text), "")
        return pc.if_else(pc.equal(text, ""), "", line)

    def _disposition(self, events: Events, batch: Batch) -> pa.Array:
        names = (
            "",
            "cri_untraced",
            "cri_declines",
            "other_force",
            "school",
            "contrary",
            "again",
            "confirmed",
        )
        related = events.verdict == CRIME_RELATED
        confirmed = (events.verdict == CRIME) & (events.reporter == LAY)
        confirmed |= (
            (events.verdict == CRIME)
            & self._draws.chance(events.rows, "confirms", 0.08)
            & (events.victims > 0)
        )
        again = (events.verdict == AGAIN) & self._draws.chance(events.rows, "names earlier log", 0.85)
        codes = np.select(
            [
                related & ~events.traced,
                related,
                events.verdict == OTHER_FORCE,
                events.verdict == SCHOOL,
                events.verdict == CONTRARY,
                again,
                confirmed,
            ],
            [1, 2, 3, 4, 5, 6, 7],
            0,
        )
        return self._routed(events, batch, "disposition", codes, names)

    def _extra(self, events: Events, batch: Batch) -> pa.Array:
        drugs = events.extra == offences().place("cannabis")
        codes = np.where(events.extra < 0, 0, np.where(drugs, 2, 1))
        return self._routed(events, batch, "extra", codes, ("", "extra_breach", "extra_drugs"))

    def _closing(self, events: Events, batch: Batch, links: Links) -> pa.Array:
        said = self._draws.chance(events.rows, "says closing", 0.75)
        crimed = links.recorded & self._draws.chance(events.rows, "says crimed", 0.45)
        missed = (events.verdict == CRIME) & ~links.recorded
        codes = np.select([~said, crimed, missed], [0, 1, 2], 3)
        return self._routed(
            events, batch, "closing", codes, ("", "close_crime", "close_missed", "close_plain")
        )

    def _slipped(self, events: Events, text: pa.Array) -> pa.Array:
        """A slip of the keyboard in some logs."""
        which = self._draws.below(events.rows, "slip", len(self._slips) * 3)
        pieces, order = [], []
        for place in range(len(self._slips) + 1):
            at = np.flatnonzero(which == place if place < len(self._slips) else which >= place)
            order.append(at)
            part = text.take(pa.array(at))
            if place < len(self._slips):
                right, wrong = self._slips[place]
                for old, new in ((right, wrong), (right.upper(), wrong.upper())):
                    part = pc.replace_substring(part, old, new, max_replacements=1)
            pieces.append(part)
        places = np.concatenate(order)
        back = np.empty(len(places), dtype=np.int64)
        back[places] = np.arange(len(places))
        return pa.concat_arrays(pieces).take(pa.array(back))
