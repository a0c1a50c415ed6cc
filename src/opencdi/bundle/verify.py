"""Checking a published bundle: recompute everything from its files, and say what does not hold."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from opencdi import ledger
from opencdi.bundle.draw import sample_rows
from opencdi.bundle.estimate import recomputed_rates, write_rates
from opencdi.bundle.files import SAMPLE_COLUMNS, Bundle, read_frame, read_json, sha256_of
from opencdi.bundle.public import withheld_files
from opencdi.errors import UserError


@dataclass(frozen=True)
class Check:
    """One thing that was checked: ``problem`` is empty where it holds.

    ``unmade`` says which file a public copy withholds, so that the check could not be made.
    """

    name: str
    problem: str
    unmade: str = ""

    @property
    def holds(self) -> bool:
        return not self.problem and not self.unmade


def verify(bundle: Bundle) -> list[Check]:
    """All checks, in the order of the audit.

    A check that cannot be made counts as one that fails, except where a public copy says that it withholds
    the file; that file's hash must then be the one the history names.
    """
    checks: tuple[tuple[str, tuple[str, ...], Callable[[Bundle], str]], ...] = (
        ("The history is whole", (), _history),
        ("The frame is the one that was committed to", ("frame.csv", "design.json"), _frame),
        ("The commitment came before the seed", (), _commitment),
        ("Every incident is in one stratum that is read", ("frame.csv", "design.json"), _strata),
        ("The sample was drawn once", (), _draws),
        ("The seed is the one the history names", (), _seed),
        ("The sample is the one the seed gives", ("frame.csv", "design.json", "sample.csv"), _sample),
        ("The rates are those of the verdicts", ("sample.csv", "verdicts.csv", "rates.csv"), _rates),
        ("What is withheld is what the history names", (), _withheld),
    )
    try:
        withheld = withheld_files(bundle)
    except (UserError, KeyError, TypeError):
        return [Check("The list of what is withheld can be read", "withheld.json is not of its form.")]
    made = checks if withheld else checks[:-1]
    return [_checked(name, files, check, bundle, withheld) for name, files, check in made]


def _checked(
    name: str,
    files: tuple[str, ...],
    check: Callable[[Bundle], str],
    bundle: Bundle,
    withheld: Mapping[str, Mapping[str, str]],
) -> Check:
    lacking = next((file for file in files if file in withheld), None)
    if lacking is not None:
        return Check(name, "", f"{lacking} is withheld: {withheld[lacking]['reason']}.")
    return Check(name, _problem(check, bundle))


def _problem(check: Callable[[Bundle], str], bundle: Bundle) -> str:
    try:
        return check(bundle)
    except UserError as error:
        return str(error)
    except (KeyError, TypeError, ValueError, OSError) as error:
        return f"A file is missing or is not of the form it should have ({type(error).__name__})."


def _history(bundle: Bundle) -> str:
    if not bundle.ledger.exists():
        return "The bundle has no ledger.jsonl."
    return " ".join(ledger.verify(bundle.ledger))


def _frame(bundle: Bundle) -> str:
    if sha256_of(bundle.frame) != read_json(bundle.design)["frame_sha256"]:
        return "frame.csv does not have the hash that design.json gives: it was changed after it was frozen."
    return ""


def _commitment(bundle: Bundle) -> str:
    commitment = _known_hash(bundle, bundle.design)
    if read_json(bundle.seed)["commitment"] != commitment:
        return (
            "design.json does not have the hash that the seed was taken for: it was changed after the draw."
        )
    kinds = [
        entry.kind
        for entry in ledger.entries(bundle.ledger)
        if entry.kind == "sample-drawn" or entry.content.get("commitment") == commitment
    ]
    if not kinds or kinds[0] != "frame-frozen":
        return "The history does not show this frame frozen before the sample was drawn."
    return ""


def _known_hash(bundle: Bundle, path: Path) -> str:
    """The hash of a file, or the one a public copy states for a file it withholds."""
    stated = withheld_files(bundle).get(path.name)
    return stated["sha256"] if stated else sha256_of(path)


def _withheld(bundle: Bundle) -> str:
    named = _hashes_in_history(bundle)
    for name, each in withheld_files(bundle).items():
        if named.get(name) != each["sha256"]:
            return f"The hash given for {name} is not the one that the history names last."
    return ""


def _hashes_in_history(bundle: Bundle) -> dict[str, str]:
    """The last hash that the history gives for each file."""
    fields = {
        "frame_sha256": "frame.csv",
        "commitment": "design.json",
        "sample_sha256": "sample.csv",
        "verdicts_sha256": "verdicts.csv",
        "rates_sha256": "rates.csv",
    }
    return {
        fields[field]: str(value)
        for entry in ledger.entries(bundle.ledger)
        for field, value in entry.content.items()
        if field in fields
    }


def _strata(bundle: Bundle) -> str:
    frame, record = read_frame(bundle.frame), read_json(bundle.design)
    ids = frame["incident_id"]
    if pc.count_distinct(ids).as_py() != len(ids):
        return "An incident stands twice in the frame."
    counted = {row["values"]: row["counts"] for row in pc.value_counts(frame["stratum"]).to_pylist()}
    stated = {each["stratum"]: each["population"] for each in record["strata"]}
    if counted != stated:
        return "The strata of frame.csv do not have the sizes that design.json gives."
    unread = [each["stratum"] for each in record["strata"] if each["population"] and not each["readings"]]
    return f"Stratum {unread[0]} is never read." if unread else ""


def _draws(bundle: Bundle) -> str:
    reasons = [entry.content["again"] for entry in _drawn(bundle) if entry.content["again"]]
    if not reasons:
        return ""
    return f"The sample was drawn {len(reasons) + 1} times; reasons given: {'; '.join(reasons)}."


def _seed(bundle: Bundle) -> str:
    seed, last = read_json(bundle.seed), _drawn(bundle)[-1].content
    changed = [field for field in ("seed", "origin", "purpose") if seed[field] != last[field]]
    if changed:
        return f"`{changed[0]}` of seed.json is not as the history says: it was changed after the draw."
    return ""


def _sample(bundle: Bundle) -> str:
    seed, last = read_json(bundle.seed), _drawn(bundle)[-1].content
    rows = sample_rows(
        read_frame(bundle.frame),
        read_json(bundle.design),
        seed["seed"],
        seed["purpose"],
        int(last["readings"]),
    )
    for number, (found, expected) in enumerate(_lines_beside(bundle.sample, rows), start=1):
        if found != expected:
            return f"Line {number} of sample.csv is not what the seed gives."
    return ""


def _lines_beside(path: Path, rows: Iterator[tuple[object, ...]]) -> Iterator[tuple[str, str]]:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(SAMPLE_COLUMNS)
    writer.writerows(rows)
    found, expected = path.read_text(encoding="utf-8").split("\n"), text.getvalue().split("\n")
    longest = max(len(found), len(expected))
    missing = [""] * longest
    yield from zip((found + missing)[:longest], (expected + missing)[:longest], strict=True)


def _rates(bundle: Bundle) -> str:
    named = _hashes_in_history(bundle)
    if not bundle.rates.exists():
        return "The history names rates, but there is no rates.csv." if "rates.csv" in named else ""
    for path in (bundle.verdicts, bundle.rates):
        if path.exists() and named.get(path.name) != sha256_of(path):
            return (
                f"{path.name} is not the file that the history names last: it was changed after the rates "
                "were estimated."
            )
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder) / "rates.csv"
        write_rates(again, recomputed_rates(bundle))
        found, expected = _rates_by_key(bundle.rates), _rates_by_key(again)
    yearly = {key for key in found if key[0] == "unrecorded_in_a_year"}
    for key in sorted((found.keys() | expected.keys()) - yearly):
        if found.get(key) != expected.get(key):
            return f"The row `{' / '.join(key)}` of rates.csv is not what the verdicts give."
    return ""


def _rates_by_key(path: Path) -> dict[tuple[str, str, str], dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["measure"], row["dimension"], row["group_name"]): row for row in csv.DictReader(file)}


def _drawn(bundle: Bundle) -> list[Any]:
    found = [entry for entry in ledger.entries(bundle.ledger) if entry.kind == "sample-drawn"]
    if not found:
        raise UserError("The history shows no draw.")
    return found
