"""A force's page as a tagged PDF."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

import pytest
from tests.publication.small_release import release_of

from opencdi.publication.pdf import with_styled_drawings, write_pdf
from opencdi.publication.site import write_pages

pytest.importorskip("weasyprint", reason="WeasyPrint or Pango is not installed: install opencdi[pdf].")


@pytest.mark.slow
def test_a_force_s_page_becomes_a_tagged_pdf_with_title_and_language(tmp_path: Path) -> None:
    write_pages(release_of(1, 2), tmp_path)
    page = tmp_path / "forces" / "metropolitan-police.html"
    for name in ("one.pdf", "two.pdf"):
        write_pdf(page, tmp_path / name)
    found = (tmp_path / "one.pdf").read_bytes()
    assert found == (tmp_path / "two.pdf").read_bytes()
    text = found + b"".join(_streams(found))
    assert re.search(rb"/MarkInfo\s*<<\s*/Marked true", text)
    assert b"/Lang (en-GB)" in text and b"Metropolitan Police" in text
    assert b'pdfuaid:part="1"' in text or b"<pdfuaid:part>1</pdfuaid:part>" in text


def test_every_drawing_carries_its_own_style() -> None:
    text = with_styled_drawings('<svg a="b"><text>x</text></svg><svg c="d"><path/></svg>')
    assert text.count("<style>") == 2 and ".chart" not in text and "paint-order" not in text


def _streams(found: bytes) -> list[bytes]:
    streams = []
    for part in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", found, re.DOTALL):
        try:
            streams.append(zlib.decompress(part))
        except zlib.error:
            streams.append(part)
    return streams
