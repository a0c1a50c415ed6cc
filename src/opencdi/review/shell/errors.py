"""Error pages: what happened, in plain words, and what to do now. Never what was sent or inner detail."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from opencdi.review.shell.middleware.requests import described

log = logging.getLogger("opencdi.review.security")

Words = str | Promise


@dataclass(frozen=True)
class ErrorPage:
    """One error in words."""

    status: int
    title: Words
    what: Words
    do: Words


PAGES = {
    "bad-request": ErrorPage(
        HTTPStatus.BAD_REQUEST,
        _("We could not read that request"),
        _("Something in the address or in what was sent is not as this service writes it."),
        _("Go back, load the page again and repeat what you did. Do not type addresses by hand."),
    ),
    "refused": ErrorPage(
        HTTPStatus.FORBIDDEN,
        _("You cannot see this page"),
        _("Your role, your part in this case or its state does not allow it. The request was recorded."),
        _("Go to your work. If you think you should see this page, ask the person who runs the audit."),
    ),
    "identity-unknown": ErrorPage(
        HTTPStatus.FORBIDDEN,
        _("We do not know this account"),
        _("Your organisation confirmed who you are, but no account here is bound to that identity."),
        _("Open the link in your invitation first, then sign in again. If you have none, ask for one."),
    ),
    "not-found": ErrorPage(
        HTTPStatus.NOT_FOUND,
        _("Page not found"),
        _("There is no page at this address, or it is not one for you."),
        _("If you typed the address, check it. Otherwise go to your work and start from there."),
    ),
    "not-allowed": ErrorPage(
        HTTPStatus.METHOD_NOT_ALLOWED,
        _("That cannot be done from this address"),
        _("This address takes only answers sent from a form."),
        _("Go to your work and open the form again."),
    ),
    "changed": ErrorPage(
        HTTPStatus.CONFLICT,
        _("Somebody changed this while you were working on it"),
        _("Your answer was not saved, so that nothing of theirs is overwritten. It has been kept for you."),
        _("Open the page again. You will see it as it is now, with your answer to check and send."),
    ),
    "too-large": ErrorPage(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        _("That is too large"),
        _("What you sent is larger than this service takes. Nothing of it was saved."),
        _(
            "Go back: most browsers still hold what you typed. Shorten the text, or send a smaller file or "
            "fewer files at once."
        ),
    ),
    "stale-form": ErrorPage(
        HTTPStatus.FORBIDDEN,
        _("This form had been open too long"),
        _("Its security token belongs to a session that has ended, so it was not accepted."),
        _("Open the page again and send it once more. If you were signed out, sign in first."),
    ),
    "stale-form-kept": ErrorPage(
        HTTPStatus.FORBIDDEN,
        _("This form had been open too long, but your answer is safe"),
        _("Its security token belongs to a session that has ended. What you typed has been kept."),
        _("Open the page again: your answer is there to check and send."),
    ),
    "too-many": ErrorPage(
        HTTPStatus.TOO_MANY_REQUESTS,
        _("Too many attempts"),
        _("There were too many attempts in a short time, so this is closed for a few minutes."),
        _("Wait five minutes and try again. If it was not you, tell the administrator."),
    ),
    "expired-link": ErrorPage(
        HTTPStatus.GONE,
        _("This link no longer works"),
        _("Links work once and for a limited time. This one was used, is too old, or was cut when copied."),
        _("Ask the administrator for a new invitation, or ask for a new password on the sign-in page."),
    ),
    "wrong-inside": ErrorPage(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        _("Sorry, something went wrong here"),
        _("This is our fault and not yours. If you were saving something, it has not been saved."),
        _("Go back: most browsers still hold what you typed. Copy it, then try again in a few minutes."),
    ),
}


def shown(request: HttpRequest, name: str, *, again: str = "") -> HttpResponse:
    """The page of an error; ``again`` is an address of this service to go to instead of one's work."""
    error = PAGES[name]
    request.error_shown = True  # type: ignore[attr-defined]
    return render(request, "shell/error.html", {"error": error, "again": again}, status=error.status)


def refused(request: HttpRequest, name: str = "refused") -> HttpResponse:
    log.warning("refused", extra={**described(request), "why": name})
    return shown(request, name)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)):
        return shown(request, "too-large")
    return shown(request, "bad-request")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refused(request)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return shown(request, "not-found")


def server_error(request: HttpRequest) -> HttpResponse:
    """Stands on its own: the database or the session may be what failed."""
    from django.template import engines

    page = engines["jinja2"].get_template("shell/failure.html")
    context = {"error": PAGES["wrong-inside"], "reference": getattr(request, "reference", "")}
    return HttpResponse(page.render(context), status=500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The security token of a form is missing or old. What was typed is kept for its author."""
    from opencdi.review.accounts.kept import keep_answer

    log.warning("security token refused", extra=described(request))
    kept = keep_answer(request)
    return shown(request, "stale-form-kept" if kept else "stale-form", again=request.path)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Named ``handler429`` beside the routes, where django-allauth looks for it."""
    log.warning("throttled", extra=described(request))
    return shown(request, "too-many")
