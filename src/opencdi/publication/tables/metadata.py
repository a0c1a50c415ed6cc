"""What the CSV files mean, for machines: CSV on the Web (W3C, 2015) and a Data Package (version 1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from opencdi.bundle.files import sha256_of
from opencdi.publication.figures import Release
from opencdi.publication.tables.columns import AUDITS, Column, PublishedTable
from opencdi.publication.tables.every import TABLES

CSVW = "csv-metadata.json"
DATA_PACKAGE = "datapackage.json"
LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"

_CSVW_TYPES = {"text": "string", "integer": "integer", "number": "number", "date": "date"}
_PACKAGE_TYPES = {"text": "string", "integer": "integer", "number": "number", "date": "date"}


def write_metadata(release: Release, folder: Path) -> None:
    """Both files, beside the CSV files they describe, which must be written already."""
    _write(folder / CSVW, csvw(release))
    _write(folder / DATA_PACKAGE, data_package(release, folder))


def csvw(release: Release) -> dict[str, Any]:
    """The table group of the release."""
    described: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en-GB"}],
        "dc:title": release.title,
        "dc:publisher": release.publisher,
        "dc:license": {"@id": LICENCE},
    }
    if release.released:
        described["dc:issued"] = {"@value": release.released.date().isoformat(), "@type": "xsd:date"}
    return described | {"tables": [_csvw_table(table) for table in TABLES]}


def _csvw_table(table: PublishedTable[Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "columns": [_csvw_column(column) for column in table.columns],
        "primaryKey": list(table.key),
    }
    if table.refers:
        key = {"resource": AUDITS.file, "columnReference": [AUDITS.key[0]]}
        described["foreignKeys"] = [{"columnReference": [table.refers], "reference": key}]
    return {
        "url": table.file,
        "dc:title": table.title,
        "dc:description": _row(table),
        "tableSchema": described,
    }


def _csvw_column(column: Column[Any]) -> dict[str, Any]:
    datatype: Any = _CSVW_TYPES[column.kind]
    if column.allowed:
        datatype = {"base": "string", "format": "|".join(column.allowed)}
    return {
        "name": column.name,
        "titles": {"en-GB": column.name},
        "dc:description": column.meaning,
        "datatype": datatype,
        "required": column.required,
    }


def data_package(release: Release, folder: Path) -> dict[str, Any]:
    """The package, with the hash and size of each file."""
    described: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": "crime-recording",
        "title": release.title,
        "version": release.number,
        "licenses": [{"name": "OGL-UK-3.0", "path": LICENCE, "title": "Open Government Licence v3.0"}],
        "contributors": [{"title": release.publisher, "role": "publisher"}],
        "resources": [_resource(table, folder / table.file) for table in TABLES],
    }
    if release.released:
        described["created"] = release.released.isoformat()
    return described


def _resource(table: PublishedTable[Any], path: Path) -> dict[str, Any]:
    fields = [_field(column) for column in table.columns]
    schema: dict[str, Any] = {"fields": fields, "primaryKey": list(table.key), "missingValues": [""]}
    if table.refers:
        reference = {"resource": AUDITS.name, "fields": AUDITS.key[0]}
        schema["foreignKeys"] = [{"fields": table.refers, "reference": reference}]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.title,
        "description": _row(table),
        "path": table.file,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "hash": f"sha256:{sha256_of(path)}",
        "bytes": path.stat().st_size,
        "dialect": {"lineTerminator": "\n"},
        "schema": schema,
    }


def _field(column: Column[Any]) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.allowed:
        constraints["enum"] = list(column.allowed)
    return {
        "name": column.name,
        "title": column.heading,
        "type": _PACKAGE_TYPES[column.kind],
        "description": column.meaning,
        "constraints": constraints,
    }


def _row(table: PublishedTable[Any]) -> str:
    return f"A row is {table.row}."


def _write(path: Path, value: Mapping[str, Any]) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
