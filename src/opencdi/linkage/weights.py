"""The weights file: what each level of each comparison is worth, and where that was learned.

The file is JSON and knows no engine. A level holds ``m``, the share of right pairs at that level, and
either ``u``, the share of wrong pairs, or ``others``: how many wrong incidents in a crime's window agree
like that by chance. ``others`` suits what names one person or number: a force twice the size has twice the
incidents in the window, but no more of them by the same caller. A level that hangs on how crowded places
are names its ``crowd``: its ``others`` grow with what is measured where links are made (see ``density``).

The model is that of Fellegi and Sunter (1969), *A Theory for Record Linkage*, Journal of the American
Statistical Association 64(328): a level is worth log2(m / u) bits and the bits of independent
comparisons add up.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources
from math import log2
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from opencdi.errors import UserError
from opencdi.linkage.density import Density
from opencdi.linkage.levels import LEVELS
from opencdi.settings import Strict, validated

_SHIPPED = ("default", "start")
_LEAST_WRONG = 1e-9


class LevelWeight(Strict):
    """One level: ``m`` and one of ``u`` and ``others``."""

    m: float = Field(gt=0, le=1)
    u: float | None = Field(None, gt=0, le=1)
    others: float | None = Field(None, gt=0)
    crowd: Literal["postcode", "sector", "beat"] | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> LevelWeight:
        if (self.u is None) == (self.others is None):
            raise ValueError("a level needs either u or others, and not both")
        if self.crowd is not None and self.others is None:
            raise ValueError("a level with a crowd needs others")
        return self

    def wrong(self, here: Density, learned: Mapping[str, float]) -> float:
        """Share of wrong pairs in a force of this density, from one where crowds were as learned."""
        if self.u is not None:
            return self.u
        others = self.others or 0.0
        if self.crowd in here.crowds and self.crowd in learned:
            others *= here.crowds[self.crowd] / learned[self.crowd]
        return min(1.0, others / here.window)


class Thresholds(Strict):
    """Where the classes of a link part.

    ``linked`` asks whether the crime came from an incident on file at all; ``own`` whether from this one.
    Where a crime has several candidates that are each a little likely, the first may be reached and not the
    second.
    """

    clear_margin: float = Field(description="Bits the best must lead the runner-up by to be clear")
    own: float = Field(
        0.9, gt=0, lt=1, description="Probability that the best candidate itself is right, to be clear"
    )
    linked: float = Field(
        gt=0, lt=1, description="Probability that any candidate is right, to be clear or ambiguous"
    )
    none: float = Field(ge=0, lt=1, description="Below this the best is too weak to name")


class Knot(Strict):
    """A point of the calibration: what the model says in logits, and the share that was right."""

    said: float
    right: float = Field(ge=0, le=1)


class Weights(Strict):
    """A whole weights file."""

    format: Literal[1]
    provenance: dict[str, str | int | float]
    incident_share: float = Field(
        gt=0, lt=1, description="Share of crimes that come from an incident on file, before any evidence"
    )
    crowds: dict[str, float] = Field(description="How crowded places were where this was learned")
    comparisons: dict[str, dict[str, LevelWeight]]
    thresholds: Thresholds
    calibration: tuple[Knot, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _whole(self) -> Weights:
        if set(self.comparisons) != set(LEVELS):
            raise ValueError(f"comparisons must be exactly {', '.join(LEVELS)}")
        for name, levels in LEVELS.items():
            odd = sorted(set(levels) ^ set(self.comparisons[name]))
            if odd:
                raise ValueError(f"level {odd[0]} of {name} is missing, or not one of this version's")
        said = [knot.said for knot in self.calibration]
        right = [knot.right for knot in self.calibration]
        if said != sorted(set(said)) or right != sorted(right):
            raise ValueError("calibration must rise from knot to knot")
        return self

    def prior(self, here: Density) -> float:
        """Bits for one incident of the window before any evidence, against coming from none."""
        return log2(self.incident_share / (1 - self.incident_share) / here.window)

    def bits(self, comparison: str, here: Density) -> dict[str, float]:
        """log2(m / u) of each level, in the order of ``levels.LEVELS``."""
        given = self.comparisons[comparison]
        return {
            level: log2(given[level].m / max(given[level].wrong(here, self.crowds), _LEAST_WRONG))
            for level in LEVELS[comparison]
        }


def to_json(weights: Weights) -> str:
    """The text of a weights file."""
    return weights.model_dump_json(indent=1, exclude_none=True) + "\n"


def load_weights(name: str) -> Weights:
    """Weights shipped with the package (``default``, or ``start``: set by hand), or those of a file.

    Raises ``UserError`` where the file is absent, is not JSON, or holds something else.
    """
    if name in _SHIPPED:
        shipped = resources.files("opencdi.linkage") / "weights" / f"{name}.json"
        return Weights.model_validate_json(shipped.read_text(encoding="utf-8"))
    path = Path(name)
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(f"There is no weights file {path}. Make one with `opencdi link-train`.") from None
    except ValueError as error:
        raise UserError(
            f"{path} is not valid JSON: {error}. Make it anew with `opencdi link-train`."
        ) from None
    return validated(Weights, values, path)
