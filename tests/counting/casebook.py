"""The cases under ``tests/counting/cases``: read, and checked for what can be seen in them alone."""

from __future__ import annotations

import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

FOLDER = Path(__file__).with_name("cases")


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Expected(Strict):
    """Records that must stand, several alike as ``number``."""

    as_: Literal["crime", "n100", "n300", "crime_related_incident"] = Field(alias="as")
    class_: str | None = Field(None, alias="class")
    code: str | None = None
    n100: str | None = None
    number: int = 1


class Ruled(Strict):
    """What may be done with a crime already on record."""

    action: str
    may: bool
    decided_by: str | None = None


class Case(Strict):
    """The facts in words and as data, the answer, and where the answer stands."""

    id: str
    words: str = Field(min_length=10)
    kind: Literal["official", "own", "inspection"]
    document: str
    page: str
    report: dict[str, Any]
    expect: list[Expected] = Field(default_factory=list)
    ruled: list[Ruled] = Field(default_factory=list)
    rules: list[str] = Field(default_factory=list)
    missing: list[str] = Field(default_factory=list)
    flags: list[str] | None = None
    """Every flag due on any record; not compared where it is left out."""
    deadline: datetime | None = None


class Chapter(Strict):
    chapter: str
    case: list[Case]


@cache
def chapters() -> dict[str, Chapter]:
    """Every chapter by the name of its file, in order."""
    return {
        path.name: Chapter.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        for path in sorted(FOLDER.glob("*.toml"))
    }


def cases() -> list[Case]:
    return [case for chapter in chapters().values() for case in chapter.case]
