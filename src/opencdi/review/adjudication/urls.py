from __future__ import annotations

from django.urls import path

from opencdi.review.adjudication import pages

CASE = "<uuid:key>/"

urlpatterns = [
    path("", pages.differing, name="differing"),
    path(CASE, pages.decide, name="decide"),
    path(CASE + "crime/<int:place>/", pages.decide_crime, name="decide_crime"),
    path(CASE + "check/", pages.check_decision, name="check_decision"),
    path(CASE + "confirm/", pages.confirm_decision, name="confirm_decision"),
    path(CASE + "decided/", pages.decided, name="decided"),
]
