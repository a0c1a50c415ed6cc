"""No short list of phrases gives the answer: words carry over between phrases, but not all the way."""

from __future__ import annotations

import pytest

from opencdi.simulation import grammar
from opencdi.simulation.separability import between_halves
from opencdi.simulation.settings import Force, Style


@pytest.mark.parametrize("style", ["a", "b"])
def test_a_bag_of_words_tells_a_crime_across_phrases_well_but_not_surely(style: Style) -> None:
    areas = between_halves(Force(incidents=6_000, seed=21, style=style))
    assert all(0.85 <= area <= 0.95 for area in areas)


@pytest.mark.parametrize("style", ["a", "b"])
def test_each_half_of_the_grammar_can_say_everything_and_they_share_no_phrase(style: Style) -> None:
    found = grammar.read(style)
    halves = grammar.halves_of(found)
    for lines in found.values():
        spoken = {halves.get(line.split("|", 1)[-1]) for line in lines}
        assert None in spoken or spoken == {"first", "second"}
