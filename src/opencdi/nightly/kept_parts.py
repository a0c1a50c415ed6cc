"""Tables worked out from parts of other tables and kept: a night works out those of new parts alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from opencdi import schema
from opencdi.engine import Engine, Relation
from opencdi.nightly.notes import made_by
from opencdi.nightly.pages import Pages
from opencdi.storage import json_hash
from opencdi.workspace import Workspace


@dataclass(frozen=True)
class KeptTable:
    """A kept table of all parts: the relation, the page of each part, and what each page follows from."""

    relation: Relation
    pages: Mapping[str, Path]
    fingerprints: Mapping[str, str]

    @property
    def name(self) -> str:
        return self.relation.contract.name

    def of_parts(self, parts: Iterable[str], called: str = "of_parts") -> Relation:
        """The same of some parts alone; ``called`` tells it from other parts of the same table."""
        pages = [self.pages[part] for part in sorted(parts)]
        return self.relation.engine.open_files(self.relation.contract, pages, f"{self.name}_{called}")


def kept_by_part(
    workspace: Workspace,
    engine: Engine,
    contract: schema.Table,
    rests_on: Mapping[str, object],
    rows_of: Callable[[Sequence[str]], str],
    rooms: tuple[str, ...] = ("nightly", "comparison"),
) -> KeptTable:
    """A table of all parts, made where it is not kept. Older pages stay until they are forgotten.

    ``rooms`` are those whose code decides the rows. ``rests_on`` says by part what they follow from;
    ``rows_of`` gives SQL for the rows of some parts, with the number of its part (``part``) in each.
    """
    code = made_by(workspace, *rooms)
    fingerprints = {part: json_hash([code, found]) for part, found in rests_on.items()}
    kept = Pages(workspace, contract.name)
    pages = kept.standing(fingerprints)
    missing = sorted(set(fingerprints) - set(pages))
    if missing:
        rows = Relation(engine, f"({rows_of(missing)})", contract)
        pages |= kept.write(rows, {part: fingerprints[part] for part in missing})
    relation = engine.open_files(contract, [pages[part] for part in sorted(pages)], contract.name)
    return KeptTable(relation, pages, fingerprints)
