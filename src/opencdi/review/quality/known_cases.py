"""A file of known cases: incidents whose answer is settled, to be judged unseen among those of the sample."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from opencdi.errors import UserError
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
    """Known cases of a TOML or JSON file. Raises ``UserError`` naming the first key that is wrong."""
    return validated(KnownCases, _values(path), path).case


def _values(path: Path) -> dict[str, Any]:
    if path.suffix != ".json":
        return load_toml(path)
    try:
        values: dict[str, Any] = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise UserError(f"There is no file {path}. Check the name.") from None
    except ValueError:
        raise UserError(f"{path} is not valid JSON. Write it again.") from None
    return values
