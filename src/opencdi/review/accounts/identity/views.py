"""Going to the provider and coming back."""

from __future__ import annotations

from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import Http404, HttpRequest, HttpResponseBase

from opencdi.review.accounts.identity.adapter import ForceIdentityAdapter


def login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    return _asked(OAuth2LoginView, request, provider_id)


def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    return _asked(OAuth2CallbackView, request, provider_id)


def _asked(
    view: type[OAuth2LoginView] | type[OAuth2CallbackView], request: HttpRequest, provider_id: str
) -> HttpResponseBase:
    try:
        answer: HttpResponseBase = view.adapter_view(ForceIdentityAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return answer
