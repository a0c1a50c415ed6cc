"""``make review``: a made-up audit with a drawn sample in the review room, and the room served on this
machine.

Makes a force, audits it, freezes the frame, takes a seed, draws the sample, loads it into a review room with
people of every role, and serves it. Beside it stand an earlier audit that is settled, for the force, the
inspector and the panel, and the leads of the last audit on the registrar's desk. Run again, it goes on from
what is there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from made_up_known_cases import write_known_cases

HOME = Path("audits")
FORCE = HOME / "review-force"
AUDIT = HOME / "thamesmere-2026"
ROOM = HOME / "review-room"
KNOWN = HOME / "known-cases.json"
FORCE_NAME = "Thamesmere"
INCIDENTS = "3000"
SEED = "4 1 6 2 5 3 6 1 2 4"
READINGS = 60
ADDRESS = os.environ.get("REVIEW_ADDRESS", "127.0.0.1:8000")


def main() -> None:
    make()
    _run("review", "serve", "--demo", str(ROOM), "--bind", ADDRESS)


def make() -> None:
    """Everything up to serving."""
    if not (FORCE / "truth").exists():
        size = ("--incidents", INCIDENTS, "--seed", "2026", "--force", FORCE_NAME)
        _run("simulate", str(FORCE), *size)
    if not (AUDIT / "audit.toml").exists():
        incidents, crimes = (str(FORCE / "exports" / f"{table}.csv") for table in ("incidents", "crimes"))
        _run("init", str(AUDIT), "--incidents", incidents, "--crimes", crimes, "--force", FORCE_NAME)
        _plan(AUDIT / "audit.toml")
    _run("audit", str(AUDIT))
    if not (AUDIT / "sample" / "seed.json").exists():
        if not (AUDIT / "sample" / "design.json").exists():
            _run("frame", str(AUDIT))
        _run("seed", str(AUDIT), SEED, "--origin", "ten dice, made up for this demonstration")
    _run("review", "migrate", "--demo", str(ROOM))
    write_known_cases(FORCE, AUDIT, KNOWN)
    earlier = Path(__file__).with_name("made_up_earlier_audit.py")
    subprocess.run([sys.executable, str(earlier), str(ROOM), str(KNOWN), FORCE_NAME], check=True)
    _run("review", "demo-people", "--demo", str(ROOM), "--force", FORCE_NAME)
    _run("review", "load", str(AUDIT), "--demo", str(ROOM), "--known", str(KNOWN))
    _run("review", "leads", str(AUDIT), "--demo", str(ROOM))


def _plan(settings: Path) -> None:
    """So many readings, written into the audit's own settings."""
    text = settings.read_text(encoding="utf-8")
    if "[sample]" not in text:
        plan = f'[sample]\nreadings = {READINGS}\nstrata = ["score_band"]\nscore_bands = 3\nminimum = 2\n'
        settings.write_text(f"{text.rstrip()}\n\n{plan}", encoding="utf-8")


def _run(*arguments: str) -> None:
    opencdi = shutil.which("opencdi", path=str(Path(sys.executable).parent))
    if opencdi is None:
        sys.exit("OpenCDI is not installed beside this Python; run `make review`.")
    finished = subprocess.run([opencdi, *arguments], check=False)
    if finished.returncode:
        sys.exit(finished.returncode)


if __name__ == "__main__":
    main()
