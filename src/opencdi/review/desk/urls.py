from __future__ import annotations

from django.urls import path

from opencdi.review.desk import pages

urlpatterns = [
    path("", pages.desk, name="desk"),
    path("lead/<uuid:key>/", pages.lead, name="lead"),
    path("questions/", pages.questions, name="questions"),
    path("questions/<uuid:key>/", pages.question, name="question"),
    path("questions/<uuid:key>/start-again/", pages.start_again, name="start_again"),
    path("training/", pages.needs, name="needs"),
    path("training/<uuid:key>/met/", pages.need_met, name="need_met"),
]
