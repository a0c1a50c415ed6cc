"""Public and made-up logs with known answers, for training the shipped prior and for the study of reading.

Each source gives texts, whether each describes a crime, and (where known) its kind among ten. Rows whose
class says neither are left out. Nothing here prints a narrative.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import python_calamine
from numpy.typing import NDArray

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data"

KINDS = (
    "burglary",
    "damage",
    "drugs",
    "fraud",
    "harassment",
    "public_order",
    "robbery",
    "sexual",
    "theft",
    "vehicle",
    "violence",
    "weapons",
)


@dataclass(frozen=True)
class Source:
    """Texts of one agency or style, with the answers."""

    name: str
    texts: list[str]
    crime: NDArray[np.bool_]
    kinds: list[str | None]


_UCPD_KINDS = (
    (
        "vehicle",
        r"theft from motor|motor vehicle theft|theft (of|from) (motor )?vehicle|criminal trespass to vehicle",
    ),
    ("theft", r"\btheft|larceny|shoplift"),
    ("robbery", r"robbery|carjack"),
    ("burglary", r"burglary|home invasion"),
    ("sexual", r"sexual|indecen|rape|sex"),
    ("harassment", r"harass|stalk|threat|order of protection|intimidation"),
    ("violence", r"batter|assault|homicide|domestic|kidnap|unlawful restraint|reckless conduct|endanger"),
    ("damage", r"criminal damage|vandal|arson|criminal defac"),
    ("drugs", r"cannabis|narcotic|controlled sub|drug"),
    ("weapons", r"weapon|firearm|discharge"),
    ("fraud", r"decepti|fraud|forge|identity|counterfeit"),
    ("public_order", r"disorderly|public peace|mob action"),
)
_UCPD_NO_CRIME = re.compile(
    r"lost|found prop|^injured|medical|traffic crash|traffic accident|fire|^damage|non-?\s?criminal|mental|"
    r"irregular|disturbance|miscell|sick|missing|accidental|motor vehicle accident|elevator|hazard|"
    r"weapon turn|suspicious|well.being|death inv|noise|property damage|false alarm|alarm"
)
CITY_NUMBER = re.compile(r"\b[HJ][A-Z]\s?\d{6}\b")


def ucpd_rows() -> Iterator[dict[str, str]]:
    """Rows of the campus log, as they stand."""
    path = SHARED / "ucpd-incident-log" / "incident_log_2010-2016.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def ucpd_year(row: dict[str, str]) -> int | None:
    found = re.search(r"\d{1,2}/\d{1,2}/(\d\d)\b", row["Reported"])
    return 2000 + int(found.group(1)) if found else None


def ucpd(first_year: int, last_year: int) -> Source:
    """Rows whose class is a crime or is not; `Information`, void and minor ones are left out."""
    texts, crime, kinds = [], [], []
    for row in ucpd_rows():
        year = ucpd_year(row)
        label = row["Incident"].strip().lower()
        text = row["Comments / Nature of Fire"].strip()
        if year is None or not first_year <= year <= last_year or len(text) < 4:
            continue
        kind = _ucpd_kind(label, row["Disposition"])
        if kind is None and not _ucpd_no_crime(label, row["Disposition"]):
            continue
        texts.append(text)
        crime.append(kind is not None)
        kinds.append(kind)
    return Source(f"campus log {first_year}-{last_year}", texts, np.array(crime), kinds)


def _ucpd_kind(label: str, disposition: str) -> str | None:
    if (
        re.match(r"info|assist|void|no |:|-|recover|found|weapon turn", label)
        or "void" in disposition.lower()
    ):
        return None
    if re.search(r"non-?\s?crim", label):
        return None
    return next((kind for kind, pattern in _UCPD_KINDS if re.search(pattern, label)), None)


def _ucpd_no_crime(label: str, disposition: str) -> bool:
    if re.match(r"found|weapon turn", label):
        return True
    if re.match(r"info|assist|void|no |:|-|recover", label) or "void" in disposition.lower():
        return False
    minor = re.search(r"traffic viol|trespass|liquor|warrant|traffic arrest|consumption|license", label)
    return not minor and bool(_UCPD_NO_CRIME.search(label))


_TYPE_CRIMES = {"Property Crime", "Violent Crime", "Drugs", "Sex Offenses"}
_TYPE_UNCLEAR = {
    "",
    "Status Offenses",
    "Warrants",
    "Warrant",
    "Liquor Violations",
    "Domestic Violence",
    "Other Crimes",
}


def call_types() -> Source:
    """Call types of five cities against the categories people gave them."""
    path = SHARED / "call-type-taxonomy" / "CallTypes_TS.xlsx"
    rows = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_name("CallTypes").to_python()[1:]
    pairs = sorted({(str(row[2]).replace("_", " "), str(row[4]).strip()) for row in rows})
    pairs = [(text, category) for text, category in pairs if category not in _TYPE_UNCLEAR]
    crime = np.array([category in _TYPE_CRIMES for _, category in pairs])
    return Source("call types of five cities", [text for text, _ in pairs], crime, [None] * len(pairs))


def reno() -> Source:
    """Nature-of-call keys of one dispatch system, judged crime or not by their own words' category here."""
    folder = SHARED / "reno-cad-rms-2011"
    texts = []
    for name in ("key_cfs_codes.xls", "key_nature_of_call_codes.xls"):
        book = python_calamine.CalamineWorkbook.from_path(folder / name)
        for row in book.get_sheet_by_index(0).to_python():
            texts += [str(cell).strip() for cell in row if len(str(cell).strip()) > 4]
    crime = np.array(
        [bool(_RENO_CRIME.search(text.lower()) and not _RENO_NONE.search(text.lower())) for text in texts]
    )
    return Source("dispatch codes of one city", texts, crime, [None] * len(texts))


_RENO_CRIME = re.compile(
    r"assault|asslt|battery|\bburg|home invasion|\brob|theft|larceny|stolen|vandal|graffiti|arson|incendiary|"
    r"rape|\bsex|molest|lewd|prostitut|homicide|murder|manslaughter|shooting|shots|stab|narc|drug|"
    r"controlled sub|poss cs|fraud|forg|counterf|false pretens|impersonat|embezz|extort|kidnap|abduct|"
    r"imprisonment|threat|harr?ass|annoying phone|stalk|weapon|gun\b|firearm|indecent|destruction|dom viol|"
    r"domestic violence|child (abuse|neglect|endang)|disorderly|disturbing the peace|affray|fight|resisting|"
    r"unlawful taking"
)
_RENO_NONE = re.compile(r"recover|registra|found|lost")


def simulated(folder: Path, style: str, phrases: str, incidents: int, seed: int) -> Source:
    """A made-up force's logs against its truth; ``phrases`` is the half of the grammar it may use."""
    from opencdi.simulation.force import simulate
    from opencdi.simulation.settings import Force

    out = folder / f"{style}-{phrases}-{seed}"
    if not (out / "truth").exists():
        force = Force(
            name="Study",
            incidents=incidents,
            seed=seed,
            first_day=date(2025, 10, 1),
            days=120,
            style=style,  # type: ignore[arg-type]
            phrases=phrases,  # type: ignore[arg-type]
        )
        simulate(force, out, as_parquet=False, progress=lambda _, __: None)
    return read_simulated(out, f"made-up force, style {style}, {phrases} phrases")


def read_simulated(out: Path, name: str) -> Source:
    """The logs and truth of one simulation, whatever its layout calls its columns."""
    import pyarrow.parquet as pq

    kinds: dict[str, str] = {}
    for offence in pq.read_table(out / "truth" / "offences.parquet").to_pylist():
        if offence["assertion"] == "asserted" and offence["class_code"]:
            kinds.setdefault(offence["incident_id"], kind_of_class(offence["class_code"]))
    path = next((out / "exports").glob("incidents.*"))
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=_delimiter(path)))
    number = max(rows[0], key=lambda column: sum(row[column] in kinds for row in rows))
    log = max(rows[0], key=lambda column: sum(len(row[column] or "") for row in rows[:200]))
    rows = [row for row in rows if (row[log] or "").strip()]
    crime = np.array([row[number] in kinds for row in rows])
    return Source(name, [row[log] for row in rows], crime, [kinds.get(row[number]) for row in rows])


WRITTEN = Path(__file__).resolve().parent.parent / "tests" / "disclosure"


def written(half: int) -> Source:
    """Logs written for testing in five styles; ``half`` 0 may be tuned on, 1 is only for judging."""
    return _written("logs", "written for testing, five styles", half)


def ten_agencies(half: int) -> Source:
    """Logs of ten invented agencies; ``half`` 0 was tuned on. Of half 1 no error was looked at one by one,
    but the hand that wrote it widened the patterns afterwards."""
    which = ("tuned on", "not tuned on")[half]
    return _written("agencies", f"written for testing, ten agencies, {which}", half)


def nine_styles(half: int) -> Source:
    """Logs in nine ways of writing, in pairs: half 0 was tuned on; of half 1 only figures were looked at."""
    which = ("tuned on", "not tuned on")[half]
    return _written("unseen", f"written for testing, nine styles, {which}", half, in_a_row=2)


def eleven_offices(half: int) -> Source:
    """Logs of eleven more offices, in pairs, written before any of them was read: half 0 was tuned on; of
    half 1 only figures were looked at."""
    which = ("tuned on", "not tuned on")[half]
    return _written("further", f"written for testing, eleven offices, {which}", half, in_a_row=2)


def told_plainly() -> Source:
    """Crimes told in plain words, each beside a like report that is none, in six ways of writing."""
    return _both_halves("plain", "written for testing, told plainly, tuned on")


def everyday() -> Source:
    """What towns, campuses, harbours and villages ring the police about: mostly no crime. Tuned on."""
    return _both_halves("everyday", "written for testing, everyday calls, tuned on")


def _both_halves(folder: str, name: str) -> Source:
    first, second = (_written(folder, name, half) for half in (0, 1))
    crime = np.concatenate([first.crime, second.crime])
    return Source(name, first.texts + second.texts, crime, first.kinds + second.kinds)


def _written(folder: str, name: str, half: int, in_a_row: int = 1) -> Source:
    rows = [
        line.split("\t", 1)
        for path in sorted((WRITTEN / folder).glob("*.tsv"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines())
        if number // in_a_row % 2 == half
    ]
    kinds = [None if kind == "none" else kind for kind, _ in rows]
    crime = np.array([kind is not None for kind in kinds])
    return Source(name, [text for _, text in rows], crime, kinds)


def _delimiter(path: Path) -> str:
    with path.open(encoding="utf-8-sig") as file:
        head = file.readline()
    return max(",;|\t", key=head.count)


_CLASS_KINDS = (
    ("violence", r"105|8N|8P|8S|8T|5D|5E|1$|2$|3B|36|11A|104|106|13$|4[./]"),
    ("harassment", r"8L|8M|8Q|8R|8U"),
    ("sexual", r"19|17|20|21|22|23|70|71|73|88|86"),
    ("robbery", r"34"),
    ("burglary", r"28|29|30|31"),
    ("vehicle", r"45|48|37|126"),
    ("damage", r"56|58|59"),
    ("drugs", r"92"),
    ("weapons", r"10|81|90"),
    ("public_order", r"9A|9B|62|66"),
    ("fraud", r"NFIB|53"),
    ("theft", r"39|4[0-79]|35|54|33|49"),
)


def kind_of_class(class_code: str) -> str:
    """One of ``KINDS``, or ``other``, for a Home Office class."""
    return next((kind for kind, pattern in _CLASS_KINDS if re.match(pattern, class_code)), "other")
