"""The shape of a force's numbers is learned, and a number is known again in whatever dress it wears."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencdi.linkage.numbers import key_of, learn

_DAYS = [date(2025, 11, 1) + timedelta(days=step) for step in range(0, 150, 3)]
_DAY = date(2026, 1, 15)


def _sample(shape: str) -> list[tuple[str, date]]:
    return [(shape.format(day=day, serial=serial), day) for day in _DAYS for serial in (1, 87, 640, 2213)]


@pytest.mark.parametrize(
    ("shape", "number", "dressed"),
    [
        ("TVP-{day:%Y%m%d}-{serial:04d}", "TVP-20260115-0123", "123 of 15/01/26"),
        ("TVP-{day:%Y%m%d}-{serial:04d}", "TVP-20260115-0123", "tvp 20260115 0123"),
        ("TVP-{day:%Y%m%d}-{serial:04d}", "TVP-20260115-0123", "202601150123"),
        ("TVP-{day:%Y%m%d}-{serial:04d}", "TVP-20260115-0123", "0123/15012026"),
        ("{serial:04d}{day:%d%m%y}", "0123150126", "123-15.01.2026"),
        ("{serial:04d}{day:%d%m%y}", "0123150126", "CAD 0123 150126"),
        ("P{day:%y%m%d}{serial:04d}", "P2601150123", "260115-123"),
        ("43{day:%y}{serial:07d}", "43260000123", "43 26 0000123"),
        ("43{day:%y}{serial:07d}", "43260000123", "43/26/123"),
        ("CR/{serial:06d}/{day:%y}", "CR/000123/26", "CR 123 2026"),
        ("42{serial:05d}/{day:%y}", "4200123/26", "4200123 / 26"),
        ("INC{serial:08d}", "INC00000123", "inc 123"),
    ],
)
def test_a_number_in_another_dress_has_the_same_key(shape: str, number: str, dressed: str) -> None:
    formats = learn(_sample(shape))
    assert key_of(number, formats) is not None
    assert key_of(dressed, formats) == key_of(number, formats)


@pytest.mark.parametrize(
    "shape",
    ["TVP-{day:%Y%m%d}-{serial:04d}", "43{day:%y}{serial:07d}", "INC{serial:08d}", "7{serial:08d}"],
)
def test_a_text_in_which_a_number_is_found_bears_its_mark(shape: str) -> None:
    (learned,) = learn(_sample(shape))
    found = 0
    for number, _ in _sample(shape):
        for text in (f"SEE {number} FOR MORE", f"see {number.lower().replace('-', ' ')}", number[-4:]):
            if any(re.search(pattern, text, re.IGNORECASE) for pattern in learned.in_text()):
                found += 1
                assert re.search(learned.mark_in_text(), text)
    assert found


def test_the_day_in_a_number_is_told_from_its_serial() -> None:
    (learned,) = learn(_sample("TVP-{day:%Y%m%d}-{serial:04d}"))
    assert (learned.letters, learned.order, learned.period_first) == ("TVP", "ymd", True)
    assert (learned.serial_least, learned.serial_most) == (4, 4)


def test_a_constant_in_front_is_not_taken_for_a_year() -> None:
    (learned,) = learn(_sample("43{day:%y}{serial:07d}"))
    assert (learned.constant, learned.order, learned.serial_most) == ("43", "y", 7)


def test_two_systems_in_one_force_give_two_formats() -> None:
    sample = _sample("A{day:%Y%m%d}{serial:04d}") + _sample("{serial:05d}/{day:%y}")
    assert {learned.order for learned in learn(sample)} == {"ymd", "y"}


def test_numbers_without_digits_teach_nothing() -> None:
    assert learn([("ABC", _DAY), ("", _DAY)]) == ()


def test_an_empty_force_has_no_format() -> None:
    assert learn([]) == ()


def test_a_serial_too_long_for_a_key_is_left_to_comparison_as_written() -> None:
    assert learn([(f"{10**19 + 7 * step}", _DAY) for step in range(50)]) == ()


@given(
    st.integers(1, 9999),
    st.sampled_from(_DAYS),
    st.sampled_from(["", " ", "/", "-", " / ", "."]),
    st.sampled_from(["", "TVP", "tvp ", "LOG ", "REF: "]),
)
def test_separators_and_prefixes_never_change_the_key(
    serial: int, day: date, joint: str, prefix: str
) -> None:
    formats = learn(_sample("TVP-{day:%Y%m%d}-{serial:04d}"))
    number = f"TVP-{day:%Y%m%d}-{serial:04d}"
    assert key_of(f"{prefix}{day:%Y%m%d}{joint}{serial:04d}", formats) == key_of(number, formats)


@given(st.integers(1, 9999), st.integers(1, 9999), st.sampled_from(_DAYS), st.sampled_from(_DAYS))
def test_different_numbers_have_different_keys(one: int, other: int, day: date, another: date) -> None:
    formats = learn(_sample("TVP-{day:%Y%m%d}-{serial:04d}"))
    first = key_of(f"TVP-{day:%Y%m%d}-{one:04d}", formats)
    second = key_of(f"TVP-{another:%Y%m%d}-{other:04d}", formats)
    assert (first == second) == ((one, day) == (other, another))
