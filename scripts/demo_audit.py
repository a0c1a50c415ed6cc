"""``make audit``: make a force of 20,000 incidents and audit it from its exports to the report."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

HOME = Path("audits")
FORCE = HOME / "made-up-force"
AUDIT = HOME / "made-up-audit"
FORCE_NAME = "Thamesmere"
INCIDENTS = "20000"
SEED = "2026"


def main() -> None:
    opencdi = shutil.which("opencdi", path=str(Path(sys.executable).parent))
    if opencdi is None:
        sys.exit("OpenCDI is not installed beside this Python; run `make audit`.")
    if not (FORCE / "truth").exists():
        _run(opencdi, "simulate", str(FORCE), "--incidents", INCIDENTS, "--seed", SEED, "--force", FORCE_NAME)
    if not (AUDIT / "audit.toml").exists():
        incidents, crimes = (str(FORCE / "exports" / f"{table}.csv") for table in ("incidents", "crimes"))
        files = ("--incidents", incidents, "--crimes", crimes)
        _run(opencdi, "init", str(AUDIT), *files, "--force", FORCE_NAME)
    _run(opencdi, "audit", str(AUDIT))


def _run(*command: str) -> None:
    finished = subprocess.run(command, check=False)
    if finished.returncode:
        sys.exit(finished.returncode)


if __name__ == "__main__":
    main()
