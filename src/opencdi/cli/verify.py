"""``opencdi verify BUNDLE``: recompute a published bundle and say what does not hold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def verify(
    folder: Annotated[
        Path, typer.Argument(metavar="BUNDLE", help="The published folder, or an audit's folder")
    ],
) -> None:
    """Check a sample and its rates from the published bundle alone. Exit code 2 where anything fails."""
    from opencdi.bundle import Bundle
    from opencdi.bundle.verify import verify as checks
    from opencdi.errors import UserError

    bundle = Bundle(folder / "sample" if (folder / "audit.toml").exists() else folder)
    if not bundle.root.is_dir():
        raise UserError(f"There is no folder {bundle.root}. Give the folder of a published bundle.")
    found = checks(bundle)
    for check in found:
        standing = "FAILS " if check.problem else "unmade" if check.unmade else "holds "
        typer.echo(f"{standing} {check.name}. {check.problem or check.unmade}".rstrip())
    failed = sum(bool(check.problem) for check in found)
    if failed:
        raise UserError(f"{failed} of {len(found)} checks do not hold for {bundle.root}.")
