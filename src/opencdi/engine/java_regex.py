"""Regular expressions of RE2, which DuckDB speaks, as the same in Java's, which Spark speaks.

Where both take a pattern they may still mean different things: Java's ``$`` also stands before a last
line break, its ``.`` stops at more kinds of line break, its ``\\b`` and ``\\s`` know other characters,
and its ``(?i)`` folds ASCII letters only.
"""

from __future__ import annotations

import re

_WORD = "[0-9A-Za-z_]"
_EDGE = f"(?:(?<={_WORD})(?!{_WORD})|(?<!{_WORD})(?={_WORD}))"
_BLANKS = r"\t\n\f\r "
_TOKEN = re.compile(
    r"\\(?P<escaped>.)|(?P<open>\[\^?\]?)|(?P<close>\])|(?P<end>\$)|\(\?(?P<flags>[a-z]+)(?P<scope>[:)])",
    re.S,
)


def java_pattern(pattern: str) -> str:
    """A pattern of RE2's syntax in Java's, with the same matches."""
    inside = False

    def turned(found: re.Match[str]) -> str:
        nonlocal inside
        whole = found[0]
        if found["escaped"]:
            return _escape(found["escaped"], inside) or whole
        if inside:
            inside = not found["close"]
            return "\\[" if found["open"] else whole
        if found["open"]:
            inside = True
            return whole.replace("]", "\\]")
        if found["end"]:
            return r"\z"
        if found["flags"] and "i" in found["flags"]:
            return whole.replace("i", "iu")
        return whole

    return "(?d)" + _TOKEN.sub(turned, pattern)


def _escape(letter: str, inside: bool) -> str | None:
    if letter == "b" and not inside:
        return _EDGE
    if letter == "s":
        return _BLANKS if inside else f"[{_BLANKS}]"
    if letter == "S" and not inside:
        return f"[^{_BLANKS}]"
    return None


def java_replacement(replacement: str) -> str:
    """A replacement with RE2's ``\\1`` in Java's ``$1``."""
    return re.sub(r"\\([0-9])", r"$\1", replacement.replace("$", r"\$"))
