"""The record that is signed: what goes out, under which rules, and what the signers were shown."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from typing import Any

import rfc8785

from opencdi import __version__
from opencdi.publication.control.control import Controlled
from opencdi.publication.figures import Release


def record(controlled: Controlled, suppressions: str, before: Sequence[Release]) -> str:
    """The record as text, one fact a line; the same release gives the same text.

    ``suppressions`` is the list the signers read. The hash of the content covers every figure and word that
    is published, and not who signed it.
    """
    release, kinds = controlled.release, Counter(each.kind for each in controlled.withheld)
    lines = (
        "OpenCDI release",
        f"Title: {release.title}",
        f"Publisher: {release.publisher}",
        f"Number: {release.number}",
        f"Time of release: {release.released.isoformat() if release.released else 'not set'}",
        f"Audits: {len(release.audits)}",
        f"Figures: {sum(len(audit.figures) for audit in release.audits)}",
        f"Content: sha256 {content_sha256(release)}",
        f"Rules of disclosure control: {controlled.rules.version}",
        f"Withheld: {kinds['primary']} small, {kinds['complementary']} for their sake, "
        f"{kinds['derived']} derived",
        f"List of what is withheld: sha256 {hashlib.sha256(suppressions.encode()).hexdigest()}",
        f"Small counts that an earlier release gave away: {len(controlled.exposed)}",
        f"Earlier releases looked at: {', '.join(_short(each) for each in before) or 'none'}",
        f"Made by: OpenCDI {__version__}",
    )
    return "\n".join(_one_line(line) for line in lines) + "\n"


def content_sha256(release: Release) -> str:
    """SHA-256 of everything a release says, whoever signed it."""
    return hashlib.sha256(rfc8785.dumps(_plain(replace(release, signed_by=())))).hexdigest()


def _short(release: Release) -> str:
    return f"{release.number} (sha256 {content_sha256(release)[:16]})"


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    return value


def _one_line(text: str) -> str:
    return " ".join(text.split())
