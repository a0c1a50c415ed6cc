"""What a person is known for is past, each item of the list; what that person then did is not."""

from __future__ import annotations

import pytest

from opencdi.disclosure.circumstances import Context
from opencdi.disclosure.disclosing import the_discloser


def asserted(text: str) -> set[str]:
    rows = the_discloser().rows("", text, Context())
    return {str(row["concept"]) for row in rows if row["assertion"] == "asserted"}


@pytest.mark.parametrize(
    "text",
    [
        "Officers spoke to the male, known for burglary and robbery.",
        "Male stopped in the park, known for theft, criminal damage and assault.",
        "PNC check: warning markers for weapons, drugs and violence.",
    ],
)
def test_what_somebody_is_known_for_is_not_reported_now(text: str) -> None:
    assert asserted(text) == set()


def test_what_somebody_known_to_police_then_did_is_reported() -> None:
    assert "assault" in asserted(
        "Neighbour, known for burglary and robbery, he punched the caller in the face."
    )
