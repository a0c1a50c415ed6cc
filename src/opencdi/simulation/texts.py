"""Small things done with columns of text."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc


def joined(pieces: Sequence[pa.Array], gap: str) -> pa.Array:
    """The pieces of each row that are not empty, with a gap between them.

    Arrow's own join drops a row all of whose pieces are null, so the gaps are set by hand.
    """
    led = [
        pc.if_else(pc.equal(piece, ""), "", pc.binary_join_element_wise(gap, piece, "")) for piece in pieces
    ]
    return pc.replace_substring_regex(
        pc.binary_join_element_wise(*led, ""), f"^{gap}".replace(".", r"\."), ""
    )
