"""The grade rules that come with OpenCDI."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from opencdi.errors import UserError
from opencdi.estimation.grades import GradeRules, grade_rules

_FOLDER = files("opencdi.estimation") / "grade_rules"


def grade_rule_names() -> list[str]:
    return sorted(
        each.name.removesuffix(".toml") for each in _FOLDER.iterdir() if each.name.endswith(".toml")
    )


def read_grade_rules(name: str) -> GradeRules:
    """Rules by name. Raises ``UserError`` naming those there are."""
    if name not in grade_rule_names():
        raise UserError(f"There are no grade rules `{name}`. Use one of: {', '.join(grade_rule_names())}.")
    return grade_rules(tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8")))
