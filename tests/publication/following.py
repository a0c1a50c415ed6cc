"""Reading a page as a machine does: every number with the row of figures it leads to."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Row:
    """A row of `Figures behind this page`: where it is in the rates table, and its exact values."""

    audit: str
    measure: str
    dimension: str
    group: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass
class Page:
    rows: dict[str, Row] = field(default_factory=dict)
    links: list[tuple[str, str, str]] = field(default_factory=list)
    """Row, field and exact value of each number on the page."""
    said: list[tuple[str, str, str]] = field(default_factory=list)
    """Row, rule and words of each sentence."""
    addresses: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._row: Row | None = None
        self._said: tuple[str, str] | None = None
        self._words: list[str] | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        if "id" in found:
            self.page.ids.append(found["id"])
        if tag == "a":
            self.page.addresses.append(found.get("href", ""))
        if tag == "tr" and "data-audit" in found:
            names = ("data-audit", "data-measure", "data-dimension", "data-group")
            self._row = Row(*(found[name] for name in names))
            self.page.rows[found["id"]] = self._row
        if "data-field" in found:
            if tag == "a":
                self.page.links.append((found["href"][1:], found["data-field"], found["data-value"]))
            elif self._row is not None:
                self._row.values[found["data-field"]] = found["data-value"]
        if tag == "p" and "data-said" in found:
            self._said = found["data-row"], found["data-said"]
        if tag == "span" and self._said:
            self._words = []

    def handle_data(self, data: str) -> None:
        if self._words is not None:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "tr":
            self._row = None
        if tag == "span" and self._said and self._words is not None:
            self.page.said.append((*self._said, "".join(self._words)))
            self._said = self._words = None


def read_page(text: str) -> Page:
    reader = _Reader()
    reader.feed(text)
    return reader.page
