"""What is published: figures, each complete in itself, the audits they belong to, and a release of audits.

Everything the public sees (pages, charts, sentences, tables) is a pure function of a :class:`Release`.
The order is always: read, check, disclosure control, render.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from opencdi.publication.forces import Force

Unit = Literal["share", "crimes", "coefficient"]

Marker = Literal["", "c", "low", "x", "z", "p", "r"]
"""Shorthand of the Analysis Function in place of or beside a figure: ``c`` confidential (suppressed), ``low``
rounds to zero and is not zero, ``x`` not available, ``z`` not applicable, ``p`` provisional, ``r``
revised."""

ALL_CRIMES = ("all", "all crimes")
DOMESTIC_ABUSE = ("flag", "domestic abuse")

Key = tuple[str, str, str]
"""Measure, dimension and group: what a figure is of, within one audit."""


@dataclass(frozen=True)
class Figure:
    """One published figure: shares from 0 to 1, counts unweighted, None where there is no value.

    ``measure``, ``dimension``, ``group`` and ``unit`` are those of ``schema.RATES``. A figure that disclosure
    control has taken away has no number at all and the marker ``c``.
    """

    measure: str
    dimension: str
    group: str
    unit: Unit = "share"
    numerator: int | None = None
    denominator: int | None = None
    open_cases: int | None = None
    unread: int | None = None
    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None
    confidence: float | None = None
    """Confidence of the interval, such as 0.95; None where a publisher does not state it."""
    method: str = ""
    worst_lower: float | None = None
    worst_upper: float | None = None
    official_lower: float | None = None
    official_upper: float | None = None
    standard_error: float | None = None
    effective_size: float | None = None
    degrees_of_freedom: float | None = None
    design_effect: float | None = None
    estimator: str = ""
    note: str = ""
    marker: Marker = ""

    @property
    def key(self) -> Key:
        return self.measure, self.dimension, self.group

    @property
    def is_suppressed(self) -> bool:
        return self.marker == "c"

    @property
    def has_interval(self) -> bool:
        return self.estimate is not None and self.lower is not None and self.upper is not None


@dataclass(frozen=True)
class Source:
    """Where an audit's figures were published or are kept; ``quote`` is the sentence they rest on."""

    publisher: str
    title: str = ""
    address: str = ""
    published: date | None = None
    quote: str = ""


@dataclass(frozen=True)
class Provenance:
    """What anyone needs to check the figures of an audit of our own; empty for results of others."""

    seed: str = ""
    frame_sha256: str = ""
    commitment: str = ""
    sample_sha256: str = ""
    verdicts_sha256: str = ""
    code_version: str = ""


@dataclass(frozen=True)
class Count:
    """Crimes or incidents of a kind. ``crimes`` is None where disclosure control has taken the count away."""

    kind: str
    count: int | None
    marker: Marker = ""


@dataclass(frozen=True)
class Action:
    """What the force has promised, who answers for it (an office, never a person), by when, and its state."""

    what: str
    owner: str
    due: date | None
    state: str


@dataclass(frozen=True)
class AuditResults:
    """All that is published of one audit of one force.

    ``id`` is unique in a release and stable from release to release. ``results_of`` tells an audit of our
    own, with its verification bundle, from results that others published. ``errors`` count verdicts by kind,
    ``causes`` errors by cause, ``not_audited`` incidents of the population by why they could not be judged.
    """

    id: str
    force: Force
    title: str
    first_day: date | None
    last_day: date | None
    source: Source
    design: str
    edition: str
    figures: tuple[Figure, ...]
    results_of: Literal["audit", "publisher"] = "audit"
    provenance: Provenance = field(default_factory=Provenance)
    incidents: int | None = None
    """Incidents in the population; None where a publisher does not say."""
    sampled: int | None = None
    """Incidents drawn and read."""
    errors: tuple[Count, ...] = ()
    causes: tuple[Count, ...] = ()
    not_audited: tuple[Count, ...] = ()
    grade_rules: str = ""
    """Name of the dated grade rules to read the rate by; empty where no grade is spoken of."""
    grade: str = ""
    """The grade that whoever judges the whole gave; empty where none was given."""
    explanation: str = ""
    """The force's own words."""
    actions: tuple[Action, ...] = ()

    def figure(self, measure: str, dimension: str = "all", group: str = "all crimes") -> Figure | None:
        return next((each for each in self.figures if each.key == (measure, dimension, group)), None)


@dataclass(frozen=True)
class Correction:
    """One line of the revisions log."""

    on: date
    what: str
    why: str


@dataclass(frozen=True)
class Planned:
    """A release that has been announced."""

    on: datetime
    what: str


@dataclass(frozen=True)
class Pooled:
    """What was found in the audits of a rule, taken together; no estimate for forces that are not in it.

    ``failed`` is the share that went wrong: the audits' own estimates weighted by the crimes each audited.
    ``rounded_to`` is what counts are rounded to where some of the audits' own are withheld.
    """

    rule: str
    measure: str
    dimension: str
    group: str
    forces: int
    audits: int
    audited: int
    count: int
    failed: float
    rounded_to: int = 1

    @property
    def key(self) -> Key:
        return self.measure, self.dimension, self.group


@dataclass(frozen=True)
class Release:
    """Many audits published together, and by whom.

    ``signed_by`` names the offices of two different people; a release without them is a draft, and every page
    says so. ``mixed_editions`` is the reason for comparing forces audited under different editions of the
    counting rules; empty where they are not.
    """

    title: str
    publisher: str
    contact: str
    statistician: str
    audits: tuple[AuditResults, ...]
    released: datetime | None = None
    embargo: datetime | None = None
    number: str = "1"
    signed_by: tuple[str, ...] = ()
    mixed_editions: str = ""
    corrections: tuple[Correction, ...] = ()
    calendar: tuple[Planned, ...] = ()
    pooled: tuple[Pooled, ...] = ()
    """Figures over several forces that hold withheld ones, as disclosure control rounded them."""
    made_up: bool = False
    """Simulated forces, whose names are real and whose figures are not."""

    @property
    def is_draft(self) -> bool:
        return len(set(self.signed_by)) < 2

    @property
    def forces(self) -> tuple[Force, ...]:
        return tuple(sorted({audit.force for audit in self.audits}, key=lambda force: force.name))

    def audits_of(self, force: Force) -> tuple[AuditResults, ...]:
        """The force's audits, oldest first."""
        return tuple(sorted((each for each in self.audits if each.force == force), key=_when))

    def latest(self) -> tuple[AuditResults, ...]:
        """Each force's latest audit, in order of name."""
        return tuple(self.audits_of(force)[-1] for force in self.forces)

    def each_figure(self) -> Iterator[tuple[AuditResults, Figure]]:
        return ((audit, figure) for audit in self.audits for figure in audit.figures)


def _when(audit: AuditResults) -> tuple[date, str]:
    """Its last day, else when it was published, else the end of the year its title names."""
    year = re.search(r"\b(20\d\d)\b", audit.title)
    named = date(int(year[1]), 12, 31) if year else date.min
    return audit.last_day or audit.source.published or named, audit.id
