"""The figures a page shows: each number links to its row, and each row names its place in the rates table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from opencdi.publication.figures import AuditResults, Figure
from opencdi.publication.sentences.amounts import decimals_for, percent, percent_range

if TYPE_CHECKING:
    from opencdi.publication.pages.force_page import Changed


@dataclass(frozen=True)
class Row:
    """One row of the table `Figures behind this page`."""

    number: int
    audit: AuditResults
    figure: Figure

    @property
    def anchor(self) -> str:
        return f"f{self.number}"


class FiguresShown:
    """Collects every figure that a page shows, in the order of first use, and writes the links to them."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str, str, str], Row] = {}
        self._notes: dict[str, int] = {}

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows.values())

    def note(self, figure: Figure) -> str:
        """The mark of a figure's note, such as ``[note 1]``; equal notes share a number."""
        return f"[note {self._notes.setdefault(figure.note, len(self._notes) + 1)}]" if figure.note else ""

    @property
    def notes(self) -> list[str]:
        """The notes in the order of their numbers, once every mark has been set."""
        return list(self._notes)

    def row(self, audit: AuditResults, figure: Figure) -> Row:
        key = (audit.id, *figure.key)
        return self._rows.setdefault(key, Row(len(self._rows) + 1, audit, figure))

    def link(self, audit: AuditResults, figure: Figure | None, field: str = "estimate") -> Markup:
        """One number of a figure as a link to its row, with its exact value for a machine."""
        if figure is None:
            return Markup('<abbr title="not audited">[x]</abbr>')
        row, value = self.row(audit, figure), getattr(figure, field)
        exact = (
            Markup("") if value is None else Markup(' data-field="{}" data-value="{}"').format(field, value)
        )
        return Markup('<a class="f" href="#{}"{}>{}</a>').format(row.anchor, exact, told(figure, field))

    def interval(self, audit: AuditResults, figure: Figure | None) -> Markup:
        """Both ends of a figure's interval in words; the exact ends stand in the row."""
        if figure is None:
            return Markup("[x]")
        self.row(audit, figure)
        return Markup("{}").format(interval_told(figure))

    def said(self, audit: AuditResults, figure: Figure | None, how: str, sentence: str) -> Markup:
        """A sentence on a figure, with the link to the row it was made from; ``how`` names its rule."""
        if figure is None:
            return Markup("<p>{}</p>").format(sentence)
        row = self.row(audit, figure)
        return Markup(
            '<p class="said" data-row="{0}" data-said="{1}"><span>{2}</span> '
            '<a href="#{0}">figure {3}</a></p>'
        ).format(row.anchor, how, sentence, row.number)

    def change(self, changed: Changed) -> Markup:
        """A sentence on a change, with the links to the rows of both audits."""
        rows = (
            self.row(audit, figure)
            for audit, figure in (
                (changed.before, changed.comparison.before),
                (changed.after, changed.comparison.after),
            )
        )
        links = [Markup('<a href="#{}">figure {}</a>').format(row.anchor, row.number) for row in rows]
        return Markup('<p class="said"><span>{}</span> {}, {}</p>').format(changed.sentence, *links)


def told(figure: Figure, field: str = "estimate") -> str:
    """A field of a figure as a reader sees it."""
    value = getattr(figure, field)
    if value is None:
        return f"[{figure.marker or 'x'}]"
    if isinstance(value, int) or figure.unit == "crimes":
        return f"{value:,.0f}"
    if figure.unit == "coefficient":
        return f"{value:.2f}"
    return percent(value, decimals_for(figure.denominator)).text


def interval_told(figure: Figure) -> str:
    if figure.lower is None or figure.upper is None:
        return "" if figure.is_suppressed else "not published" if figure.marker == "x" else "none"
    if figure.unit != "share":
        return f"{told(figure, 'lower')} to {told(figure, 'upper')}"
    if figure.lower == figure.upper:
        return "all read"
    low, high = percent_range(figure.lower, figure.upper, decimals_for(figure.denominator))
    return f"{low} to {high}"
