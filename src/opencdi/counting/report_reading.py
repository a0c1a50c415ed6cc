"""Reading a facts file: its text becomes a checked report, or one sentence says what is wrong with it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from opencdi.counting.report import Report
from opencdi.counting.report_faults import faults
from opencdi.errors import UserError

MOST_BYTES = 1_000_000
"""A facts file is a few kilobytes; more is some other file."""


def read(text: str, source: str) -> Report:
    """A facts file's text as a checked report. Raises ``UserError`` naming the place and the remedy."""
    if len(text) > MOST_BYTES:
        raise UserError(
            f"{source} is too large for a facts file, which is a few kilobytes. Name the right file."
        )
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{source} is not valid TOML: {error}. Mend that place and run again.") from None
    except RecursionError:
        raise UserError(
            f"{source} nests tables or lists too deeply for a facts file. Name the right file."
        ) from None
    return checked(values, source)


def checked(values: Mapping[str, Any], source: str) -> Report:
    """Facts as a report. Raises ``UserError`` for the first that is unknown, impossible or contradictory."""
    try:
        report = Report.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = _place(first["loc"])
        if first["type"] == "extra_forbidden":
            raise UserError(f"{source}: unknown key `{place}`. Remove it or correct its spelling.") from None
        if first["type"] == "missing":
            raise UserError(f"{source}: `{place}` is missing. Add it.") from None
        raise UserError(f"{source}: `{place}`: {first['msg']}. Correct it.") from None
    for sentence in faults(report):
        raise UserError(f"{source}: {sentence}")
    return report


def _place(parts: tuple[int | str, ...]) -> str:
    """``offences 2, victims`` rather than ``offences.1.victims``."""
    return ", ".join(
        f"{part} {after + 1}" if isinstance(after, int) else str(part)
        for part, after in zip(parts, (*parts[1:], None), strict=True)
        if not isinstance(part, int) and part not in ("list[int]", "literal['state']")
    )
