"""Gathers the examples of every GOV.UK component: ``scripts/govuk_fixtures.py FOLDER``.

FOLDER is govuk-frontend as ``make assets`` installs it (``assets/node_modules/govuk-frontend``). Writes
``tests/review/govuk-frontend-fixtures.json.gz``: of each example its name, its options and the HTML that
govuk-frontend's own templates make of them. Run it when the version in ``assets/package.json`` changes.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

KEPT = Path(__file__).resolve().parent.parent / "tests" / "review" / "govuk-frontend-fixtures.json.gz"
WANTED = ("name", "options", "html")


def main(folder: Path) -> None:
    package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    components = {
        path.parent.name: [
            {name: each[name] for name in WANTED} for each in json.loads(path.read_text())["fixtures"]
        ]
        for path in sorted(folder.glob("dist/govuk/components/*/fixtures.json"))
    }
    kept = {
        "version": package["version"],
        "licence": f"{package['license']}, Crown copyright (Government Digital Service)",
        "components": components,
    }
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    KEPT.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
