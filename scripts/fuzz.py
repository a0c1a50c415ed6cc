"""Fuzz the reader of logs and the reader of verdict files with atheris, and keep what was found.

    make fuzz                          (two minutes each)
    python scripts/fuzz.py --seconds 600

Needs the lock of fuzzing (requirements/fuzz.txt), which is there for Linux and macOS. libFuzzer starts from
the corpus under tests/fuzz, looks for inputs that reach code no earlier one did, and stops at the first
input that breaks a law (tests/fuzz/laws.py), takes more than ten seconds, or more than two gigabytes. The
last inputs that reached new code go into the corpus, which tests/fuzz holds to the laws in every run;
counts go to benchmarks/results/fuzz.json and into docs/reading-logs.md.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "tests" / "fuzz" / "corpus"
RESULT = ROOT / "benchmarks" / "results" / "fuzz.json"
PAGE = ROOT / "docs" / "reading-logs.md"
SECTION = re.compile(r"(<!-- begin fuzz -->\n).*?(<!-- end fuzz -->)", re.DOTALL)
TARGETS = {
    "logs": ("the reader of logs", 4_096),
    "verdicts": ("the reader of verdict files", 8_192),
}
MOST_KEPT = 60
"""Inputs of one run that go into the corpus."""
_EXECUTIONS = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_COVERED = re.compile(r"cov: (\d+)")
_SLOWEST = re.compile(r"stat::slowest_unit_time_sec:\s*(\d+)")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("--seconds", type=int, default=120, help="Time for each target")
    asked.add_argument("--target", choices=TARGETS, help=argparse.SUPPRESS)
    options, rest = asked.parse_known_args()
    if options.target:
        fuzz(options.target, rest)
        return
    results = {name: driven(name, options.seconds) for name in TARGETS}
    held = {"date": datetime.now(UTC).date().isoformat(), "seconds": options.seconds, "targets": results}
    RESULT.write_text(json.dumps(held, indent=1) + "\n", encoding="utf-8")
    text = section(held)
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(SECTION.sub(lambda found: f"{found[1]}\n{text}\n\n{found[2]}", page), encoding="utf-8")
    print(text)
    if any(result["broken"] for result in results.values()):
        sys.exit("A law was broken: the input is under tests/fuzz/corpus. Mend the reader, then run again.")


def driven(name: str, seconds: int) -> dict[str, int]:
    """Run one target in a process of its own and merge what it found into the corpus."""
    kept = CORPUS / name
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        found, words = Path(scratch) / "found", Path(scratch) / "words"
        found.mkdir()
        words.write_text(dictionary(name), encoding="utf-8")
        limits = [
            "-print_final_stats=1",
            "-timeout=10",
            "-rss_limit_mb=2048",
            f"-max_len={TARGETS[name][1]}",
            f"-dict={words}",
        ]
        start = [sys.executable, __file__, "--target", name, str(found), str(kept)]
        said = subprocess.run(
            [
                *start,
                f"-max_total_time={seconds}",
                "-print_final_stats=1",
                *limits,
                f"-artifact_prefix={kept}/broken-",
            ],
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=False,
        )
        if said.returncode == 0:
            _keep(found, kept)
    return {
        "executions": _last(_EXECUTIONS, said.stderr),
        "covered": _last(_COVERED, said.stderr),
        "slowest_seconds": _last(_SLOWEST, said.stderr),
        "corpus": sum(1 for path in kept.iterdir() if path.is_file()),
        "broken": sum(1 for path in kept.glob("broken-*")) or int(said.returncode != 0),
    }


def dictionary(name: str) -> str:
    """Words that matter to a target, for libFuzzer to put into its inputs."""
    if name == "verdicts":
        words = ["Incident", "Verdict (yours)", "required_no", "missing", "not missing", "cannot tell", "I2"]
    else:
        from opencdi.disclosure.disclosing import the_discloser

        words = [" ".join(phrase) for phrase in the_discloser().reader.automaton.phrases]
    quoted = (word.replace("\\", "\\\\").replace('"', '\\"') for word in words if word.isascii())
    return "".join(f'"{word}"\n' for word in quoted if word.isprintable())


def _keep(found: Path, kept: Path) -> None:
    """Some of the inputs that reached new code, the later ones first: they stand on the earlier ones."""
    late = sorted(found.iterdir(), key=lambda path: (-path.stat().st_mtime_ns, path.name))
    for path in late[:MOST_KEPT]:
        shutil.copyfile(path, kept / path.name)


def _last(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.findall(text)
    return int(found[-1]) if found else 0


_KERNELS = ("events", "offences", "parties", "phrases", "rules", "sets", "telling", "words")


def fuzz(name: str, arguments: list[str]) -> None:
    """The target itself: libFuzzer takes over the process and never returns."""
    import atheris

    sys.path.insert(0, str(ROOT / "tests" / "fuzz"))
    with atheris.instrument_imports(
        include=["opencdi.disclosure", "opencdi.discovery.verdicts", "opencdi.records"],
        exclude=[
            f"opencdi.disclosure.kernel{part}" for part in ("", *(f"_{name}" for name in _KERNELS), "_tables")
        ],
    ):
        import laws

    scratch = Path(tempfile.mkdtemp())

    def logs(data: bytes) -> None:
        laws.the_reader_keeps_its_word(data.decode("utf-8", errors="replace"))

    def verdicts(data: bytes) -> None:
        laws.verdict_files_are_counted_whole_or_refused(data, scratch)

    target = {"logs": logs, "verdicts": verdicts}[name]
    target(b"I1 was punched")
    atheris.Setup([sys.argv[0], *arguments], target)
    atheris.Fuzz()


def section(held: dict[str, object]) -> str:
    """The section of the page, from the results of a run."""
    results: dict[str, dict[str, int]] = held["targets"]  # type: ignore[assignment]
    rows = [
        f"| {TARGETS[name][0]} | {one['executions']:,} | {one['covered']:,} | {one['slowest_seconds']} s | "
        f"{one['corpus']:,} | {one['broken']:,} |"
        for name, one in results.items()
    ]
    return "\n".join(
        [
            "## Input nobody would write",
            "",
            f"On {held['date']}, `make fuzz` fed each reader with inputs made by libFuzzer (atheris) for",
            f"{held['seconds']} seconds. The laws: spans lie inside the text; a batch reads each log as it",
            "is read alone; nothing raises; a verdict file is refused with a sentence, or each of its rows",
            "is counted once. Some inputs that reached new code are kept under `tests/fuzz` and held to",
            "the laws in every test run, where each log is also repeated to ten times its length to see that",
            "time grows in step with it.",
            "",
            "| reader | inputs tried | branches reached | slowest | inputs kept | laws broken |",
            "|---|---|---|---|---|---|",
            *rows,
        ]
    )


if __name__ == "__main__":
    main()
