"""The tables that people open, one a sheet, as both workbooks have them.

Made as the Analysis Function's guidance on releasing statistics in spreadsheets asks: a cover, contents and
notes; one table a sheet, starting in column A, with a name of its own; no merged and no blank cells;
shorthand in square brackets; notes in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from opencdi.publication import dates
from opencdi.publication.figures import AuditResults, Count, Figure, Release
from opencdi.publication.sentences.measures import heading_of
from opencdi.publication.tables.columns import MARKERS

Value = str | int | float

PERCENTAGES = ("Percentage", "Lower limit", "Upper limit")
"""Headings of columns that show one decimal, where their sheet is of percentages."""


@dataclass(frozen=True)
class Sheet:
    """One table. ``name`` is a name a spreadsheet accepts for a table (never like a cell: ``t1``).

    ``subtitle`` says what the numbers are; every row has as many cells as there are headings.
    """

    label: str
    name: str
    title: str
    subtitle: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    notes: tuple[Note, ...]

    @property
    def decimals(self) -> frozenset[int]:
        """Places of the columns that show one decimal."""
        shown = PERCENTAGES if PERCENTAGES[0] in self.headings else ()
        return frozenset(place for place, heading in enumerate(self.headings) if heading in shown)

    @property
    def numbers(self) -> frozenset[int]:
        """Places of the columns that hold numbers, or shorthand in their place."""
        return frozenset(
            place for row in self.rows for place, each in enumerate(row) if not isinstance(each, str)
        )


@dataclass(frozen=True)
class Note:
    """A note by its name; it is numbered by where it is first referred to."""

    name: str
    text: str


COUNTS = Note(
    "counts",
    "Counts are crimes read in the audit and are not weighted. The percentage is the estimate for all "
    "reports of the period, weighted as the sample was drawn, so that it may differ from the counts.",
)
INTERVALS = Note(
    "intervals",
    "The limits hold the true figure with 95% confidence where nothing else is said, and allow for the "
    "sampling design. They are rounded outwards.",
)
SHORTHAND = Note(
    "shorthand",
    "Shorthand: " + "; ".join(f"[{marker}] {meaning}" for marker, meaning in MARKERS.items()) + ".",
)
COMPARING = Note(
    "comparing",
    "Forces differ in how their samples were drawn and in how sure their figures are. A difference within "
    "the intervals may be chance. Audits under different editions of the counting rules are not comparable.",
)


def sheets(release: Release) -> tuple[Sheet, ...]:
    """The sheets of a release that have rows."""
    latest = release.latest()
    made = (
        _rates("Latest", "latest_audits", "Each force's latest audit: all crimes", latest, _is_of_all),
        _rates(
            "Groups", "latest_by_group", "Each force's latest audit: groups of crime", latest, _is_of_group
        ),
        _rates(
            "Earlier",
            "every_audit",
            "Every audit: share of crimes recorded",
            _in_order(release),
            _is_headline,
        ),
        _yearly(latest),
        _counts("Errors", "errors_by_kind", "Every audit: errors found, by kind", release, "errors"),
        _counts("Causes", "errors_by_cause", "Every audit: errors, by cause", release, "causes"),
        _counts(
            "Not audited",
            "not_audited",
            "Every audit: incidents that could not be judged",
            release,
            "not_audited",
        ),
        _audits(release),
    )
    return tuple(sheet for sheet in made if sheet.rows)


def notes_of(made: Iterable[Sheet]) -> tuple[Note, ...]:
    """The notes in the order in which the sheets first refer to them: note 1, note 2 and so on."""
    return tuple(dict.fromkeys(note for sheet in made for note in sheet.notes))


def _in_order(release: Release) -> tuple[AuditResults, ...]:
    return tuple(audit for force in release.forces for audit in release.audits_of(force))


def _is_of_all(figure: Figure) -> bool:
    return figure.unit == "share" and figure.dimension == "all"


def _is_of_group(figure: Figure) -> bool:
    return figure.unit == "share" and figure.dimension != "all"


def _is_headline(figure: Figure) -> bool:
    return _is_of_all(figure) and figure.measure == "recorded"


WHO = ("Force", "Force code", "Period")


def _who(audit: AuditResults) -> tuple[Value, ...]:
    return audit.force.name, audit.force.code, dates.span(audit.first_day, audit.last_day)


def _rates(
    label: str, name: str, title: str, audits: Sequence[AuditResults], chosen: Callable[[Figure], bool]
) -> Sheet:
    headings = (*WHO, "Measure", "Group", "Count", "Crimes read", *PERCENTAGES)
    rows = tuple(
        (*_who(audit), heading_of(figure.measure), figure.group, *_numbers(figure))
        for audit in audits
        for figure in audit.figures
        if chosen(figure)
    )
    subtitle = "Percentages of the crimes that the measure is of, with intervals"
    return Sheet(label, name, title, subtitle, headings, rows, (COUNTS, INTERVALS, SHORTHAND, COMPARING))


def _numbers(figure: Figure) -> tuple[Value, ...]:
    missing = f"[{figure.marker or 'x'}]"
    counts = tuple(missing if each is None else each for each in (figure.numerator, figure.denominator))
    estimate, *limits = (
        missing if each is None else round(100 * each, 1)
        for each in (figure.estimate, figure.lower, figure.upper)
    )
    return (*counts, "[low]" if figure.marker == "low" else estimate, *limits)


def _yearly(audits: Sequence[AuditResults]) -> Sheet:
    rows = tuple(
        (
            *_who(audit),
            figure.group,
            *(f"[{figure.marker or 'x'}]" if n is None else round(n) for n in numbers),
        )
        for audit in audits
        for figure in audit.figures
        if figure.measure == "unrecorded_in_a_year"
        for numbers in [(figure.estimate, figure.lower, figure.upper)]
    )
    headings = (*WHO, "Group", "Crimes not recorded", "Lower limit", "Upper limit")
    title = "Each force's latest audit: crimes not recorded in a year"
    notes = (INTERVALS, SHORTHAND)
    return Sheet("Yearly", "unrecorded_in_a_year", title, "Crimes, with intervals", headings, rows, notes)


def _counts(label: str, name: str, title: str, release: Release, which: str) -> Sheet:
    def told(audit: AuditResults) -> Iterator[Count]:
        yield from getattr(audit, which)

    rows = tuple(
        (*_who(audit), _in_words(each.kind), f"[{each.marker or 'x'}]" if each.count is None else each.count)
        for audit in _in_order(release)
        for each in told(audit)
    )
    what = "Incidents" if which == "not_audited" else "Crimes read in the audit, not weighted"
    return Sheet(label, name, title, what, (*WHO, "Kind", "Count"), rows, (SHORTHAND,))


def _audits(release: Release) -> Sheet:
    headings = (
        *WHO,
        "Audit",
        "Published by",
        "Counting rules",
        "Design",
        "Incidents",
        "Incidents read",
        "Seed",
    )
    rows = tuple(
        (
            *_who(audit),
            audit.id,
            audit.source.publisher or "[x]",
            audit.edition or "[x]",
            audit.design or "[x]",
            "[x]" if audit.incidents is None else audit.incidents,
            "[x]" if audit.sampled is None else audit.sampled,
            audit.provenance.seed or "[x]",
        )
        for audit in _in_order(release)
    )
    title = "Every audit: how it was made"
    return Sheet("Audits", "audits_in_release", title, "Incidents", headings, rows, (SHORTHAND,))


def _in_words(kind: str) -> str:
    words = kind.replace("_", " ")
    return words[:1].upper() + words[1:]


def cover(release: Release) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The cover's headings with their lines."""
    when = dates.moment(release.released) if release.released else "not released"
    about = [
        f"Published by {release.publisher}. Release {release.number}, {when}.",
        "Not official statistics. Made under voluntary application of the Code of Practice for Statistics.",
        "OFFICIAL. Open Government Licence v3.0.",
    ]
    if release.made_up:
        about.insert(0, "Made up for demonstration: the names are of real forces and the figures of none.")
    if release.is_draft:
        about.insert(0, "DRAFT. Not for publication: two different people have not signed it.")
    contact = (f"Contact: {release.contact}", f"Responsible statistician: {release.statistician}")
    reading = (
        "Each sheet holds one table, starting in cell A1 with its title.",
        "Numbers that are missing have shorthand in square brackets in their place; see Notes.",
        "The same figures with every detail are in figures.csv beside this file.",
    )
    return (("About", tuple(about)), ("How to read it", reading), ("Contact", contact))
