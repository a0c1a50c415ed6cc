"""From levels to weights, from weights to the best incident of each crime.

Everything the model knows comes from the weights file; this module turns it into SQL. Weights are whole
thousandths of a bit, and shares of the best candidate whole billionths, so that sums do not depend on the
order in which an engine adds them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from opencdi import schema
from opencdi.engine import Dialect, Engine, Relation, Step
from opencdi.linkage.density import Density
from opencdi.linkage.levels import LEVELS, SAID_BY_THE_NUMBER
from opencdi.linkage.sql import literal
from opencdi.linkage.weights import Knot, Weights
from opencdi.schema import LINK_COMPARISONS

_MOST_LOGITS = 15.0
_A_MILLIBIT = 2**32
"""What a thousandth of a bit counts for in a candidate's standing: more than any incident's number."""


def scoring_steps(
    dialect: Dialect,
    weights: Weights,
    bits: Mapping[str, int],
    here: Density,
) -> list[Step]:
    """Tables of each crime's best incident (``link_best``) and what it is worth, for ``links`` to tell."""
    return [
        Step("link_weighed", _weighed_sql(_bits(weights, here), weights.prior(here))),
        Step("link_best", _BEST),
        Step("link_via", _via_sql(dialect, bits)),
        Step("link_odds", _odds_sql(weights.calibration)),
    ]


def links(engine: Engine, weights: Weights, here: Density) -> Relation:
    """The links as ``schema.LINKS`` has them, and when each crime was ``recorded`` (seconds since 1970).

    Worked out whenever they are read, which is once: by then all tables of ``scoring_steps`` must stand, and
    those they were made from.
    """
    return Relation(engine, f"({_links_sql(weights, _bits(weights, here))})", schema.LINKS)


def _bits(weights: Weights, here: Density) -> dict[str, list[float]]:
    """What each level of each comparison is worth."""
    return {name: [round(bits, 3) for bits in weights.bits(name, here).values()] for name in LEVELS}


def _weighed_sql(table: Mapping[str, Sequence[float]], prior: float) -> str:
    """Each candidate's weight, and its standing among its rivals: by weight, and among equals by number."""
    whole = {name: [round(bits * 1000) for bits in values] for name, values in table.items()}
    sums = " + ".join(_chosen(name, values) for name, values in whole.items())
    return f"""
        select crime_no, incident_no, millibits, said_twice,
               millibits * {_A_MILLIBIT} - incident_no as standing
        from (select crime_no, incident_no, cast({round(prior * 1000)} + {sums} as bigint) as millibits,
                     cast({_said_twice(whole["delay"])} as bigint) as said_twice
              from link_vector) as weighed"""


def _said_twice(delay: Sequence[object]) -> str:
    """What of a pair's delay its number says already; see ``levels.SAID_BY_THE_NUMBER``."""
    places, typed = list(LEVELS["delay"]), list(LEVELS["reference"]).index("typed")
    cases = " ".join(
        f"when {places.index(level)} then {delay[places.index(level)]} - ({delay[places.index(most)]})"
        for level, most in SAID_BY_THE_NUMBER.items()
    )
    return f"case when reference = {typed} then case delay {cases} else 0 end else 0 end"


def _chosen(column: str, values: Sequence[object]) -> str:
    cases = " ".join(f"when {number} then {value}" for number, value in enumerate(values))
    return f"case {column} {cases} end"


_FIRST_AND_REST = """
    select weighed.crime_no, max(best) as millibits, count(*) as candidates,
           max(case when standing = first then incident_no end) as incident_no,
           max(case when standing = first then said_twice end) as said_twice,
           max(case when standing < first then standing end) as second,
           sum(cast(floor(power(2.0, (millibits - best) / 1000e0) * 1000000000) as bigint)) as shares
    from link_weighed as weighed
    join (select crime_no, max(standing) as first, max(millibits) as best
          from link_weighed group by crime_no) as top
      on top.crime_no = weighed.crime_no
    group by weighed.crime_no"""
_WITH_RUNNER_UP = f"""
    select found.*, cast(ceil(second / {_A_MILLIBIT}e0) as bigint) as runner_up_millibits
    from ({_FIRST_AND_REST}) as found"""
_BEST = f"""
    select ranked.*, runner_up_millibits * {_A_MILLIBIT} - second as runner_up_no
    from ({_WITH_RUNNER_UP}) as ranked"""


def _via_sql(dialect: Dialect, bits: Mapping[str, int]) -> str:
    """Each combination of rules that occurs, as a list of their names."""
    rows = ", ".join(f"({literal(name)}, {bit})" for name, bit in bits.items())
    return f"""
        select combination.via, {dialect.list_in_order("rule.name", "rule.bit")} as names
        from (select distinct via from link_vector) as combination
        join (select * from (values {rows}) as listed(name, bit)) as rule
          on (combination.via & rule.bit) > 0
        group by combination.via"""


def _odds_sql(calibration: Sequence[Knot]) -> str:
    """The probability of the best, which its rivals and coming from no incident at all share in; and ``any``:
    that one of the candidates is right, whichever.

    Said: the model's own log odds of the best against the rest and none, and of all against none.
    """
    none, whole = "power(2.0, (said_twice - millibits) / 1000e0)", "cast(shares as double) / 1000000000.0"
    return f"""
        select crime_no, round({_calibrated(calibration, "said")}, 4) as probability,
               round({_calibrated(calibration, "said_of_any")}, 4) as any_probability
        from (select crime_no, {_capped(f"-ln({none} + {whole} - 1.0)")} as said,
                     {_capped(f"ln({whole} / {none})")} as said_of_any
              from link_best) as stated"""


def _capped(logits: str) -> str:
    return f"least({_MOST_LOGITS}, greatest(-{_MOST_LOGITS}, {logits}))"


def _calibrated(calibration: Sequence[Knot], said: str) -> str:
    """Straight lines between the knots, level beyond them."""
    first, last = calibration[0], calibration[-1]
    pieces = [f"when {said} <= {first.said} then {first.right}"]
    for low, high in pairwise(calibration):
        slope = (high.right - low.right) / (high.said - low.said)
        pieces.append(f"when {said} <= {high.said} then {low.right} + ({said} - ({low.said})) * {slope!r}")
    return f"case {' '.join(pieces)} else {last.right} end"


def _links_sql(weights: Weights, table: Mapping[str, Sequence[float]]) -> str:
    limits = weights.thresholds
    named = f"odds.any_probability >= {limits.none}"
    linked = f"odds.any_probability >= {limits.linked} and best.millibits >= best.said_twice"
    sure = f"odds.probability >= {limits.own}"
    leads = (
        f"coalesce(best.millibits - best.runner_up_millibits >= {round(limits.clear_margin * 1000)}, true)"
    )
    evidence = ", ".join(
        f"case when {named} then {said} end as {name}_level, "
        f"case when {named} then cast({bits} as double) end as {name}_weight"
        for name, said, bits in _evidence(table)
    )
    return f"""
        select crime.crime_id,
               case when {named} then incident.incident_id end as incident_id,
               case when {linked} and {sure} and {leads} then 'clear'
                    when {linked} then 'ambiguous'
                    when {named} then 'weak'
                    else 'none' end as link_class,
               case when {named} then odds.probability end as probability,
               case when {named} then best.millibits / 1000e0 end as weight,
               case when {named} then (best.millibits - best.runner_up_millibits) / 1000e0 end as margin,
               case when {named} then rival.incident_id end as runner_up_incident_id,
               coalesce(best.candidates, 0) as candidates,
               case when {named} then via.names end as via,
               {evidence}, crime.recorded
        from link_crime as crime
        left join link_best as best on best.crime_no = crime.crime_no
        left join link_odds as odds on odds.crime_no = crime.crime_no
        left join link_incident as incident on incident.incident_no = best.incident_no
        left join link_incident as rival on rival.incident_no = best.runner_up_no
        left join link_vector as vector
          on vector.crime_no = best.crime_no and vector.incident_no = best.incident_no
        left join link_via as via on via.via = vector.via"""


def _evidence(table: Mapping[str, Sequence[float]]) -> Iterator[tuple[str, str, str]]:
    """Each comparison with SQL for the name and for the bits of the level a pair reached."""
    for name in LINK_COMPARISONS:
        names = [literal(level) for level in LEVELS[name]]
        yield name, _chosen(f"vector.{name}", names), _chosen(f"vector.{name}", table[name])
