"""Pages that steps keep to save work, one a part: losing one costs time and nothing else.

A page's name carries the part, a fingerprint of all that its rows follow from, and the hash of its own bytes.
So it can never be taken for that of other rows, and one that a disk or a person has spoiled counts as lost.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from opencdi.engine import Relation
from opencdi.nightly.notes import calendar_of
from opencdi.nightly.placing import WHOLE
from opencdi.parts import Placed, write_empty, write_parts
from opencdi.storage import json_hash
from opencdi.workspace import Workspace

_SHOWN = 16
"""Characters of a hash that stand in a name."""


class Pages:
    """The pages of one kept table."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        self._workspace = workspace
        self._folder = workspace.memory / name

    def standing(self, fingerprints: Mapping[str, str]) -> dict[str, Path]:
        """The whole pages of some parts, by the part; ``fingerprints`` says which page of each."""
        hashes = self._workspace.hashes.hashes_in(self._folder, ".parquet")
        there = {name.rpartition("-")[0]: name for name, found in hashes.items() if _is_whole(name, found)}
        named = {part: there.get(_name(part, said)) for part, said in fingerprints.items()}
        return {part: self._folder / f"{name}.parquet" for part, name in named.items() if name is not None}

    def named(self, names: Mapping[str, str]) -> dict[str, Path]:
        """The whole ones among some pages whose file names are given, by the part."""
        hashes = self._workspace.hashes.hashes_in(self._folder, ".parquet")
        whole = {f"{name}.parquet" for name, found in hashes.items() if _is_whole(name, found)}
        return {part: self._folder / name for part, name in names.items() if name in whole}

    def write(self, rows: Relation, fingerprints: Mapping[str, str]) -> dict[str, Path]:
        """Write the pages of some parts, those without rows as well. ``part`` is the number of a row's part;
        rows of other parts are left out. All pages are read every night, so they are packed to be read
        quickly."""
        calendar = calendar_of(self._workspace)
        return self._written(Placed(rows, lambda number: calendar.name(int(number))), fingerprints)

    def standing_together(self, said: Mapping[str, Sequence[str]]) -> list[Path]:
        """The page of the rows of all parts, if it is whole; ``said`` tells what they follow from."""
        return list(self.standing({WHOLE: json_hash(said)}).values())

    def write_together(self, rows: Relation, said: Mapping[str, Sequence[str]]) -> Path:
        """Write rows of several parts on one page."""
        whole = Relation(
            rows.engine,
            f"(select {', '.join(rows.contract.names)}, 0 as part from {rows.name})",
            rows.contract,
        )
        return self._written(Placed(whole, lambda _: WHOLE), {WHOLE: json_hash(said)})[WHOLE]

    def _written(self, placed: Placed, fingerprints: Mapping[str, str]) -> dict[str, Path]:
        beside = self._folder / ".new"
        beside.mkdir(parents=True, exist_ok=True)
        made = write_parts(placed, beside, "snappy")
        for part in set(fingerprints) - set(made):
            write_empty(placed.relation.contract, beside / f"{part}.parquet")
        return {part: self._taken_in(beside, part, said) for part, said in fingerprints.items()}

    def keep_only(self, pages: Collection[Path]) -> None:
        """Forget all other pages."""
        for page in set(self._folder.glob("*.parquet")) - set(pages):
            page.unlink()

    def _taken_in(self, beside: Path, part: str, said: str) -> Path:
        fresh = beside / f"{part}.parquet"
        found = self._workspace.hashes.hash(fresh)
        page = self._folder / f"{_name(part, said)}-{found[:_SHOWN]}.parquet"
        fresh.replace(page)
        self._workspace.hashes.learn(page, found)
        return page


def _is_whole(name: str, found: str) -> bool:
    return found[:_SHOWN] == name.rpartition("-")[2]


def _name(part: str, said: str) -> str:
    return f"{part}-{said[:_SHOWN]}"
