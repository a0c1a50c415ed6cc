"""Which crime of one judgement is which of the other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.review.made_up import NOTHING, crimes, found, log, missing, record

from opencdi.review.adjudication.pairing import agree, differences, pairs
from opencdi.review.adjudication.standing import Judged, columns, lines
from opencdi.review.judging.answers import Answers, CrimeAnswer

CASE = log(1, record(1), record(2, class_code="58C"))
FACTS = CASE.facts


def test_the_same_record_is_the_same_crime_whatever_class_each_gives_it() -> None:
    (pair,) = pairs(crimes(found(1)), crimes(found(1, class_code="105A")))
    assert pair.first is not None and pair.second is not None
    assert differences(pair, FACTS) == ("verdict", "class_code", "class_right")


def test_crimes_are_paired_as_they_agree_best_and_not_in_their_order() -> None:
    one, other = crimes(found(1), missing("58C")), crimes(missing("58C"), found(1))
    assert agree(one, other, FACTS)


def test_two_missing_crimes_of_one_class_are_paired_by_victim() -> None:
    one = crimes(missing(victim=1), missing(victim=2, cause="workload"))
    other = crimes(missing(victim=2), missing(victim=1))
    assert [(pair.first.victim, pair.second.victim) for pair in pairs(one, other)] == [(1, 1), (2, 2)]


def test_a_crime_only_one_of_them_found_is_a_difference() -> None:
    only, both = crimes(found(1)), crimes(found(1), missing("58C"))
    assert differences(pairs(only, both)[0], FACTS) == ()
    assert "verdict" in differences(pairs(only, both)[1], FACTS)
    assert not agree(only, both, FACTS)
    assert not agree(NOTHING, crimes(missing()), FACTS)


def test_two_who_require_nothing_agree() -> None:
    assert agree(NOTHING, NOTHING, FACTS)


def test_another_cause_or_other_words_are_no_disagreement() -> None:
    assert agree(crimes(missing()), crimes(missing(cause="workload", spans=((0, 5),))), FACTS)


ANSWERS = st.lists(
    st.one_of(
        st.builds(found, st.sampled_from([1, 2]), in_time=st.sampled_from(["yes", "no"])),
        st.builds(missing, st.sampled_from(["8N", "58C", "19C"]), victim=st.integers(0, 3)),
        st.just(CrimeAnswer(requires="cannot_tell", missing="the record")),
    ),
    max_size=6,
).map(lambda each: Answers(crimes=tuple(each)))


@given(one=ANSWERS, other=ANSWERS)
def test_every_crime_stands_in_one_pair_and_agreement_is_mutual(one: Answers, other: Answers) -> None:
    paired = pairs(one, other)
    assert sorted(map(repr, (p.first for p in paired if p.first))) == sorted(map(repr, one.crimes))
    assert sorted(map(repr, (p.second for p in paired if p.second))) == sorted(map(repr, other.crimes))
    assert agree(one, other, FACTS) == agree(other, one, FACTS)
    assert agree(one, one, FACTS)


@given(one=ANSWERS, other=ANSWERS, stands=ANSWERS, again=st.none() | ANSWERS)
def test_every_crime_anybody_found_has_one_line(
    one: Answers, other: Answers, stands: Answers, again: Answers | None
) -> None:
    judged = Judged(one, other, stands, again)
    found_lines = lines(judged)
    for answers, side in ((one, "first"), (other, "second"), (stands, "stands"), (again, "reread")):
        there = [getattr(line, side) for line in found_lines if getattr(line, side)]
        assert sorted(map(repr, there)) == sorted(map(repr, answers.crimes if answers else ()))
    for line in found_lines:
        row = columns(line, judged, FACTS, "by-date")
        assert (row["reread_verdict"] == "") == (again is None)
