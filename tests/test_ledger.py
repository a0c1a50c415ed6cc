"""The ledger is a chain: what was written cannot be changed without a sign."""

from __future__ import annotations

from pathlib import Path

from opencdi import ledger


def test_a_whole_chain_verifies(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    for number in range(3):
        ledger.append(path, "step:read", {"rows": number})
    assert ledger.verify(path) == []
    assert [entry.number for entry in ledger.entries(path)] == [0, 1, 2]


def test_a_changed_entry_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    for number in range(3):
        ledger.append(path, "step:read", {"rows": number})
    path.write_text(path.read_text().replace('{"rows":1}', '{"rows":9}'))
    assert ledger.verify(path) == ["Entry 2 of ledger.jsonl does not follow from the entry before it."]


def test_a_line_cut_by_a_kill_is_left_out_and_written_over(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger.append(path, "step:read", {"rows": 1})
    with path.open("a") as file:
        file.write('{"at":"2026')
    ledger.append(path, "step:link", {"rows": 2})
    assert [entry.kind for entry in ledger.entries(path)] == ["step:read", "step:link"]
    assert ledger.verify(path) == []
