"""Tickets can be recomputed by anyone and favour nobody."""

from __future__ import annotations

import hashlib
import hmac

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from opencdi.sampling.tickets import ascending, fractions, message, ticket, tickets

KNOWN = {
    ("20261123 dice 4 1 6", "sample", "101 / violence / b2", "TVP-2026-00001"): (
        "6:sample|19:101 / violence / b2|14:TVP-2026-00001"
    ),
    ("s", "", "", ""): "0:|0:|0:",
}


@pytest.mark.parametrize(("parts", "text"), KNOWN.items())
def test_a_ticket_is_the_hmac_of_its_length_prefixed_parts(
    parts: tuple[str, str, str, str], text: str
) -> None:
    seed, *rest = parts
    assert message(*rest) == text.encode()
    assert ticket(*parts) == hmac.new(seed.encode(), text.encode(), hashlib.sha256).hexdigest()


@given(
    st.text(max_size=80), st.text(max_size=9), st.lists(st.tuples(st.text(max_size=9), st.text(max_size=9)))
)
def test_many_tickets_at_once_are_the_tickets_one_by_one(
    seed: str, purpose: str, pairs: list[tuple[str, str]]
) -> None:
    many = tickets(seed, purpose, [stratum for stratum, _ in pairs], [incident for _, incident in pairs])
    one_by_one = [ticket(seed, purpose, *pair)[:32] for pair in pairs]
    assert [f"{high:016x}{low:016x}" for high, low in many.tolist()] == one_by_one


@given(st.tuples(st.text(), st.text(), st.text()), st.tuples(st.text(), st.text(), st.text()))
def test_different_parts_never_make_the_same_message(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    assert (message(*one) == message(*other)) == (one == other)


def test_tickets_are_spread_evenly() -> None:
    drawn = tickets("seed", "sample", ["s"] * 20_000, [f"{n:05d}" for n in range(20_000)])
    assert stats.kstest(fractions(drawn), "uniform").pvalue > 0.001


def test_a_number_and_its_text_with_zeros_before_it_have_different_tickets() -> None:
    assert ticket("seed", "sample", "s", "1") != ticket("seed", "sample", "s", "00001")


def test_the_smallest_ticket_comes_first() -> None:
    drawn = np.array([[2, 1], [1, 9], [1, 3]], dtype=np.uint64)
    assert ascending(drawn).tolist() == [2, 1, 0]
