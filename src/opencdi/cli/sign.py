"""``opencdi sign FOLDER``: sign a release off, after reading what it withholds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def sign(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="OUT.sign-off, beside the draft")],
    office: Annotated[str, typer.Option(help="Who signs, by office: `Chief statistician`")],
    key: Annotated[Path, typer.Option(help="File of your signing key (`opencdi ledger keygen`)")],
) -> None:
    """Sign a release off. Two different people do, each after reading withheld.csv and the draft."""
    from opencdi.errors import UserError
    from opencdi.ledger.note import SigningKey
    from opencdi.publication.signoff.folder import SignOff, sign_record

    try:
        secret = key.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UserError(
            f"{key} cannot be read as text. Give the file that `opencdi ledger keygen` wrote."
        ) from None
    sign_off = SignOff(folder)
    note = sign_record(sign_off, office, SigningKey.decode(secret))
    typer.echo(sign_off.record.read_text(encoding="utf-8"), nl=False)
    typer.echo(f"Signed for {office}: {note}")
