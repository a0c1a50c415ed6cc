from __future__ import annotations

from django.urls import path

from opencdi.review.readers import pages

AUDIT = "<uuid:key>/"

urlpatterns = [
    path("", pages.readers, name="readers"),
    path(AUDIT, pages.audit_readers, name="audit_readers"),
    path(AUDIT + "fill/", pages.fill, name="fill_places"),
    path(AUDIT + "from/<uuid:reader>/", pages.reassign, name="reassign"),
]
