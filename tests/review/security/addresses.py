"""Every address of the room, with something in the place of each variable."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from uuid import UUID

from django.urls import get_resolver

from opencdi.review.access import routes

NOBODYS = UUID(int=0)
DEFAULTS: Mapping[str, str] = {"uuid": str(NOBODYS), "int": "1", "str": "x", "slug": "x", "path": "x"}
_NAMED = re.compile(r"\(\?P<(\w+)>[^)]*\)")
_VARIABLE = re.compile(r"<(?:(\w+):)?(\w+)>")


def every_address(fillings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Each route once; ``fillings`` gives values by the variable's name, else one of its type is made up."""
    for pattern, _view in routes(get_resolver().url_patterns):
        yield filled(pattern, fillings or {})


def filled(pattern: str, fillings: Mapping[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        kind, name = found[1] or "str", found[2]
        return fillings.get(name, DEFAULTS.get(kind, "x"))

    named = _NAMED.sub(r"<\1>", pattern)
    plain = named.replace("^", "").replace("$", "").replace("\\", "")
    return "/" + _VARIABLE.sub(value, plain)
