"""Pages that belong to no case: help, accessibility, privacy."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from opencdi.review.accounts.person import signed_in_person
from opencdi.review.shell.work import work_of


def home(request: HttpRequest) -> HttpResponse:
    """My work: what waits for this person, and nothing that their roles may not know."""
    return render(request, "shell/home.html", {"parts": work_of(signed_in_person(request))})


def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "shell/help.html")


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "shell/accessibility.html")


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "shell/privacy.html")
