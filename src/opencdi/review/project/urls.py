"""Every address of the review room. Each view states its access rule; the room refuses to start otherwise."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from opencdi.review.access import public, signed_in
from opencdi.review.shell import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", signed_in(views.home), name="home"),
    path("account/", include("opencdi.review.accounts.urls")),
    path("reading/", include("opencdi.review.adjudication.reader_urls")),
    path("reading/", include("opencdi.review.judging.urls")),
    path("deciding/", include("opencdi.review.adjudication.urls")),
    path("answers/", include("opencdi.review.answers.urls")),
    path("actions/", include("opencdi.review.actions.urls")),
    path("panels/", include("opencdi.review.scrutiny.urls")),
    path("readers/", include("opencdi.review.readers.urls")),
    path("desk/", include("opencdi.review.desk.urls")),
    path("help/", public(views.help_page), name="help"),
    path("help/accessibility/", public(views.accessibility), name="accessibility"),
    path("help/privacy/", public(views.privacy), name="privacy"),
    path("language/", public(set_language), name="set_language"),
]

handler400 = "opencdi.review.shell.errors.bad_request"
handler403 = "opencdi.review.shell.errors.permission_denied"
handler404 = "opencdi.review.shell.errors.page_not_found"
handler500 = "opencdi.review.shell.errors.server_error"
handler429 = "opencdi.review.shell.errors.too_many_requests"
