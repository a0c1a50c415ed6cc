"""The leads of a worklist cut into pieces that a night leaves as they are, but for a few.

A piece holds leads of one seriousness whose deadlines lie in one stretch of days, so that its rows stand
together in the order of the worklist, and so many of them at most. Leads without a deadline follow those that
have one, by the time of their report, so that a night adds to the last of them alone. What a piece is made
from is told by a digest; the packed rows of a piece are kept under it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from opencdi.engine import Dialect, Relation
from opencdi.report.packing import Packed
from opencdi.schema import Column, Table

_AFTER_ALL = 1e11
"""Seconds: no deadline lies so far from 1970, and leads without one stand behind it."""
_CLOSER = 4
"""They are few, and stand so many times closer to each other than their reports: a stretch holds enough."""
_STRETCH = 8 * 86_400
"""Seconds: shorter, and there are more files to keep; longer, and a night makes more rows anew."""

BLOCKS = Table(
    "lead_blocks",
    "the leads of one seriousness and one stretch of days, or those of them that lie in one part",
    ("seriousness", "stretch"),
    (
        Column("seriousness", "integer", "1 is the most serious"),
        Column("stretch", "integer", "Number of the stretch"),
        Column("leads", "integer", "How many"),
        Column("digest", "text", "Digest of what is shown of them"),
    ),
)


@dataclass(frozen=True)
class Block:
    """All leads of one seriousness and one stretch: how many, and a digest of what is shown of them."""

    seriousness: int
    stretch: int
    leads: int
    digest: str


@dataclass(frozen=True)
class Piece:
    """So many leads of a block, of which it is the ``number``-th piece."""

    block: Block
    number: int
    leads: int

    @property
    def key(self) -> str:
        """What its rows follow from."""
        block = self.block
        return f"{block.seriousness} {block.stretch} {block.digest} {self.number} {self.leads}"


def blocks_of(findings: Relation, shown: Sequence[str]) -> Relation:
    """The rows of ``BLOCKS``; ``shown`` names the columns that the worklist shows."""
    return Relation(findings.engine, f"({blocks(findings.name, shown, findings.engine.dialect)})", BLOCKS)


def blocks(findings: str, shown: Sequence[str], dialect: Dialect, more: str = "") -> str:
    """SQL for the same; ``more`` names further columns of the findings to tell them apart by."""
    by = f"seriousness, {_stretch(dialect)}{more}"
    return (
        f"select seriousness, {_stretch(dialect)} as stretch{more}, count(*) as leads, "
        f"{dialect.digest_of_rows(shown)} as digest from {findings} as leads group by {by}"
    )


def cut(blocks: Relation, most: int) -> list[Piece]:
    """The pieces of a worklist in its order, with at most so many leads."""
    rows = blocks.engine.rows(
        f"select seriousness, stretch, sum(leads) as leads, "
        f"{blocks.engine.dialect.digest_of_rows(['digest'])} as digest "
        f"from {blocks.name} as blocks group by seriousness, stretch order by seriousness, stretch"
    )
    found = [
        Block(int(row["seriousness"]), int(row["stretch"]), int(row["leads"]), str(row["digest"]))
        for row in rows
    ]
    return [
        Piece(block, number, min(most, block.leads - number * most))
        for block in found
        for number in range(-(-block.leads // most))
    ]


def leads_of(findings: Relation, blocks: Sequence[Block], shown: Sequence[str]) -> str:
    """SQL for the leads of some blocks, in the order of the worklist."""
    wanted = ", ".join(f"({block.seriousness}, {block.stretch})" for block in blocks)
    columns, dialect = ", ".join(f"lead.{name}" for name in shown), findings.engine.dialect
    return (
        f"select {columns} "
        f"from (select *, {_place(dialect)} as place, {_stretch(dialect)} as stretch "
        f"from {findings.name} as leads) as lead "
        f"join (select * from (values {wanted}) as listed(seriousness, stretch)) as wanted "
        "on wanted.seriousness = lead.seriousness and wanted.stretch = lead.stretch "
        "order by lead.seriousness, lead.place, lead.finding_id"
    )


def _stretch(dialect: Dialect) -> str:
    return f"cast(floor({_place(dialect)} / {_STRETCH}) as bigint)"


def _place(dialect: Dialect) -> str:
    """Where leads of one seriousness stand: the deadline, or far behind it the report, in seconds."""
    seconds = dialect.epoch_seconds
    by_report = f"{_AFTER_ALL} + {seconds('reported_at')} / {_CLOSER}"
    return f"coalesce({seconds('deadline_at')}, {by_report}, {2 * _AFTER_ALL})"


_MARK = 32
"""Bytes of the hash in front of kept rows, by which spoiled ones are known and made again."""


class Pieces(Protocol):
    """Packed rows by the key of their piece, as a dictionary has them."""

    def get(self, key: str) -> Packed | None: ...

    def __setitem__(self, key: str, rows: Packed) -> None: ...


class KeptPieces:
    """Pieces in ``folder``, made if it is not there. ``written_with`` tells the code of one worklist from
    that of another. Close it to forget the pieces that were not asked for. Losing any costs time and nothing
    else."""

    def __init__(self, folder: Path, written_with: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._written_with = written_with
        self._used: set[Path] = set()

    def get(self, key: str) -> Packed | None:
        path = self._path(key)
        if not path.exists():
            return None
        kept = path.read_bytes()
        mark, rows = kept[:_MARK], kept[_MARK:]
        return Packed.from_bytes(rows) if hashlib.sha256(rows).digest() == mark else None

    def __setitem__(self, key: str, rows: Packed) -> None:
        path = self._path(key)
        beside = path.with_suffix(".new")
        kept = rows.as_bytes()
        beside.write_bytes(hashlib.sha256(kept).digest() + kept)
        beside.replace(path)

    def close(self) -> None:
        for path in set(self._folder.iterdir()) - self._used:
            path.unlink()

    def _path(self, key: str) -> Path:
        named = hashlib.sha256(f"{self._written_with} {key}".encode()).hexdigest()[:32]
        path = self._folder / f"{named}.rows"
        self._used.add(path)
        return path
