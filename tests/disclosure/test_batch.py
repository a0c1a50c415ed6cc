"""Reading many logs at once says what reading each says."""

from __future__ import annotations

from collections.abc import Sequence
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opencdi.disclosure.book import the_book
from opencdi.disclosure.disclosing import the_batch_reader, the_discloser

STOPS = (".", ",", "?", "!", ";", "\n", "-", "/", " - ", " / ", "\r\n", "'s", "'", "£", "  ")
CUES = (
    *("not", "denies", "if", "in case", "previously", "tried to", "maybe", "by accident", "either"),
    *("her ex partner", "two females", "the victim and her sister", "by", "was", "suspect", "his mate's"),
    *("his brother got it as well", "male", "female", "two hours", "retracts", "no offences", "not stolen"),
)
ODD = st.text(alphabet="aAeEéÉßİıŁ'’`–—|£$/-.,?!;\r\n\t\x00 019\U0001f600\u0130\u200b", max_size=12)


def phrases() -> st.SearchStrategy[str]:
    held = the_discloser().reader.automaton.phrases
    return st.integers(0, len(held) - 1).map(lambda place: " ".join(held[place]))


def of_rules() -> st.SearchStrategy[str]:
    """Words of a phrase each of some tags that one rule needs, so that clauses tell of offences."""
    book = the_book()

    def told(choice: tuple[int, int]) -> str:
        rule = book.rules[choice[0] % len(book.rules)]
        tags = [sorted(need)[choice[1] % len(need)] for need in rule.needs]
        return " ".join(" ".join(book.tags[tag][choice[1] % len(book.tags[tag])]) for tag in tags)

    return st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)).map(told)


def held_equal(logs: Sequence[str]) -> None:
    for log, together in zip(logs, the_batch_reader().read(logs), strict=True):
        alone = the_discloser().account(log)
        assert list(together.offences) == list(alone.offences), "a log is told differently in a batch"
        assert (together.mask, together.words, together.text) == (alone.mask, alone.words, alone.text)


@given(
    st.lists(
        st.lists(
            st.one_of(phrases(), of_rules(), st.sampled_from(CUES), st.sampled_from(STOPS), ODD), max_size=40
        ).map(" ".join),
        max_size=5,
    )
)
@settings(max_examples=60, deadline=None)
def test_any_logs_are_read_in_a_batch_as_they_are_read_alone(logs: list[str]) -> None:
    held_equal(logs)


@pytest.mark.parametrize(
    "logs",
    [
        [],
        [""],
        ["", "", ""],
        ["£50 taken from café, victim’s bag", "", "IP PUNCHED. NO INJURY?"],
        ["punched " * 500],
        ["x" * 100_000, "stabbed"],
    ],
    ids=["no log", "an empty log", "empty logs", "accents and pounds", "no stop", "one long word"],
)
def test_logs_at_the_edge_are_read_in_a_batch_as_they_are_read_alone(logs: list[str]) -> None:
    held_equal(logs)


def test_logs_that_take_back_what_they_said_are_read_in_a_batch_as_they_are_read_alone() -> None:
    held_equal(
        [
            "Caller says her ex punched her. Officers attended. Caller now says it did not happen",
            "Bike stolen from shed. Bike found by son, not stolen",
            "Male hit by two males? Male with a knife. No offences disclosed",
        ]
    )


@pytest.mark.parametrize(
    "words",
    [
        "he punched her and stole a phone from the car no knife if drugs threatened to kill ",
        "he punched her. his brother got it as well. stole a phone, not a bike. ",
        "x'’£\t\x00é",
    ],
    ids=["no stop", "further victims", "odd characters"],
)
def test_a_long_log_costs_no_more_in_a_batch_than_its_length(words: str) -> None:
    """Eight times the text may cost at most twenty times the processor's time (linear is eight)."""

    def seconds(characters: int) -> float:
        began = process_time()
        the_batch_reader().read([words * (characters // len(words))])
        return process_time() - began

    seconds(10_000)
    assert seconds(1_000_000) < 20 * seconds(125_000)
