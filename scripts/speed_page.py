"""Write the figures of docs/speed.md from what the benchmarks last measured.

    python scripts/speed_page.py

Nothing is measured here: `make bench` measures, and keeps its results under `benchmarks/results`. Each table
stands between two markers of the page and is replaced whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "speed.md"
RESULTS = ROOT / "benchmarks" / "results"


def main() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for name, section in SECTIONS.items():
        pattern = rf"(<!-- begin {name} -->\n).*?(<!-- end {name} -->)"
        made = f"\n{section()}\n\n"
        page = re.sub(pattern, lambda found, made=made: found[1] + made + found[2], page, flags=re.DOTALL)
    PAGE.write_text(page, encoding="utf-8")


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def kept_runs(name: str, size: str) -> list[dict[str, Any]]:
    """The kept results of one benchmark, the largest first."""
    kept = [json.loads(path.read_text()) for path in RESULTS.glob(f"{name}-*.json")]
    return sorted(kept, key=lambda result: -int(result[size]))


def runs_shown(name: str, size: str, shown: Callable[[dict[str, Any]], str], command: str) -> str:
    """Each kept run of one benchmark, the largest first; the command that makes one where there is none."""
    return "\n\n".join(map(shown, kept_runs(name, size))) or f"Run `{command}`."


def audits() -> str:
    """Each kept run from CSV to report, the largest first."""
    return runs_shown("audit", "incidents", audit, "make bench")


def audit(result: dict[str, Any]) -> str:
    head = (
        f"{result['incidents']:,} incidents and {result['crimes']:,} crimes, {result['machine']}, Python "
        f"{result['python']}, DuckDB {result['duckdb']}, measured on {result['measured_on']}:"
    )
    rows = [
        (
            step["step"],
            f"{step['seconds']:.1f}",
            f"{step['cpu_seconds']:.1f}",
            f"{step['cpu_seconds'] / result['incidents'] * 1e6:.0f}",
            f"{step['ratio']:.1f}",
            f"{step['peak_gib']:.2f}",
        )
        for step in result["steps"]
    ]
    heads = ("step", "seconds", "processor seconds", "microseconds an incident", "times a scan", "peak GiB")
    return f"{head}\n\n{table(heads, rows)}"


def reading() -> str:
    """Each kept run of reading, scoring and ranking logs, the largest first."""
    return runs_shown("reading", "logs", logs_read, "python benchmarks/reading.py")


def logs_read(result: dict[str, Any]) -> str:
    head = (
        f"{result['logs']:,} logs of {result['characters_a_log']} characters, {result['machine']}, measured "
        f"on {result['measured_on']}; {result['peak_gib']:.2f} GiB at most, and "
        f"{result['peak_gib_a_worker']:.2f} GiB in each worker:"
    )
    rows = [
        (
            name,
            f"{part['seconds']:.1f}",
            f"{part['cpu_seconds']:.1f}",
            f"{part['cpu_seconds'] / result['logs'] * 1e6:.0f}",
        )
        for name, part in result["parts"].items()
    ]
    heads = ("part", "seconds", "processor seconds", "microseconds a log")
    return f"{head}\n\n{table(heads, rows)}"


def nights() -> str:
    """Each kept run of a night's exports beside an audit from nothing, the largest first."""
    return runs_shown("nightly", "incidents", night, "make nights")


def night(result: dict[str, Any]) -> str:
    whole = result["from_nothing_cpu_seconds"]
    bytes_of = {True: "the same bytes", False: "OTHER BYTES", None: "bytes not compared"}
    head = (
        f"{result['incidents']:,} incidents, {result['machine']}, measured on {result['measured_on']}; "
        f"{bytes_of[result['same_bytes_as_from_nothing']]} as an audit from nothing:"
    )
    told = {"new": "new reports, one in a hundred", "amended": "older records amended"}
    rows = [
        ("an audit from nothing", f"{result['rows_at_first']['incidents']:,}", f"{whole:.1f}", "100.0"),
        ("nothing new", "0", *_share(result["nothing_new_cpu_seconds"], whole)),
        *(
            (words, f"{result[name]['rows']['incidents']:,}", *_share(result[name]["cpu_seconds"], whole))
            for name, words in told.items()
        ),
    ]
    return f"{head}\n\n{table(('what came', 'incidents', 'processor seconds', '% of the whole'), rows)}"


def _share(seconds: float, whole: float) -> tuple[str, str]:
    return f"{seconds:.1f}", f"{100 * seconds / whole:.1f}"


def automata() -> str:
    path = RESULTS / "automata.json"
    if not path.is_file():
        return "Run `python benchmarks/automata.py`."
    result = json.loads(path.read_text())
    rows = [
        (name, str(each["left_out"]), "", "", "")
        if "left_out" in each
        else (
            name,
            f"{each['cpu_microseconds_a_log']:.1f}",
            f"{each['found_a_log']:.1f}",
            f"{each['build_cpu_seconds']:.1f}",
            str(each["peak_mib"]),
        )
        for name, each in result["contenders"].items()
    ]
    heads = ("contender", "microseconds a log", "found a log", "seconds to build", "peak MiB")
    head = f"{result['phrases']:,} phrases, logs of {result['characters_a_log']} characters on average:"
    return f"{head}\n\n{table(heads, rows)}"


def review_load() -> str:
    """The kept runs of auditors at work in the review room."""
    path = RESULTS / "review-load.json"
    if not path.is_file():
        return "Run `make load`."
    runs = json.loads(path.read_text())
    return "\n\n".join(review_run(run) for run in runs.values())


def review_run(run: dict[str, Any]) -> str:
    told, held = run["reconciled"]["acknowledged"], run["reconciled"]
    head = (
        f"{run['auditors']} auditors at once on {run['database']}, {run['seconds']} seconds, "
        f"{run['machine']}, measured on {run['measured_on']} "
        f"(load average before it {run['load_before']}, niceness {run['niceness']}):"
    )
    rows = [
        (name, f"{each['count']:,}", f"{each['p50']:.0f}", f"{each['p95']:.0f}", f"{each['p99']:.0f}")
        for name, each in [*run["pages"].items(), ("all pages", run["all_pages"])]
    ]
    heads = ("page", "seen", "half within, ms", "95 % within, ms", "99 % within, ms")
    counts = (
        f"Acknowledged: {told['save']:,} drafts saved, {told['submit']:,} judgements submitted. "
        f"In the database: {held['judgements']:,} judgements, {held['signed']:,} signed. "
        f"In the chain of {held['events']:,} events: {held['events_submitted']:,} submissions, "
        f"{held['events_signed']:,} signatures. "
        f"Lost, doubled or otherwise not as acknowledged: {len(held['problems'])}."
    )
    parts = [head, table(heads, rows), counts]
    if run["killed"]:
        parts.insert(1, "Killed at work: " + "; ".join(killed(each) for each in run["killed"]) + ".")
    return "\n\n".join(parts)


def kills() -> str:
    """Each kept run of ``make kill``, the largest first."""
    return runs_shown("kills", "incidents", kill, "make kill")


def kill(result: dict[str, Any]) -> str:
    head = (
        f"{result['incidents']:,} incidents, {result['kills']} kills; {result['machine']}, DuckDB "
        f"{result['duckdb']}, measured on {result['measured_on']}:"
    )
    rows = [
        (each["step"], f"{each['seconds']:.1f}", str(each["kills"]), str(each["different"]))
        for each in result["steps"]
    ]
    return f"{head}\n\n{table(('step', 'seconds of it', 'kills', 'tables differ after'), rows)}"


def memory() -> str:
    """Each kept run of ``benchmarks/little_memory.py``, the largest first."""
    return runs_shown("memory", "incidents", in_memory, "python benchmarks/little_memory.py")


def in_memory(result: dict[str, Any]) -> str:
    head = (
        f"{result['incidents']:,} incidents; {result['machine']}, DuckDB {result['duckdb']}, measured on "
        f"{result['measured_on']}:"
    )
    rows = [
        (
            each["limit"] or "none",
            "yes" if each["held_by_the_system"] else "no",
            f"{each['seconds']:.1f}",
            f"{each['cpu_seconds']:.1f}",
            f"{each['peak_gib']:.2f}",
            f"{each['scratch_gib']:.2f}",
            "same" if each["same"] else "others",
        )
        for each in result["runs"]
    ]
    heads = (
        *("limit of the engine", "each process held to it by the system", "seconds", "processor seconds"),
        *("peak GiB of all processes", "scratch at most GiB", "bytes"),
    )
    return f"{head}\n\n{table(heads, rows)}"


def killed(each: dict[str, Any]) -> str:
    at, back = each["at_second"], each["back_after_seconds"]
    return f"the {each['what']} at second {at:.0f}, back after {back:.0f} seconds"


SECTIONS: dict[str, Callable[[], str]] = {
    "audits": audits,
    "nights": nights,
    "kills": kills,
    "memory": memory,
    "reading": reading,
    "automata": automata,
    "review load": review_load,
}


if __name__ == "__main__":
    main()
