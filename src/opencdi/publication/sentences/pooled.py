"""One figure for many forces, never without the rule that says which audits are in it."""

from __future__ import annotations

from opencdi.publication.figures import Pooled
from opencdi.publication.sentences.amounts import count_in_words, decimals_for, percent
from opencdi.publication.sentences.fractions import fraction
from opencdi.publication.sentences.measures import MEASURE_WORDS, noun_of


def headline(pooled: Pooled) -> str:
    """``One in ten of nearly 3,700 audited rapes in 36 forces was not recorded correctly (...)``."""
    words = MEASURE_WORDS[pooled.measure]
    audited = count_in_words(pooled.audited).text
    noun = noun_of(pooled.group)
    forces = f"{pooled.forces} force{'' if pooled.forces == 1 else 's'}"
    if pooled.failed in (0.0, 1.0):
        amount = "None" if pooled.failed == 0 else "All"
    else:
        told = fraction(pooled.failed).text if pooled.failed <= 0.4 else percent(pooled.failed).text
        amount = f"{told[:1].upper()}{told[1:]}"
    verb = "was" if (" in " in amount and "one in" in amount.lower()) or amount == "None" else "were"
    return f"{amount} of {audited} audited {noun} in {forces} {verb} {words.failed}"


def rule_sentence(pooled: Pooled) -> str:
    """Which audits are in the figure, and its counts."""
    digits = decimals_for(pooled.audited)
    exact = percent(pooled.failed, digits).text
    counts = f"{pooled.count:,} of {pooled.audited:,}"
    if pooled.count != 0 and percent(pooled.count / pooled.audited, digits).text != exact:
        counts += " audited; each force weighted as its sample was drawn"
    if pooled.rounded_to > 1:
        counts += f", counts rounded to the nearest {pooled.rounded_to} since some are withheld"
    audits = f"{pooled.audits} audit{'' if pooled.audits == 1 else 's'}"
    return f"{exact} ({counts}), from {pooled.rule}: {audits}."
