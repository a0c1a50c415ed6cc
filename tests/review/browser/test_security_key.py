"""A security key in a real browser: set up, used at sign-in, said to have failed where it does not answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, Page
from tests.review.room_process import Room, running_room
from tests.review.visitors import code_now

pytestmark = pytest.mark.slow

KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def own_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A new second factor ends its holder's other sessions."""
    with running_room(tmp_path_factory.mktemp("keys")) as running:
        yield running


@pytest.fixture
def page(browser: Browser, own_room: Room) -> Iterator[Page]:
    # A key is bound to a name, which an address in figures is not.
    context = browser.new_context(base_url=own_room.address.replace("127.0.0.1", "localhost"))
    yield context.new_page()
    context.close()


def _plugged_in(page: Page) -> tuple[CDPSession, str]:
    """A key that answers by itself."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]


def _password(page: Page, room: Room) -> None:
    page.goto("/account/sign-in/")
    page.fill("#id_login", room.email)
    page.fill("#id_password", room.password)
    page.get_by_role("button", name=re.compile("Sign in|Continue")).click()
    page.wait_for_url("**/second-factor/check/")


def test_a_key_is_added_signs_in_and_a_key_that_is_gone_is_said(page: Page, own_room: Room) -> None:
    _password(page, own_room)
    page.fill("#id_code", code_now())
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(lambda url: "second-factor" not in url)
    session, key = _plugged_in(page)

    page.goto("/account/second-factor/keys/add/")
    page.fill("[name=password]", own_room.password)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/keys/add/")
    page.fill("[name=name]", "Blue key")
    page.get_by_role("button", name="Add the key").click()
    page.wait_for_url(lambda url: not url.endswith("/add/"))
    page.goto("/account/second-factor/keys/")
    assert "Blue key" in page.locator("main").inner_text()
    assert len(session.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]) == 1

    page.get_by_role("button", name="Sign out").click()
    page.wait_for_load_state()
    _password(page, own_room)
    page.get_by_role("button", name="Use a security key").click()
    page.wait_for_url(lambda url: "second-factor" not in url)
    assert page.get_by_role("button", name="Sign out").count() == 1

    page.get_by_role("button", name="Sign out").click()
    page.wait_for_load_state()
    _password(page, own_room)
    session.send("WebAuthn.clearCredentials", {"authenticatorId": key})
    page.get_by_role("button", name="Use a security key").click()
    page.wait_for_selector("[data-key-failed]:not([hidden])")
    assert page.url.endswith("/second-factor/check/")
