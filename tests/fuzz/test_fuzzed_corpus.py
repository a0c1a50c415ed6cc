"""Every input the fuzzer kept is held to the laws, and to a time that grows in step with its length."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from time import process_time
from types import ModuleType

import pytest
from hypothesis import given, settings, target
from hypothesis import strategies as st

from opencdi.disclosure.circumstances import Context
from opencdi.disclosure.disclosing import the_discloser

HERE = Path(__file__).parent


def _laws() -> ModuleType:
    spec = importlib.util.spec_from_file_location("laws", HERE / "laws.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


laws = _laws()
LOGS = sorted((HERE / "corpus" / "logs").iterdir())
VERDICTS = sorted((HERE / "corpus" / "verdicts").iterdir())


def as_text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")


def test_there_is_a_corpus() -> None:
    assert len(LOGS) >= 10 and len(VERDICTS) >= 5


def test_no_log_of_the_corpus_breaks_a_law() -> None:
    for path in LOGS:
        laws.the_reader_keeps_its_word(as_text(path))


def test_no_verdict_file_of_the_corpus_breaks_a_law(tmp_path: Path) -> None:
    for path in VERDICTS:
        laws.verdict_files_are_counted_whole_or_refused(path.read_bytes(), tmp_path)


def seconds(text: str) -> float:
    began = process_time()
    list(the_discloser().rows("I1", text, Context()))
    return process_time() - began


def test_ten_times_a_log_of_the_corpus_takes_no_more_than_a_linear_time() -> None:
    """The whole corpus at once, so that the clock's grain does not matter; ten times may cost thirty."""
    texts = [as_text(path) for path in LOGS if path.stat().st_size > 0]
    short = [text * max(1, 2_000 // len(text)) for text in texts][:40]
    once = sum(map(seconds, short))
    tenfold = sum(seconds(text * 10) for text in short)
    assert tenfold < 30 * max(once, 0.05)


@pytest.mark.slow
def test_a_megabyte_of_any_log_of_the_corpus_is_read_in_seconds() -> None:
    for text in sorted(map(as_text, LOGS), key=lambda text: -len(set(text.split())))[:5]:
        assert seconds(text * (1_000_000 // len(text))) < 20


TELLING = "he punched her no not if stole a knife update did happen IP ex 9mm £20 assualted stabbed denies"
NOISE = [".", "?", "-", "/", "'", "<b>", "É", "警", "\x00", "\n", "years ago"]
WORDS = st.one_of(st.sampled_from(TELLING.split()), st.sampled_from(NOISE))


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=80).map(" ".join))
def test_words_that_matter_in_any_order_break_no_law(text: str) -> None:
    target(float(len(the_discloser().reader.read(text).events)))
    laws.the_reader_keeps_its_word(text)
