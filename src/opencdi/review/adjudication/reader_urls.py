"""Addresses under ``reading/`` of pages that come after a signature."""

from __future__ import annotations

from django.urls import path

from opencdi.review.adjudication import pages

urlpatterns = [
    path("sign-off/", pages.sign_off, name="sign_off"),
    path("revealed/", pages.revealed, name="revealed"),
    path("<uuid:key>/reveal/", pages.reveal_case, name="reveal_case"),
]
