"""A new audit's settings: ``audit.toml`` and the proposed profiles."""

from __future__ import annotations

import glob
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from opencdi.engine import Engine
from opencdi.errors import UserError
from opencdi.records.database import address, fetch, is_address
from opencdi.records.guessing import Proposal, propose
from opencdi.records.sources import expanded


@dataclass(frozen=True)
class ProposedAudit:
    """``settings`` is the text of audit.toml; ``profiles`` gives each profile by its path in the folder."""

    settings: str
    profiles: dict[str, Proposal]


def propose_audit(
    engine: Engine,
    folder: Path,
    incidents: Sequence[str],
    crimes: Sequence[str],
    force: str,
    arriving_in: Mapping[str, Path] | None = None,
) -> ProposedAudit:
    """Propose settings and profiles; writes nothing.

    One profile is proposed for each file, and files that are read alike share it. ``arriving_in`` gives, by
    table, a folder that holds those files and will hold later ones: where one profile reads all of them, the
    settings name whatever lies in it. Raises ``UserError`` where the folder is an audit already or a file
    cannot be used.
    """
    if (folder / "audit.toml").exists():
        raise UserError(
            f"{folder} is an audit already (it holds audit.toml). Use another folder, or remove audit.toml."
        )
    fetch([address(file) for file in (*incidents, *crimes) if is_address(file)], folder)
    profiles: dict[str, Proposal] = {}
    exports: list[str] = []
    number = 0
    kinds: tuple[tuple[Literal["incidents", "crimes"], Sequence[str]], ...] = (
        ("incidents", incidents),
        ("crimes", crimes),
    )
    for table, files in kinds:
        groups: dict[str, list[str]] = {}
        for file in files:
            (source, *_) = expanded([file], folder if is_address(file) else Path.cwd())
            proposal = propose(engine, source, table, number)
            number += 1
            name = _profile_of(table, proposal, profiles)
            profiles.setdefault(name, proposal)
            groups.setdefault(name, []).append(file if is_address(file) else _from(folder, Path(file)))
        if arriving_in is not None and len(groups) == 1:
            groups = {name: [_whatever_is_in(arriving_in[table], folder)] for name in groups}
        exports += [_export(table, name, paths) for name, paths in groups.items()]
    settings = f"force = {json.dumps(force, ensure_ascii=False)}\n\n" + "\n".join(exports)
    return ProposedAudit(settings, profiles)


def _profile_of(table: str, proposal: Proposal, profiles: dict[str, Proposal]) -> str:
    for name, other in profiles.items():
        if name.startswith(f"profiles/{table}") and other.columns == proposal.columns:
            return name
    count = sum(name.startswith(f"profiles/{table}") for name in profiles)
    return f"profiles/{table}{f'-{count + 1}' if count else ''}.toml"


def _from(folder: Path, file: Path) -> str:
    return os.path.relpath(file.resolve(), folder.resolve())


def _whatever_is_in(arriving: Path, folder: Path) -> str:
    return glob.escape(_from(folder, arriving)) + "/*"


def _export(table: str, profile: str, files: Sequence[str]) -> str:
    listed = ", ".join(json.dumps(file, ensure_ascii=False) for file in files)
    return f'[[exports]]\ntable = "{table}"\nfiles = [{listed}]\nprofile = "{profile}"\n'


def write_audit(folder: Path, proposed: ProposedAudit) -> None:
    """Write the proposed settings. Raises ``UserError`` where the folder cannot be written to."""
    try:
        (folder / "profiles").mkdir(parents=True, exist_ok=True)
        for name, proposal in proposed.profiles.items():
            (folder / name).write_text(proposal.text, encoding="utf-8")
        (folder / "audit.toml").write_text(proposed.settings, encoding="utf-8")
    except FileExistsError:
        raise UserError(f"{folder} is a file, not a folder. Name another folder.") from None
    except OSError as error:
        raise UserError(
            f"{folder} cannot be written to ({error.strerror}). Give yourself the right, make room, or name "
            "another folder."
        ) from None
