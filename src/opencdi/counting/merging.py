"""Why one offence counts in the record of another, in words a registrar can check against the rules."""

from __future__ import annotations

from opencdi.counting import classification, rulebook
from opencdi.counting.mechanisms import MERGING
from opencdi.counting.offences import PrincipalCrime
from opencdi.counting.rulebook import Version
from opencdi.counting.seriousness import VIOLENT_GROUPS
from opencdi.counting.traits import Traits

_REGISTRAR = "where it is unclear which to record, the registrar decides (page 57)."


def why_merged(principal: Traits, other: Traits, rule_id: str, version: Version, precedence: bool) -> str:
    """The sentence for one merged offence.

    ``precedence`` says whether courses of conduct take precedence on the day (since May 2023).
    """
    if rule_id not in MERGING:
        return version.statement
    if rule_id == "finished-incident":
        return "The same crime again in one sequence, reported together (page 12)."
    if principal.conduct_rank and precedence:
        return _by_conduct(principal, other)
    weighed = _by_seriousness(principal, other, precedence)
    return f"{weighed} {_besides_conduct(principal)}" if other.conduct_rank and precedence else weighed


def _besides_conduct(principal: Traits) -> str:
    """What page 55 and page 57 ask where a course of conduct is not the principal crime."""
    told = "A referral to prosecutors must say that a course of conduct was disclosed (page 55)."
    if _place(principal, True):
        return told
    return f"{told} No rank of a course of conduct names {_name(principal)}: {_REGISTRAR}"


def _by_conduct(principal: Traits, other: Traits) -> str:
    place = f"a course of conduct of rank {principal.conduct_rank} (pages 56 and 57)"
    if other.conduct_rank:
        return f"{_name(principal)}, {place}, is recorded over one of rank {other.conduct_rank}."
    if other.beaten_by >> (principal.conduct_rank - 1) & 1:
        return f"{_name(principal)}, {place}, is recorded over {_name(other)}."
    unnamed = f"No rank of a course of conduct names {_name(other)}: {_REGISTRAR}"
    return f"{_by_seriousness(principal, other, True)} {unnamed}"


def _by_seriousness(principal: Traits, other: Traits, precedence: bool) -> str:
    first, second = _place(principal, precedence), _place(other, precedence)
    names = f"{_name(principal)} before {_name(other)}"
    if first and second and first.position < second.position:
        places = f"places {first.position} and {second.position} of the principal crime table (page 14)"
        return f"{names}: {places}."
    if first and second and first.position == second.position:
        return f"{names}: one place of the principal crime table (page 14), and the first of its classes."
    if (principal.group in VIOLENT_GROUPS) != (other.group in VIOLENT_GROUPS):
        return f"{names}: violence before property (page 13)."
    return f"{names}: by the maximum sentence (page 13), {_maximum(principal)} against {_maximum(other)}."


def _name(found: Traits) -> str:
    return f"{found.class_code} ({found.subcode})" if found.subcode else found.class_code


def _place(found: Traits, precedence: bool) -> PrincipalCrime | None:
    """The row of the official table; none for a course of conduct before it had precedence."""
    if found.conduct_rank and not precedence:
        return None
    rows = classification.load().principal_crimes
    if found.subcode:
        return next(
            (row for row in rows if found.subcode in row.codes or row.subgroup == found.subgroup), None
        )
    return next((row for row in reversed(rows) if found.class_code in row.classes), None)


def _maximum(found: Traits) -> str:
    row = classification.load().codes.get(found.subcode or "")
    return (row.maximum if row else "") or "a maximum not known"


def rule_of_merging(rules: tuple[str, ...]) -> str | None:
    """The rule by which an offence was merged, among those that led to its outcome."""
    merging = [rule_id for rule_id in rules if rule_id in MERGING or _takes_in(rule_id)]
    return merging[-1] if merging else None


def _takes_in(rule_id: str) -> bool:
    rule = rulebook.load()[rule_id]
    return rule.kind == "count" and any(version.effect.over for version in rule.version)
