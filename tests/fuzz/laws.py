"""What no input may break: laws of the reader of logs and of the reader of verdict files."""

from __future__ import annotations

from pathlib import Path

from opencdi.disclosure.circumstances import Context
from opencdi.disclosure.disclosing import the_batch_reader, the_discloser
from opencdi.discovery.narratives import stratum_of
from opencdi.discovery.verdicts import returned
from opencdi.errors import UserError

KNOWN = frozenset({"I1", "I2", "I3"})
SUFFIXES = (".csv", ".xlsx", ".csv.gz", ".txt")


def the_reader_keeps_its_word(text: str) -> None:
    """Spans lie inside the text, no text raises, and a batch reads each log as it is read alone."""
    discloser = the_discloser()
    for row in discloser.rows("I1", text, Context()):
        for start, end in zip(row["span_starts"], row["span_ends"], strict=True):
            assert 0 <= start < end <= len(text)
        assert 0 < row["strength"] <= 1
    alone = discloser.account(text)
    (together,) = the_batch_reader().read([text])
    assert list(together.offences) == list(alone.offences)
    assert (together.mask, together.words) == (alone.mask, alone.words)
    assert stratum_of(text) in ("read", "no_narrative", "not_readable")


def verdict_files_are_counted_whole_or_refused(content: bytes, folder: Path) -> None:
    """Any file is either refused with a sentence, or each of its rows is counted once."""
    if not content:
        return
    path = folder / f"back{SUFFIXES[content[0] % len(SUFFIXES)]}"
    path.write_bytes(content[1:])
    try:
        back = returned(path, KNOWN, {"I1": True})
    except UserError:
        return
    assert back.taken + back.empty + back.known_cases + len(back.set_aside) == back.rows
    assert set(back.verdicts) <= KNOWN
    assert back.taken >= len(back.verdicts)
