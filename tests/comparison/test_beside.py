"""Which words of a log may be the number of another log."""

from __future__ import annotations

import re

import pytest

from opencdi.comparison.beside import SHORTEST_NUMBER, numbers_told, words_told
from opencdi.engine import DuckDBEngine, sql_text

LOGS = (
    "See log 20251001-0417, caller rang again.",
    "Linked to md/2025/000123 and MD/2025/000124; flat 12, 3 youths at 21:30 in MH16 4JP.",
    "Number ABCDE1 and 1abcde; not ABCDEF, nor 12345, nor A-1-B-2.",
    "A-1-B-2-C-3 is six letters and digits, /////1///// is one.",
    "straße 123456ı, ref:7654321.",
    "",
)


def _plainly(log: str) -> set[str]:
    words = re.findall("[A-Z0-9/-]*[0-9][A-Z0-9/-]*", log.upper())
    bare = {re.sub("[^A-Z0-9]", "", word) for word in words}
    return {number for number in bare if len(number) >= SHORTEST_NUMBER}


@pytest.mark.parametrize("log", LOGS)
def test_the_numbers_of_a_log_are_its_long_words_with_a_digit(log: str) -> None:
    assert _numbers_in(sql_text(log)) == _plainly(log)


def test_a_log_without_words_gives_no_number() -> None:
    assert _numbers_in("cast(null as string)") == set()


def _numbers_in(narrative: str) -> set[str]:
    with DuckDBEngine() as engine:
        logs = f"(select 'I1' as incident_id, {words_told(narrative, engine.dialect)} as words)"
        rows = engine.rows(numbers_told("incident_id", logs, engine.dialect))
    return {row["number"] for row in rows}
