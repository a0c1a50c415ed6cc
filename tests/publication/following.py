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


@dataclass(frozen=True)
class Cell:
    """A number that stands in another published table: which table, the key of its row, field and value."""

    table: str
    key: tuple[tuple[str, str], ...]
    field: str
    value: str


@dataclass
class Page:
    rows: dict[str, Row] = field(default_factory=dict)
    links: list[tuple[str, str, str]] = field(default_factory=list)
    """Row, field and exact value of each number on the page."""
    said: list[tuple[str, str, str]] = field(default_factory=list)
    """Row, rule and words of each sentence."""
    cells: list[Cell] = field(default_factory=list)
    headings: list[tuple[tuple[tuple[str, str], ...], str]] = field(default_factory=list)
    """Key and words of each sentence on several forces."""
    addresses: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._row: Row | None = None
        self._said: tuple[str, str] | None = None
        self._words: list[str] | None = None
        self._table: tuple[str, str, tuple[tuple[str, str], ...]] | None = None
        self._heading: list[str] = []

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
        if "data-table" in found:
            key = {name[5:]: value for name, value in found.items() if name.startswith("data-")}
            self._table = tag, key.pop("table"), tuple(key.items())
            self._heading = []
        if "data-field" in found:
            if self._table is not None:
                _, table, keys = self._table
                self.page.cells.append(Cell(table, keys, found["data-field"], found["data-value"]))
            elif tag == "a":
                self.page.links.append((found["href"][1:], found["data-field"], found["data-value"]))
            elif self._row is not None:
                self._row.values[found["data-field"]] = found["data-value"]
        if tag == "p" and "data-said" in found:
            self._said = found["data-row"], found["data-said"]
        if tag == "span" and self._said:
            self._words = []

    def handle_data(self, data: str) -> None:
        self._heading.append(data)
        if self._words is not None:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._table is not None and tag == self._table[0]:
            if tag in ("h1", "p"):
                self.page.headings.append((self._table[2], "".join(self._heading)))
            self._table = None
        if tag == "tr":
            self._row = None
        if tag == "span" and self._said and self._words is not None:
            self.page.said.append((*self._said, "".join(self._words)))
            self._said = self._words = None


def read_page(text: str) -> Page:
    reader = _Reader()
    reader.feed(text)
    return reader.page
