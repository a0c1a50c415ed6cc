"""What is known of two tables before they are matched: their columns, how to compare them, where to look.

A plan is data (TOML), names no engine and holds no SQL, so the same plan serves every engine.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from opencdi.schema import Column, Table
from opencdi.settings import Strict, load_toml, validated

_LEVEL = re.compile(r"(same|crossed|alike|slips|start|days|later|within)(?: ([0-9.]+))?(?: of ([a-z_0-9]+))?")
_WITHOUT_SIZE = ("same", "crossed")
_OF_TEXT = ("alike", "slips", "start")
_OF_TIME = ("days", "later")
_NAME = r"^[a-z][a-z_0-9]{0,40}$"


class Level(Strict):
    """One way to agree: ``alike 0.9 of surname`` is the way ``alike``, size 0.9, of one column alone."""

    way: Literal["same", "crossed", "alike", "slips", "start", "days", "later", "within"]
    size: float = 0.0
    of: str = ""


class Comparison(Strict):
    """Columns that are weighed as one piece of evidence, and its levels, the strongest first.

    A level is written as text:

    - ``same``: equal
    - ``crossed``: two columns with their values exchanged
    - ``alike 0.9``: Jaro-Winkler similarity of at least 0.9
    - ``slips 1``: at most one letter inserted, left out or changed
    - ``start 3``: the first three letters equal
    - ``days 31``: dates no more than 31 days apart
    - ``later 10``: the right date no more than ten days after the left, and not before it
    - ``within 0.1``: numbers that differ by no more than a tenth of the larger

    and, with several columns, means all of them, unless it ends in ``of COLUMN``. That nothing agrees, and
    that a side has nothing to compare, are levels of every comparison.
    """

    name: str = Field(pattern=_NAME)
    columns: tuple[str, ...] = Field(min_length=1, max_length=2)
    levels: tuple[str, ...] = Field(min_length=1)
    frequencies: bool = Field(
        False, description="Agreement on a rare value is worth more than on a common one"
    )

    @model_validator(mode="after")
    def _readable(self) -> Comparison:
        for level in self.read():
            if level.way == "crossed" and len(self.columns) != 2:
                raise ValueError(f"`crossed` in {self.name} needs two columns")
            if level.of and level.of not in self.columns:
                raise ValueError(f"`of {level.of}` in {self.name}: it compares {', '.join(self.columns)}")
        return self

    def read(self) -> tuple[Level, ...]:
        """The levels as data. Raises ``ValueError`` naming the first that cannot be read."""
        return tuple(_level(text) for text in self.levels)


def _level(text: str) -> Level:
    found = _LEVEL.fullmatch(text)
    if found is None or (found[2] is None) != (found[1] in _WITHOUT_SIZE):
        raise ValueError(
            f"`{text}` is no level; write one such as `same`, `alike 0.9` or `slips 1 of surname`"
        )
    return Level(way=found[1], size=float(found[2] or 0), of=found[3] or "")


class Candidates(Strict):
    """One rule that proposes pairs: what must be the same, begin alike and lie near.

    ``same`` names columns, or a column of each side as ``left=right``; ``start`` gives letters from the
    front; ``near`` the greatest difference of numbers, or of dates in days.
    """

    same: tuple[str, ...] = ()
    start: dict[str, int] = Field({})
    near: dict[str, float] = Field({})

    @model_validator(mode="after")
    def _narrow(self) -> Candidates:
        if not (self.same or self.start or self.near):
            raise ValueError("a rule for candidates needs `same`, `start` or `near`")
        if any(size <= 0 for size in (*self.start.values(), *self.near.values())):
            raise ValueError("`start` and `near` must be above nought")
        return self

    def sides(self) -> tuple[tuple[str, str], ...]:
        """Each column of ``same`` as (left, right)."""
        parts = (text.partition("=") for text in self.same)
        return tuple((left, right or left) for left, _, right in parts)

    def touched(self) -> frozenset[str]:
        """Every column the rule looks at."""
        return frozenset((*(name for pair in self.sides() for name in pair), *self.start, *self.near))


class Plan(Strict):
    """How to match two tables."""

    columns: dict[str, Literal["text", "number", "date"]] = Field(min_length=1)
    comparisons: tuple[Comparison, ...] = Field(min_length=2)
    candidates: tuple[Candidates, ...] = Field(min_length=1)
    training: tuple[Candidates, ...] = Field(
        (),
        description="Rules whose pairs the shares are learned from; the candidate rules where none are given",
    )
    block_limit: int = Field(
        2000, ge=2, description="Left records of one key beyond which a rule skips the key"
    )
    one_to_one: bool = Field(False, description="Each left record has at most one right one, and the reverse")
    linked: float = Field(0.5, gt=0, lt=1, description="Probability from which a best candidate is a match")

    @model_validator(mode="after")
    def _consistent(self) -> Plan:
        names = [comparison.name for comparison in self.comparisons]
        if len(set(names)) < len(names):
            raise ValueError("two comparisons have the same name")
        used = {name for comparison in self.comparisons for name in comparison.columns}
        used |= {name for rule in (*self.candidates, *self.training) for name in rule.touched()}
        if unknown := sorted(used - set(self.columns)):
            raise ValueError(f"{unknown[0]} is used but is not among the columns")
        for comparison in self.comparisons:
            for level, text in zip(comparison.read(), comparison.levels, strict=True):
                for name in [level.of] if level.of else comparison.columns:
                    self._suits(text, level.way, name)
        for rule in (*self.candidates, *self.training):
            for name in rule.start:
                self._suits("start", "start", name)
            if texts := sorted(name for name in rule.near if self.columns[name] == "text"):
                raise ValueError(f"{texts[0]} is text; `near` needs numbers or dates")
        return self

    def _suits(self, text: str, way: str, name: str) -> None:
        kind = self.columns[name]
        if (way in _OF_TEXT and kind == "number") or (way == "alike" and kind != "text"):
            raise ValueError(f"`{text}` compares text, and {name} is a {kind}")
        if way in _OF_TIME and kind != "date":
            raise ValueError(f"`{text}` compares dates, and {name} is a {kind}")
        if way == "within" and kind != "number":
            raise ValueError(f"`{text}` compares numbers, and {name} is a {kind}")

    def table(self, side: str) -> Table:
        """The contract of one side: ``record_id`` and the plan's columns."""
        columns = (Column(name, kind, "As given") for name, kind in self.columns.items())
        return Table(side, "one record to match", ("record_id",), (_RECORD_ID, *columns))

    def rules(self) -> tuple[Candidates, ...]:
        """The rules of candidates, then those used for training alone."""
        return _distinct((*self.candidates, *self.training))


_RECORD_ID = Column("record_id", "text", "Names the record within its table", required=True)


def _distinct(rules: tuple[Candidates, ...]) -> tuple[Candidates, ...]:
    kept: list[Candidates] = []
    for rule in rules:
        if rule not in kept:
            kept.append(rule)
    return tuple(kept)


def load_plan(path: Path) -> Plan:
    """A plan from a TOML file. Raises ``UserError`` where it is absent or not a plan."""
    return validated(Plan, load_toml(path), path)
