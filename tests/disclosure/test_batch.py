"""Reading many logs at once says what reading each says."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opencdi.disclosure.disclosing import the_batch_reader, the_discloser
from opencdi.disclosure.reader import Reading

STOPS = (".", ",", "?", "!", ";", "\n", "-", "/", " - ", " / ", "\r\n", "'s", "'", "£", "  ")
ODD = st.text(alphabet="aAeEéÉßİıŁ'’`–—|£$/-.,?!;\r\n\t\x00 019\U0001f600\u0130\u200b", max_size=12)


def said(reading: Reading) -> tuple[object, ...]:
    """Everything a reading holds, as plain values."""
    clauses = [(clause.matches, clause.mask) for clause in reading.clauses]
    return reading.events, clauses, reading.mask, reading.text, tuple(reading.words), reading.places()


def phrases() -> st.SearchStrategy[str]:
    held = the_discloser().reader.automaton.phrases
    return st.integers(0, len(held) - 1).map(lambda place: " ".join(held[place]))


def held_equal(logs: Sequence[str]) -> None:
    plain = the_discloser().reader
    for log, together in zip(logs, the_batch_reader().read(logs), strict=True):
        assert said(together) == said(plain.read(log)), "a log is read differently in a batch"


@given(
    st.lists(
        st.lists(st.one_of(phrases(), st.sampled_from(STOPS), ODD), max_size=40).map(" ".join), max_size=5
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


def test_words_of_a_batch_are_cut_as_those_of_a_list() -> None:
    log = "Male, 30s, punched IP’s face at café. Left on foot"
    (together,) = the_batch_reader().read([log])
    alone = list(the_discloser().reader.read(log).words)
    for piece in (slice(0, 3), slice(3, 0), slice(2, 50), slice(None, None, 2), slice(-2, None), slice(5, 5)):
        assert list(together.words[piece]) == alone[piece]
    assert [together.words[place] for place in range(-len(alone), len(alone))] == [*alone, *alone]
