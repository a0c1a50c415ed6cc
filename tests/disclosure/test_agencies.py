"""Logs of invented agencies, each with its own way of writing: most are read for what they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from opencdi.disclosure.circumstances import Context
from opencdi.disclosure.disclosing import the_discloser

LOGS = Path(__file__).parent / "agencies"
STYLES = Path(__file__).parent / "unseen"
"""Written to see how reading fares on words it was not tuned on; harder, by intent, than the agencies."""


def told(text: str) -> str:
    """The family of the offence that stands out, or ``none``."""
    discloser = the_discloser()
    rows = discloser.rows("", text, Context())
    first = next((row for row in rows if row["assertion"] == "asserted"), None)
    return discloser.kinds[first["concept"]].family if first else "none"


def logs(*agencies: str) -> Iterator[tuple[str, str]]:
    for path in sorted(LOGS.glob("*.tsv")):
        if not agencies or path.stem in agencies:
            for line in path.read_text(encoding="utf-8").splitlines():
                kind, text = line.split("\t", 1)
                yield kind, text


@pytest.mark.parametrize("agency", sorted(path.stem for path in LOGS.glob("*.tsv")))
def test_most_crimes_of_an_agency_are_seen_and_most_other_logs_are_left(agency: str) -> None:
    read = [(kind, told(text)) for kind, text in logs(agency)]
    crimes = [said != "none" for kind, said in read if kind != "none"]
    others = [said == "none" for kind, said in read if kind == "none"]
    assert sum(crimes) / len(crimes) >= 0.75
    assert sum(others) / len(others) >= 0.6


def test_most_crimes_of_all_agencies_are_read_as_their_kind() -> None:
    right = [kind == told(text) for kind, text in logs() if kind != "none"]
    assert sum(right) / len(right) >= 0.75


def in_style(path: Path) -> list[tuple[bool, bool]]:
    """Whether each log describes a crime, and whether it is read as one."""
    lines = (line.split("\t", 1) for line in path.read_text(encoding="utf-8").splitlines())
    return [(kind != "none", told(text) != "none") for kind, text in lines]


@pytest.mark.parametrize("style", sorted(path.stem for path in STYLES.glob("*.tsv")))
def test_in_each_style_most_crimes_are_seen_and_most_other_logs_are_left(style: str) -> None:
    read = in_style(STYLES / f"{style}.tsv")
    seen = [said for crime, said in read if crime]
    left = [not said for crime, said in read if not crime]
    assert sum(seen) / len(seen) >= 0.8
    assert sum(left) / len(left) >= 0.75


@pytest.mark.parametrize("style", sorted(path.stem for path in (LOGS.parent / "plain").glob("*.tsv")))
def test_most_crimes_told_without_their_name_are_seen_and_like_reports_left(
    style: str,
) -> None:
    read = in_style(LOGS.parent / "plain" / f"{style}.tsv")
    seen = [said for crime, said in read if crime]
    left = [not said for crime, said in read if not crime]
    assert sum(seen) / len(seen) >= 0.75
    assert sum(left) / len(left) >= 0.8


@pytest.mark.parametrize("place", sorted(path.stem for path in (LOGS.parent / "everyday").glob("*.tsv")))
def test_most_everyday_calls_are_not_read_as_crimes(place: str) -> None:
    read = in_style(LOGS.parent / "everyday" / f"{place}.tsv")
    assert sum(not said for crime, said in read if not crime) / sum(not crime for crime, _ in read) >= 0.85


@pytest.mark.parametrize("office", sorted(path.stem for path in (LOGS.parent / "further").glob("*.tsv")))
def test_crimes_told_in_pairs_with_what_only_looks_like_one_are_told_apart(office: str) -> None:
    read = in_style(LOGS.parent / "further" / f"{office}.tsv")
    seen = [said for crime, said in read if crime]
    left = [not said for crime, said in read if not crime]
    assert sum(seen) / len(seen) >= 0.65
    assert sum(left) / len(left) >= 0.8
