from __future__ import annotations

from django.urls import path

from opencdi.review.answers import pages

AUDIT = "audit/<uuid:key>/"
VERDICT = "verdict/<uuid:key>/"

urlpatterns = [
    path("", pages.answers, name="answers"),
    path(AUDIT, pages.audit_answers, name="audit_answers"),
    path(AUDIT + "ask/", pages.ask_for_answers, name="ask_for_answers"),
    path(VERDICT, pages.adverse_verdict, name="adverse_verdict"),
    path(VERDICT + "answer/", pages.answer_verdict, name="answer_verdict"),
    path(VERDICT + "decide/", pages.decide_dispute, name="decide_dispute"),
    path(VERDICT + "correct/", pages.correct_record, name="correct_record"),
    path(VERDICT + "file/<uuid:file>/", pages.evidence, name="evidence"),
]
