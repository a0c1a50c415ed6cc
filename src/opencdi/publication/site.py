"""The static site of a release: the same release gives the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from opencdi.publication.figures import Release
from opencdi.publication.national import compare_forces
from opencdi.publication.pages.about_pages import about_pages
from opencdi.publication.pages.environment import rendered
from opencdi.publication.pages.force_page import force_values
from opencdi.publication.pages.national_page import national_values


def write_pages(release: Release, folder: Path, progress: Callable[[str], None] = lambda _: None) -> None:
    """Write every page into ``folder``, which holds the release's tables already where there are any.

    Memory: one page at a time beside the release, well under 200 MB for 43 forces with twelve audits.
    """
    together = compare_forces(release)
    _write(folder / "index.html", rendered("index.html.jinja", **national_values(release, together)))
    for force in release.forces:
        if force.is_territorial:
            progress(force.name)
            page = rendered("force.html.jinja", **force_values(release, force, together))
            _write(folder / "forces" / f"{force.slug}.html", page)
    for name, values in about_pages(release, _files(folder)).items():
        _write(folder / name, rendered(f"{name}.jinja", release=release, root="", page=name, **values))


def _files(folder: Path) -> list[tuple[str, str]]:
    found = sorted(path for path in (folder / "data").rglob("*") if path.is_file())
    return [(path.relative_to(folder).as_posix(), f"{path.stat().st_size:,} bytes") for path in found]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
