"""Signing in through the organisation's own provider: a made-up one that can lie (ASVS 6.8.x, 10.x)."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from tests.review.visitors import somebody

from opencdi.review.accounts.invitations import invitation_path
from opencdi.review.people.models import Person
from opencdi.review.policy import Role

pytestmark = pytest.mark.django_db

GOOD, OTHER = (rsa.generate_private_key(65537, 2048) for _ in range(2))
LOGIN, BACK = "/account/with/force/", "/account/with/force/back/"


class Provider:
    """Answers as an identity provider does; ``claims`` and ``key`` say what it will claim and sign with."""

    def __init__(self) -> None:
        provider = self
        self.claims: dict[str, Any] = {}
        self.key = GOOD
        self.asked: dict[str, str] = {}

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._say(provider.config() if "well-known" in self.path else provider.keys())

            def do_POST(self) -> None:
                sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
                provider.asked = {name: values[0] for name, values in parse_qs(sent).items()}
                self._say({"access_token": "x", "token_type": "bearer", "id_token": provider.token()})

            def _say(self, answer: object) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(answer).encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def config(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
        }

    def keys(self) -> dict[str, Any]:
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(GOOD.public_key()))
        return {"keys": [{**key, "kid": "one", "alg": "RS256", "use": "sig"}]}

    def token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": "room",
            "sub": "s-1",
            "iat": now,
            "exp": now + 300,
            **self.claims,
        }
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "one"})


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    made = Provider()
    app = {"provider_id": "force", "name": "Testshire", "client_id": "room", "secret": "s"}
    app["settings"] = {"server_url": made.issuer, "oauth_pkce_enabled": True}  # type: ignore[assignment]
    settings.SOCIALACCOUNT_PROVIDERS = {"force_identity": {"APPS": [app]}}
    yield made
    made.server.shutdown()
    made.server.server_close()


def come_back(browser: Client, provider: Provider, **claims: Any) -> Any:
    """Goes to the provider and returns with what it claims."""
    going = browser.post(LOGIN)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(going.headers["Location"]).query).items()}
    provider.claims = {"nonce": asked["nonce"], **claims}
    return browser.get(BACK, {"code": "c", "state": asked["state"]})


def bound(provider: Provider) -> Person:
    """A person whose identity was bound through their invitation."""
    person, browser = somebody(Role.AUDITOR, factor=False), Client()
    browser.get(invitation_path(person))
    come_back(browser, provider)
    return person


def test_6_8_1_an_identity_is_bound_through_the_invitation_by_issuer_and_subject(provider: Provider) -> None:
    person = bound(provider)
    assert SocialAccount.objects.get(user=person).uid == f"{provider.issuer} s-1"
    again = Client()
    answer = come_back(again, provider)
    assert answer.headers["Location"] == "/"
    assert again.get("/").headers["Location"] == "/account/second-factor/"


def test_6_8_1_a_strangers_identity_with_somebodys_address_gets_nowhere(provider: Provider) -> None:
    person = bound(provider)
    browser = Client()
    answer = come_back(browser, provider, sub="s-2", email=person.email, email_verified=True)
    assert answer.status_code == 403
    assert "We do not know this account" in answer.content.decode()
    assert browser.get("/").status_code == 302
    assert Person.objects.count() == 1


def test_6_8_4_a_second_factor_at_the_provider_counts_only_if_it_is_on_our_list(
    provider: Provider, settings: Any
) -> None:
    settings.REVIEW_SECOND_FACTOR_BY_PROVIDER = frozenset({"phrh", "hwk"})
    bound(provider)
    for claims, inside in (
        ({"amr": ["pwd"]}, False),
        ({"amr": ["pwd", "hwk"]}, True),
        ({"acr": "phrh"}, True),
    ):
        browser = Client()
        come_back(browser, provider, **claims)
        assert (browser.get("/").status_code == 200) == inside, claims


@pytest.mark.parametrize(
    ("claims", "key"),
    [
        ({"nonce": "of another sign-in"}, GOOD),
        ({"aud": "somebody-else"}, GOOD),
        ({"iss": "https://elsewhere.example"}, GOOD),
        ({"exp": 1_000_000_000}, GOOD),
        ({}, OTHER),
    ],
    ids=["nonce", "audience", "issuer", "expired", "signature"],
)
def test_10_5_a_token_that_does_not_check_signs_nobody_in(
    provider: Provider, claims: dict[str, Any], key: Any
) -> None:
    bound(provider)
    provider.key = key
    browser = Client()
    answer = come_back(browser, provider, **claims)
    assert "Sign-in did not work" in answer.content.decode()
    assert browser.get("/").headers["Location"].startswith("/account/sign-in/")


def test_10_2_1_the_code_is_bound_to_the_browser_that_asked(provider: Provider) -> None:
    bound(provider)
    provider.claims = {"nonce": "x"}
    assert "Sign-in did not work" in Client().get(BACK, {"code": "c", "state": "made-up"}).content.decode()
    browser = Client()
    come_back(browser, provider)
    assert len(provider.asked["code_verifier"]) >= 43


def test_10_4_going_to_the_provider_is_a_press_of_a_button_and_asks_for_no_more_than_who(
    provider: Provider,
) -> None:
    browser = Client()
    assert "Continue" in browser.get(LOGIN).content.decode()
    going = browser.post(f"{LOGIN}?scope=everything&auth_params=prompt%3Dnone").headers["Location"]
    asked = parse_qs(urlsplit(going).query)
    assert asked["scope"] == ["openid"]
    assert "prompt" not in asked
    assert asked["code_challenge_method"] == ["S256"]


def test_an_unknown_provider_is_a_page_that_does_not_exist() -> None:
    assert Client().get("/account/with/nobody/").status_code == 404
