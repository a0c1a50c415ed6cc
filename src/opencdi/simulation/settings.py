"""How the made-up force behaves: sizes, volumes and error rates, in one object.

Every rate names where it comes from; "assumed" marks one for which nothing is published.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Phrases = Literal["all", "first", "second"]
"""Which phrases of the grammar may be used: all, or one of two halves that share none."""


@dataclass(frozen=True)
class Reports:
    """What comes in, and how it is written down."""

    not_a_crime: float = 0.65
    """Share of incidents that disclose no crime at all (NSIR 2011: over 80 % of calls for service are
    not crime; HMICFRS samples hold more crime than that)."""
    crime_related_only: float = 0.05
    """Of crime-like incidents: reported by someone other than the victim, who is not traced or does not
    confirm (Crime Recording Rules 2026/27, page 9). Assumed."""
    other_force: float = 0.015
    """Of crime-like incidents: happened in another force's area (page 15). Assumed."""
    left_to_school: float = 0.35
    """Of eligible school incidents: dealt with by the school (Schools Protocol, page 12). Assumed."""
    contrary: float = 0.025
    """Of crime-like incidents: credible evidence to the contrary at once (page 7). Assumed."""
    same_event_again: float = 0.045
    """Of crime-like incidents: a second log of an event already logged. Assumed."""
    rape_unconfirmed: float = 0.12
    """Rape reports by someone who does not act for the victim, so N100/1. Assumed."""
    repeat_caller: float = 0.12
    """Logs by a person who rang in the five days before. Assumed."""
    caller_not_victim: float = 0.18
    """Callers on crime logs who are not the victim. Assumed."""
    anonymous: float = 0.13
    """Callers who give no name. Assumed."""
    birth_missing: float = 0.55
    """Logs without a date of birth. Assumed."""
    postcode_missing: float = 0.15
    """Records without a postcode. Assumed."""
    typo: float = 0.04
    """Typing errors a name, date or postcode field, 2 to 6 % in linkage benchmarks."""
    distracted: float = 0.42
    """Non-crime logs that mention a crime: denied, feared, long past, or somebody else's. Assumed; tuned
    for the area under the curve that `docs/simulated-force.md` reports."""


@dataclass(frozen=True)
class Errors:
    """How the force records: the shares of required crimes that go wrong."""

    recorded: float = 0.96
    """Recording rate outside violence (HMICFRS 2016-2020, overall 80 to 97 %)."""
    recorded_violence: float = 0.835
    """Violence, with stalking and harassment (published: 69 to 81 %; Cleveland 2018: 81.1 %)."""
    recorded_sexual: float = 0.98
    """Sexual offences other than rape (Thames Valley 2019: 95 %)."""
    recorded_rape: float = 0.985
    """Rape; with wrong class and N100 misuse about 91 % are right (Thames Valley 2019: 126 of 138)."""
    recorded_domestic: float = 0.80
    """Violence that is domestic abuse; other domestic abuse loses half as much (Thames Valley 2019:
    289 of 379 = 76 %; Greater Manchester 2018: 81 %)."""
    additional_missed: float = 0.25
    """Second and further crimes of one log (principal-crime and one-per-victim errors). Assumed."""
    wrong_class: float = 0.025
    """Recorded under a wrong class (published with missing crimes only; assumed from rape, 5 of 12)."""
    n100_for_crime: float = 0.02
    """Rapes left at N100 though confirmed. Assumed."""
    delay_median_hours: float = 8.0
    """Report to record, log-normal. Assumed."""
    late: float = 0.08
    """Recorded after 24 hours; sets the spread of the delay. Assumed."""
    cancelled: float = 0.035
    """Recorded crimes later transferred or cancelled."""
    cancelled_wrongly: float = 0.075
    """Of those (published samples: 0 to 50 %, mostly 5 to 10 %)."""
    victim_not_told: float = 0.20
    """Of C1, C2 and C5 (Suffolk 2019: 3 of 29; elsewhere over a third)."""
    paperwork: float = 0.04
    """Recorded crimes with a due flag, victim detail or rationale missing. Assumed."""
    over_recorded: float = 0.012
    """Incidents that require nothing and still got a crime. Assumed rare."""
    never_registered: float = 0.01
    """Crimes told to an officer, a mailbox or a desk and written down nowhere, of all crimes. Assumed."""
    companion_recorded: float = 0.03
    """Lesser offences of a finished incident recorded besides the principal one. Assumed."""
    recorded_twice: float = 0.006
    """Crimes recorded a second time; most second records are cancelled C3. Assumed."""
    n100_missed: float = 0.10
    """Required N100 records never made. Assumed."""
    without_incident: float = 0.11
    """Crimes recorded direct, without any log. Assumed."""
    reference_missing: float = 0.22
    reference_damaged: float = 0.07
    reference_wrong: float = 0.01
    """States of the incident number typed on a crime. Assumed."""
    reference_unrelated: float = 0.10
    """Crimes without incident that carry an unrelated valid number. Assumed."""
    rows_repeated: float = 0.001
    """Rows of an export that stand there twice."""
    numbers_repeated: float = 0.0005
    """Rows whose number was already given to another row."""


Style = Literal["a", "b"]

_HABITS: dict[Style, tuple[Reports, Errors]] = {
    "a": (Reports(), Errors()),
    "b": (
        Reports(
            anonymous=0.2,
            birth_missing=0.65,
            postcode_missing=0.22,
            typo=0.06,
            caller_not_victim=0.24,
            distracted=0.30,
        ),
        Errors(
            recorded=0.94,
            recorded_violence=0.85,
            additional_missed=0.4,
            wrong_class=0.035,
            delay_median_hours=6.0,
            cancelled=0.05,
            victim_not_told=0.3,
            over_recorded=0.02,
            reference_missing=0.3,
            reference_damaged=0.12,
        ),
    ),
}


def habits_of(style: Style) -> tuple[Reports, Errors]:
    """The rates of a style."""
    return _HABITS[style]


@dataclass(frozen=True)
class Force:
    """One made-up force."""

    name: str = "Midshire"
    code: str = ""
    """What its numbers begin with, where there are several forces; else nothing."""
    incidents: int = 20_000
    seed: int = 1
    first_day: date = date(2025, 10, 1)
    days: int = 365
    style: Style = "a"
    phrases: Phrases = "all"
    habits: tuple[Reports, Errors] | None = None
    """Rates other than those of the style."""

    @property
    def extracted_on(self) -> date:
        """The day the exports were taken: nothing in them is later."""
        return self.first_day + timedelta(days=self.days + 30)

    @property
    def reports(self) -> Reports:
        return (self.habits or habits_of(self.style))[0]

    @property
    def errors(self) -> Errors:
        return (self.habits or habits_of(self.style))[1]
