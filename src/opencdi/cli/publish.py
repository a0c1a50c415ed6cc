"""``opencdi publish OUT AUDIT...``: the static site, tables and press file of a release."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def publish(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder to write; made afresh each time")],
    audits: Annotated[
        list[Path] | None, typer.Argument(metavar="AUDIT...", help="Folders of audits with their rates")
    ] = None,
    published: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE.csv", help="Results that others published; may be repeated"),
    ] = None,
    release: Annotated[
        Path | None,
        typer.Option(metavar="release.toml", help="Who publishes, when, signed by whom; a draft without"),
    ] = None,
    previous: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="SITE", help="An earlier release as published, the oldest first; may be repeated"
        ),
    ] = None,
) -> None:
    """Publish audits' rates: pages that open from a file, without scripts, the same bytes every time."""
    from rich.console import Console

    from opencdi.publication.checks import check
    from opencdi.publication.control.control import control
    from opencdi.publication.publish import fresh_folder, verified_before, write_release
    from opencdi.publication.release import read_release
    from opencdi.publication.tables.reading import read_earlier
    from opencdi.publication.verified import verify_all

    console = Console()
    folders = audits or []
    with console.status("Reading") as status:
        checked = check(read_release(folders, published or [], release))
        verified = verify_all(folders, verified_before(out), lambda name: status.update(f"Verifying {name}"))
        before = [read_earlier(site) for site in previous or []]
        controlled = control(
            checked, before, progress=lambda name: status.update(f"Disclosure control: {name}")
        )
    with fresh_folder(out, verified) as folder, console.status("Writing") as status:
        write_release(
            controlled.release,
            folder,
            before[-1] if before else None,
            lambda name: status.update(f"Writing {name}"),
        )
    console.print(f"Forces: {len(checked.forces)}; audits: {len(checked.audits)}", soft_wrap=True)
    if checked.is_draft:
        console.print("A draft: two different people must sign it before it is released.", soft_wrap=True)
    console.print(f"Open: {out / 'index.html'}", soft_wrap=True)
