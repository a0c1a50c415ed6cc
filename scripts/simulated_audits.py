"""Audits of the 43 forces whose truth is known, made quickly: ``scripts/simulated_audits.py FOLDER``.

Each audit is a whole published bundle (frozen frame, public seed, drawn sample, verdicts, rates) that
`opencdi verify` checks; only the reading of the reports is left out: the verdicts are drawn from each force's
true rates, which ``truth.csv`` keeps. The names are of real forces and the figures are of none.

    --forces N     how many forces (43)
    --rounds N     how many audits a force, a year apart, the last to March 2026 (3)
    --incidents N  incidents in a force's six months (3000)
    --seed N       another country (1)
"""

from __future__ import annotations

import argparse
import csv
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from rich.progress import track

from opencdi import schema
from opencdi.bundle import Bundle, draw_sample, freeze
from opencdi.bundle.estimate import estimate_bundle, read_sample
from opencdi.bundle.verdict_file import write_verdicts
from opencdi.engine import DuckDBEngine, batch_of
from opencdi.estimation.verdicts import Verdict
from opencdi.publication.forces import Force, forces
from opencdi.settings import Audit

EDITION = "2023-05"
READINGS = 700
GROUPS = (
    # group, subgroup, share of crimes, recording rate less the force's, share that is domestic abuse
    ("Violence against the person", "Violence with injury", 0.12, -0.01, 0.35),
    ("Violence against the person", "Violence without injury", 0.2, -0.04, 0.4),
    ("Violence against the person", "Stalking and harassment", 0.1, -0.06, 0.3),
    ("Sexual offences", "Rape", 0.05, 0.05, 0.3),
    ("Sexual offences", "Other sexual offences", 0.06, 0.04, 0.15),
    ("Robbery", None, 0.04, 0.03, 0.0),
    ("Theft offences", None, 0.22, 0.04, 0.02),
    ("Criminal damage and arson", None, 0.11, 0.03, 0.1),
    ("Public order offences", None, 0.1, -0.01, 0.03),
)
CAUSES = (
    ("decision_at_first_contact", 0.3),
    ("reliance_on_officer", 0.22),
    ("closed_with_non_crime_code", 0.18),
    ("rules_conduct_crime", 0.14),
    ("limited_supervision", 0.1),
    ("specialist_mailbox", 0.06),
)


@dataclass(frozen=True)
class Truth:
    """How a force records in one period: shares of required crimes."""

    recorded: float
    late: float
    wrong_class: float
    not_told: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    for name, usual in (("forces", 43), ("rounds", 3), ("incidents", 3000), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    audits = [
        (force, 2026 - asked.rounds + 1 + number, truth)
        for force in forces()[: asked.forces]
        for number, truth in enumerate(_truths(force, asked.rounds, asked.seed))
    ]
    make = partial(make_audit, asked.folder, incidents=asked.incidents, seed=asked.seed)
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        made = pool.map(make, audits)
        for _ in track(made, "Auditing forces whose truth is known", len(audits)):
            pass
    with (asked.folder / "truth.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["force_code", "year", "recorded"])
        writer.writerows((force.code, year, f"{true_rate(truth):.6f}") for force, year, truth in audits)


def _truths(force: Force, rounds: int, seed: int) -> list[Truth]:
    """A force's true rates, round by round: it keeps its character and drifts upwards."""
    draws = np.random.default_rng([seed, int(force.code[1:])])
    level = draws.normal(0.89, 0.025)
    found = []
    for number in range(rounds):
        level = float(np.clip(level + draws.normal(0.008, 0.012), 0.75, 0.975)) if number else level
        found.append(
            Truth(float(level), *(float(x) for x in draws.uniform((0.04, 0.01, 0.08), (0.14, 0.05, 0.3))))
        )
    return found


def true_rate(truth: Truth) -> float:
    """The recording rate of all crimes that a force's truth gives, over the groups of crime."""
    shares = np.array([each[2] for each in GROUPS])
    rates = [
        abused * _chance(truth, better, True) + (1 - abused) * _chance(truth, better, False)
        for _, _, _, better, abused in GROUPS
    ]
    return float(np.average(rates, weights=shares))


def _chance(truth: Truth, better: float, abuse: bool) -> float:
    """How likely a crime of a group is to be recorded."""
    return min(0.995, truth.recorded + better - (0.06 if abuse else 0.0))


def make_audit(home: Path, wanted: tuple[Force, int, Truth], incidents: int, seed: int) -> None:
    """One audit of the six months to March of a year: its bundle and what the force says."""
    force, year, truth = wanted
    folder = home / f"{force.slug}-{year}"
    if (folder / "publication.toml").exists():
        return
    draws = np.random.default_rng([seed, int(force.code[1:]), year])
    crimes, group = (
        draws.choice(3, incidents, p=(0.3, 0.55, 0.15)),
        draws.choice(len(GROUPS), incidents, p=[each[2] for each in GROUPS]),
    )
    bundle = Bundle(folder / "sample")
    rows = [
        {
            "incident_id": f"{force.code[-3:]}-{year}-{number:05d}",
            "kind": "no_narrative" if number % 97 == 0 else "ordinary",
            "record": "ordinary",
            "channel": ("101", "999", "online")[number % 3],
            "opening_group": "violence" if group[number] < 3 else "theft",
            "offence_group": (GROUPS[group[number]][1] or GROUPS[group[number]][0]).lower()
            if crimes[number]
            else "no crime disclosed",
            "domestic_abuse": False,
            "required": int(crimes[number]),
            "score": 0.1,
        }
        for number in range(incidents)
    ]
    audit = Audit.model_validate(
        {
            "force": force.name,
            "period": {"first_day": date(year - 1, 10, 1), "last_day": date(year, 3, 31)},
            "exports": [{"table": "incidents", "files": ["made-up"], "profile": "made-up"}],
            "counting": {"edition": EDITION},
            "sample": {"design": "proportional", "readings": READINGS, "strata": []},
        }
    )
    with DuckDBEngine() as engine:
        freeze(engine.from_batches(schema.POPULATION, [batch_of(schema.POPULATION, rows)]), audit, bundle)
    draw_sample(bundle, f"{force.code} {year}", "made up, for a demonstration")
    write_verdicts(bundle.verdicts, _verdicts(bundle, truth, crimes, group, draws))
    recorded = folder / "recorded.csv"
    recorded.write_text(f"dimension,group_name,recorded\nall,all crimes,{incidents * 16}\n", encoding="utf-8")
    rows_found = estimate_bundle(bundle, None, recorded)
    errors = sum((row.denominator or 0) - (row.numerator or 0) for row in rows_found[:1])
    (folder / "publication.toml").write_text(_words(force, errors, draws), encoding="utf-8")


def _verdicts(
    bundle: Bundle, truth: Truth, crimes: np.ndarray, group: np.ndarray, draws: np.random.Generator
) -> list[Verdict]:
    found = []
    for incident in sorted(read_sample(bundle).incident_id):
        number = int(incident[-5:])
        if not crimes[number]:
            found.append(Verdict(incident, 0, "nothing_required"))
        for crime in range(1, int(crimes[number]) + 1):
            found.append(_verdict(incident, crime, truth, GROUPS[group[number]], draws))
    return found


def _verdict(
    incident: str,
    crime: int,
    truth: Truth,
    kind: tuple[str, str | None, float, float, float],
    draws: np.random.Generator,
) -> Verdict:
    name, subgroup, _, better, domestic = kind
    abuse = bool(draws.random() < domestic)
    chance = _chance(truth, better, abuse)
    told = "no" if draws.random() < truth.not_told else "yes"
    if draws.random() < 0.004:
        verdict = "cannot_tell"
    elif draws.random() < chance:
        verdict = str(
            draws.choice(
                ["late", "wrong_class", "correct"],
                p=[truth.late, truth.wrong_class, 1 - truth.late - truth.wrong_class],
            )
        )
    else:
        verdict = str(draws.choice(["missing", "cancelled_wrong"], p=[0.93, 0.07]))
    cancelled = verdict == "correct" and draws.random() < 0.03
    n100 = subgroup == "Rape" and draws.random() < 0.12
    first = verdict if draws.random() < 0.96 else "correct"
    return Verdict(
        incident,
        crime,
        verdict,
        offence_group=name,
        offence_subgroup=subgroup,
        domestic_abuse=abuse,
        edition=EDITION,
        cancellation_right="yes" if cancelled else None,
        n100_right=("yes" if draws.random() < 0.9 else "no") if n100 else None,
        victim_told=told if cancelled or verdict == "cancelled_wrong" else None,
        first=first,
        second=verdict,
    )


def _words(force: Force, errors: int, draws: np.random.Generator) -> str:
    counts = draws.multinomial(errors, [share for _, share in CAUSES])
    causes = "\n".join(
        f'[[cause]]\nkind = "{kind}"\ncount = {count}'
        for (kind, _), count in zip(CAUSES, counts, strict=True)
        if count
    )
    return f'''force_code = "{force.code}"
title = "Audit of crime recording"
grade_rules = "cdi-2017"
explanation = """
These figures are made up. Here stands what the force says of its own figures, in its own words: what it \\
accepts, what it disputes, and what it has changed since the period that was audited.
"""

{causes}

[[action]]
what = "Crimes disclosed at first contact are recorded before the call ends"
owner = "Head of contact"
due = 2026-09-30
state = "open"

[[action]]
what = "Logs of domestic abuse are reviewed within 24 hours"
owner = "Force crime and incident registrar"
due = 2026-06-30
state = "done"
'''


if __name__ == "__main__":
    main()
