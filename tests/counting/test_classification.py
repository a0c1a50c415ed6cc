"""The classification as shipped: complete, sourced, never guessing; principal crimes in their own order."""

from __future__ import annotations

import re
import shutil
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencdi import schema
from opencdi.counting.classification import HOCR, Classification, load
from opencdi.counting.seriousness import months_of
from opencdi.errors import UserError


@pytest.fixture(scope="module")
def listed() -> Classification:
    return load()


def test_every_code_has_a_class_and_every_class_a_group(listed: Classification) -> None:
    for row in listed.rows:
        assert row.class_code in listed.classes, row.code
        assert row.victim_or_state in {"V", "S", "S/V"}, row.code
        assert row.group == listed.classes[row.class_code].group, row.code
    assert all(found.group and found.subgroup for found in listed.classes.values())


def test_every_row_says_where_it_comes_from_and_whether_that_was_checked(listed: Classification) -> None:
    for entry in (*listed.rows, *listed.classes.values(), *listed.principal_crimes):
        assert entry.source
        assert entry.status in {"verified", "unverified"}
        assert entry.status == "unverified" or entry.page, entry


def test_the_whole_official_list_is_there(listed: Classification) -> None:
    official = [row for row in listed.rows if row.source == "notifiable-offence-list-2026-04"]
    assert len(official) == 1373
    assert len({row.code for row in official}) == 1220


@pytest.mark.parametrize(
    ("code", "class_code", "maximum", "victim_or_state"),
    [
        ("001/01", "1", "life", "V"),
        ("008/06", "8N", "5 years", "V"),
        ("008/31", "8L", "5 years", "S"),
        ("019/08", "19C", "life", "V"),
        ("039/00", "39", "7 years", "V"),
        ("046/00", "46", "7 years", "V"),
        ("105/01", "105A", "6 months", "V"),
        ("195/94", "8L", "6 months", "V"),
    ],
)
def test_well_known_codes_are_what_the_rules_say(
    listed: Classification, code: str, class_code: str, maximum: str, victim_or_state: str
) -> None:
    row = listed.codes[code]
    assert (row.class_code, row.maximum, row.victim_or_state) == (class_code, maximum, victim_or_state)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("8/6", "008/06"),
        ("008/06", "008/06"),
        (" 8 / 06 ", "008/06"),
        ("00806", "008/06"),
        ("8N", "8N"),
        ("19c", "19C"),
        ("4.10", "4.10"),
        ("4/10", "004/10"),
        ("802", "802"),
        ("NFIB 3A", "NFIB3A"),
        ("nfib3a", "NFIB3A"),
    ],
)
def test_the_usual_spellings_are_understood(listed: Classification, written: str, meant: str) -> None:
    assert listed.normalise(written) == meant


@pytest.mark.parametrize(
    "written", ["", "06-Aug", "8/99", "24685", "806", "ABH", "8Z", "8/6/1", "1.10", "2026-08-06"]
)
def test_what_is_no_known_code_is_never_guessed(listed: Classification, written: str) -> None:
    assert listed.normalise(written) is None


@given(st.text(max_size=8))
def test_normalising_twice_changes_nothing(written: str) -> None:
    once = load().normalise(written)
    assert once is None or load().normalise(once) == once


def test_every_code_and_class_normalises_to_itself_and_maps_to_a_class(listed: Classification) -> None:
    mapping = listed.offence_list()
    for name in (*listed.codes, *listed.classes):
        assert listed.normalise(name) == name
        assert mapping[name] in listed.classes
    assert all(mapping[name] == name for name in listed.classes)


def test_a_code_that_serves_several_classes_is_not_settled(listed: Classification) -> None:
    assert not listed.settled("149/00")
    assert listed.classes_of("149/00") == ("58A", "58B", "58C", "58D")
    assert listed.could_be("149/00", "58C")
    assert not listed.could_be("149/00", "58J")
    assert listed.settled("105/01")


def test_incident_families_are_words_every_room_shares(listed: Classification) -> None:
    assert set(listed.families().values()) <= set(schema.INCIDENT_GROUPS)
    assert listed.incident_family("8Q") == "stalking_harassment"
    assert listed.incident_family("034/01") == "robbery"
    assert listed.incident_family("46") == "theft"


def test_seriousness_runs_from_one_to_five(listed: Classification) -> None:
    assert {listed.seriousness(name) for name in listed.classes} == {1, 2, 3, 4, 5}
    assert listed.seriousness("19C") < listed.seriousness("8N") < listed.seriousness("46")


def test_the_principal_crime_table_stands_in_its_own_order(listed: Classification) -> None:
    places = listed.principal_crimes
    assert [place.position for place in places] == list(range(1, 40))
    for above, below in pairwise(places):
        assert listed.rank(above.codes[0]) < listed.rank(below.codes[0])
    assert all(code in listed.codes for place in places for code in place.codes)


def test_the_table_does_not_follow_the_maxima_and_neither_does_the_rank(listed: Classification) -> None:
    harassment, bodily_harm = "195/94", "008/06"
    assert listed.codes[harassment].months < listed.codes[bodily_harm].months  # type: ignore[operator]
    assert listed.rank(harassment) < listed.rank(bodily_harm)


@pytest.mark.parametrize(
    ("more_serious", "less_serious"),
    [
        ("001/02", "019/08"),  # the whole of homicide stands first
        ("036/01", "017/15"),  # kidnapping (life) above sexual assault (10 years)
        ("008/60", "008/01"),  # aggravated bodily harm (7 years) above S20 (5 years)
        ("008/06", "008/57"),  # bodily harm (5 years) above aggravated common assault (2 years)
        ("008/57", "105/01"),
        ("105/01", "046/00"),  # violence above property
        ("105/01", "125/11"),
    ],
)
def test_what_the_table_does_not_name_follows_violence_and_the_maximum(
    listed: Classification, more_serious: str, less_serious: str
) -> None:
    assert listed.rank(more_serious) < listed.rank(less_serious)


def test_a_class_alone_ranks_as_its_least_serious_offence_against_a_victim(listed: Classification) -> None:
    assert listed.rank("8N")[:2] == listed.rank("008/06")[:2]
    assert listed.rank("8L")[:2] == listed.rank("195/94")[:2]


def test_ranks_never_tie(listed: Classification) -> None:
    ranks = [listed.rank(name) for name in (*listed.codes, *listed.classes)]
    assert len(set(ranks)) == len(ranks)


def test_an_unknown_class_gets_a_sentence(listed: Classification) -> None:
    with pytest.raises(UserError, match="`9Z` is neither a class nor a code"):
        listed.rank("9Z")


def test_older_burglary_classes_end_where_their_successors_begin(listed: Classification) -> None:
    for day, valid, ended in (
        (date(2017, 3, 31), "28A", "28E"),
        (date(2023, 4, 30), "28E", "28I"),
        (date(2026, 4, 1), "28I", "28E"),
    ):
        assert listed.classes[valid].valid_on(day)
        assert not listed.classes[ended].valid_on(day)


def test_a_code_has_the_classes_of_its_day(listed: Classification) -> None:
    assert listed.class_of("028/03", date(2016, 6, 1)) == "28A"
    assert listed.class_of("028/03", date(2021, 6, 1)) == "28E"
    assert listed.class_of("028/03", date(2026, 6, 1)) == "28I"
    assert listed.class_of("028/03") == "28I"
    assert listed.classes_of("029/00", date(2021, 6, 1)) == ("29A",)
    assert listed.class_of("105/01", date(2016, 6, 1)) == "105A"


def test_every_code_has_a_class_on_every_boundary_of_classes(listed: Classification) -> None:
    for day in (date(2016, 6, 1), date(2017, 4, 1), date(2023, 4, 30), date(2023, 5, 1), date(2026, 4, 1)):
        for code in listed.codes:
            assert listed.classes_of(code, day), (code, day)


def test_maxima_compare_in_months() -> None:
    assert months_of("life") > months_of("14 years") > months_of("51 weeks") > months_of("6 months")  # type: ignore[operator]
    assert months_of("fine") == 0
    assert months_of("") is None


def test_codes_are_spelled_one_way(listed: Classification) -> None:
    assert all(re.fullmatch(r"\d{3}/\d{2}", code) for code in listed.codes)


@pytest.mark.parametrize(
    ("name", "before", "after", "sentence"),
    [
        ("classes.csv", "\n39,", "\n39Z,", "code 039/00 is filed under class `39`, which classes.csv lacks"),
        ("classes.csv", "\n39,", "\n40,", "class 40 stands twice"),
        ("classes.csv", ",victim,violence,", ",moon,violence,", "counts per `moon`"),
        ("classes.csv", ",victim,violence,", ",victim,brawl,", "the incident family `brawl`"),
        ("classes.csv", ",2017-04-01,2023-04-30,", ",2017-04-01,2016-04-30,", "ends before it begins"),
        ("offences.csv", "039/00,E,7 years,V,", "039/00,E,7 years,?,", "code 039/00 is neither V, S nor S/V"),
        ("offences.csv", "039/00,E,7 years,V,Theft,", "039/00,E,7 years,V,Robbery,", "in another group than"),
        ("principal_crimes.csv", "\n2,", "\n3,", "goes from 1 to 3. Close the gap"),
        ("principal_crimes.csv", "039/00", "039/99", "names code `039/99`, which is unknown"),
        ("principal_crimes.csv", ",3B,", ",3Z,", "names class `3Z`, which is unknown"),
        ("principal_crimes.csv", "003/01", "002/00", "code 002/00 stands at 2 and 22"),
    ],
)
def test_broken_data_is_refused_with_one_sentence(
    tmp_path: Path, name: str, before: str, after: str, sentence: str
) -> None:
    folder = tmp_path / "hocr"
    shutil.copytree(HOCR, folder, ignore=shutil.ignore_patterns("rules"))
    text = (folder / name).read_text(encoding="utf-8")
    assert before in text
    (folder / name).write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(UserError, match=sentence):
        load(folder)
