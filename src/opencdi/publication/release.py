"""Reading a release: audits' folders, results that others published, and who publishes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from opencdi.publication.audit_folder import read_audit
from opencdi.publication.figures import Correction, Planned, Release
from opencdi.publication.published_file import read_published
from opencdi.publication.settings import read_release_settings


def read_release(
    audits: Sequence[Path],
    published: Sequence[Path] = (),
    settings: Path | None = None,
) -> Release:
    """The release as read, unchecked and before disclosure control; its audits are verified beforehand.

    The order in which folders are given makes no difference.
    """
    said = read_release_settings(settings)
    found = []
    for folder in audits:
        audit = read_audit(folder)
        source = replace(audit.source, publisher=audit.source.publisher or said.publisher)
        found.append(replace(audit, source=source))
    for path in published:
        found += read_published(path)
    return Release(
        title=said.title,
        publisher=said.publisher,
        contact=said.contact,
        statistician=said.statistician,
        audits=tuple(sorted(found, key=lambda audit: audit.id)),
        released=said.released,
        embargo=said.embargo,
        number=said.number,
        mixed_editions=said.mixed_editions,
        corrections=tuple(Correction(each.on, each.what, each.why) for each in said.correction),
        calendar=tuple(Planned(each.on, each.what) for each in said.planned),
        made_up=said.made_up,
    )
