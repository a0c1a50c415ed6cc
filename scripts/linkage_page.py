"""Write the tables of docs/linkage.md from made-up forces the weights have not seen.

    python scripts/linkage_page.py [SECTION ...]

Every table stands between two markers of the page and is replaced whole; the drawing beside the page too.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import vl_convert
from train_linkage import opened, simulated

from opencdi.counting import classification
from opencdi.linkage import (
    LEVELS,
    Accuracy,
    Reliability,
    accuracy,
    calibration_error,
    link,
    load_weights,
    reliability,
    waterfall,
    waterfall_chart,
)
from opencdi.linkage.candidates import rules
from opencdi.linkage.density import Density
from opencdi.linkage.wear import Force, recorded_late, worn
from opencdi.settings import Linkage

SEEDS = {"a": 9201, "b": 9202}
INCIDENTS_A_FORCE = 100_000
DOCS = Path(__file__).parent.parent / "docs"
PAGE = DOCS / "linkage.md"
RESULTS = Path(__file__).parent.parent / "benchmarks" / "results"
HERE = Density(7_700)
"""A force of a hundred thousand incidents a year, places as crowded as where the weights were learned."""

LATE = "recorded late"
WEAR: dict[str, Callable[[Force, int], Force]] = {
    "as made": lambda force, _: force,
    "worse kept": worn,
    LATE: recorded_late,
}
"""The ways each force is taken."""

Case = tuple[str, Sequence[Accuracy], Sequence[Reliability]]


def main() -> None:
    """Write every section of the page, or those named on the command line."""
    for name in sys.argv[1:] or list(SECTIONS):
        text = SECTIONS[name]()
        PAGE.write_text(between(PAGE.read_text(encoding="utf-8"), name, text), encoding="utf-8")


@cache
def _cases() -> tuple[Case, ...]:
    with tempfile.TemporaryDirectory() as folder:
        return tuple(case for style, seed in SEEDS.items() for case in _of_style(Path(folder), style, seed))


def between(page: str, name: str, text: str) -> str:
    """The page with what stands between the markers of ``name`` replaced."""
    pattern = rf"(<!-- begin {name} -->\n).*?(<!-- end {name} -->)"
    return re.sub(pattern, lambda found: f"{found[1]}\n{text}\n\n{found[2]}", page, flags=re.DOTALL)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown; columns of figures are set to the right."""
    figures = re.compile("[-+0-9.,]*")
    columns = list(zip(*rows, strict=True))
    ruler = ["--:" if all(figures.fullmatch(cell) for cell in column) else "---" for column in columns]
    return "\n".join("| " + " | ".join(row) + " |" for row in (heads, ruler, *rows))


def _of_style(folder: Path, style: str, seed: int) -> Iterator[Case]:
    tables, truth = simulated(folder, style, INCIDENTS_A_FORCE, seed)
    for name, wear in WEAR.items():
        with opened(tables, truth) as force:
            yield _measured(f"style {style}, {name}", wear(force, seed))


def _measured(name: str, force: Force) -> Case:
    families = classification.load().families()
    links = link(force.incidents, force.crimes, force.parties, Linkage(), families)
    if name == "style a, worse kept":
        _draw(next(row for row in links.rows("order by crime_id") if row["reference_level"] == "slip"))
    return name, accuracy(links, force.truth), reliability(links, force.truth)


def _draw(row: dict[str, object]) -> None:
    bars = waterfall(row)
    svg = vl_convert.vegalite_to_svg(waterfall_chart(bars).to_dict())
    (DOCS / "linkage-waterfall.svg").write_text(svg, encoding="utf-8")
    rows = [(f"{bar.name}: {bar.words}", f"{bar.bits:+.1f}", f"{bar.end:+.1f}") for bar in bars]
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(between(page, "waterfall", table(("step", "bits", "sum"), rows)), encoding="utf-8")


def _rules() -> str:
    rows = [(rule.name, rule.words, _window(rule.before, rule.after)) for rule in rules(Linkage())]
    return table(("rule", "proposes an incident when", "window after and before the report"), rows)


def _window(before: int, after: int) -> str:
    """A window that begins only after the usual one has passed says from when."""
    from_when = f"{before / 3600:.0f} hour" if before >= 0 else f"from {-before / 86_400:.0f} days on"
    return f"{after / 86_400:.0f} days, {from_when}"


def _levels() -> str:
    weights = load_weights("default")
    rows = [("start", "one of the incidents in the window", f"{weights.prior(HERE):+.1f}")]
    for comparison, named in LEVELS.items():
        bits = weights.bits(comparison, HERE)
        rows += [(comparison, words, f"{bits[level]:+.1f}") for level, words in named.items()]
    return table(("comparison", "level", "bits"), rows)


def _accuracy(cases: Sequence[Case]) -> str:
    heads = (
        *("reference on the crime", "crimes", "linked", "precision", "recall"),
        *("ambiguous", "the best right", "it or the next right"),
    )
    parts = []
    for name, groups, _ in cases:
        rows = [
            (
                group.group,
                f"{group.crimes:,}",
                f"{group.linked:,}",
                _share(None if group.group == "no incident" else group.precision),
                _share(None if group.group == "all" else group.recall),
                *(
                    f"{count:,}"
                    for count in (group.ambiguous, group.ambiguous_right, group.ambiguous_between)
                ),
            )
            for group in groups
        ]
        none = next(group for group in groups if group.group == "no incident")
        wrongly = (
            f"{100 * none.linked / none.crimes:.1f} % of the crimes that came from no incident are linked"
        )
        parts.append(f"**Force of {name}.** {wrongly} (all wrongly).\n\n{table(heads, rows)}")
    return "\n\n".join(parts)


def _reliability(cases: Sequence[Case]) -> str:
    parts = []
    for name, _, bands in cases:
        rows = [
            (f"{band.low:.3f} to {band.high:.3f}", f"{band.links:,}", _share(band.said), _share(band.right))
            for band in bands
        ]
        mean = f"Mean distance of said from so: {calibration_error(bands):.4f}."
        heads = ("probability", "links", "said", "so")
        parts.append(f"**Force of {name}.** {mean}\n\n{table(heads, rows)}")
    return "\n\n".join(parts)


def _speed() -> str:
    """What ``benchmarks/linkage.py`` last measured, if it has run."""
    rows = []
    machine = ""
    for path in sorted(RESULTS.glob("linkage-*.json")):
        found = json.loads(path.read_text(encoding="utf-8"))
        machine = f"{found['machine']}, DuckDB {found['duckdb']}"
        rows += [
            (
                _how(found, run["name"]),
                str(found["load_before"]),
                f"{run['seconds']:.1f}",
                f"{run['cpu_seconds']:.1f}",
                f"{run['ratio']:.1f}",
                f"{run['peak_gib']:.2f}",
            )
            for run in found["runs"]
        ]
    if not rows:
        return "Run `python benchmarks/linkage.py`."
    heads = (
        *("incidents x crimes", "load average before", "seconds", "processor seconds"),
        *("ratio to a plain scan", "peak GiB"),
    )
    return f"{machine}; `python benchmarks/linkage.py` measures it.\n\n{table(heads, rows)}"


def _how(found: dict[str, Any], way: str) -> str:
    size = f"{found['incidents']:,} x {found['crimes']:,}"
    sliced = way.replace("in slices", f"in slices of {found.get('incidents_a_slice', 250_000):,}")
    held = sliced.replace("held", f"the engine held to {found.get('memory')}")
    return f"{size}, {held}"


def _contenders() -> str:
    """What ``benchmarks/linkage_contenders.py`` last measured, if it has run."""
    parts = []
    for path in sorted(RESULTS.glob("contenders-*.json")):
        found = json.loads(path.read_text(encoding="utf-8"))
        rows = []
        for contender in found["contenders"]:
            groups = [Accuracy(**{name: group[name] for name in _COUNTS}) for group in contender["groups"]]
            name = contender["name"].replace("_", " ")
            cost = tuple(f"{contender[name]:.{places}f}" for name, places in _COSTS.items())
            rows.append((name, *_right_and_found(groups), _share(contender["calibration_error"]), *cost))
            if name == "ours":
                both = [group.with_ambiguous for group in groups]
                rows.append(("ours, ambiguous ones too", *_right_and_found(both), *[""] * (len(cost) + 1)))
        heads = (
            "linkage",
            "good: precision / recall",
            "damaged",
            "wrong",
            "missing",
            "linked of no incident",
        )
        size = (
            f"{found['incidents']:,} incidents, worse kept; {found['machine']}, DuckDB {found['duckdb']}, "
            f"Splink {found['splink']}."
        )
        costs = ("calibration error", "load before", "seconds", "processor seconds", "peak GiB")
        parts.append(f"{size}\n\n{table((*heads, *costs), rows)}")
    return "\n\n".join(parts) or "Run `python benchmarks/linkage_contenders.py`."


_COSTS = {"load_before": 1, "seconds": 1, "cpu_seconds": 1, "peak_gib": 2}
_COUNTS = tuple(field.name for field in fields(Accuracy))


def _right_and_found(groups: Sequence[Accuracy]) -> tuple[str, ...]:
    """Precision and recall by state of the reference, and the share linked of the crimes of no incident."""
    known = [group for group in groups if group.group in ("good", "damaged", "wrong", "missing")]
    none = next(group for group in groups if group.group == "no incident")
    shares = (f"{_share(group.precision)} / {_share(group.recall)}" for group in known)
    return (*shares, f"{none.linked / max(1, none.crimes):.4f}")


def _sets() -> str:
    """What ``benchmarks/linkage_sets.py`` last measured, if it has run."""
    path = RESULTS / "public-sets.json"
    if not path.exists():
        return "Run `python benchmarks/linkage_sets.py FOLDER`."
    found = json.loads(path.read_text(encoding="utf-8"))
    rows = [
        (
            each["data"],
            each["linkage"],
            f"{each['with_partner']:,}",
            f"{each['linked']:,}",
            _share(each["right"] / each["linked"] if each["linked"] else None),
            _share(each["right"] / each["with_partner"]),
            _share(each["recall_as_precise_as_splink"]),
            f"{each['processor_seconds']:.1f}",
        )
        for each in found["scores"]
    ]
    heads = (
        *("set", "linkage", "with a partner", "linked", "precision", "recall"),
        *("recall, as precise as Splink", "processor seconds"),
    )
    return (
        f"Splink {found['splink']}, DuckDB {found['duckdb']}; {found['measured_on']}.\n\n{table(heads, rows)}"
    )


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


SECTIONS: dict[str, Callable[[], str]] = {
    "rules": _rules,
    "levels": _levels,
    "accuracy": lambda: _accuracy([case for case in _cases() if LATE not in case[0]]),
    "late": lambda: _accuracy([case for case in _cases() if LATE in case[0]]),
    "reliability": lambda: _reliability([case for case in _cases() if LATE not in case[0]]),
    "speed": _speed,
    "contenders": _contenders,
    "sets": _sets,
}


if __name__ == "__main__":
    main()
