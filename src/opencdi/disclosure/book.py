"""The pattern book: what stands in ``patterns/*.toml``, checked and held together.

A *tag* is a set of phrases of one meaning (``strike_sure``, ``partner``, ``negate``). A *rule* says
which tags, in one clause, describe which *kind* of offence. A kind names the Home Office class.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from opencdi.disclosure.phrases import how_many, written_out
from opencdi.errors import UserError

SCOPES = frozenset(
    {
        "boundary",
        "question",
        "comma",
        "either",
        "negate",
        "deny_after",
        "hypothesis",
        "feared",
        "not_yet",
        "doubt",
        "retract",
        "retract_property",
        "found_out",
        "resumes",
        "closed_no_crime",
        "accident",
        "scope_end",
        "past",
        "record_of",
        "other_event",
        "neutral",
    }
)
"""Tags that say how a log speaks; a longer phrase does not take these on from the words inside it."""


MOST_TAGS = 384
"""As many as the compiled reader's sets of tags hold (``kernel.LIMBS``)."""

MOST_WRITINGS = 6_000
"""Sequences of words one phrase may stand for: choices multiply, and each takes memory and start-up time."""


@dataclass(frozen=True)
class Rule:
    """One way of describing an offence: tags that must all stand in one clause, the first of them leading.

    Each item of ``needs`` is a choice of tags. ``near`` is the greatest distance, in words, between
    the leading tag and each of the others.
    """

    id: str
    kind: str
    needs: tuple[frozenset[str], ...]
    unless: frozenset[str]
    strength: float
    near: int
    longest: int | None
    """Only in a log of at most so many words: what is a label there is a mention elsewhere."""


@dataclass(frozen=True)
class Kind:
    """One kind of offence, in the words of the Home Office list."""

    name: str
    family: str
    victim: str
    class_code: str | None
    class_by: str | None
    subcode: str | None
    attempted: bool
    absorbs: frozenset[str]


@dataclass(frozen=True)
class Together:
    """Kinds that, in one log and at most ``within`` clauses apart, make another kind.

    The log must hold one of ``tags`` (where there are any) and none of ``without``.
    """

    kinds: tuple[str, str]
    tags: frozenset[str]
    without: frozenset[str]
    within: int
    makes: str
    strength: float


@dataclass(frozen=True)
class GroupSupport:
    """What an opening or closing group supports on its own."""

    kind: str
    families: frozenset[str]


@dataclass(frozen=True)
class Outline:
    """What of a book is still asked for once its phrases and rules are compiled: the names of its tags, the
    ids of its rules in order, its kinds, and what groups support."""

    tags: tuple[str, ...]
    rules: tuple[str, ...]
    kinds: Mapping[str, Kind]
    groups: Mapping[str, GroupSupport]


@dataclass(frozen=True)
class Book:
    """The whole pattern book."""

    tags: Mapping[str, tuple[tuple[str, ...], ...]]
    rules: tuple[Rule, ...]
    kinds: Mapping[str, Kind]
    together: tuple[Together, ...]
    groups: Mapping[str, GroupSupport]

    @property
    def outline(self) -> Outline:
        return Outline(tuple(self.tags), tuple(rule.id for rule in self.rules), self.kinds, self.groups)


PATTERNS = Path(__file__).with_name("patterns")


@cache
def the_book() -> Book:
    """The pattern book that is shipped."""
    files = sorted(PATTERNS.glob("*.toml"))
    return bound([(file.name, tomllib.loads(file.read_text(encoding="utf-8"))) for file in files])


def bound(files: Sequence[tuple[str, Mapping[str, Any]]]) -> Book:
    """Pattern files, read from TOML, as one book.

    Raises ``UserError`` for a rule that names a tag or a kind no file holds, for more than ``MOST_TAGS``,
    and for a phrase whose choices multiply beyond ``MOST_WRITINGS``.
    """
    tags: dict[str, dict[tuple[str, ...], None]] = {}
    rules: list[Rule] = []
    kinds: dict[str, Kind] = {}
    together: list[Together] = []
    groups: dict[str, GroupSupport] = {}
    for name, content in files:
        for section in ("tags", "support"):
            for tag, phrases in content.get(section, {}).items():
                held = tags.setdefault(tag, {})
                for phrase in phrases:
                    _check_choices(phrase, tag, name)
                    held.update(dict.fromkeys(written_out(phrase)))
        rules += [_rule(entry) for entry in content.get("rules", [])]
        kinds |= {name: _kind(name, entry) for name, entry in content.get("kinds", {}).items()}
        together += [_together(entry) for entry in content.get("together", [])]
        groups |= {name: _group(entry) for name, entry in content.get("groups", {}).items()}
    _check(tags.keys(), rules, kinds)
    return Book(
        {tag: tuple(held) for tag, held in tags.items()}, tuple(rules), kinds, tuple(together), groups
    )


def _rule(entry: Mapping[str, Any]) -> Rule:
    return Rule(
        entry["id"],
        entry["kind"],
        tuple(frozenset(choice.split("|")) for choice in entry["needs"]),
        frozenset(entry.get("unless", [])),
        entry["strength"],
        entry.get("near", 12),
        entry.get("longest"),
    )


def _kind(name: str, entry: Mapping[str, Any]) -> Kind:
    return Kind(
        name,
        entry["family"],
        entry["victim"],
        entry.get("class"),
        entry.get("class_by"),
        entry.get("subcode"),
        entry.get("attempted", False),
        frozenset(entry["absorbs"]),
    )


def _together(entry: Mapping[str, Any]) -> Together:
    first, second = entry["kinds"]
    return Together(
        (first, second),
        frozenset(entry.get("tags", [])),
        frozenset(entry.get("without", [])),
        entry.get("within", 1_000),
        entry["makes"],
        entry["strength"],
    )


def _group(entry: Mapping[str, Any]) -> GroupSupport:
    return GroupSupport(entry["kind"], frozenset(entry["families"]))


def _check_choices(phrase: str, tag: str, file: str) -> None:
    if how_many(phrase, MOST_WRITINGS) > MOST_WRITINGS:
        raise UserError(
            f"A phrase of the tag `{tag}` in {file} has choices that multiply to more than "
            f"{MOST_WRITINGS:,} ways of writing it. Write it as shorter phrases, or its parts as tags that "
            "a rule asks for together."
        )


def _check(tags: Any, rules: Sequence[Rule], kinds: Mapping[str, Kind]) -> None:
    if len(tags) > MOST_TAGS:
        raise UserError(
            f"The pattern files hold {len(tags)} tags, and at most {MOST_TAGS} can be read. Join tags of one "
            "meaning, and leave out those no rule asks for."
        )
    for rule in rules:
        unknown = sorted(frozenset().union(*rule.needs, rule.unless) - set(tags))
        if unknown:
            raise UserError(f"Pattern rule `{rule.id}` names tags no file holds: {', '.join(unknown)}.")
        if rule.kind not in kinds:
            raise UserError(f"Pattern rule `{rule.id}` names the kind `{rule.kind}`, which kinds.toml lacks.")
