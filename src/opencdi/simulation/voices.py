"""Who speaks, and what they call the people they speak of."""

from __future__ import annotations

import numpy as np

from opencdi.simulation.draws import Draws, Integers, Truths
from opencdi.simulation.events import (
    CRIME_RELATED,
    FORM,
    LAY,
    LOG,
    OFFICER,
    PARENT,
    REFERRAL,
    STAFF,
    VICTIM,
    Events,
)
from opencdi.simulation.grammar import Codes, Grammar
from opencdi.simulation.offences import FAMILY, FEMALE, KNOWN, MALE, ORGANISATION, PERSON, STATE, STRANGER

_TIES = ("partner", "family", "known", "stranger", "parent", "child_known")


class Voices:
    """The routes of a grammar that name victim and suspect, for each row."""

    def __init__(self, grammar: Grammar, draws: Draws) -> None:
        self._grammar = grammar
        self._draws = draws

    def of(self, events: Events) -> dict[str, Codes]:
        """As the one who reports says it."""
        first_person = (events.writing == FORM) & (events.reporter == VICTIM)
        by_pronoun = self._draws.chance(events.rows, "by pronoun", 0.5)
        in_short = self._draws.chance(events.rows, "suspect in short", 0.45) & (events.writing == LOG)
        return self._named(events, first_person, by_pronoun, self._victim_noun(events), in_short)

    def of_police(self, events: Events) -> dict[str, Codes]:
        """As the crime record says it: nobody speaks of themselves."""
        nobody = np.zeros(len(events), dtype=bool)
        noun = self._either(events.victim_sex == FEMALE, "log_victim_third", "log_victim_third_m")
        in_short = self._draws.chance(events.rows, "suspect in short", 0.6)
        return self._named(events, nobody, nobody, noun, in_short)

    def _named(
        self, events: Events, first_person: Truths, by_pronoun: Truths, noun: Codes, in_short: Truths
    ) -> dict[str, Codes]:
        female = events.victim_sex == FEMALE
        body = events.victim_kind == ORGANISATION
        logged = events.writing == LOG
        own = [first_person, body]
        she, her_object, her = (
            self._either(female, *pair) for pair in (("she", "he"), ("her", "him"), ("her", "his"))
        )
        male = events.suspect_sex == MALE
        suspect = self._suspect(events, male, in_short)
        spoken_of = np.where(events.writing == FORM, self._grammar.symbol("log_victim"), noun)
        return {
            "VS": self._select([*own, by_pronoun], ["i", "they_staff"], [she], noun),
            "V": self._select([*own, by_pronoun & logged], ["me", "staff"], [her_object], noun),
            "VP": self._select([*own, logged & ~by_pronoun], ["my", "the_body", "ips"], [], her),
            "him2": self._select(own, ["me", "them_staff"], [], her_object),
            "PV": spoken_of.astype(np.int32),
            "S": suspect,
            "So": suspect,
            "he": self._either(male, "he", "she"),
            "his": self._either(male, "his", "her"),
            "him": self._either(male, "him", "her"),
        }

    def _victim_noun(self, events: Events) -> Codes:
        female, child = events.victim_sex == FEMALE, events.victim_age < 16
        writing, reporter = events.writing, events.reporter
        third, parent = (reporter == LAY) | (reporter == STAFF), reporter == PARENT
        unseen = (events.verdict == CRIME_RELATED) & ~events.traced
        return np.select(
            [
                writing == REFERRAL,
                unseen,
                third & (writing == FORM),
                third & (writing != FORM),
                parent & (writing == FORM),
                parent & (writing != FORM),
            ],
            [
                self._either(child, "ref_child", "ref_victim"),
                self._either(female, "passer_f", "passer_m"),
                self._either(female, "plain_third_f", "plain_third_m"),
                self._either(female, "log_victim_third", "log_victim_third_m"),
                self._either(female, "plain_child_f", "plain_child_m"),
                self._either(female, "log_child_f", "log_child_m"),
            ],
            self._grammar.symbol("log_victim"),
        ).astype(np.int32)

    def _suspect(self, events: Events, male: Truths, in_short: Truths) -> Codes:
        stranger = events.tie == STRANGER
        police = (events.writing == OFFICER) & (events.victim_kind == STATE) & stranger
        by_tie = np.array([self._grammar.symbols([f"suspect_{tie}_{sex}" for sex in "fm"]) for tie in _TIES])
        return np.select(
            [events.unseen, police | in_short],
            [
                np.full(len(events), self._grammar.symbol("unseen")),
                self._either(male, "log_suspect", "log_suspect_f"),
            ],
            by_tie[self._tie(events), male.astype(np.int64)],
        ).astype(np.int32)

    def _tie(self, events: Events) -> Integers:
        """The tie, with the words that fit a child."""
        child = (events.victim_age < 16) & (events.offence >= 0) & (events.victim_kind == PERSON)
        return np.select(
            [child & (events.tie == FAMILY), child & (events.tie == KNOWN)],
            [_TIES.index("parent"), _TIES.index("child_known")],
            events.tie,
        )

    def _either(self, test: Truths, yes: str, no: str) -> Codes:
        return np.where(test, self._grammar.symbol(yes), self._grammar.symbol(no)).astype(np.int32)

    def _select(self, tests: list[Truths], names: list[str], targets: list[Codes], otherwise: Codes) -> Codes:
        symbols = [np.full(len(otherwise), self._grammar.symbol(name)) for name in names]
        return np.select(tests, [*symbols, *targets], otherwise).astype(np.int32)
