"""What is left of a figure after control: nothing, or its numbers as rounded as they may be shown."""

from __future__ import annotations

import math
from dataclasses import replace

from opencdi.publication.control.rules import ClassOfCounts, Rules
from opencdi.publication.figures import Figure, Marker

WITHHELD = "Withheld so that nobody can be recognised from it."
OPEN_CASES_WITHHELD = "Some cases could not be judged; how many is withheld."

_UP = ("upper", "worst_upper", "official_upper")
_DOWN = ("lower", "worst_lower", "official_lower")


def withheld(figure: Figure) -> Figure:
    """The figure's name, and no number at all."""
    return Figure(figure.measure, figure.dimension, figure.group, figure.unit, note=WITHHELD, marker="c")


def rounded(figure: Figure, rules: Rules) -> Figure:
    """The figure as it may be shown: limits rounded outwards, so that the interval never promises more."""
    if figure.unit == "crimes":
        return _rounded_to(figure, float(rules.rounding_of_yearly_numbers))
    if figure.unit == "coefficient":
        return _rounded_to(figure, 0.001)
    counts = rules.class_of(figure.measure, figure.group)
    return _without_few_open_cases(_rounded_to(figure, counts.step / 100), counts)


def _rounded_to(figure: Figure, step: float) -> Figure:
    changed: dict[str, float | None] = {"estimate": _near(figure.estimate, step)}
    changed |= {name: _steps(getattr(figure, name), step, math.floor) for name in _DOWN}
    changed |= {name: _steps(getattr(figure, name), step, math.ceil) for name in _UP}
    changed["standard_error"] = _near(figure.standard_error, step / 10)
    changed["effective_size"] = _near(figure.effective_size, 1.0)
    changed["degrees_of_freedom"] = _near(figure.degrees_of_freedom, 1.0)
    changed["design_effect"] = _near(figure.design_effect, 0.01)
    return replace(figure, **changed, marker=_marker(figure, changed["estimate"]))  # type: ignore[arg-type]


def _marker(figure: Figure, shown: float | None) -> Marker:
    if figure.estimate is not None:
        return "low" if shown == 0 < figure.estimate else figure.marker
    return figure.marker or ("z" if figure.denominator == 0 else "x")


def _without_few_open_cases(figure: Figure, counts: ClassOfCounts) -> Figure:
    """A few unjudged cases of a group are withheld, and with them the limits that would tell how many."""
    if figure.dimension == "all" or not 0 < (figure.open_cases or 0) < counts.least_count:
        return figure
    return replace(figure, open_cases=None, worst_lower=None, worst_upper=None, note=OPEN_CASES_WITHHELD)


def _near(value: float | None, step: float) -> float | None:
    return None if value is None else _tidy(round(value / step) * step)


def _steps(value: float | None, step: float, way: object) -> float | None:
    if value is None or not math.isfinite(value):
        return value
    steps = value / step
    nearest = round(steps)
    whole = (
        nearest if abs(steps - nearest) < 1e-9 else (math.floor if way is math.floor else math.ceil)(steps)
    )
    return _tidy(whole * step)


def _tidy(value: float) -> float:
    return round(value, 9)
