"""One rate in a sentence: the fraction, its counts, and how far off it may be.

Fewer than 20 crimes give counts and no fraction or percentage: one record more or less would change it too
much. ``Likely`` is always 95 % confidence, and the methods page says so.
"""

from __future__ import annotations

from opencdi.publication.figures import Figure
from opencdi.publication.sentences.amounts import decimals_for, percent, percent_range
from opencdi.publication.sentences.fractions import fraction, one_in
from opencdi.publication.sentences.measures import MEASURE_WORDS, things
from opencdi.publication.sentences.share import Share, failed, kept

FEW = 20
PICTURED = 0.4
"""The largest share that is told as ``one in N``."""

PICTURED_END = 0.2
"""The largest end of an interval told as ``1 in N``: beyond it whole numbers are too far apart."""


def went_wrong(figure: Figure) -> str:
    """What went wrong, as one in N, of a figure's crimes."""
    share, words = failed(figure), MEASURE_WORDS[figure.measure]
    crimes = things(figure.measure, figure.group)
    if share is None:
        return _not_shown(figure, crimes)
    if share.estimate == 0 and not _is_small(share):
        return went_right(figure)
    return share_sentence(share, crimes, words.failed)


def went_right(figure: Figure) -> str:
    """What went right, as a percentage, of a figure's crimes."""
    share, words = kept(figure), MEASURE_WORDS[figure.measure]
    crimes = things(figure.measure, figure.group)
    if share is None:
        return _not_shown(figure, crimes)
    if _is_small(share) or share.estimate == 1:
        return share_sentence(share, crimes, words.kept)
    amount = percent(share.estimate, decimals_for(share.of))
    return f"{_capital(amount.text)} of {crimes} were {words.kept} ({bracket(share, pictured=False)})."


def share_sentence(share: Share, crimes: str, happened: str) -> str:
    """``One in 12 rapes was not recorded (12 of 138; the true figure is likely between ...).``"""
    if _is_small(share):
        verb = "was" if share.count == 1 else "were"
        return f"{_counted(share)} {crimes} {verb} {happened}: {_too_few(share)}."
    if share.estimate in (0.0, 1.0):
        whole = "None" if share.estimate == 0 else "All"
        return (
            f"{whole} of the {crimes} {'was' if whole == 'None' else 'were'} {happened} ({bracket(share)})."
        )
    if share.estimate > PICTURED:
        amount = percent(share.estimate, decimals_for(share.of)).text
        return f"{_capital(amount)} of {crimes} were {happened} ({bracket(share, pictured=False)})."
    amount = fraction(share.estimate).text
    verb = "was" if amount.startswith(("one in", "over one in", "nearly one in")) else "were"
    return f"{_capital(amount)} {crimes} {verb} {happened} ({bracket(share)})."


def bracket(share: Share, pictured: bool = True) -> str:
    """The counts and the interval that follow a share, without the brackets."""
    return "; ".join(part for part in (counts(share), interval(share, pictured)) if part)


def counts(share: Share) -> str:
    """``12 of 138``; where the sample was weighted, so that counts and share differ, it says so."""
    if share.count is None or share.of is None:
        return "the publisher does not give the number audited"
    told = f"{share.count:,} of {share.of:,}"
    digits = decimals_for(share.of)
    if share.of and percent(share.count / share.of, digits).text != percent(share.estimate, digits).text:
        return f"{told} audited, weighted to stand for all reports"
    return told


def interval(share: Share, pictured: bool = True) -> str:
    """How far off the share may be, as one in N where it is small, else as percentages."""
    if share.lower is None or share.upper is None:
        return "no interval was published, so it is not known how far off this may be"
    if share.is_known:
        return "every report was read, so there is no sampling error"
    if pictured and share.estimate <= PICTURED and share.upper <= PICTURED_END:
        told = _one_in_range(share.lower, share.upper)
    else:
        low, high = percent_range(share.lower, share.upper, decimals_for(share.of))
        told = f"between {low} and {high}"
    if share.confidence is None:
        return f"published as {told}, without saying how sure that is"
    return f"the true figure is likely {told}"


def _one_in_range(lower: float, upper: float) -> str:
    high = one_in(upper)
    if lower <= 0 or 1 / lower > 10_000:
        return f"no more than {high}"
    low = one_in(lower)
    if low.text == high.text:
        ends = percent_range(lower, upper, 1)
        return f"between {ends[0]} and {ends[1]}"
    return f"between {low} and {high}"


def _is_small(share: Share) -> bool:
    return share.of is not None and share.of < FEW


def _counted(share: Share) -> str:
    return f"{'None' if share.count == 0 else f'{share.count:,}'} of the {share.of:,}"


def _too_few(share: Share) -> str:
    if share.is_known:
        return "every report was read, but they are too few to say more"
    if share.lower is None or share.upper is None:
        return "too few to say more"
    low, high = percent_range(share.lower, share.upper)
    return f"too few to say more (the true share is likely between {low} and {high})"


def _not_shown(figure: Figure, crimes: str) -> str:
    if figure.is_suppressed:
        return f"The figure for {crimes} is not shown, because so few could identify somebody [c]."
    return f"There is no figure for {crimes}. {figure.note}".strip()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
