"""The compiled pattern book is read from its file, and made anew where the file is lost or spoiled."""

from __future__ import annotations

from pathlib import Path

import pytest

from opencdi.disclosure import compiled
from opencdi.disclosure.book import the_book
from opencdi.disclosure.disclosing import the_batch_reader


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for the file that only this test uses, and another that cannot be written to before it."""
    the_batch_reader()
    place = tmp_path / "book-0.npz"
    (tmp_path / "file").touch()
    monkeypatch.setattr(compiled, "_places", lambda: (tmp_path / "file" / "no-folder.npz", place))
    monkeypatch.setattr(compiled, "_kept", compiled._kept.__wrapped__)
    return place


def test_what_is_compiled_is_kept_and_read_again_as_it_was(place: Path) -> None:
    made = compiled._compiled()
    kept = compiled._kept()
    assert kept is not None and place.exists()
    assert kept.keys() == made.keys()
    assert all((kept[name] == made[name]).all() for name in made)
    assert compiled.the_outline.__wrapped__() == the_book().outline


@pytest.mark.parametrize("spoiled", [b"", b"no book", b"PK\x03\x04 half a book"])
def test_a_spoiled_file_is_taken_for_none(place: Path, spoiled: bytes) -> None:
    place.write_bytes(spoiled)
    assert compiled._kept() is None
    assert compiled.the_outline.__wrapped__() == the_book().outline
