"""The pattern book refuses what it cannot hold, with a sentence that says where and what to do."""

from __future__ import annotations

import pytest

from opencdi.disclosure.book import MOST_TAGS, MOST_WRITINGS, bound
from opencdi.disclosure.kernel_sets import LIMBS
from opencdi.disclosure.phrases import how_many, written_out
from opencdi.errors import UserError


def a_book(*phrases: str) -> list[tuple[str, dict]]:
    return [("theft.toml", {"tags": {"steal": list(phrases)}})]


def choice(of: int, name: str) -> str:
    return "[" + "|".join(f"{name}{number}" for number in range(of)) + "]"


def test_a_phrase_whose_choices_multiply_beyond_the_limit_is_refused_with_its_file_and_tag() -> None:
    phrase = " ".join(choice(30, name) for name in "abcdef")
    with pytest.raises(UserError, match=r"tag `steal` in theft\.toml .* more than 6,000 .* shorter phrases"):
        bound(a_book("took the", phrase))


def test_the_forms_of_verbs_count_as_choices_do() -> None:
    with pytest.raises(UserError, match="multiply"):
        bound(a_book("rob~ grab~ kick~ punch~ slap~"))


def test_a_phrase_within_the_limit_is_held_in_every_way_it_may_be_written() -> None:
    phrase = f"took {choice(70, 'a')} {choice(80, 'b')}"
    assert len(bound(a_book(phrase)).tags["steal"]) == 5_600


def test_as_many_writings_are_counted_as_there_are() -> None:
    for phrase in ("took the", "[he|she] kick~ [|in] the door+", "rob~ [a|the] bank"):
        assert how_many(phrase, MOST_WRITINGS) >= len(written_out(phrase))


def test_more_tags_than_a_set_of_them_holds_are_refused() -> None:
    many = {f"tag{number}": ["took"] for number in range(MOST_TAGS + 1)}
    with pytest.raises(UserError, match="385 tags, and at most 384"):
        bound([("many.toml", {"tags": many})])


def test_as_many_tags_are_taken_as_the_compiled_reader_holds() -> None:
    assert MOST_TAGS == 64 * LIMBS
