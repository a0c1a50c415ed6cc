"""A profile in the making: what was found, and what is unsure about it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from opencdi.records.guessing.fields import ROLES


@dataclass
class DraftSource:
    """The columns of one field, and what the profile must say beside them."""

    columns: list[str]
    formats: tuple[str, ...] = ()
    separator: str | None = None


@dataclass(frozen=True)
class CodeEntry:
    """One code of a list: its meaning (None where nothing says it), its description and its count."""

    code: str
    meaning: str | None
    description: str
    count: int


@dataclass
class Draft:
    """Everything a proposed profile says, by ``looked_at`` of the ``rows`` of its file. ``doubts`` are
    sentences for the person who checks it."""

    table: Literal["incidents", "crimes"]
    file_name: str
    looked_at: int
    rows: int
    layout: dict[str, str | int] = field(default_factory=dict)
    formats: tuple[str, ...] = ()
    sources: dict[str, DraftSource] = field(default_factory=dict)
    parties: dict[str, dict[str, str]] = field(default_factory=dict)
    codes: dict[str, list[CodeEntry]] = field(default_factory=dict)
    patterns: dict[str, Mapping[str, str]] = field(default_factory=dict)
    flag_columns: dict[str, str] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    def as_toml(self) -> str:
        """The profile as TOML, its doubts as comments."""
        parts = [
            self._head(),
            self._columns(),
            *(_code_list(name, entries) for name, entries in self.codes.items()),
            *(_patterns(name, patterns) for name, patterns in self.patterns.items()),
            self._flag_columns(),
            *(self._party(role) for role in ROLES if role in self.parties),
            self._not_used(),
        ]
        return "\n".join(part for part in parts if part)

    def _head(self) -> str:
        lines = [
            f"# How {self.file_name} becomes the table of {self.table}. Proposed by `opencdi init` from its",
            "# headings and contents: check it, and change what is wrong.",
        ]
        if self.looked_at < self.rows:
            lines += [
                f"# Columns and formats were settled by {self.looked_at:,} of the {self.rows:,} rows, spread",
                "# over the file; codes by all rows.",
            ]
        if self.doubts:
            lines += ["#", "# Unsure:", *(f"#   - {doubt}" for doubt in self.doubts)]
        lines += ["", f"table = {_text(self.table)}", 'zone = "Europe/London"']
        if self.formats:
            lines.append(f"formats = {_list(self.formats)}")
        if self.layout:
            lines += ["", "[layout]", *(f"{key} = {json.dumps(value)}" for key, value in self.layout.items())]
        return "\n".join(lines) + "\n"

    def _columns(self) -> str:
        lines = ["[columns]"]
        lines += [f"{name} = {_source(source)}" for name, source in self.sources.items()]
        return "\n".join(lines) + "\n"

    def _flag_columns(self) -> str:
        if not self.flag_columns:
            return ""
        lines = [f"{_text(heading)} = {_text(flag)}" for heading, flag in self.flag_columns.items()]
        return "\n".join(["[flag_columns]", *lines]) + "\n"

    def _party(self, role: str) -> str:
        lines = [f"{attribute} = {_text(heading)}" for attribute, heading in self.parties[role].items()]
        return "\n".join(["[[party]]", f"role = {_text(role)}", *lines]) + "\n"

    def _not_used(self) -> str:
        if not self.unused:
            return ""
        return (
            "\n".join(
                ["# Columns of the export that are not used:", *(f"#   {each}" for each in self.unused)]
            )
            + "\n"
        )


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(_text(value) for value in values)}]"


def _source(source: DraftSource) -> str:
    if not source.formats and source.separator is None:
        return _text(source.columns[0]) if len(source.columns) == 1 else _list(source.columns)
    parts = [f"columns = {_list(source.columns)}"]
    if source.formats:
        parts.append(f"formats = {_list(source.formats)}")
    if source.separator is not None:
        parts.append(f"separator = {_text(source.separator)}")
    return f"{{ {', '.join(parts)} }}"


def _code_list(name: str, entries: Sequence[CodeEntry]) -> str:
    return "\n".join([f"[codes.{name}]", *(_code_line(entry) for entry in entries)]) + "\n"


def _code_line(entry: CodeEntry) -> str:
    note = f"{entry.description}, " if entry.description else ""
    rows = f"{entry.count:,} row{'s' if entry.count != 1 else ''}"
    if entry.meaning is None:
        return f'# {_text(entry.code)} = ""  # {note}{rows}: what does it mean?'
    doubt = ": what does it mean?" if entry.meaning == "unknown" else ""
    return f"{_text(entry.code)} = {_text(entry.meaning)}  # {note}{rows}{doubt}"


def _patterns(name: str, patterns: Mapping[str, str]) -> str:
    lines = [f"{_literal(pattern)} = {_text(meaning)}" for pattern, meaning in patterns.items()]
    return "\n".join([f"[patterns.{name}]", *lines]) + "\n"


def _literal(pattern: str) -> str:
    return f"'{pattern}'" if "'" not in pattern else _text(pattern)
