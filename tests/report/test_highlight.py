"""The log is cut into pieces without losing or changing a character."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from opencdi.report.highlight import Piece, Span, pieces

SPANS = st.lists(
    st.builds(
        Span,
        start=st.integers(-3, 40),
        end=st.integers(-3, 40),
        offence_no=st.integers(1, 3),
    ),
    max_size=6,
)


@given(st.text(max_size=30), SPANS)
def test_the_pieces_give_the_log_back_exactly(log: str, spans: list[Span]) -> None:
    assert "".join(piece.text for piece in pieces(log, spans)) == log


@given(st.text(max_size=30), SPANS)
def test_each_character_is_marked_with_the_offences_whose_words_hold_it(log: str, spans: list[Span]) -> None:
    place = 0
    for piece in pieces(log, spans):
        for _ in piece.text:
            holding = {span.offence_no for span in spans if span.start <= place < span.end}
            assert set(piece.offence_nos) == holding
            place += 1


def test_overlapping_words_carry_both_numbers() -> None:
    assert pieces("ABCDE", [Span(0, 3, 1), Span(2, 5, 2)]) == [
        Piece("AB", (1,)),
        Piece("C", (1, 2)),
        Piece("DE", (2,)),
    ]
