"""Limits hold over several processes, not in each alone (ASVS 6.3.1)."""

from __future__ import annotations

import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.review.room_process import Room, running_room

pytestmark = pytest.mark.slow


@pytest.fixture
def two_processes(tmp_path: Path) -> Iterator[Room]:
    with running_room(tmp_path / "room", workers=2) as room:
        yield room


def _try_to_sign_in(room: Room, password: str) -> str:
    """One attempt by a browser of its own, over a connection of its own."""
    jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    browser = urllib.request.build_opener(jar)
    address = f"{room.address}/account/sign-in/"
    page = browser.open(address, timeout=60).read().decode()
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    sent = {"csrfmiddlewaretoken": token[1], "login": room.email, "password": password}
    request = urllib.request.Request(address, urllib.parse.urlencode(sent).encode())
    request.add_header("Referer", address)
    return str(browser.open(request, timeout=60).read().decode())


def test_6_3_1_wrong_passwords_are_counted_over_all_processes(two_processes: Room) -> None:
    said = [_try_to_sign_in(two_processes, "wrong password indeed") for _ in range(6)]
    assert not any("Too many failed" in page for page in said[:5])
    assert "Too many failed" in said[5]
    assert "Too many failed" in _try_to_sign_in(two_processes, two_processes.password)
    lines = (two_processes.folder / "log.jsonl").read_text(encoding="utf-8").splitlines()
    processes = {json.loads(line).get("process") for line in lines}
    assert len(processes - {None}) >= 2
