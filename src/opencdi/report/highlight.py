"""The log cut into pieces, so that the words a finding rests on can be marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Span:
    """Words of one disclosed offence: from ``start`` up to, not including, ``end`` (characters)."""

    start: int
    end: int
    offence_no: int


@dataclass(frozen=True)
class Piece:
    """Some text of the log and the disclosed offences that rest on it (none for plain text)."""

    text: str
    offence_nos: tuple[int, ...]


def pieces(narrative: str, spans: Iterable[Span]) -> list[Piece]:
    """The log as consecutive pieces that give it back exactly; overlapping words are marked once for all.

    Spans outside the text are cut to it.
    """
    inside = [_cut(span, len(narrative)) for span in spans]
    real = [span for span in inside if span.start < span.end]
    edges = sorted({0, len(narrative), *(span.start for span in real), *(span.end for span in real)})
    return _joined([Piece(narrative[left:right], _resting_on(left, real)) for left, right in pairwise(edges)])


def _cut(span: Span, length: int) -> Span:
    return Span(max(0, min(span.start, length)), max(0, min(span.end, length)), span.offence_no)


def _resting_on(place: int, spans: Sequence[Span]) -> tuple[int, ...]:
    return tuple(sorted({span.offence_no for span in spans if span.start <= place < span.end}))


def _joined(found: Sequence[Piece]) -> list[Piece]:
    """Neighbours that rest on the same offences become one piece."""
    joined: list[Piece] = []
    for piece in found:
        if joined and joined[-1].offence_nos == piece.offence_nos:
            joined[-1] = Piece(joined[-1].text + piece.text, piece.offence_nos)
        else:
            joined.append(piece)
    return joined
