from __future__ import annotations

from django.urls import path

from opencdi.review.actions import pages

AUDIT = "audit/<uuid:key>/"
ACTION = "<uuid:key>/"

urlpatterns = [
    path("", pages.audits, name="actions"),
    path(AUDIT, pages.audit_actions, name="audit_actions"),
    path(AUDIT + "recommend/", pages.recommend, name="recommend"),
    path(AUDIT + "explain/", pages.explain, name="explain"),
    path(ACTION, pages.action, name="action"),
    path(ACTION + "owner/", pages.take_on, name="take_on"),
    path(ACTION + "evidence/", pages.add_evidence, name="add_evidence"),
    path(ACTION + "done/", pages.say_done, name="say_done"),
    path(ACTION + "check/<slug:move>/", pages.check, name="check_action"),
    path(ACTION + "file/<uuid:file>/", pages.action_file, name="action_file"),
]
