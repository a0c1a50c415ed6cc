"""The made-up force's area, and what happens in it: the facts of any row, drawn from the seed."""

from __future__ import annotations

import numpy as np

from opencdi.simulation.calendar import DAY, HOUR, Calendar, local_seconds
from opencdi.simulation.channels import CHANNELS, drawn_channel
from opencdi.simulation.draws import Draws, Integers, Numbers, Rows, Truths
from opencdi.simulation.events import (
    AGAIN,
    CONTRARY,
    CRIME,
    CRIME_RELATED,
    DENIED,
    FORM,
    LAY,
    LOG,
    LONG_PAST,
    NO_MENTION,
    OFFICER,
    OTHER_FORCE,
    PARENT,
    POLICE,
    PROFESSIONAL,
    REFERRAL,
    SCHOOL,
    STAFF,
    VICTIM,
    WITHDRAWN,
    Events,
)
from opencdi.simulation.offences import (
    ANY_SEX,
    FAMILY,
    FEMALE,
    KNOWN,
    MALE,
    ORGANISATION,
    PARTNER,
    PERSON,
    SETTINGS,
    STATE,
    STRANGER,
    TIES,
    UNSEEN_GROUPS,
    offences,
    padded,
    topics,
)
from opencdi.simulation.people import MEMBERS, YEAR, People, Places
from opencdi.simulation.settings import Force
from opencdi.simulation.verdicts import Verdicts

UNREGISTERED = 1 << 40
"""Rows from here on are crimes that the force wrote down nowhere."""
_BREACHES = ("breach_restraining", "breach_molestation_order")
_DONE_ONLINE = {"message": 0.6, "message_threat": 0.6, "pester": 0.1, "stalk": 0.17}
"""How often what may be done online or otherwise is done online, by act. Assumed."""
_SEX_OF_SUSPECT_MALE = {PARTNER: 0.5, FAMILY: 0.66, KNOWN: 0.74, STRANGER: 0.86}


class World:
    """The made-up force's area and what happens in it."""

    def __init__(self, force: Force, direct: int = 0) -> None:
        self.force = force
        self.direct = direct
        """Crimes reported straight to the crime system."""
        self.draws = Draws(force.seed, force.name)
        self.calendar = Calendar(force.first_day, force.days)
        self.people = People(
            self.draws.within("people"),
            max(500, int(force.incidents * 0.8)),
            int(self.calendar.starts[0]) // DAY,
        )
        self.places = Places(self.draws.within("places"))
        table = offences()
        self._weights = table.recorded_share / table.recording_rate(force.errors)
        self._verdicts = Verdicts(force, self.draws, self._weights)

    def reported(self, rows: Rows) -> Integers:
        """When each row was reported; among logs, and among crimes without one, never falls."""
        jitter = self.draws.uniform(rows, "arrival")
        hidden = rows >= UNREGISTERED
        direct = (rows >= self.force.incidents) & ~hidden
        place = np.where(direct, rows - self.force.incidents, rows)
        count = np.where(direct, max(self.direct, 1), self.force.incidents)
        return self.calendar.instant_at(np.where(hidden, jitter, (place + jitter) / count))

    def first_row_of_days(self) -> Integers:
        """The first row of each day of the period, and after the last day the number of rows."""
        total = self.force.incidents
        edge = self.calendar.share_at(self.calendar.starts) * total
        row = np.minimum(np.floor(edge).astype(np.int64), total - 1)
        before = self.reported(row) < self.calendar.starts
        first = np.where(before, row + 1, row)
        first[0], first[-1] = 0, total
        return np.asarray(first)

    def events(self, rows: Rows) -> Events:
        """Every fact of the given rows, in the order given."""
        draws, table = self.draws, offences()
        own_verdict, _ = self._verdicts.own(rows)
        event = self._verdicts.repeats(rows, own_verdict)
        verdict, offence = self._verdicts.own(event)
        verdict = np.where(event != rows, AGAIN, np.where(verdict == AGAIN, CRIME, verdict))
        crime_like = offence >= 0
        known = np.maximum(offence, 0)
        topic = np.where(crime_like, -1, draws.choice(rows, "topic", topics().share))
        victim_kind = np.where(crime_like, table.victim[known], PERSON)

        tie = self._tie(event, known, crime_like)
        school = self._verdicts.at_school(event, offence) & np.isin(verdict, (CRIME, SCHOOL, AGAIN))
        tie = np.where(school, KNOWN, tie)
        tie = np.where((victim_kind == ORGANISATION) & (tie <= FAMILY), KNOWN, tie)
        victim = self._victim(event)
        victim_sex = self._victim_sex(victim, known, crime_like, tie)
        # A report for a child by whoever has its care is a report by the victim, so never unconfirmed.
        youngest = np.where(verdict == CRIME_RELATED, 16, 0)
        victim_age, victim_born = self._victim_age(event, victim, known, crime_like, school, tie, youngest)
        suspect_sex = self._suspect_sex(event, known, crime_like, tie, victim_sex)
        companion, extra = self._further_offences(event, known, crime_like, tie, victim_kind)
        extra = np.where(verdict == CRIME, extra, -1)
        mix = np.where(crime_like, table.channel[known], topics().channel[np.maximum(topic, 0)])
        channel = drawn_channel(draws, rows, mix)
        by_agency = channel == CHANNELS.index("agency_referral")
        channel = np.where(by_agency & (verdict == CRIME_RELATED), CHANNELS.index("101"), channel)
        writing = np.select(
            [
                channel == CHANNELS.index("online"),
                channel == CHANNELS.index("agency_referral"),
                channel == CHANNELS.index("officer"),
            ],
            [FORM, REFERRAL, OFFICER],
            LOG,
        )
        reporter = self._reporter(rows, verdict, writing, crime_like, victim_kind, victim_age)
        caller = self._caller(rows, event, reporter, victim)
        home = victim // MEMBERS
        setting = self._setting(event, known, crime_like, topic, school)
        mention, mentioned = self._mention(rows, crime_like)
        rape = crime_like & np.array([group == "Rape" for group in table.subgroups])[known]
        unseen = self._unseen(event, known, crime_like, tie)
        # Who an order protects is a former partner, though its breach is an offence against the state.
        protected = crime_like & table.among(_BREACHES)[known]
        adult = (victim_age >= 16) & ((victim_kind == PERSON) | protected)
        started, ended = self._occurred(event)
        return Events(
            rows=rows,
            event=event,
            reported=self.reported(rows),
            verdict=verdict,
            offence=offence,
            topic=topic,
            channel=channel,
            writing=writing,
            reporter=reporter,
            tie=tie,
            unseen=unseen,
            victims=self._victims(event, known, crime_like, victim_kind),
            victim=victim,
            victim_kind=victim_kind,
            victim_sex=victim_sex,
            victim_age=victim_age,
            victim_born=victim_born,
            second_victim=self._other_member(event, victim, "second victim"),
            third_victim=self._other_member(event, victim, "third victim"),
            suspect=np.where(
                (tie == PARTNER) | (tie == FAMILY),
                self._other_member(event, victim, "second victim"),
                self._anyone(event, "suspect"),
            ),
            suspect_sex=suspect_sex,
            caller=caller,
            anonymous=draws.chance(rows, "anonymous", self.force.reports.anonymous) | (writing == OFFICER),
            companion=companion,
            extra=extra,
            mention=mention,
            mentioned=mentioned,
            started=started,
            ended=ended,
            place=np.where(setting == SETTINGS.index("home"), home, -1 - self._anyone(event, "corner")),
            setting=setting,
            domestic=crime_like & adult & (tie <= FAMILY),
            alcohol=draws.chance(event, "alcohol", 0.14) & (victim_kind != ORGANISATION) & ~unseen,
            online=self._online(event, known, crime_like, setting),
            n100=np.select(
                [
                    rape & (verdict == CRIME_RELATED),
                    rape & (verdict == CONTRARY),
                    rape & (verdict == OTHER_FORCE),
                ],
                [1, 2, 3],
                0,
            ),
            traced=~((verdict == CRIME_RELATED) & draws.chance(event, "untraced", 0.6)),
        )

    def _anyone(self, rows: Rows, name: str) -> Integers:
        return self.draws.below(rows, name, self.people.households * MEMBERS)

    def _other_member(self, rows: Rows, persons: Integers, name: str) -> Integers:
        step = 1 + self.draws.below(rows, name, MEMBERS - 1)
        if name == "third victim":
            step = 1 + (1 + self.draws.below(rows, "second victim", MEMBERS - 1)) % (MEMBERS - 1)
        return persons // MEMBERS * MEMBERS + (persons + step) % MEMBERS

    def _tie(self, rows: Rows, known: Integers, crime_like: Truths) -> Integers:
        bounds = np.cumsum(offences().ties, axis=1)[known]
        bounds[~crime_like] = np.cumsum(TIES["violence"])
        return np.asarray(
            np.minimum((self.draws.uniform(rows, "tie")[:, None] >= bounds).sum(axis=1), STRANGER)
        )

    def _victim(self, event: Rows) -> Integers:
        """The person harmed: often one who rang a few days before."""
        window = max(1, int(self.force.incidents / self.force.days * 5))
        back = event - 1 - self.draws.below(event, "rang before", window)
        again = self.draws.chance(event, "rings again", self.force.reports.repeat_caller) & (back >= 0)
        return self._anyone(np.where(again, back, event), "victim")

    def _victim_sex(self, victim: Integers, known: Integers, crime_like: Truths, tie: Integers) -> Integers:
        fixed = np.where(crime_like, offences().sex[known], ANY_SEX)
        sex = self.people.sex(victim, np.where(tie == PARTNER, 0.74, 0.505))
        return np.where(fixed == ANY_SEX, sex, fixed)

    def _victim_age(
        self,
        event: Rows,
        victim: Integers,
        known: Integers,
        crime_like: Truths,
        school: Truths,
        tie: Integers,
        youngest: Integers,
    ) -> tuple[Integers, Integers]:
        """Age in years and day of birth: the person's own where the offence allows it."""
        table, draws = offences(), self.draws
        low = np.maximum(np.where(crime_like, table.age_from[known], 18), youngest)
        high = np.where(crime_like, table.age_to[known], 90)
        low = np.where((tie == PARTNER) & crime_like & (high >= 18), np.maximum(low, 17), low)
        low, high = np.where(school, 11, low), np.where(school, 15, high)
        today = local_seconds(self.reported(event)) // DAY
        born = self.people.born(victim)
        age = np.floor((today - born) / YEAR).astype(np.int64)
        child = draws.chance(event, "a child", 0.12) & (low < 16)
        fits = (age >= low) & (age <= high) & ~child
        most = np.where(child, np.minimum(high, 15), high)
        drawn = low + draws.below(event, "victim age", most - low + 1)
        days = (drawn + 0.02 + 0.95 * draws.uniform(event, "birthday")) * YEAR
        other = today - np.floor(days).astype(np.int64)
        return np.where(fits, age, drawn), np.where(fits, born, other)

    def _suspect_sex(
        self, rows: Rows, known: Integers, crime_like: Truths, tie: Integers, victim_sex: Integers
    ) -> Integers:
        share = np.select(
            [tie == value for value in _SEX_OF_SUSPECT_MALE], list(_SEX_OF_SUSPECT_MALE.values())
        )
        sexual = crime_like & offences().of_subgroups(("Rape", "Other sexual offences"))[known]
        drawn = np.where(self.draws.chance(rows, "suspect sex", share), MALE, FEMALE)
        opposite = np.where(victim_sex == FEMALE, MALE, FEMALE)
        alike = self.draws.chance(rows, "same-sex couple", 0.04)
        drawn = np.where((tie == PARTNER) & ~alike, opposite, drawn)
        return np.where(sexual, MALE, drawn)

    def _further_offences(
        self, rows: Rows, known: Integers, crime_like: Truths, tie: Integers, victim_kind: Integers
    ) -> tuple[Integers, Integers]:
        table, draws = offences(), self.draws
        lesser, counts = padded(table.companions)
        pick = draws.below(rows, "companion", np.maximum(counts[known], 1))
        wanted = crime_like & (counts[known] > 0) & draws.chance(rows, "has companion", 0.24)
        companion = np.where(wanted, lesser[known, pick], -1)
        breach = (tie == PARTNER) & (victim_kind == PERSON) & draws.chance(rows, "order in force", 0.06)
        drugs = (table.setting[known] == SETTINGS.index("street")) & draws.chance(rows, "drugs", 0.006)
        drugs &= table.of_subgroups(("Violence without injury", "Violence with injury"))[known]
        extra = np.select(
            [
                crime_like & breach & draws.chance(rows, "restraining", 0.4),
                crime_like & breach,
                crime_like & drugs & (victim_kind == PERSON),
            ],
            [table.place(_BREACHES[0]), table.place(_BREACHES[1]), table.place("cannabis")],
            -1,
        )
        return companion, extra

    def _reporter(
        self,
        rows: Rows,
        verdict: Integers,
        writing: Integers,
        crime_like: Truths,
        victim_kind: Integers,
        victim_age: Integers,
    ) -> Integers:
        other = self.draws.chance(rows, "not the victim", self.force.reports.caller_not_victim)
        child = (victim_age < 16) & (victim_kind == PERSON) & crime_like
        answers = [
            (writing == OFFICER, POLICE),
            ((verdict == CRIME_RELATED), LAY),
            (writing == REFERRAL, PROFESSIONAL),
            ((victim_kind == ORGANISATION), STAFF),
            (child, PARENT),
            (other, LAY),
        ]
        return np.select([test for test, _ in answers], [answer for _, answer in answers], VICTIM)

    def _caller(self, rows: Rows, event: Rows, reporter: Integers, victim: Integers) -> Integers:
        relative = self._other_member(event, victim, "second victim")
        stranger = self._anyone(rows, "caller")
        return np.select([reporter == VICTIM, reporter == PARENT], [victim, relative], stranger)

    def _occurred(self, event: Rows) -> tuple[Integers, Integers]:
        """When it began and ended: mostly hours before the report, now and then years."""
        draws, reported = self.draws, self.reported(event)
        before = draws.lognormal(event, "before", 3.0, 1.6) * HOUR
        historic = draws.chance(event, "historic", 0.03)
        before = np.where(historic, draws.uniform(event, "years") * 12 * 365 * DAY, before)
        started = reported - before.astype(np.int64)
        length = draws.lognormal(event, "length", 0.6, 1.5) * HOUR
        return started, np.minimum(started + length.astype(np.int64), reported)

    def _setting(
        self, rows: Rows, known: Integers, crime_like: Truths, topic: Integers, school: Truths
    ) -> Integers:
        fixed = np.where(crime_like, offences().setting[known], topics().setting[np.maximum(topic, 0)])
        drawn = self.draws.choice(rows, "setting", (0.5, 0.42, 0.0, 0.08))
        setting = np.where(fixed == SETTINGS.index("any"), drawn, fixed)
        return np.where(school, SETTINGS.index("school"), setting)

    def _online(self, event: Rows, known: Integers, crime_like: Truths, setting: Integers) -> Truths:
        share = np.array([_DONE_ONLINE.get(act, 0.0) for act in offences().acts])[known]
        drawn = self.draws.chance(event, "online", share)
        return np.where((share > 0) & crime_like, drawn, setting == SETTINGS.index("online"))

    def _mention(self, rows: Rows, crime_like: Truths) -> tuple[Integers, Integers]:
        draws = self.draws
        share = np.where(crime_like, 0.14, self.force.reports.distracted)
        kind = 1 + draws.choice(rows, "mention", (0.30, 0.20, 0.27, 0.13, 0.10))
        kind = np.where(crime_like & (kind == WITHDRAWN), DENIED, kind)
        mention = np.where(draws.chance(rows, "mentions", share), kind, NO_MENTION)
        told = (mention == LONG_PAST) & draws.chance(rows, "told", 0.6)
        offence = draws.choice(rows, "mentioned offence", self._tellable)
        return mention, np.where(told, offence, -1)

    @property
    def _tellable(self) -> Numbers:
        return np.asarray(self._weights * (offences().victim == PERSON))

    def _unseen(self, rows: Rows, known: Integers, crime_like: Truths, tie: Integers) -> Truths:
        hidden = offences().of_subgroups(UNSEEN_GROUPS)[known] & (tie == STRANGER) & crime_like
        return np.asarray(hidden & self.draws.chance(rows, "unseen", 0.6))

    def _victims(self, rows: Rows, known: Integers, crime_like: Truths, victim_kind: Integers) -> Integers:
        several = np.where(crime_like, offences().several[known], 0.0)
        drawn = self.draws.uniform(rows, "several")
        count = 1 + (drawn < several).astype(np.int64) + (drawn < several * 0.2)
        return np.where(crime_like & (victim_kind == STATE), 0, count)
