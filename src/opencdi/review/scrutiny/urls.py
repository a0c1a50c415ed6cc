from __future__ import annotations

from django.urls import path

from opencdi.review.scrutiny import pages

AUDIT = "audit/<uuid:key>/"
PANEL = "<uuid:key>/"
CASE = "case/<uuid:key>/"

urlpatterns = [
    path("", pages.panels, name="panels"),
    path(AUDIT + "call/", pages.call_panel, name="call_panel"),
    path(PANEL, pages.panel, name="panel"),
    path(PANEL + "run/", pages.run_panel, name="run_panel"),
    path(PANEL + "declare/", pages.declare, name="declare"),
    path(PANEL + "recommend/", pages.panel_recommends, name="panel_recommends"),
    path(CASE, pages.panel_case, name="panel_case"),
    path(CASE + "redact/", pages.redact, name="redact"),
    path(CASE + "step-back/", pages.declare_on_case, name="declare_on_case"),
]
