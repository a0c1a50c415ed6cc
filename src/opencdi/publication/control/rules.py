"""The rules of disclosure control: data with a version, a rationale each, and published as they stand."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import cache, cached_property
from importlib.resources import files

from pydantic import Field, model_validator

from opencdi.settings import Strict

EVERYTHING_ELSE = 1.0
"""Cost of withholding what the rules do not name."""


class ClassOfCounts(Strict):
    """Counts that share a threshold. See the head of ``rules.toml``."""

    name: str
    words: list[str]
    measures: list[str]
    errors: list[str]
    least_read: int = Field(ge=1)
    least_count: int = Field(ge=2)
    least_change: int = Field(ge=1)
    step: float = Field(gt=0)
    rationale: str = Field(min_length=1)

    def takes(self, measure: str, group: str) -> bool:
        named = any(re.search(rf"\b{re.escape(word)}", group, re.IGNORECASE) for word in self.words)
        return named or measure in self.measures or not self.is_special

    @property
    def is_special(self) -> bool:
        return bool(self.words or self.measures or self.errors)


class Change(Strict):
    version: str
    reason: str = Field(min_length=1)


class Cost(Strict):
    measures: dict[str, float]
    dimensions: dict[str, float]


class Rules(Strict):
    """All rules of one version."""

    version: str
    rounding_of_yearly_numbers: int = Field(ge=1)
    least_to_pool: int = Field(ge=2)
    pooled_counts_round_to: int = Field(ge=1)
    changes: list[Change]
    classes: list[ClassOfCounts]
    breakdowns: dict[str, list[str]]
    breakdowns_of_groups: dict[str, list[str]]
    cost: Cost

    @model_validator(mode="after")
    def _is_whole(self) -> Rules:
        if not self.classes or self.classes[-1].is_special:
            raise ValueError("the last class must take every count that no other takes")
        if self.version not in {change.version for change in self.changes}:
            raise ValueError("the version needs its reason under `changes`")
        return self

    def class_of(self, measure: str, group: str) -> ClassOfCounts:
        return self._class_of(measure, group)

    @cached_property
    def _class_of(self) -> Callable[[str, str], ClassOfCounts]:
        def found(measure: str, group: str) -> ClassOfCounts:
            return next(each for each in self.classes if each.takes(measure, group))

        return cache(found)

    def class_of_error(self, kind: str) -> ClassOfCounts:
        return next(each for each in self.classes if kind in each.errors or not each.is_special)

    def publishes(self, measure: str, dimension: str, group: str) -> bool:
        """All crimes by every measure, and groups by those named under ``breakdowns``."""
        named = self.breakdowns_of_groups.get(group, self.breakdowns.get(dimension, ()))
        return dimension == "all" or measure in named

    @property
    def smallest_stratum(self) -> int:
        """Reports below which a stratum of a published design would tell of so few that it is withheld."""
        return max(each.least_read for each in self.classes)

    def cost_of(self, measure: str, dimension: str) -> float:
        return self.cost.measures.get(measure, EVERYTHING_ELSE) * self.cost.dimensions.get(
            dimension, EVERYTHING_ELSE
        )


@cache
def read_rules() -> Rules:
    """The rules that come with OpenCDI."""
    text = files("opencdi.publication.control").joinpath("rules.toml").read_text(encoding="utf-8")
    return Rules.model_validate(tomllib.loads(text))
