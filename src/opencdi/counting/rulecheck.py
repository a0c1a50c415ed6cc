"""All rules looked at together: unknown words, rules that can never hold, overlaps and gaps.

Every condition is a set of values for each fact, so that "implies" is set inclusion and each
question here is decided, not sampled.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from opencdi.counting.classification import HOCR, Classification, read_rows
from opencdi.counting.editions import EDITIONS
from opencdi.counting.facts import FACTS
from opencdi.counting.offences import OffenceClass
from opencdi.counting.reference import cancellations, flags
from opencdi.counting.rulebook import Rule, Rulebook, Terms, Version
from opencdi.counting.traits import NOT_NOTIFIABLE
from opencdi.schema import FLAGS

STEPS_WITH_RULES = range(1, 8)
"""Steps of the flow chart at which a rule may stop; 8 to 10 follow from not having stopped."""

NOT_CODES = ("N100", "N200", "N300")
"""Prefixes of what a rule may name as class or code although it is no crime."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with one rule (or, with an empty id, with the rules as a whole)."""

    rule_id: str
    sentence: str


def check(book: Rulebook, listed: Classification) -> tuple[Fault, ...]:
    """Every fault of the rules together; an empty answer is a sound rulebook."""
    documents = frozenset(tomllib.loads((HOCR / "sources.toml").read_text(encoding="utf-8")))
    found: list[Fault] = []
    for rule in book:
        for version in rule.version:
            sentences = (
                *_unknown_words(version, listed, documents),
                *_can_never_hold(version, listed),
                *_outside_the_life_of_its_classes(version, listed),
            )
            found.extend(Fault(rule.id, sentence) for sentence in sentences)
        found.extend(Fault(rule.id, sentence) for sentence in _unknown_exceptions(rule, book))
    found.extend(Fault("", sentence) for sentence in _unknown_in_tables(listed))
    found.extend(_shadowed(book))
    found.extend(_taken_in_by_each_other(book, listed))
    found.extend(_overlaps(book))
    found.extend(_gaps(book))
    return tuple(found)


def _unknown_words(version: Version, listed: Classification, documents: frozenset[str]) -> Iterator[str]:
    if version.cite.document not in documents:
        yield f"cites `{version.cite.document}`, which sources.toml does not name."
    for terms in (version.when, *version.unless):
        for fact, values in terms.items():
            if fact not in FACTS:
                yield f"asks for the fact `{fact}`, which does not exist."
            else:
                for value in values:
                    if not _known_value(fact, value, listed):
                        yield f"asks whether `{fact}` is `{value}`, which it can never be."
    effect = version.effect
    if effect.flag is not None and effect.flag not in FLAGS:
        yield f"raises the flag `{effect.flag}`, which does not exist."
    for name in (effect.to_class, effect.to_subcode, *effect.over):
        if name is not None and not _known_name(name, listed):
            yield f"speaks of `{name}`, which is no class, code, group or subgroup."


def _known_value(fact: str, value: str, listed: Classification) -> bool:
    if fact == "class":
        return value in listed.classes or value == NOT_NOTIFIABLE or value.startswith(NOT_CODES)
    if fact == "subcode":
        return value in listed.codes or value.startswith(NOT_CODES)
    if fact == "group":
        return any(value == found.group for found in listed.classes.values())
    if fact == "subgroup":
        return any(value == found.subgroup for found in listed.classes.values())
    return value in FACTS[fact].values


def _known_name(name: str, listed: Classification) -> bool:
    return any(_known_value(fact, name, listed) for fact in ("class", "subcode", "group", "subgroup"))


def _can_never_hold(version: Version, listed: Classification) -> Iterator[str]:
    if any(not values for values in version.when.values()):
        yield "asks for a fact with no value and can never hold."
    if any(_implies(version.when, barred) for barred in version.unless):
        yield "is barred by its own exception whenever its condition is met, and can never hold."
    classes, codes = version.when.get("class"), version.when.get("subcode")
    if classes and codes and not any(_could_be(code, name, listed) for code in codes for name in classes):
        yield "asks for a code that is of none of the classes it asks for, and can never hold."


def _could_be(code: str, class_code: str, listed: Classification) -> bool:
    return listed.could_be(code, class_code) or (
        class_code in NOT_CODES and code.partition("/")[0] == class_code
    )


def _outside_the_life_of_its_classes(version: Version, listed: Classification) -> Iterator[str]:
    """A rule that gives today's class the name of its day may ask for one that came later."""
    translated = listed.classes.get(version.effect.to_class or "")
    if translated and _lives_within(translated, version):
        return
    named = [listed.classes[name] for name in version.when.get("class", []) if name in listed.classes]
    if named and not any(_lives_within(found, version) for found in named):
        yield "asks for classes none of which exists while it is in force, and can never hold."


def _lives_within(found: OffenceClass, version: Version) -> bool:
    """Does the class exist on any day on which the version is in force?"""
    begins_in_time = found.valid_from is None or found.valid_from <= (version.last_day or date.max)
    ends_later = found.valid_to is None or found.valid_to >= version.first_day
    return begins_in_time and ends_later


def _unknown_in_tables(listed: Classification) -> Iterator[str]:
    for row in read_rows("conduct_precedence.csv"):
        columns = ("codes", "over_conduct", "over_classes", "except_codes")
        for name in (name for column in columns for name in row[column].split()):
            if not _known_name(name, listed):
                yield f"conduct_precedence.csv, rank {row['rank']}: `{name}` is no class and no code."
    for ground in cancellations():
        if ground.applies_to != "all" and not _known_name(ground.applies_to, listed):
            yield f"cancellations.csv, {ground.code}: `{ground.applies_to}` is no class, code or subgroup."
    for flag in flags().values():
        if flag.flag not in FLAGS:
            yield f"flags.csv: `{flag.flag}` is no flag that the tables know."


def _unknown_exceptions(rule: Rule, book: Rulebook) -> Iterator[str]:
    known = {other.id for other in book}
    for name in rule.exceptions:
        if name not in known:
            yield f"names the exception `{name}`, which is no rule."


def _shadowed(book: Rulebook) -> Iterator[Fault]:
    """In the flow the first rule that holds decides: a later one that implies it never does."""
    for edition in EDITIONS:
        asked = [
            (rule, version) for rule, version in book.of_kind("flow", edition.valid_from) if version.when
        ]
        for (earlier, first), (later, second) in combinations(asked, 2):
            if not first.unless and _implies(second.when, first.when):
                yield Fault(
                    later.id, f"is never reached in {edition.name}: `{earlier.id}` always decides before it."
                )


def _overlaps(book: Rulebook) -> Iterator[Fault]:
    """Two rules with one place in the order that can hold together and do different things."""
    for edition in EDITIONS:
        asked = [pair for pair in book.in_edition(edition) if pair[1].when]
        for (one, first), (other, second) in combinations(asked, 2):
            if (
                (one.kind, one.order) == (other.kind, other.order)
                and first.effect != second.effect
                and _can_meet(first.when, second.when)
            ):
                yield Fault(
                    other.id,
                    f"can hold together with `{one.id}` in {edition.name}, at the same place in the order.",
                )


def _taken_in_by_each_other(book: Rulebook, listed: Classification) -> Iterator[Fault]:
    """Crimes that are not counted beside each other would both be lost; so would one beside itself."""
    for edition in EDITIONS:
        takes_in: dict[str, set[str]] = {}
        for rule, version in book.of_kind("count", edition.valid_from):
            if version.effect.count != "not_additional":
                continue
            hosts = _classes_named(version.effect.over, listed)
            for guest in _classes_asked(version.when, listed):
                if guest in hosts:
                    yield Fault(rule.id, f"takes {guest} into {guest}, so that both would be lost.")
                takes_in.setdefault(guest, set()).update(hosts)
        for guest, hosts in sorted(takes_in.items()):
            for host in sorted(hosts):
                if guest < host and guest in takes_in.get(host, set()):
                    yield Fault(
                        "", f"in {edition.name} {guest} and {host} take each other in: both are lost."
                    )


def _classes_asked(terms: Terms, listed: Classification) -> set[str]:
    by_code = {listed.class_of(code) or code for code in terms.get("subcode", [])}
    named = (*terms.get("class", []), *terms.get("group", []), *terms.get("subgroup", []))
    return by_code or _classes_named(named, listed)


def _classes_named(names: Iterable[str], listed: Classification) -> set[str]:
    wanted = set(names)
    return {
        found.class_code
        for found in listed.classes.values()
        if wanted & {found.class_code, found.group, found.subgroup}
    } | {class_code for name in wanted for class_code in listed.classes_of(name)}


def _gaps(book: Rulebook) -> Iterator[Fault]:
    for edition in EDITIONS:
        steps = {version.effect.step for _, version in book.of_kind("flow", edition.valid_from)}
        for step in STEPS_WITH_RULES:
            if step not in steps:
                yield Fault("", f"no rule of {edition.name} stands at step {step} of the flow chart.")
        for kind in ("class", "count", "n100", "time", "flag"):
            if not any(True for _ in book.of_kind(kind, edition.valid_from)):
                yield Fault("", f"{edition.name} has no rule of the kind `{kind}`.")


def _implies(stronger: Terms, weaker: Terms) -> bool:
    """Does every set of facts that satisfies the first satisfy the second?"""
    return all(fact in stronger and set(stronger[fact]) <= set(values) for fact, values in weaker.items())


def _can_meet(one: Terms, other: Terms) -> bool:
    return all(set(values) & set(other.get(fact, values)) for fact, values in one.items())
