"""Files people send: what they are, how large, what they are called, how they leave again (ASVS 5.x)."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from hypothesis import given
from hypothesis import strategies as st
from tests.review.visitors import somebody

from opencdi.review.access import public
from opencdi.review.files.fields import EvidenceField
from opencdi.review.files.kinds import KINDS, NotTakenError, recognised
from opencdi.review.files.models import StoredFile
from opencdi.review.files.storing import as_attachment, scan, store, tidy_name
from opencdi.review.policy import Role
from opencdi.review.project import urls
from opencdi.review.shell.forms import PlainForm

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


def archive(*entries: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries:
            file.writestr(name, content)
    return made.getvalue()


DOCX = archive(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<document/>"))
ODS = archive(("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"<x/>"))
SOUND = {
    "report.pdf": PDF,
    "photo.png": PNG,
    "photo.JPEG": b"\xff\xd8\xff\xe0" + bytes(9),
    "notes.txt": "Notes — naïve café ✓\r\n".encode(),
    "list.csv": b"reference,date\n42/1,2026-05-04\n",
    "letter.docx": DOCX,
    "sheet.ods": ODS,
}
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.mark.parametrize("name", SOUND)
def test_5_2_2_a_sound_file_is_taken(name: str) -> None:
    assert recognised(name, SOUND[name]).ending in KINDS


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<html>"),
        ("picture.svg", b"<svg/>"),
        ("program.exe", b"MZ"),
        ("noending", PDF),
        ("report.pdf", b"<html><script>alert(1)</script>"),
        ("report.pdf", b"MZ\x90\x00"),
        ("photo.png", b"GIF89a"),
        ("notes.txt", b"\x00\x01\x02"),
        ("notes.txt", "ünicode".encode("utf-16")),
        ("letter.docx", ODS),
        ("letter.docx", archive(("word/other.xml", b""))),
        ("letter.docx", b"PK\x03\x04 not an archive"),
        ("sheet.ods", archive(("mimetype", b"text/plain"))),
        ("report.pdf.exe", PDF),
        ("report.pdf", b""),
    ],
)
def test_5_2_2_a_disguised_file_is_refused_with_what_to_do(name: str, content: bytes) -> None:
    with pytest.raises(NotTakenError, match=r"Send one of|Save it anew|send it again"):
        recognised(name, content)


def test_5_2_3_an_archive_that_unpacks_to_far_more_is_refused() -> None:
    bomb = archive(("word/document.xml", bytes(30_000_000)))
    assert len(bomb) < 100_000
    with pytest.raises(NotTakenError, match="unpacks to far more"):
        recognised("letter.docx", bomb)


def test_5_2_3_an_archive_of_too_many_entries_is_refused() -> None:
    many = archive(("word/document.xml", b"x"), *((f"part{number}", b"") for number in range(2_100)))
    with pytest.raises(NotTakenError, match="unpacks to far more"):
        recognised("letter.docx", many)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("word/vbaProject.bin", "macros"),
        ("../../etc/passwd", "not built as it should be"),
        ("/etc/passwd", "not built as it should be"),
    ],
)
def test_5_3_3_an_archive_with_macros_or_entries_that_leave_it_is_refused(entry: str, said: str) -> None:
    with pytest.raises(NotTakenError, match=said):
        recognised("letter.docx", archive(("word/document.xml", b"x"), (entry, b"x")))


@given(st.text(max_size=400))
def test_5_3_2_a_name_is_only_ever_a_short_line_to_show(name: str) -> None:
    tidy = tidy_name(name)
    assert len(tidy) <= 160
    assert "/" not in tidy
    assert not any(ord(one) < 32 for one in tidy)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\x\\reply.pdf", "reply.pdf"),
        ("reply\u202efdp.exe.pdf", "replyfdp.exe.pdf"),
        ("a\r\nSet-Cookie: b.pdf", "aSet-Cookie: b.pdf"),
    ],
)
def test_5_3_2_names_lose_folders_controls_and_turned_writing(name: str, shown: str) -> None:
    assert tidy_name(name) == shown


@pytest.mark.django_db
def test_5_4_1_a_file_lies_sealed_and_leaves_as_an_attachment_that_runs_nothing() -> None:
    person = somebody(Role.FORCE_LEAD)
    sent = SimpleUploadedFile('Reply to "42/1" – final.pdf', PDF, content_type="text/html")
    stored = StoredFile.objects.get(pk=store(sent, person).pk)
    assert PDF not in bytes(stored.content_sealed)
    assert b"final" not in bytes(stored.name_sealed)
    answer = as_attachment(stored)
    assert answer.content == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_5_2_1_a_file_over_the_size_is_refused(settings: Any) -> None:
    settings.REVIEW_LARGEST_FILE = 1_000_000
    sent = SimpleUploadedFile("reply.pdf", PDF + bytes(1_000_001))
    with pytest.raises(NotTakenError, match="larger than 1 MB"):
        store(sent, somebody(Role.FORCE_LEAD))
    assert not StoredFile.objects.exists()


def test_5_4_3_what_the_scanner_refuses_or_does_not_answer_for_is_not_kept(tmp_path: Path) -> None:
    scanner = tmp_path / "scanner.py"
    scanner.write_text("import sys; sys.exit(1 if b'EICAR' in sys.stdin.buffer.read() else 0)")
    command = [sys.executable, str(scanner)]
    scan(PDF, command)
    with pytest.raises(NotTakenError, match="refuses this file"):
        scan(EICAR, command)
    with pytest.raises(NotTakenError, match="could not be checked"):
        scan(PDF, [str(tmp_path / "absent")])


# In a form ------------------------------------------------------------------------------------------------


class Reply(PlainForm):
    paper = EvidenceField(label="Evidence")


def _reply(request: HttpRequest) -> HttpResponse:
    form = Reply(request.POST, request.FILES)
    return HttpResponse("taken" if form.is_valid() else str(form.errors["paper"]))


urlpatterns = [*urls.urlpatterns, path("try/reply/", public(_reply))]
handler400 = urls.handler400


@pytest.fixture
def browser(settings: Any, db: None) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client()


def _send(browser: Client, name: str, content: bytes) -> Any:
    return browser.post("/try/reply/", {"paper": SimpleUploadedFile(name, content)})


def test_5_2_2_the_form_says_beside_the_field_why_a_file_is_not_taken(browser: Client) -> None:
    assert _send(browser, "reply.pdf", PDF).content == b"taken"
    assert b"Files of this kind are not taken" in _send(browser, "reply.html", b"<p>").content
    assert b"it is not such a file" in _send(browser, "reply.pdf", b"<p>").content
    assert b"empty" in _send(browser, "reply.pdf", b"").content


def test_5_2_1_reading_stops_at_the_size_that_may_be(browser: Client, settings: Any) -> None:
    settings.REVIEW_LARGEST_FILE = 100_000
    assert b"larger than" in _send(browser, "reply.pdf", PDF + bytes(150_000)).content
    answer = _send(browser, "reply.pdf", PDF + bytes(2_000_000))
    assert answer.status_code == 413
    assert b"send a smaller file" in answer.content
