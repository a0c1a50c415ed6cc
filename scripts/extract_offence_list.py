"""The Home Office's list of notifiable offences, from its PDF to ``counting/hocr/offences.csv``.

    python scripts/extract_offence_list.py LIST.pdf [--check]

Needs ``pdftotext`` and ``pdftocairo`` (poppler-utils). A cell's left edge says which column it is in:
the edges stay where they are on every page, although three columns are centred from page 34 to page
60, which is what moves them in a plain text copy. Cells sit on the bottom line of their row, so that a
word belongs to the first code at or below it. What the page itself gets wrong (lines of one cell cut
off by the next) is put right by ``offence_list_corrections.csv``, a reason beside each.

A row shaded grey is marked: most are offences repealed or replaced, which the document does not say in
words. The one row shaded darker is struck out.

Only facts are taken: codes, titles, maxima, acts and sections. The list is Crown copyright and
used under the Open Government Licence v3.0.
"""

from __future__ import annotations

import argparse
import csv
import html
import io
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OUTPUT = ROOT / "src/opencdi/counting/hocr/offences.csv"
CORRECTIONS = Path(__file__).with_name("offence_list_corrections.csv")

LEFT_EDGES = {
    "code": 80.0,
    "triable": 140.0,
    "maximum": 176.0,
    "victim_or_state": 222.0,
    "group": 281.0,
    "subgroup": 416.0,
    "class": 527.0,
    "offence": 676.0,
    "act": 1007.0,
    "section": 1122.0,
}
"""Left edge of each column, in points."""

FIELDS = (
    "code",
    "triable",
    "maximum",
    "victim_or_state",
    "group",
    "subgroup",
    "class_code",
    "class_title",
    "offence",
    "act",
    "section",
    "page",
    "marking",
)

MARKINGS = {"85": "shaded", "65": "struck out"}
"""What a grey of so many per cent behind a row means."""

GROUPS = {
    "violence against the person": "Violence against the person",
    "sexual offences": "Sexual offences",
    "robbery": "Robbery",
    "burglary": "Burglary",
    "vehicle offences": "Vehicle offences",
    "theft": "Theft",
    "arson and criminal damage": "Arson and criminal damage",
    "drug offences": "Drug offences",
    "possession of weapons": "Possession of weapons",
    "public order offences": "Public order offences",
    "miscellaneous crimes against society": "Miscellaneous crimes against society",
    "nfib fraud": "Fraud",
}

_WORD = re.compile(r'\s*<word xMin="([\d.]+)" yMin="[\d.]+" xMax="[\d.]+" yMax="([\d.]+)">(.*)</word>')
_BAND = re.compile(
    r"fill:rgb\((65|85)\.\d+%,\1\.\d+%,\1\.\d+%\)[^>]* "
    r"d=\"M [\d.]+ ([\d.]+) L [\d.]+ [\d.]+ L [\d.]+ ([\d.]+)"
)
_CLASS = re.compile(r"(NFIB ?\d+[A-Z]?|\d+/\d+|\d+[A-Z]?) (.+)")
_MAXIMUM = re.compile(r"(\d+)(m?)")


@dataclass(frozen=True)
class Word:
    """One word of a page: its left edge and baseline in points, from the top left corner."""

    page: int
    left: float
    baseline: float
    text: str


@dataclass(frozen=True)
class Band:
    """A grey band behind a row: its edges in points from the top of the page, and what it marks."""

    page: int
    top: float
    bottom: float
    marking: str

    def behind(self, page: int, baseline: float) -> bool:
        return page == self.page and self.top < baseline - 2 < self.bottom


def words_of(pdf: Path) -> Iterator[Word]:
    """Every word of the document, page by page, as poppler places it."""
    done = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, text=True, check=True)
    page = 0
    for line in done.stdout.splitlines():
        if "<page " in line:
            page += 1
        elif found := _WORD.match(line):
            left, baseline, text = found.groups()
            yield Word(page, float(left), float(baseline), html.unescape(text))


def bands_of(pdf: Path) -> list[Band]:
    """Every grey band behind a row, page by page."""
    with tempfile.TemporaryDirectory() as folder:
        drawn = Path(folder) / "list.svg"
        subprocess.run(["pdftocairo", "-svg", str(pdf), str(drawn)], check=True)
        bands, page = [], 0
        with drawn.open(encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("<page>"):
                    page += 1
                elif found := _BAND.search(line):
                    shade, bottom, top = found.groups()
                    bands.append(Band(page, float(top), float(bottom), MARKINGS[shade]))
    return bands


def rows_of(words: Iterable[Word], bands: Iterable[Band]) -> Iterator[dict[str, str]]:
    """Rows of the list as written: a code, the words of each of its cells in reading order, its marking."""
    grey = list(bands)
    pages: dict[int, list[Word]] = {}
    for word in words:
        pages.setdefault(word.page, []).append(word)
    for page, on_page in sorted(pages.items()):
        codes = sorted(word.baseline for word in on_page if _column(word) == "code")
        cells: list[dict[str, list[Word]]] = [{name: [] for name in LEFT_EDGES} for _ in codes]
        for word in on_page:
            row = next(number for number, baseline in enumerate(codes) if word.baseline <= baseline + 3)
            cells[row][_column(word)].append(word)
        for cell, baseline in zip(cells, codes, strict=True):
            marking = next((band.marking for band in grey if band.behind(page, baseline)), "")
            as_written = {name: _reading_order(found) for name, found in cell.items()}
            yield as_written | {"page": str(page), "marking": marking}


def _column(word: Word) -> str:
    return [name for name, edge in LEFT_EDGES.items() if edge <= word.left][-1]


def _reading_order(words: list[Word]) -> str:
    return " ".join(word.text for word in sorted(words, key=lambda word: (round(word.baseline), word.left)))


def corrected(rows: Iterable[dict[str, str]], corrections: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """Rows with every correction made. Raises ``ValueError`` for a correction that finds no row."""
    result = list(rows)
    for correction in corrections:
        matching = [
            row
            for row in result
            if (row["code"], row["page"], row[correction["column"]])
            == (correction["code"], correction["page"], correction["as_read"])
        ]
        if len(matching) != 1:
            raise ValueError(f"the correction of {correction['code']} fits {len(matching)} rows, not one")
        matching[0][correction["column"]] = correction["correct"]
    return result


def tidied(row: dict[str, str]) -> dict[str, str]:
    """One row in the words of this project: class code apart from its title, one spelling a group."""
    maximum, victim_or_state = _shared_cell(row["maximum"], row["victim_or_state"])
    found = _CLASS.fullmatch(row["class"])
    class_code, class_title = found.groups() if found else ("", "")
    return row | {
        "maximum": _maximum(maximum),
        "victim_or_state": victim_or_state.upper(),
        "group": GROUPS[row["group"].lower()],
        "subgroup": row["subgroup"].capitalize(),
        "class_code": class_code.replace(" ", "").replace("/", "."),
        "class_title": class_title,
    }


def _shared_cell(maximum: str, victim_or_state: str) -> tuple[str, str]:
    """On a few pages the two narrow columns print as one word, such as ``5S``."""
    if not maximum and (found := re.fullmatch(r"(\d+)([SsVv])", victim_or_state)):
        return found[1], found[2]
    return maximum, victim_or_state


def _maximum(text: str) -> str:
    if found := _MAXIMUM.fullmatch(text):
        return f"{found[1]} {'month' if found[2] else 'year'}{'' if found[1] == '1' else 's'}"
    return {"Life": "life", "Fine": "fine", "fine": "fine", "?": ""}[text]


def problems(rows: list[dict[str, str]]) -> list[str]:
    """What a complete list would not have, a sentence each."""
    found = []
    for row in rows:
        place = f"page {row['page']}, code {row['code']}"
        if not re.fullmatch(r"\d{3}/\d{2}", row["code"]):
            found.append(f"{place}: the code is not three digits, a stroke and two digits.")
        if row["victim_or_state"] not in {"V", "S", "S/V"}:
            found.append(f"{place}: neither victim-based nor state-based.")
        if row["triable"] not in {"E", "I"}:
            found.append(f"{place}: neither triable either way nor indictable.")
        found.extend(
            f"{place}: no {column.replace('_', ' ')}."
            for column in ("group", "class_code", "class_title", "offence")
            if not row[column]
        )
    return found


def as_csv(rows: Iterable[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, FIELDS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def extract(pdf: Path) -> list[dict[str, str]]:
    """Every row of the list, corrected and tidied, in the order of the document."""
    with CORRECTIONS.open(encoding="utf-8", newline="") as file:
        return [tidied(row) for row in corrected(rows_of(words_of(pdf), bands_of(pdf)), csv.DictReader(file))]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pdf", type=Path)
    parser.add_argument("--check", action="store_true", help="compare with the kept file; write nothing")
    arguments = parser.parse_args()
    rows = extract(arguments.pdf)
    for class_code, count in Counter(row["class_code"] for row in rows).items():
        print(f"{class_code:8} {count:4}")
    print(f"{len(rows)} rows, {len({row['code'] for row in rows})} codes")
    if found := problems(rows):
        print("\n".join(found), file=sys.stderr)
        return 1
    if arguments.check:
        same = OUTPUT.read_text(encoding="utf-8") == as_csv(rows)
        print("the kept file is the same" if same else "the kept file differs")
        return 0 if same else 1
    OUTPUT.write_text(as_csv(rows), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
