"""Measure the simulated force and write the figures of ``docs/simulated-force.md``.

Run from the repository: ``python scripts/simulated_force.py``. It takes some minutes, most of them for the
million incidents; ``--small`` leaves that run out.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import platform
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import fields
from pathlib import Path

import duckdb

from opencdi.simulation import grammar, settings
from opencdi.simulation.force import simulate
from opencdi.simulation.separability import between_halves, between_styles, within_one_half
from opencdi.simulation.settings import Errors, Force, Reports, Style

PAGE = Path(__file__).parents[1] / "docs" / "simulated-force.figures.inc"
STYLES: tuple[Style, ...] = ("a", "b")
SEEDS = (1, 2)
LOGS = 12_000
"""Logs to train and logs to test the bag of words."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--small", action="store_true", help="leave out the million incidents")
    small = parser.parse_args().small
    blocks = [speed(small), separability(), rates(), settings_table(), size_of_grammar()]
    PAGE.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))


def table(heading: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(heading) + " |", "|" + "---|" * len(heading)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def speed(small: bool) -> str:
    rows = []
    sizes = [(size, style) for size in (20_000, 100_000) for style in STYLES]
    for incidents, style in sizes if small else [*sizes, (1_000_000, STYLES[0])]:
        cpu, wall, peak, size = one_run(incidents, style)
        rows.append(
            [
                f"{incidents:,}",
                style,
                f"{cpu:.1f}",
                f"{incidents / cpu:,.0f}",
                f"{wall:.1f}",
                f"{peak:.2f}",
                f"{size:.2f}",
            ]
        )
    heading = [
        "incidents",
        "style",
        "CPU seconds",
        "incidents a CPU second",
        "wall seconds",
        "peak memory, GB",
        "written, GB",
    ]
    where = f"Python {platform.python_version()}, {platform.machine()}, one process, CSV, start-up counted."
    return f"### Speed and memory\n\n{where}\n\n{table(heading, rows)}"


def one_run(incidents: int, style: Style) -> tuple[float, float, float, float]:
    """CPU and wall seconds, peak gigabytes of the process, gigabytes written."""
    code = (
        "import resource, sys; from pathlib import Path\n"
        "from opencdi.simulation.force import simulate; from opencdi.simulation.settings import Force\n"
        f"simulate(Force(incidents={incidents}, seed=1, style={style!r}), Path(sys.argv[1]))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    with tempfile.TemporaryDirectory() as folder:
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", code, folder], check=True, capture_output=True, text=True
        )
        wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file()) / 1e9
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, wall, int(done.stdout) / 1e6, size


def separability() -> str:
    rows = []
    for style in STYLES:
        halves = [
            area
            for seed in SEEDS
            for area in between_halves(Force(incidents=LOGS, seed=10 * seed, style=style))
        ]
        whole = [within_one_half(Force(incidents=LOGS, seed=10 * seed, style=style)) for seed in SEEDS]
        rows.append([f"style {style}, other phrases", *spread(halves)])
        rows.append([f"style {style}, same phrases, other seed", *spread(whole)])
    for trained, tested in (("a", "b"), ("b", "a")):
        areas = [
            between_styles(
                Force(incidents=LOGS, seed=10 * seed, style=trained),
                Force(incidents=LOGS, seed=10 * seed + 1, style=tested),
            )
            for seed in SEEDS
        ]
        rows.append([f"trained on style {trained}, tested on style {tested}", *spread(areas)])
    heading = ["train and test", "runs", "mean area", "least", "most"]
    size = f"{LOGS:,} logs to train and as many to test."
    return f"### A bag of words\n\n{size}\n\n{table(heading, rows)}"


def spread(values: list[float]) -> list[str]:
    return [str(len(values)), f"{sum(values) / len(values):.3f}", f"{min(values):.3f}", f"{max(values):.3f}"]


GROUPS = {
    "all": "true",
    "violence, with stalking and harassment": "offence_subgroup in ('Violence without injury', "
    "'Violence with injury', 'Stalking and harassment', 'Homicide')",
    "rape": "offence_subgroup = 'Rape'",
    "other sexual offences": "offence_subgroup = 'Other sexual offences'",
    "domestic abuse": "domestic_abuse",
}
STANDS = "error not in ('missing', 'additional_missing', 'n100_instead_of_crime', 'wrongly_cancelled')"


def rates() -> str:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for style in STYLES:
            out = Path(folder, style)
            simulate(Force(incidents=200_000, seed=1, style=style), out)
            required = f"read_parquet('{out}/truth/required.parquet')"
            for name, test in GROUPS.items():
                answer = duckdb.sql(
                    f"select count(*), avg(cast({STANDS} as int)), avg(cast(error = 'late' as int)), "
                    f"avg(cast(error = 'wrong_class' as int)) from {required} "
                    f"where record_as = 'crime' and {test}"
                ).fetchall()[0]
                rows.append([style, name, f"{answer[0]:,}", *(f"{100 * share:.1f}" for share in answer[1:])])
    heading = [
        "style",
        "required crimes",
        "how many",
        "recorded, %",
        "of all: late, %",
        "of all: wrong class, %",
    ]
    return f"### Rates that came out, 200,000 incidents\n\n{table(heading, rows)}"


def settings_table() -> str:
    rows = []
    for kind, place in ((Reports, 0), (Errors, 1)):
        meanings = meanings_of(kind)
        for field in fields(kind):
            values = [getattr(settings.habits_of(style)[place], field.name) for style in STYLES]
            rows.append([f"`{field.name}`", *(f"{value:g}" for value in values), meanings[field.name]])
    return f"### Settings\n\n{table(['setting', 'style a', 'style b', 'meaning and source'], rows)}"


def meanings_of(kind: type) -> dict[str, str]:
    """The text under each field of a settings class; fields that share one text share it here too."""
    found: dict[str, str] = {}
    waiting: list[str] = []
    body = ast.parse(inspect.getsource(kind)).body[0]
    assert isinstance(body, ast.ClassDef)
    for node in body.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            waiting.append(node.target.id)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and waiting:
            text = " ".join(str(node.value.value).split())
            found |= dict.fromkeys(waiting, text)
            waiting = []
    return found


def size_of_grammar() -> str:
    rows = []
    for style in STYLES:
        found = grammar.read(style)
        rows.append([style, f"{len(found):,}", f"{sum(map(len, found.values())):,}"])
    return f"### The grammar\n\n{table(['style', 'symbols', 'alternatives'], rows)}"


if __name__ == "__main__":
    main()
