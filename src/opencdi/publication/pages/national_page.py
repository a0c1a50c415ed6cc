"""What stands on the page of all forces."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import ceil, floor
from typing import Any, cast

import numpy as np

from opencdi.estimation.funnel import ACT, LOOK
from opencdi.publication import charts
from opencdi.publication.charts.intervals import Reference
from opencdi.publication.charts.tiles import Band
from opencdi.publication.figures import ALL_CRIMES, AuditResults, Figure, Pooled, Release
from opencdi.publication.forces import forces
from opencdi.publication.national import POOLS, Compared, pooled, rounds
from opencdi.publication.pages.shown import FiguresShown, told
from opencdi.publication.sentences.amounts import decimals_for, percent, points
from opencdi.publication.sentences.measures import MEASURE_WORDS, noun_of
from opencdi.publication.sentences.pooled import headline, rule_sentence

BANDS = ((0.85, "under 85%"), (0.90, "85 to 90%"), (0.95, "90 to 95%"), (1.01, "95% and over"))
"""Upper ends of the map's bands; fixed, so that one release's map can be laid beside the next."""


@dataclass(frozen=True)
class ForceRow:
    audit: AuditResults
    figure: Figure | None
    places: str


def national_values(release: Release, together: Compared | None) -> dict[str, Any]:
    """The values of the first page's template."""
    pools = [pool for key in POOLS for pool in pooled(release, *key)]
    rows = _rows(release, together)
    years = rounds(release)
    values: dict[str, Any] = {
        "release": release,
        "root": "",
        "page": "index.html",
        "shown": FiguresShown(),
        "headline": headline(pools[0]) if pools else _headline_without_counts(release),
        "headline_rule": rule_sentence(pools[0]) if pools else _rule_without_counts(release),
        "pools": [_pool_row(pool) for pool in pools],
        "map": _map(release, rows),
        "rows": rows,
        "compared": together,
        "rounds": years,
        "trend": _trend(release),
        "others": [(audit, audit.figures[0]) for audit in release.audits if not audit.force.is_territorial],
    }
    return values | (_comparison(together, len(rows)) if together else {})


def _headline_without_counts(release: Release) -> str:
    number = sum(force.is_territorial for force in release.forces)
    return f"How well {number} police force{'' if number == 1 else 's'} record crime"


def _rule_without_counts(release: Release) -> str:
    return (
        "Each force's latest result. No figure is given for all forces together, because the crimes audited "
        "are not known for every force, or some forces' figures are withheld."
    )


def _pool_row(pool: Pooled) -> dict[str, Any]:
    noun = noun_of(pool.group)
    return asdict(pool) | {
        "said": f"{noun[:1].upper()}{noun[1:]} {MEASURE_WORDS[pool.measure].failed}",
        "percent": percent(pool.failed, decimals_for(pool.audited)).text,
    }


def _rows(release: Release, together: Compared | None) -> list[ForceRow]:
    found = []
    for audit in release.latest():
        if audit.force.is_territorial:
            rank = together.rank(audit.force.code) if together else None
            places = f"{rank.best} to {rank.worst}" if rank else "not compared"
            found.append(ForceRow(audit, audit.figure("recorded", *ALL_CRIMES), places))
    return found


def _map(release: Release, rows: list[ForceRow]) -> charts.Chart:
    by_code = {row.audit.force.code: row for row in rows}
    tiles = []
    for force in forces():
        row = by_code.get(force.code)
        estimate = row.figure.estimate if row and row.figure else None
        band = None if estimate is None else next(n for n, (top, _) in enumerate(BANDS) if estimate < top)
        figure = "[x]" if row is None or row.figure is None else _short(row.figure)
        address = f"forces/{force.slug}.html" if row else ""
        tiles.append(
            charts.Tile(
                force.letters, force.name, force.column, force.row, cast("Band | None", band), figure, address
            )
        )
    known = sum(tile.band is not None for tile in tiles)
    described = (
        f"A map of 43 tiles, one a force; {known} have a recording rate. The table beside it has them all."
    )
    return charts.tile_map("Recording rate by force", described, tiles, [label for _, label in BANDS])


def _short(figure: Figure) -> str:
    return told(figure) if figure.estimate is None else percent(figure.estimate).text.replace("over ", ">")


def _comparison(together: Compared, forces_shown: int) -> dict[str, Any]:
    ranks = together.ranking.ranks
    names = {code: audit.force.name for code, audit in together.audits.items()}
    target = together.funnel.target
    out = [each for each in together.funnel.forces if each.stands != "inside"]
    far = [each for each in out if each.stands == "outside 99.8 %"]
    rows = [
        charts.IntervalRow(
            names[rank.name],
            (figure := _figure(together, rank.name)).estimate,
            figure.lower,
            figure.upper,
            _told_with_interval(figure),
            (rank.best, rank.worst),
        )
        for rank in ranks
    ]
    first, last = ranks[0], ranks[-1]
    average = f"average {100 * target:.1f}%"
    return {
        "ranked": charts.intervals(
            _ranked_title(together),
            f"{len(ranks)} forces from {names[first.name]}, {told(_figure(together, first.name))}, to "
            f"{names[last.name]}, {told(_figure(together, last.name))}; {average}.",
            rows,
            Reference(target, average),
        ),
        "groups_said": _places_said(together, names, forces_shown - len(names)),
        "standing_said": _standing_said(together, len(out), [names[each.name] for each in far]),
        "funnel": _funnel(together, names),
        "spread": points(together.funnel.spread).text,
    }


def _ranked_title(together: Compared) -> str:
    widths = sorted(rank.worst - rank.best for rank in together.ranking.ranks)
    wide = widths[len(widths) // 2] > len(widths) / 5
    return "Most places cannot be told apart" if wide else "Recording rates and possible places"


def _figure(together: Compared, code: str) -> Figure:
    found = together.audits[code].figure("recorded", *ALL_CRIMES)
    assert found is not None
    return found


def _told_with_interval(figure: Figure) -> str:
    """The interval in whole per cent, rounded outwards, so that it holds the figure beside it."""
    low, high = floor(100 * (figure.lower or 0)), ceil(100 * (figure.upper or 0))
    return f"{told(figure)} ({low} to {high})"


def _places_said(together: Compared, names: dict[str, str], left_out: int) -> str:
    ranks = together.ranking.ranks
    widths = sorted(rank.worst - rank.best + 1 for rank in ranks)
    certain = [names[rank.name] for rank in ranks if rank.best == rank.worst]
    middle = widths[len(widths) // 2]
    said = f"A typical force could stand in any of {middle} places out of {len(ranks)}."
    if left_out:
        said += f" {left_out} more are not compared: they have no interval, or their figure is withheld."
    if certain:
        said += f" Only the place of {_listed(certain)} is certain."
    return said


def _standing_said(together: Compared, out: int, far: list[str]) -> str:
    number = len(together.audits)
    expected = number * (1 - LOOK)
    said = (
        f"{out} of {number} forces stand outside the {100 * LOOK:.0f}% limits, where chance alone would put "
        f"about {expected:.0f}."
    )
    if far:
        return f"{said} Outside the {100 * ACT:.1f}% limits, and so worth acting on: {_listed(far)}."
    return f"{said} None stands outside the {100 * ACT:.1f}% limits."


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _funnel(together: Compared, names: dict[str, str]) -> charts.Chart:
    found = together.funnel

    def limits(confidence: float) -> Any:
        def at(size: float) -> tuple[float, float]:
            error = np.array([np.sqrt(found.target * (1 - found.target) / size)])
            low, high = found.limits(error, confidence)
            return float(low[0]), float(high[0])

        return at

    dots = [
        charts.FunnelPoint(names[each.name], together.sizes[each.name], each.rate, each.stands != "inside")
        for each in found.forces
    ]
    out = [point.label for point in dots if point.stands_out]
    described = f"{len(dots)} forces; outside the limits: {', '.join(out) or 'none'}. Figures: table above."
    return charts.funnel_chart(
        "Rates against the size of the sample",
        described,
        dots,
        found.target,
        [(f"{100 * LOOK:.0f}%", limits(LOOK)), (f"{100 * ACT:.1f}%", limits(ACT))],
    )


def _trend(release: Release) -> charts.Chart | None:
    found = rounds(release)
    if len(found) < 2:
        return None
    dots = [
        charts.TrendPoint(
            each.year,
            str(each.year),
            each.average,
            None,
            None,
            f"{100 * each.average:.1f}%",
            each.run,
            each.rates,
        )
        for each in found
    ]
    described = "; ".join(
        f"{each.year}: {100 * each.average:.1f}%, {len(each.rates)} forces" for each in found
    )
    return charts.trend("Average recording rate, year by year", described, dots)
