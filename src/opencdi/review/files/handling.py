"""Stops reading what is sent once it is larger than may be, before it fills memory or disk (ASVS 5.2.1)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

# Of the other fields and the form's own wrapping.
ALLOWANCE = 500_000


class SizeGuard(FileUploadHandler):
    """Stands first among the upload handlers; keeps nothing itself."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.received = 0

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *more: Any) -> None:  # noqa: N803
        self._refuse_over(content_length)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        self._refuse_over(self.received)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None

    @staticmethod
    def _refuse_over(size: int) -> None:
        if size > settings.REVIEW_LARGEST_FILE * settings.DATA_UPLOAD_MAX_NUMBER_FILES + ALLOWANCE:
            raise RequestDataTooBig("More was sent than this service takes.")
