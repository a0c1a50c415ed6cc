"""Time and memory of a release of 43 forces with twelve yearly audits, part by part: ``benchmarks/site.py``.

With ``--write`` the table goes into ``docs/publication.md``.

Processor time (with that of processes it starts) and peak memory; times by the clock depend on what else the
machine does.
Verification is left out: it recomputes every audit, and is done once for each and not again.
"""

from __future__ import annotations

import os
import resource
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.publication.small_release import release_of

from opencdi.publication.checks import check
from opencdi.publication.control.control import control
from opencdi.publication.figures import Release
from opencdi.publication.press import write_press
from opencdi.publication.site import write_pages
from opencdi.publication.tables.write import write_tables

FORCES, YEARS = 43, 12
PAGE = Path(__file__).parent.parent / "docs" / "publication.md"
START, END = "<!-- benchmark -->", "<!-- /benchmark -->"


def main() -> None:
    release = release_of(FORCES, YEARS)
    folder = Path(tempfile.mkdtemp())
    figures = sum(1 for _ in release.each_figure())
    controlled: list[Release] = []
    parts: list[tuple[str, Callable[[], object]]] = [
        ("checks", lambda: check(release)),
        ("disclosure control", lambda: controlled.append(control(release, []).release)),
        ("pages", lambda: write_pages(controlled[0], folder)),
        ("press file", lambda: write_press(controlled[0], folder / "press")),
        ("tables", lambda: write_tables(controlled[0], folder / "data", None, lambda _: None)),
    ]
    try:
        rows = [_timed(name, part) for name, part in parts]
        heaviest = max(path.stat().st_size for path in folder.rglob("*.html"))
    finally:
        shutil.rmtree(folder)
    told = _table(figures, rows, heaviest)
    print(told)
    if "--write" in sys.argv:
        text = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(f"{text.split(START)[0]}{START}\n{told}\n{END}{text.split(END)[1]}", encoding="utf-8")


def _timed(name: str, part: Callable[[], object]) -> tuple[str, float, float]:
    """The part's name, its processor time in seconds and the peak memory so far in MB."""
    processor = _processor_time()
    part()
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    peak = max(resource.getrusage(kind).ru_maxrss for kind in kinds) / 1024
    return name, _processor_time() - processor, peak


def _table(figures: int, rows: list[tuple[str, float, float]], heaviest: int) -> str:
    total = sum(seconds for _, seconds, _ in rows)
    lines = [f"| {name} | {seconds:.1f} s | {peak:.0f} MB |" for name, seconds, peak in rows]
    head = f"| {FORCES} forces, {YEARS} audits each, {figures:,} figures | processor time | peak so far |"
    foot = f"| all | {total:.1f} s | {rows[-1][2]:.0f} MB |"
    weight = f"The heaviest page weighs {heaviest / 1000:.0f} kB."
    return "\n".join([head, "|---|---|---|", *lines, foot, "", weight])


def _processor_time() -> float:
    return sum(os.times()[:4])


if __name__ == "__main__":
    main()
