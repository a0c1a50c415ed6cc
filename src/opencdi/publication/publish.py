"""Writing a release whole or not at all: its tables, pages and press file in one fresh folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from opencdi.bundle import Bundle
from opencdi.bundle.files import sha256_of
from opencdi.bundle.public import write_public_copy
from opencdi.errors import UserError
from opencdi.publication.figures import Release
from opencdi.publication.press import write_press
from opencdi.publication.site import write_pages
from opencdi.publication.tables.checksums import write_checksums
from opencdi.publication.tables.write import write_tables

MARK = ".opencdi-site"
"""A file in every site, so that no other folder is ever replaced. It lists the bundles that were verified."""


def verified_before(out: Path) -> frozenset[str]:
    """Digests of the bundles that were verified for the site in ``out``."""
    mark = out / MARK
    return frozenset(mark.read_text(encoding="utf-8").split()) if mark.is_file() else frozenset()


@contextmanager
def fresh_folder(out: Path, verified: Collection[str] = ()) -> Iterator[Path]:
    """An empty folder that takes the place of ``out`` when all is written; ``verified`` goes into its mark.

    Raises ``UserError`` where ``out`` holds something that is not a site made before.
    """
    if out.exists() and not (out / MARK).exists() and (not out.is_dir() or any(out.iterdir())):
        raise UserError(f"{out} is not empty and not a site made by `opencdi publish`. Give another folder.")
    beside = out.with_name(out.name + ".new")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    try:
        yield beside
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    write_checksums(beside)
    (beside / MARK).write_text("".join(f"{digest}\n" for digest in sorted(verified)), encoding="utf-8")
    shutil.rmtree(out, ignore_errors=True)
    beside.rename(out)


def write_pdfs(folder: Path, progress: Callable[[str], None] = lambda _: None) -> None:
    """A tagged PDF beside every force's page of a site.

    Raises ``UserError`` where WeasyPrint is missing.
    """
    from opencdi.publication.pdf import write_pdf

    for page in sorted((folder / "forces").glob("*.html")):
        progress(page.stem)
        write_pdf(page, page.with_suffix(".pdf"))


def write_verification(
    release: Release, bundles: Iterable[Bundle], folder: Path, smallest_stratum: int
) -> None:
    """The public part of each audit's bundle under the audit's name, for ``opencdi verify``."""
    names = {audit.provenance.commitment: audit.id for audit in release.audits}
    for bundle in bundles:
        write_public_copy(bundle, folder / names[sha256_of(bundle.design)], smallest_stratum)


def write_release(
    release: Release,
    folder: Path,
    before: Release | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> None:
    """Everything of a release after disclosure control, into an empty folder; ``before`` came before it."""
    write_tables(release, folder / "data", before, progress)
    write_press(release, folder / "press")
    write_pages(release, folder, progress)
