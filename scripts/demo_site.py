"""``make site``: the public pages of 43 made-up forces, and of results that others published.

The first site is of forces whose truth is known, three audits each; every page says that its figures are made
up.
The second is of the published results beside this repository, where they are there.
"""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
HOME = Path("audits")
AUDITS, SITE, PUBLISHED_SITE = HOME / "forty-three", HOME / "site", HOME / "site-published"
PUBLISHED = REPOSITORY.parent / "shared/data/hmicfrs-cdi-published/published_recording_rates.csv"
RELEASE = REPOSITORY / "scripts" / "demo_release.toml"


def main() -> None:
    opencdi = shutil.which("opencdi", path=str(Path(sys.executable).parent))
    if opencdi is None:
        sys.exit("OpenCDI is not installed beside this Python; run `make site`.")
    _run(sys.executable, str(REPOSITORY / "scripts" / "simulated_audits.py"), str(AUDITS))
    folders = sorted(str(path) for path in AUDITS.iterdir() if path.is_dir())
    _run(opencdi, "publish", str(SITE), *folders, "--release", str(RELEASE))
    print(held_by_truth(AUDITS / "truth.csv", SITE / "data" / "figures.csv"))
    if PUBLISHED.exists():
        _run(opencdi, "publish", str(PUBLISHED_SITE), "--published", str(PUBLISHED))
    else:
        print("The published results are not beside this repository, so their site is left out.")


def held_by_truth(truth: Path, figures: Path) -> str:
    """How many of the published intervals hold the rate that each force truly has."""
    true = {(row["force_code"], row["year"]): float(row["recorded"]) for row in _rows(truth)}
    held = [
        float(row["lower"]) <= true[row["force_code"], row["audit_id"].split("-")[1]] <= float(row["upper"])
        for row in _rows(figures)
        if (row["measure"], row["dimension"]) == ("recorded", "all") and row["lower"]
    ]
    return (
        f"The published 95% interval holds the true recording rate in {sum(held)} of {len(held)} audits "
        f"(about {0.95 * len(held):.0f} are expected)."
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _run(*command: str) -> None:
    finished = subprocess.run(command, check=False)
    if finished.returncode:
        sys.exit(finished.returncode)


if __name__ == "__main__":
    main()
