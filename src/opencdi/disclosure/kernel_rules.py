"""Which rules fit in a clause, compiled to machine code by Numba."""

from __future__ import annotations

from typing import Any, NamedTuple

from opencdi.disclosure.kernel_sets import LIMBS, ONE, RULE_LIMBS, lean, lowest, meet


class Rules(NamedTuple):
    """What each rule needs and what forbids it, as sets of tags."""

    needs: Any
    needed: Any
    unless: Any
    longest: Any
    leading: Any
    """Any rule's leading tags."""
    led: Any
    """The rules that each tag leads, as a set of rules."""


@lean
def _fits(rule, mask, length, rules):
    if length > rules.longest[rule] or meet(mask, rules.unless[rule]):
        return False
    for need in range(1, rules.needed[rule]):
        if not meet(mask, rules.needs[rule, need]):
            return False
    return True


@lean
def _note_fitting(clause, masks, length, rules, fitting):
    for limb in range(RULE_LIMBS):
        fitting[clause, limb] = 0
    if not meet(masks[clause], rules.leading):
        return 0
    for limb in range(LIMBS):
        tags = masks[clause, limb] & rules.leading[limb]
        while tags:
            tag = 64 * limb + lowest(tags)
            tags &= tags - ONE
            for each in range(RULE_LIMBS):
                fitting[clause, each] |= rules.led[tag, each]
    count = 0
    for limb in range(RULE_LIMBS):
        led = fitting[clause, limb]
        while led:
            rule = 64 * limb + lowest(led)
            if _fits(rule, masks[clause], length, rules):
                count += 1
            else:
                fitting[clause, limb] ^= led & (~led + ONE)
            led &= led - ONE
    return count


@lean
def note_all_fitting(masks, clauses, length, rules, fitting):
    """Write the rules that fit each of the clauses of a log of so many words, given the tags of each; gives
    how often any does."""
    count = 0
    for clause in range(clauses):
        count += _note_fitting(clause, masks, length, rules, fitting)
    return count
