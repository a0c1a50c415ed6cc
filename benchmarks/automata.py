"""Ways of finding all phrases of the pattern book in logs, side by side.

    python benchmarks/automata.py [LOGS]

Every contender is built from the same phrases and scans the same made-up logs, in a process of its own.
Those that work on words know spelling slips as well; those that work on characters do not, since every
slip of every word of a phrase would be a pattern of its own. ``hyperscan`` (Vectorscan), ``google-re2`` and
``pyahocorasick`` are not what OpenCDI depends on; a contender that is not installed is left out, with a word.
The result is printed and kept under ``benchmarks/results``.
"""

from __future__ import annotations

import json
import platform
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
SECONDS_ALLOWED = 60
ENOUGH_SECONDS = 10.0
"""Seconds of processor: a contender that takes more than the first is ended, after the second it may stop."""

Scan = Callable[[Sequence[str]], int]
"""Scans logs and gives the number of phrases found."""


def phrases() -> list[str]:
    from opencdi.disclosure.disclosing import the_discloser

    return [" ".join(phrase) for phrase in the_discloser().reader.automaton.phrases]


def kernel() -> Scan:
    """OpenCDI's kernel: words, phrases, clauses, tags and fitting rules in one pass."""
    from kernel_scan import phrases_found

    from opencdi.disclosure.batch import utf_8
    from opencdi.disclosure.disclosing import the_discloser
    from opencdi.disclosure.tables import tables_of

    tables = tables_of(the_discloser().reader)
    phrases_found(*utf_8([""]), tables)
    return lambda logs: phrases_found(*utf_8(list(logs)), tables)


def words_then_ahocorasick_rs() -> Scan:
    """The plain reader's way: words by a regular expression, one character a word, Aho-Corasick in Rust."""
    from opencdi.disclosure.disclosing import the_discloser
    from opencdi.disclosure.words import words

    automaton = the_discloser().reader.automaton
    automaton.find(["built"])
    return lambda logs: sum(len(automaton.find(words(log))) for log in logs)


def ahocorasick_rs_on_characters() -> Scan:
    from ahocorasick_rs import AhoCorasick, MatchKind

    finder = AhoCorasick(phrases(), matchkind=MatchKind.LeftmostLongest)
    return lambda logs: sum(len(finder.find_matches_as_indexes(log)) for log in logs)


def pyahocorasick_on_characters() -> Scan:
    import ahocorasick

    automaton = ahocorasick.Automaton()
    for number, phrase in enumerate(phrases()):
        automaton.add_word(phrase, number)
    automaton.make_automaton()
    return lambda logs: sum(1 for log in logs for _ in automaton.iter_long(log))


def vectorscan() -> Scan:
    import hyperscan

    held = phrases()
    database = hyperscan.Database()
    expressions = [rf"\b{re.escape(phrase)}\b".encode() for phrase in held if phrase[0].isalnum()]
    database.compile(
        expressions=expressions,
        ids=list(range(len(expressions))),
        elements=len(expressions),
        flags=[hyperscan.HS_FLAG_SOM_LEFTMOST] * len(expressions),
    )

    def scan(logs: Sequence[str]) -> int:
        found = 0

        def note(*_: object) -> None:
            nonlocal found
            found += 1

        for log in logs:
            database.scan(log.encode(), match_event_handler=note)
        return found

    return scan


def re2_set() -> Scan:
    """Says which patterns match, and not where."""
    import re2

    options = re2.Options()
    options.max_mem = 4 << 30
    patterns = re2.Set.SearchSet(options)
    for phrase in phrases():
        patterns.Add(re2.escape(phrase))
    patterns.Compile()
    return lambda logs: sum(len(patterns.Match(log)) for log in logs)


def python_alternation() -> Scan:
    held = sorted((phrase for phrase in phrases() if phrase[0].isalnum()), key=len, reverse=True)
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, held))})\b")
    return lambda logs: sum(1 for log in logs for _ in pattern.finditer(log))


CONTENDERS: dict[str, Callable[[], Scan]] = {
    "the kernel (Numba): words, phrases, clauses, rules": kernel,
    "words by regular expression, then ahocorasick_rs": words_then_ahocorasick_rs,
    "ahocorasick_rs on characters": ahocorasick_rs_on_characters,
    "pyahocorasick on characters": pyahocorasick_on_characters,
    "Vectorscan (hyperscan binding)": vectorscan,
    "RE2 set (which, not where)": re2_set,
    "one alternation in Python's re": python_alternation,
}


def measured(name: str, path: Path) -> dict[str, object]:
    """One contender in this process: as many batches of logs as take a while, or all of them."""
    logs = json.loads(path.read_text())
    began = time.process_time()
    scan = CONTENDERS[name]()
    built = time.process_time() - began
    done, found, began = 0, 0, time.process_time()
    for batch in batches(logs):
        found += scan(batch)
        done += len(batch)
        if time.process_time() - began > ENOUGH_SECONDS:
            break
    taken = time.process_time() - began
    return {
        "build_cpu_seconds": round(built, 2),
        "logs": done,
        "found_a_log": round(found / done, 2),
        "cpu_microseconds_a_log": round(taken / done * 1e6, 1),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10),
    }


def batches(logs: Sequence[str]) -> Iterable[list[str]]:
    """A few logs first, so that a contender that is slow by far is stopped soon."""
    coming = iter(logs)
    size = 20
    while batch := list(islice(coming, size)):
        yield batch
        size = min(5_000, size * 4)


def in_a_process(name: str, path: Path) -> dict[str, object]:
    command = [sys.executable, __file__, "--contender", name, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return {"left_out": f"not done within {SECONDS_ALLOWED} s of processor"}
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"ended with code {done.returncode}"]
        missing = next((line for line in lines if line.startswith("ModuleNotFoundError")), None)
        return {"left_out": "not installed" if missing else lines[-1][:120]}
    result: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return result


def made_logs(folder: Path, count: int) -> list[str]:
    import duckdb

    from opencdi.disclosure.words import folded
    from opencdi.simulation.force import simulate
    from opencdi.simulation.settings import Force

    simulate(Force(incidents=count, seed=3), folder, as_parquet=False, progress=lambda _, __: None)
    path = folder / "exports" / "incidents.csv"
    with duckdb.connect() as connection:
        read = f"select \"Log Text\" from read_csv('{path}', header = true, all_varchar = true)"
        rows = connection.execute(read).fetchall()
    return [folded(row[0]) for row in rows if row[0]]


def main() -> None:
    if sys.argv[1:2] == ["--contender"]:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_ALLOWED, SECONDS_ALLOWED + 5))
        print(json.dumps(measured(sys.argv[2], Path(sys.argv[3]))))
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as folder:
        logs = made_logs(Path(folder), count)
        path = Path(folder) / "logs.json"
        path.write_text(json.dumps(logs))
        contenders = {name: in_a_process(name, path) for name in CONTENDERS}
    result = {
        "measured_on": datetime.now(UTC).date().isoformat(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "phrases": len(phrases()),
        "characters_a_log": round(sum(map(len, logs)) / len(logs)),
        "contenders": contenders,
    }
    show(result)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "automata.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def show(result: dict[str, object]) -> None:
    print(f"{result['phrases']:,} phrases, logs of {result['characters_a_log']} characters")
    print(f"{'contender':<52}{'us a log':>10}{'found':>8}{'build s':>9}{'MiB':>7}")
    contenders = result["contenders"]
    assert isinstance(contenders, dict)
    for name, each in contenders.items():
        if "left_out" in each:
            print(f"{name:<52}  {each['left_out']}")
            continue
        print(
            f"{name:<52}{each['cpu_microseconds_a_log']:>10.1f}{each['found_a_log']:>8.1f}"
            f"{each['build_cpu_seconds']:>9.1f}{each['peak_mib']:>7}"
        )


if __name__ == "__main__":
    main()
