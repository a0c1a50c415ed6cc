"""A published bundle is checked from its files alone, by OpenCDI and by a script anyone can read."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from opencdi import schema
from opencdi.bundle import Bundle, draw_sample, freeze
from opencdi.bundle.draw import sample_rows
from opencdi.bundle.estimate import estimate_bundle, recomputed_rates, write_rates
from opencdi.bundle.files import SAMPLE_COLUMNS, read_frame, read_json, write_csv, write_json
from opencdi.bundle.verify import verify
from opencdi.engine import DuckDBEngine, batch_of
from opencdi.settings import Audit

SCRIPT = Path(__file__).parents[2] / "scripts" / "verify_bundle.py"
DESIGNS = ("simple", "proportional", "neyman", "pareto")


def published(root: Path, design: str) -> Bundle:
    """A judged bundle of 600 of 4,000 incidents."""
    export = {"table": "incidents", "files": ["x"], "profile": "x"}
    sample = {"design": design, "readings": 600}
    audit = Audit.model_validate({"force": "Testshire", "exports": [export], "sample": sample})
    rows = [
        {
            "incident_id": f"{number:05d}",
            "kind": "ordinary",
            "record": "ordinary",
            "channel": ("101", "999")[number % 2],
            "opening_group": ("violence", "theft")[number % 3 == 0],
            "offence_group": ("theft offences", "violence with injury")[number % 2],
            "domestic_abuse": number % 5 == 0,
            "required": number % 3,
            "score": 0.02 + (number % 83) / 120,
        }
        for number in range(4000)
    ]
    bundle = Bundle(root / design)
    with DuckDBEngine() as engine:
        freeze(engine.from_batches(schema.POPULATION, [batch_of(schema.POPULATION, rows)]), audit, bundle)
    draw_sample(bundle, "4 1 6 2", "four dice before witnesses")
    judged = root / "judged.csv"
    judge(bundle, judged)
    estimate_bundle(bundle, judged)
    return bundle


def judge(bundle: Bundle, judged: Path) -> None:
    with bundle.sample.open(newline="") as file, judged.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["incident_id", "required_no", "verdict", "offence_group", "domestic_abuse"])
        for row in csv.DictReader(file):
            number = int(row["incident_id"])
            if number % 3 == 0:
                writer.writerow([row["incident_id"], 0, "nothing_required", "", "no"])
            for crime in range(1, number % 3 + 1):
                verdict = "missing" if (number * 7 + crime) % 83 > 62 else "correct"
                flagged = "yes" if number % 5 == 0 else "no"
                writer.writerow([row["incident_id"], crime, verdict, "Violence", flagged])


@pytest.fixture(scope="module", params=DESIGNS)
def bundle(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return published(tmp_path_factory.mktemp("bundle"), request.param)


def problems(bundle: Bundle) -> list[str]:
    return [check.problem for check in verify(bundle) if not check.holds]


def by_script(bundle: Bundle) -> tuple[int, str]:
    found = subprocess.run(
        [sys.executable, "-I", str(SCRIPT), str(bundle.root)], capture_output=True, text=True
    )
    return found.returncode, found.stdout + found.stderr


def test_an_untouched_bundle_holds(bundle: Bundle) -> None:
    assert problems(bundle) == []


def test_the_script_that_uses_only_the_standard_library_agrees(bundle: Bundle) -> None:
    code, words = by_script(bundle)
    assert code == 0, words
    assert "Everything that was checked holds." in words


def test_the_script_is_short_enough_to_read_and_imports_only_the_standard_library() -> None:
    lines = SCRIPT.read_text().splitlines()
    assert len(lines) <= 220
    imports = {line.split()[1] for line in lines if line.startswith(("import ", "from "))}
    assert imports <= sys.stdlib_module_names


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def swap_a_sampled_incident(bundle: Bundle) -> None:
    rows = bundle.sample.read_text().splitlines()
    number = int(rows[1].split(",")[1])
    drawn = {line.split(",")[1] for line in rows[1:]}
    other = next(f"{each:05d}" for each in range(number + 1, 4000) if f"{each:05d}" not in drawn)
    edit(bundle.sample, f",{number:05d},", f",{other},")


def lift_a_rate(bundle: Bundle) -> None:
    with bundle.rates.open(newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["measure"] == "recorded")
    edit(bundle.rates, row["estimate"], "0.99")


def take_another_seed(bundle: Bundle) -> None:
    seed = json.loads(bundle.seed.read_text())
    bundle.seed.write_text(json.dumps({**seed, "seed": "6 6 6 6"}))


def draw_by_another_seed_and_say_nothing(bundle: Bundle) -> None:
    seed = {**read_json(bundle.seed), "seed": "6 6 6 6"}
    write_json(bundle.seed, seed)
    rows = sample_rows(read_frame(bundle.frame), read_json(bundle.design), seed["seed"], seed["purpose"])
    write_csv(bundle.sample, SAMPLE_COLUMNS, rows)
    bundle.verdicts.unlink()
    bundle.rates.unlink()


def change_verdicts_and_their_rates(bundle: Bundle) -> None:
    bundle.verdicts.write_text(bundle.verdicts.read_text().replace("missing", "correct", 20))
    write_rates(bundle.rates, recomputed_rates(bundle))


def move_an_incident_to_another_stratum(bundle: Bundle) -> None:
    edit(bundle.frame, '"00011"', '"99999"')


def ask_for_fewer_readings(bundle: Bundle) -> None:
    edit(bundle.design, '"format":1', '"format":2')


def forget_the_frame(bundle: Bundle) -> None:
    bundle.ledger.write_bytes(b"\n".join(bundle.ledger.read_bytes().split(b"\n")[1:]))


def draw_until_kind(bundle: Bundle) -> None:
    draw_sample(bundle, "6 6 6 6", "dice", again="the first was unlucky")


@pytest.mark.parametrize(
    "attack",
    [
        swap_a_sampled_incident,
        lift_a_rate,
        take_another_seed,
        draw_by_another_seed_and_say_nothing,
        change_verdicts_and_their_rates,
        move_an_incident_to_another_stratum,
        ask_for_fewer_readings,
        forget_the_frame,
        draw_until_kind,
    ],
    ids=lambda attack: attack.__name__,
)
def test_an_attack_is_noticed_by_both(tmp_path: Path, attack: Callable[[Bundle], None]) -> None:
    bundle = published(tmp_path, "neyman")
    attack(bundle)
    assert problems(bundle)
    code, _ = by_script(bundle)
    assert code != 0
