"""What counts as a log that can be read, and as text rather than codes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencdi.discovery.narratives import Elsewhere, is_prose, prose_share, stratum_of, unread, warning


@pytest.mark.parametrize(
    ("narrative", "stratum"),
    [
        (None, "no_narrative"),
        ("  \n ", "no_narrative"),
        ("HE HIT HER", "read"),
        ("Caller in Łódź says ona była uderzona", "read"),
        ("Мужчина ударил женщину", "not_readable"),
        ("他打了她 at home", "read"),
        ("警察 他打了她一巴掌 ok", "not_readable"),
        ("14:05 // 4239", "not_readable"),
    ],
)
def test_each_log_is_in_one_stratum(narrative: str | None, stratum: str) -> None:
    assert stratum_of(narrative) == stratum


@given(st.text())
def test_any_text_has_a_stratum(text: str) -> None:
    assert (stratum_of(text) == "no_narrative") == (not text.strip())


@pytest.mark.parametrize(
    ("cell", "prose"),
    [
        ("IP states her ex punched her", True),
        ("01/10/2025 06:15:47", False),
        ("A02", False),
        ("LOST OR FOUND PROPERTY", False),
        ("20251001-0001; 20251001-0002; 20251001-0003; ab; cd; ef; gh; ij", False),
    ],
)
def test_text_is_told_from_codes_dates_and_titles(cell: str, prose: bool) -> None:
    assert is_prose(cell) is prose


def test_logs_that_read_as_text_call_for_no_warning_and_neither_do_empty_ones() -> None:
    assert warning(prose_share(["", None]), None) is None
    assert warning(prose_share(["IP states her ex punched her", "short"]), None) is None


def test_the_warning_names_the_profile_the_column_and_the_file() -> None:
    other = Elsewhere("logs.csv", "profiles/logs.toml", ("Code",), "Text", 0.97)
    said = warning(prose_share(["A02", "A03"]), other)
    assert said is not None
    for words in ("profiles/logs.toml", "`Code`", "`Text` of logs.csv", "97%"):
        assert words in said


def test_each_stratum_that_could_not_be_read_has_its_sentence() -> None:
    said = unread({"read": 90, "no_narrative": 7, "not_readable": 3})
    assert [one.split()[0] for one in said] == ["7", "3"]
    assert unread({"read": 90}) == []
