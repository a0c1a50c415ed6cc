"""Taking a file in and giving it out again."""

from __future__ import annotations

import hashlib
import subprocess
import unicodedata
from collections.abc import Sequence

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from opencdi.review.files.kinds import KINDS, NotTakenError, recognised
from opencdi.review.files.models import StoredFile
from opencdi.review.people.models import Person
from opencdi.review.sealing import seal_bytes, unseal_bytes

LONGEST_NAME = 150
SCANNER_SECONDS = 60


def store(sent: UploadedFile[bytes], by: Person) -> StoredFile:
    """Keeps a file, sealed. Raises NotTakenError with what to do about it.

    Call it inside the transaction of what the file belongs to.
    """
    largest: int = settings.REVIEW_LARGEST_FILE
    if sent.size is None or sent.size > largest:
        raise NotTakenError(
            _("The file is larger than %(size)s MB. Send a smaller one.") % {"size": largest // 1_000_000}
        )
    name, content = tidy_name(sent.name or ""), sent.read()
    kind = recognised(name, content)
    scan(content, settings.REVIEW_SCANNER)
    stored = StoredFile(
        kind=kind.ending, size=len(content), sha256=hashlib.sha256(content).hexdigest(), stored_by=by
    )
    stored.name = name
    stored.content_sealed = seal_bytes(content, stored.content_place)
    stored.save()
    return stored


def as_attachment(stored: StoredFile) -> HttpResponse:
    """The file to save, never to show inside the application's own pages (ASVS 5.4.1, 5.4.2)."""
    content = unseal_bytes(bytes(stored.content_sealed), stored.content_place)
    response = HttpResponse(content, content_type=KINDS[stored.kind].media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, stored.name) or "attachment"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def tidy_name(name: str) -> str:
    """A name to show: no folders, no control characters, no marks that turn the direction of writing."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(one for one in last if unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Co"))
    stem, dot, ending = " ".join(kept.split()).rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending)]}{dot}{ending[:10]}"


def scan(content: bytes, command: Sequence[str]) -> None:
    """Asks the virus scanner of the place, if there is one: 0 is clean, 1 is not, anything else is no answer.

    Raises NotTakenError for both of the last: what could not be checked is not kept (ASVS 5.4.3).
    """
    if not command:
        return
    try:
        answer = subprocess.run(
            list(command), input=content, capture_output=True, timeout=SCANNER_SECONDS, check=False
        ).returncode
    except (OSError, subprocess.TimeoutExpired):
        answer = -1
    if answer == 1:
        raise NotTakenError(_("The virus scanner refuses this file. Do not send it; tell your IT service."))
    if answer != 0:
        raise NotTakenError(_("The file could not be checked for viruses, so it was not kept. Try later."))
