"""A file of known cases: incidents whose answer is settled, to be judged unseen among those of the sample."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from opencdi.review.audits.material import Facts
from opencdi.review.judging.answers import Answers
from opencdi.settings import load_toml, validated


class KnownCase(BaseModel):
    """One incident, its log, and what is truly required of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    facts: Facts
    log: str
    truth: Answers


class KnownCases(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    case: list[KnownCase] = Field(min_length=1)


def read_known_cases(path: Path) -> list[KnownCase]:
    """Raises ``UserError`` naming the first key that is wrong."""
    return validated(KnownCases, load_toml(path), path).case
