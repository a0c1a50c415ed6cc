"""The answer says why each offence counts where it does, why each flag is due, and on what it turns."""

from __future__ import annotations

import pytest

from opencdi.counting.answer import Answer, answer
from opencdi.counting.report_reading import read
from opencdi.counting.wording import in_words

HEAD = """
reported_at = {day}T10:00:00
reporter = "victim"
[[victims]]
sex = "F"
age = 30
"""

MAY_2026 = "2026-05-04"


def decided(*offences: str, day: str = MAY_2026) -> Answer:
    told = "".join(f"[[offences]]\n{offence}\n" for offence in offences)
    return answer(read(HEAD.format(day=day) + told, "facts.toml"))


def only_reason(found: Answer) -> str:
    (crime,) = found.required
    (merged,) = crime.merged
    return merged.because


HARASSMENT = 'code = "195/94"'
BRUISE = 'code = "008/06"'


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ('code = "019/08"', 'code = "034/01"\nclass = "34B"', "places 3 and 4 of the principal crime table"),
        (
            HARASSMENT,
            BRUISE,
            "a course of conduct of rank 5 (pages 56 and 57), is recorded over 8N",
        ),
        ('code = "008/67"', HARASSMENT, "is recorded over one of rank 5"),
        (HARASSMENT, 'code = "036/01"', "No rank of a course of conduct names 36 (036/01)"),
        ('code = "036/01"', 'code = "011/02"', "by the maximum sentence (page 13), life against 5 years"),
        ('code = "036/01"', 'code = "049/10"', "violence before property"),
        ('code = "149/00"\nclass = "58B"', 'code = "149/00"\nclass = "58A"', "the first of its classes"),
        (BRUISE, BRUISE, "The same crime again in one sequence"),
        ('class = "34B"', BRUISE, "the robbery only"),
    ],
)
def test_a_merged_offence_says_why_it_is_the_lesser_and_in_which_order_told_does_not_matter(
    one: str, other: str, reason: str
) -> None:
    assert reason in only_reason(decided(one, other))
    assert only_reason(decided(one, other)) == only_reason(decided(other, one))


def test_a_course_of_conduct_that_is_not_principal_is_to_be_told_to_prosecutors() -> None:
    assert "A referral to prosecutors must say" in only_reason(decided(HARASSMENT, 'code = "019/08"'))


def test_before_may_2023_a_course_of_conduct_is_weighed_by_its_maximum() -> None:
    assert "by the maximum sentence (page 13), 5 years against 6 months" in only_reason(
        decided(HARASSMENT, BRUISE, day="2017-06-01")
    )


def test_every_flag_says_which_offence_and_rule_make_it_due() -> None:
    found = decided('code = "195/94"\nfacts = { online_element = "yes" }\nflags = ["knife"]')
    (crime,) = found.required
    because = {due.flag: due.reason.rule if due.reason else None for due in crime.flags_because}
    assert because == {"online": "flag-online", "knife": None}


def test_a_presumption_that_carries_the_answer_is_named_with_the_answer_otherwise() -> None:
    turning = {one.fact: (one.presumed, one.records) for one in decided(BRUISE).presumed}
    assert turning["racially_or_religiously_aggravated"] == ("no", ["1 x 8P crime"])
    assert turning["victim_is_constable"] == ("no", ["1 x 8S crime"])
    assert turning["victim_confirms"] == ("yes", ["1 x 8N crime_related_incident"])
    assert turning["evidence_to_contrary"] == ("no", ["nothing to record"])


def test_a_fact_that_was_stated_is_not_called_presumed() -> None:
    found = decided('code = "008/06"\nfacts = { racially_or_religiously_aggravated = "no" }')
    assert "racially_or_religiously_aggravated" not in {one.fact for one in found.presumed}


def test_what_is_asked_of_a_victim_is_named_once_however_many_offences() -> None:
    asked = [one.fact for one in decided(BRUISE, HARASSMENT).presumed]
    assert asked.count("victim_confirms") == 1


def test_the_words_cite_edition_rule_and_page_and_end_with_what_was_taken_as_so() -> None:
    words = in_words(decided(BRUISE, HARASSMENT))
    assert words.startswith("Edition 2026-04; reported 10:00 on 4 May 2026.")
    assert "on record by 10:00 on 5 May 2026" in words
    assert "offence 1, 8N (008/06), counts in it:" in words
    assert "[conduct-principal; recording-rules-2026-27 p. 55]" in words
    assert "Taken as the rules presume" in words


def test_a_reason_is_the_one_in_force_on_the_day_not_on_the_first_day_of_the_edition() -> None:
    (crime,) = decided('code = "028/03"\nclass = "28I"', day="2017-06-01").required
    assert crime.class_code == "28E"
    assert any("From April 2017" in reason.statement for reason in crime.reasons)
