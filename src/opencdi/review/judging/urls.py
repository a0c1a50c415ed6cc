from __future__ import annotations

from django.urls import path

from opencdi.review.judging import pages

CASE = "<uuid:key>/"

urlpatterns = [
    path("", pages.queue, name="queue"),
    path("break/", pages.take_a_break, name="take_a_break"),
    path(CASE, pages.warning, name="content_warning"),
    path(CASE + "read/", pages.read_case, name="read_case"),
    path(CASE + "crime/<int:number>/", pages.judge_crime, name="judge_crime"),
    path(CASE + "crime/<int:number>/remove/", pages.remove_crime, name="remove_crime"),
    path(CASE + "check/", pages.check_case, name="check_case"),
    path(CASE + "submit/", pages.submit_case, name="submit_case"),
    path(CASE + "submitted/", pages.submitted, name="submitted"),
    path(CASE + "take-back/", pages.take_back, name="take_back"),
    path(CASE + "hand-back/", pages.hand_back, name="hand_back"),
]
