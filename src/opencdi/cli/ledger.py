"""``opencdi ledger``: check an audit's history, and sign what it holds today."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opencdi.cli.help import command_group

if TYPE_CHECKING:
    from opencdi import ledger

app = command_group("The history of an audit: check it, sign it.")

LedgerFile = Annotated[
    Path, typer.Argument(metavar="LEDGER", help="A ledger.jsonl, or the folder that holds it")
]
KeyFile = Annotated[Path, typer.Option("--key", help="File of the signing key")]


@app.command()
def keygen(
    file: Annotated[Path, typer.Argument(help="Where to write the signing key")],
    name: Annotated[str, typer.Option(help="Who signs, such as audit.force.police.uk")],
) -> None:
    """Make a signing key. Its file is secret; print the verifier key in every publication."""
    from opencdi.errors import UserError
    from opencdi.ledger.note import SigningKey

    key = SigningKey.generate(name)
    try:
        file.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise UserError(f"{file} exists already and is not overwritten. Choose another name.") from None
    file.write_text(key.encoded + "\n", encoding="utf-8")
    typer.echo(f"Verifier key: {key.verifier}")


@app.command()
def checkpoint(ledger_file: LedgerFile, key: KeyFile) -> None:
    """Print a signed checkpoint of the ledger. Keep it where the audit's folder is not."""
    from opencdi.ledger.checkpoint import checkpoint as signed
    from opencdi.ledger.note import SigningKey

    typer.echo(signed(_whole_entries(ledger_file), SigningKey.decode(text_of(key))), nl=False)


@app.command()
def verify(
    ledger_file: LedgerFile,
    against: Annotated[Path | None, typer.Option("--checkpoint", help="File of a signed checkpoint")] = None,
    verifier: Annotated[str, typer.Option(help="Verifier key of who signed it")] = "",
) -> None:
    """Check that the ledger is whole and, with a checkpoint, that it is the one that was signed."""
    from opencdi.errors import UserError
    from opencdi.ledger.checkpoint import check

    entries = _whole_entries(ledger_file)
    if against is not None:
        problems = check(text_of(against), verifier, entries)
        if problems:
            raise UserError(" ".join(problems))
    typer.echo(f"The ledger is whole: {len(entries)} entries.")


def _whole_entries(place: Path) -> list[ledger.Entry]:
    from opencdi import ledger
    from opencdi.errors import UserError

    path = place / "ledger.jsonl" if place.is_dir() else place
    if not path.exists():
        raise UserError(f"There is no ledger {path}. Give the file, or the folder that holds ledger.jsonl.")
    problems = ledger.verify(path)
    if problems:
        raise UserError(" ".join(problems))
    return ledger.entries(path)


def text_of(path: Path) -> str:
    from opencdi.errors import UserError

    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UserError(f"{path} cannot be read as text. Check its name.") from None
