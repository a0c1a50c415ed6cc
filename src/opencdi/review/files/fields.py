"""A form field for a file of a kind that is taken."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from opencdi.review.files.kinds import KINDS, NotTakenError, recognised
from opencdi.review.files.storing import tidy_name


class EvidenceField(forms.FileField):
    """Refuses, with words beside the field, what ``storing.store`` would refuse for its size or kind."""

    def __init__(self, **options: Any) -> None:
        endings = ",".join(f".{ending}" for ending in sorted(KINDS))
        options.setdefault("widget", forms.FileInput(attrs={"accept": endings}))
        super().__init__(**options)

    def clean(self, data: Any, initial: Any = None) -> Any:
        sent = super().clean(data, initial)
        if isinstance(sent, UploadedFile):
            self._refuse(sent)
        return sent

    @staticmethod
    def _refuse(sent: UploadedFile[bytes]) -> None:
        largest: int = settings.REVIEW_LARGEST_FILE
        if (sent.size or 0) > largest:
            said = _("The file is larger than %(size)s MB. Send a smaller one.")
            raise ValidationError(said % {"size": largest // 1_000_000}, code="too-large")
        try:
            recognised(tidy_name(sent.name or ""), sent.read())
        except NotTakenError as error:
            raise ValidationError(str(error), code="not-taken") from None
        finally:
            sent.seek(0)
