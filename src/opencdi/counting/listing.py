"""The rules as people look them up: an overview, one entry, the difference of two editions.

Plain dictionaries of text, for a table on a screen or for JSON.
"""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

from opencdi.counting import reference, rulebook
from opencdi.counting.classification import Classification, load
from opencdi.counting.editions import EDITIONS, Edition, edition
from opencdi.counting.offences import Offence, OffenceClass
from opencdi.counting.rulebook import Rule, Terms, Version
from opencdi.errors import UserError

Rows = list[dict[str, str]]


def overview(edition_name: str | None = None) -> dict[str, Rows]:
    """Editions, rules and classes; of one edition where it is named, else all."""
    chosen = [edition(edition_name)] if edition_name else list(EDITIONS)
    return {
        "editions": [_edition_row(found) for found in chosen],
        "rules": _rule_rows(chosen),
        "classes": [
            _class_row(found)
            for found in load().classes.values()
            if any(_valid_in(found, one) for one in chosen) or not edition_name
        ],
    }


def entry(name: str) -> dict[str, Any]:
    """Everything known under one name. Raises ``UserError`` where nothing is."""
    listed = load()
    spelled = listed.normalise(name)
    if spelled is not None:
        return (_code_entry if spelled in listed.codes else _class_entry)(spelled, listed)
    upper = name.strip().upper().removeprefix("OUTCOME ")
    for known in (reference.reported_incidents(), reference.outcomes()):
        if upper in known:
            return _plain(known[upper])
    grounds = [ground for ground in reference.cancellations() if ground.code == upper]
    if grounds:
        return {"code": upper, "title": grounds[0].title, "grounds": [_plain(ground) for ground in grounds]}
    if name in reference.flags():
        return _plain(reference.flags()[name])
    for rule in rulebook.load():
        if rule.id == name:
            return _rule_entry(rule)
    raise UserError(
        f"Nothing is called `{name}`: it is no class, code, N-code, outcome, cancellation code, flag or "
        "rule. See `opencdi rules list`."
    )


def difference(older: str, newer: str) -> dict[str, Any]:
    """What differs between the first days of two editions."""
    before, after = edition(older), edition(newer)
    if before.valid_from >= after.valid_from:
        raise UserError(f"{older} is not older than {newer}. Name the older edition first.")
    between = [found for found in EDITIONS if before.valid_from < found.valid_from <= after.valid_from]
    return {
        "changed": [sentence for found in between for sentence in found.changed],
        "rules": [row for rule in rulebook.load() for row in _rule_change(rule, before, after)],
        "classes": [
            {"class": found.class_code, "title": found.title, "change": change}
            for found in load().classes.values()
            if (change := _class_change(found, before, after))
        ],
    }


def in_words(version: Version) -> str:
    """The condition of a version as one line a person can read."""
    barred = "; unless " + " or ".join(_terms(terms) for terms in version.unless) if version.unless else ""
    return (_terms(version.when) or "always") + barred


def _terms(terms: Terms) -> str:
    return " and ".join(
        f"{fact.replace('_', ' ')} is {' or '.join(values)}" for fact, values in terms.items()
    )


def effect_in_words(version: Version) -> str:
    """What a version does, as ``name value`` pairs."""
    stated = version.effect.model_dump(exclude_none=True, exclude_defaults=True)
    return ", ".join(
        f"{name.replace('_', ' ')} {' '.join(value) if isinstance(value, tuple) else value}"
        for name, value in stated.items()
    )


def _edition_row(found: Edition) -> dict[str, str]:
    return {
        "edition": found.name,
        "from": found.valid_from.isoformat(),
        "to": _day(found.valid_to),
        "status": found.status,
        "changed": " ".join(found.changed),
        "source": found.source,
        "note": found.note,
    }


def _rule_rows(chosen: list[Edition]) -> Rows:
    rows: dict[str, dict[str, str]] = {}
    for one in chosen:
        for rule, version in rulebook.load().in_edition(one):
            rows[rule.id] = {
                "rule": rule.id,
                "kind": rule.kind,
                "title": rule.title,
                "source": f"{version.cite.document} p. {version.cite.page}",
                "status": "verified" if version.verified_on(one.valid_from) else "unverified",
                "judgement": rule.judgement,
            }
    return list(rows.values())


def _class_row(found: OffenceClass) -> dict[str, str]:
    return {
        "class": found.class_code,
        "title": found.title,
        "group": found.group,
        "subgroup": found.subgroup,
        "one crime for each": found.unit,
        "V/S": found.victim_or_state,
        "from": _day(found.valid_from),
        "to": _day(found.valid_to),
        "source": f"{found.source} p. {found.page}" if found.page else found.source,
        "status": found.status,
    }


def _code_entry(code: str, listed: Classification) -> dict[str, Any]:
    return {
        "code": code,
        "title": listed.codes[code].title,
        "principal crime table": _place(code, listed),
        "rows of the list": [_list_row(row) for row in listed.rows_of(code)],
        "its classes": [_class_row(listed.classes[name]) for name in listed.classes_of(code)],
        "rules that name it": _rules_naming(code),
    }


def _list_row(row: Offence) -> dict[str, str]:
    return {
        "class": row.class_code,
        "title": row.title,
        "triable": {"E": "either way", "I": "on indictment"}.get(row.triable, row.triable),
        "maximum": row.maximum,
        "V/S": row.victim_or_state,
        "law": f"{row.act} {row.section}".strip(),
        "source": f"{row.source} p. {row.page}" if row.page else row.source,
        "status": row.status,
        "note": "; ".join(part for part in (row.marking, row.note) if part),
    }


def _class_entry(class_code: str, listed: Classification) -> dict[str, Any]:
    found = listed.classes[class_code]
    codes: Rows = [
        {"code": row.code, "title": row.title, "maximum": row.maximum, "V/S": row.victim_or_state}
        for row in listed.rows_of(class_code)
    ]
    return {
        "class": class_code,
        "title": found.title,
        "group": f"{found.group} / {found.subgroup}",
        "one crime for each": found.unit,
        "victim or state": found.victim_or_state,
        "valid": f"{_day(found.valid_from) or '...'} to {_day(found.valid_to) or '...'}",
        "principal crime table": _place(class_code, listed),
        "source": f"{found.source} p. {found.page}; unit of count {found.unit_source} p. {found.unit_page}",
        "status": found.status,
        "note": found.note,
        "codes": codes,
        "rules that name it": _rules_naming(class_code),
    }


def _place(name: str, listed: Classification) -> str:
    named = [
        f"{place.position} ({place.offence})"
        for place in listed.principal_crimes
        if name in place.codes or name in place.classes
    ]
    return ", ".join(named) or "not named; placed by violence and maximum sentence (page 13)"


def _rules_naming(name: str) -> Rows:
    return [
        {"rule": rule.id, "title": rule.title}
        for rule in rulebook.load()
        if any(_names(version, name) for version in rule.version)
    ]


def _names(version: Version, name: str) -> bool:
    asked = any(
        name in values
        for terms in (version.when, *version.unless)
        for fact, values in terms.items()
        if fact in {"class", "subcode"}
    )
    effect = version.effect
    return asked or name in {effect.to_class, effect.to_subcode, *effect.over}


def _rule_entry(rule: Rule) -> dict[str, Any]:
    return {
        "rule": rule.id,
        "title": rule.title,
        "kind": rule.kind,
        "judgement": rule.judgement,
        "versions": [
            {
                "from": version.first_day.isoformat(),
                "to": _day(version.last_day),
                "when": in_words(version),
                "effect": effect_in_words(version),
                "reason": version.statement,
                "source": f"{version.cite.document} p. {version.cite.page}",
                "status": _status(version),
            }
            for version in rule.version
        ],
        "cases": [
            {"words": case.words, "reported": case.reported_on.isoformat(), "holds": case.holds}
            for case in rule.case
        ],
    }


def _status(version: Version) -> str:
    if version.status == "verified" and version.verified_from:
        return f"verified from {version.verified_from.isoformat()}, carried back before"
    return version.status


def _rule_change(rule: Rule, before: Edition, after: Edition) -> Rows:
    old, new = rule.on(before.valid_from), rule.on(after.valid_from)
    if old == new:
        return []
    change = "begins" if old is None else "ends" if new is None else "changes"
    return [
        {
            "rule": rule.id,
            "change": change,
            "before": old.statement if old else "",
            "after": new.statement if new else "",
        }
    ]


def _class_change(found: OffenceClass, before: Edition, after: Edition) -> str:
    was, now = found.valid_on(before.valid_from), found.valid_on(after.valid_from)
    return "" if was == now else "begins" if now else "ends"


def _valid_in(found: OffenceClass, one: Edition) -> bool:
    """Is the class valid at some time of an edition?"""
    last = one.valid_to or date.max
    return (found.valid_from is None or found.valid_from <= last) and (
        found.valid_to is None or found.valid_to >= one.valid_from
    )


def _day(found: date | None) -> str:
    return found.isoformat() if found else ""


def _plain(row: Any) -> dict[str, Any]:
    """A row of data as text."""
    return {
        column.name.replace("_", " "): _text(getattr(row, column.name)) for column in dataclasses.fields(row)
    }


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
