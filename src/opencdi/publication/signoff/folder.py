"""The folder that goes to the people who sign off, beside the site and never in it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from opencdi.errors import UserError
from opencdi.ledger.note import SigningKey, sign, verified_text
from opencdi.publication.control.control import Controlled
from opencdi.publication.figures import Release
from opencdi.publication.settings import SignerSettings
from opencdi.publication.signoff.record import record
from opencdi.publication.signoff.suppressions import suppressions

NEEDED = 2
"""Different people without whom nothing is released."""


@dataclass(frozen=True)
class SignOff:
    """The folder: ``record.txt``, ``withheld.csv``, ``signatures/``. It holds true counts: keep it safe."""

    root: Path

    @classmethod
    def beside(cls, site: Path) -> SignOff:
        return cls(site.with_name(site.name + ".sign-off"))

    @property
    def record(self) -> Path:
        return self.root / "record.txt"

    @property
    def withheld(self) -> Path:
        return self.root / "withheld.csv"

    @property
    def signatures(self) -> Path:
        return self.root / "signatures"


def write_sign_off(controlled: Controlled, before: Sequence[Release], folder: SignOff) -> str:
    """Write the record and the list. Signatures of another record go: what they signed has changed."""
    listed = suppressions(controlled)
    text = record(controlled, listed, before)
    unchanged = folder.record.exists() and folder.record.read_text(encoding="utf-8") == text
    folder.root.mkdir(parents=True, exist_ok=True)
    folder.root.chmod(0o700)
    if not unchanged:
        for path in sorted(folder.signatures.glob("*.note")):
            path.unlink()
    folder.withheld.write_text(listed, encoding="utf-8", newline="\n")
    folder.record.write_text(text, encoding="utf-8", newline="\n")
    return text


def sign_record(folder: SignOff, office: str, key: SigningKey) -> Path:
    """Sign the record for an office.

    Raises ``UserError`` where there is no record, the list is not the one the record names, or the key has
    signed for another office.
    """
    text = _record(folder)
    _refuse_another_list(folder, text)
    for path in sorted(folder.signatures.glob("*.note")):
        if _holds(path, key.verifier, text) and path != _note(folder, office):
            raise UserError(
                f"This key has signed the release already, in {path}. Two different people sign, each with a "
                "key of their own."
            )
    folder.signatures.mkdir(exist_ok=True)
    _note(folder, office).write_text(sign(text, key), encoding="utf-8", newline="\n")
    return _note(folder, office)


def signed_by(folder: SignOff, text: str, signers: Sequence[SignerSettings]) -> tuple[str, ...]:
    """The offices whose signature of this very record holds, in the order of the release's settings."""
    notes = sorted(folder.signatures.glob("*.note"))
    return tuple(each.office for each in signers if any(_holds(path, each.key, text) for path in notes))


def refuse_unsigned(offices: Sequence[str], signers: Sequence[SignerSettings], folder: SignOff) -> None:
    """Raises ``UserError`` that says who has not signed, where fewer than two people have."""
    if len({each.key for each in signers}) < NEEDED or len({each.office for each in signers}) < NEEDED:
        raise UserError(
            "The release names fewer than two people who may sign it. Give each an office and a key of their "
            "own under [[signer]] in its settings."
        )
    if len(set(offices)) < NEEDED:
        waiting = [each.office for each in signers if each.office not in offices]
        raise UserError(
            f"The release is signed by {', '.join(offices) or 'nobody'}; two different people must sign it. "
            f"Still to sign: {', '.join(waiting)}. They read {folder.withheld} and run "
            f"`opencdi sign {folder.root} --office OFFICE --key FILE`. If the release was changed after they "
            "signed, they sign it again."
        )


def _record(folder: SignOff) -> str:
    try:
        return folder.record.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UserError(
            f"There is no {folder.record}. `opencdi publish` writes it beside the draft, in OUT.sign-off."
        ) from None


def _refuse_another_list(folder: SignOff, text: str) -> None:
    listed = folder.withheld.read_bytes() if folder.withheld.exists() else b""
    if f"List of what is withheld: sha256 {hashlib.sha256(listed).hexdigest()}\n" not in text:
        raise UserError(
            f"{folder.withheld} is not the list that the record names. Make the draft again before signing."
        )


def _note(folder: SignOff, office: str) -> Path:
    return folder.signatures / f"{re.sub(r'[^a-z0-9]+', '-', office.lower()).strip('-')}.note"


def _holds(path: Path, verifier: str, text: str) -> bool:
    try:
        return verified_text(path.read_text(encoding="utf-8"), verifier) == text
    except UserError:
        return False
