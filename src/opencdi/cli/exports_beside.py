"""Files that lie beside the exports, are named like one of them but for numbers, and are read by no setting.

``opencdi init`` writes down the files it was shown, so that a later night's file is passed over until a
pattern takes their place.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from opencdi.workspace import Workspace


def exports_beside(workspace: Workspace) -> str | None:
    """A sentence where there are such files; None where there is none."""
    from opencdi.records.database import is_address
    from opencdi.records.sources import expanded

    root = workspace.root
    read = {
        source.path
        for export in workspace.audit.exports
        for source in expanded([name for name in export.files if not is_address(name)], root)
    }
    found = sorted(_unread(read))
    if not found:
        return None
    first, *others = found
    which = f"{first.name} and {len(others):,} more lie" if others else f"{first.name} lies"
    return (
        f"{which} beside the exports in {first.parent}, named like one of them, and not read: audit.toml "
        f"does not name {'them' if others else 'it'}. If nights are to be read as they arrive, put a pattern "
        f"there, such as {_pattern(first)}."
    )


def _unread(read: Collection[Path]) -> Iterable[Path]:
    named = {path.parent.resolve() / path.name for path in read}
    alike = {(path.parent, _likeness(path)) for path in named}
    for folder in {path.parent for path in named}:
        with suppress(OSError):  # whoever may read the exports need not be allowed to list them
            for path in folder.iterdir():
                if path not in named and (folder, _likeness(path)) in alike and path.is_file():
                    yield path


def _likeness(path: Path) -> tuple[str, str]:
    """The letters of a file's name, and its ending: what the files of all nights have in common."""
    return "".join(filter(str.isalpha, path.stem.casefold())), path.suffix.casefold()


def _pattern(path: Path) -> str:
    letters = path.stem.rstrip("0123456789-_. ()")
    return f"{letters}*{path.suffix}" if letters else f"*{path.suffix}"
