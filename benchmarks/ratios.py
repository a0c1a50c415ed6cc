"""Has a step of the audit become slower? Ratios of user time to a plain scan, within one small run.

    python benchmarks/ratios.py [--write]

A made-up force of 5,000 incidents is audited in one process, after a smaller one that is not measured: what
a process does once (modules, compiled kernels, rules) costs what the machine's disk and its settings make of
it, and no scan is a yardstick for that. Before and after every step the exports are scanned by DuckDB for a
moment, so that what else the machine does weighs on the step and on its yardstick alike. A step that takes
half as much again as in the kept result, in each of three tries, fails the check; one that adds less than a
fiftieth to the whole is left out, being within chance. ``--write`` keeps a new result: the middle of three
tries. Ratios travel between machines; seconds do not.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

INCIDENTS = 5_000
WARM_UP = 500
TRIES = 3
WORSE = 1.5
OF_THE_WHOLE = 0.02
SCAN_SECONDS = 0.25
"""Processor time spent on the yardstick beside each step."""

KEPT = Path(__file__).parent / "results" / "ratios.json"
Ratios = Mapping[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="Keep what is measured as the new result")
    parser.add_argument("--audit", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--after", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.audit:
        exports = sorted((options.audit.parent / "force" / "exports").glob("*.parquet"))
        ratios_of_steps(options.after, exports)
        print(json.dumps(ratios_of_steps(options.audit, exports)))
        return
    with tempfile.TemporaryDirectory(prefix="opencdi-ratios-") as name:
        folder = Path(name)
        for force, incidents in (("warm-up", WARM_UP), ("force", INCIDENTS)):
            _opencdi("simulate", folder / force, "--incidents", incidents, "--seed", 7, "--format", "parquet")
        if options.write:
            tries = [_tried(folder, number) for number in range(TRIES)]
            kept = {step: round(statistics.median(each[step] for each in tries), 2) for step in tries[0]}
            KEPT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
            show(kept, kept)
            return
        sys.exit(check(folder, json.loads(KEPT.read_text())))


def check(folder: Path, kept: Ratios) -> int:
    """Exit code 1 where a step is worse in every try."""
    best: dict[str, float] = {}
    for number in range(TRIES):
        for step, ratio in _tried(folder, number).items():
            best[step] = min(ratio, best.get(step, ratio))
        worse = worse_than(best, kept)
        if not worse:
            break
    show(best, kept)
    print("\n".join(["Slower by half:", *worse]) if worse else "No step is slower by half.")
    return 1 if worse else 0


def worse_than(now: Ratios, kept: Ratios) -> list[str]:
    """A line for each step that takes half as much again, where that is more than chance."""
    least = OF_THE_WHOLE * sum(kept.values())
    return [
        f"{step}: {ratio:.1f} times a scan, against {kept[step]:.1f}"
        for step, ratio in now.items()
        if step in kept and ratio > WORSE * kept[step] and ratio - kept[step] > least
    ]


def show(now: Ratios, kept: Ratios) -> None:
    print(f"{'step':<12}{'times a scan':>14}{'kept':>10}")
    for step, ratio in now.items():
        print(f"{step:<12}{ratio:>14.1f}{kept.get(step, float('nan')):>10.1f}")


def _tried(folder: Path, number: int) -> dict[str, float]:
    audits = {force: folder / f"audit-{force}-{number}" for force in ("warm-up", "force")}
    for force, audit in audits.items():
        exports = folder / force / "exports"
        files = [f"--{table}={exports / table}.parquet" for table in ("incidents", "crimes")]
        _opencdi("init", audit, *files, "--force", "Bench")
    asked = [sys.executable, __file__, "--audit", str(audits["force"]), "--after", str(audits["warm-up"])]
    done = subprocess.run(asked, check=True, stdout=subprocess.PIPE, text=True)
    ratios: dict[str, float] = json.loads(done.stdout)
    return ratios


def ratios_of_steps(audit: Path, exports: Sequence[Path]) -> dict[str, float]:
    """Each step's user time over that of the scans before and after it."""
    from opencdi.cli.pipeline import steps_up_to
    from opencdi.workspace import Workspace

    workspace = Workspace.open(audit)
    ratios: dict[str, float] = {}
    before = _scan(exports)
    with workspace.locked():
        for step in steps_up_to("report"):
            began = _processor()
            workspace.run(step)
            spent, after = _processor() - began, _scan(exports)
            ratios[step.name] = 2 * spent / (before + after)
            before = after
    return ratios


def _processor() -> float:
    """Processor seconds but for the system's own: what a report's many files cost there differs threefold
    with what was lately deleted on the same disk."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime for each in used)


def _scan(paths: Sequence[Path]) -> float:
    """Mean processor seconds to read every value of the files."""
    began, scans = _processor(), 0
    while _processor() - began < SCAN_SECONDS:
        for path in paths:
            with duckdb.connect() as connection:
                columns = connection.read_parquet(str(path)).columns
                sums = ", ".join(f'sum(length("{name}"))' for name in columns)
                connection.execute(f"select {sums} from read_parquet('{path}')").fetchall()
        scans += 1
    return (_processor() - began) / scans


def _opencdi(*arguments: object) -> None:
    program = Path(sys.executable).with_name("opencdi")
    subprocess.run([str(program), *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
