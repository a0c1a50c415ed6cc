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
    final: Annotated[
        bool,
        typer.Option("--final", help="Write the release itself: refused until two have signed it"),
    ] = False,
    previous: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="SITE", help="An earlier release as published, the oldest first; may be repeated"
        ),
    ] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Also a tagged PDF of every force's page")] = False,
) -> None:
    """Publish audits' rates: pages that open from a file, without scripts, the same bytes every time.

    Disclosure control comes first. What is written is a draft until two different people have signed it."""
    from dataclasses import replace

    from rich.console import Console

    from opencdi.publication.checks import check
    from opencdi.publication.control.control import control
    from opencdi.publication.publish import (
        fresh_folder,
        verified_before,
        write_pdfs,
        write_release,
        write_verification,
    )
    from opencdi.publication.release import read_release
    from opencdi.publication.settings import read_release_settings
    from opencdi.publication.signoff.folder import SignOff, refuse_unsigned, signed_by, write_sign_off
    from opencdi.publication.tables.reading import read_earlier
    from opencdi.publication.verified import bundle_of, verify_all

    console, folders = Console(), audits or []
    sign_off, signers = SignOff.beside(out), read_release_settings(release).signer
    with console.status("Reading") as status:
        checked = check(read_release(folders, published or [], release))
        verified = verify_all(folders, verified_before(out), lambda name: status.update(f"Verifying {name}"))
        before = [read_earlier(site) for site in previous or []]
        controlled = control(checked, before, progress=lambda name: status.update(f"Withholding: {name}"))

    record = write_sign_off(controlled, before, sign_off)
    offices = signed_by(sign_off, record, signers)
    if final:
        refuse_unsigned(offices, signers, sign_off)
    shown = replace(controlled.release, signed_by=offices if final else ())
    last = before[-1] if before else None
    with fresh_folder(out, verified) as folder, console.status("Writing") as status:
        write_release(shown, folder, last, lambda name: status.update(f"Writing {name}"))
        if pdf:
            write_pdfs(folder, lambda name: status.update(f"PDF: {name}"))
        bundles = map(bundle_of, folders)
        write_verification(shown, bundles, folder / "verification", controlled.rules.smallest_stratum)
    console.print(f"Forces: {len(shown.forces)}; audits: {len(shown.audits)}", soft_wrap=True)
    console.print(f"Withheld: {len(controlled.withheld)} figures and counts", soft_wrap=True)
    if controlled.exposed:
        console.print(
            f"Given away by an earlier release, whatever is withheld now: {len(controlled.exposed)}. See "
            f"{sign_off.withheld}",
            soft_wrap=True,
        )
    console.print(said_of_signing(final, offices, sign_off.root), soft_wrap=True)
    console.print(f"Open: {out / 'index.html'}", soft_wrap=True, markup=False)


def said_of_signing(final: bool, offices: tuple[str, ...], folder: Path) -> str:
    """Where the release stands between draft and final."""
    if final:
        return f"Released. Signed by {', '.join(offices)}"
    signed = f"signed by {', '.join(offices)}" if offices else "signed by nobody"
    return (
        f"A draft, {signed}. Two different people read {folder}, run `opencdi sign`, and then the release is "
        "written with --final"
    )
