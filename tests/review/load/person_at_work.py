"""One auditor at work over HTTP: signs in, reads, drafts, judges, submits and signs, as a person does it.

What the room acknowledged (by the redirect that follows a form) is told as it happens, and so is every form
that was sent and not answered. Nothing is taken from the database.
"""

from __future__ import annotations

import hmac
import html
import http.client
import random
import re
import time
from base64 import b32decode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

Tell = Callable[[dict[str, Any]], None]
"""Takes one line of what happened: a page that was seen, or a form that was acknowledged or not answered."""

HIDDEN = re.compile(r'name="(csrfmiddlewaretoken|written_by|version)"[^>]* value="([^"]*)"')
RECORD = re.compile(r'name="record"[^>]* value="([^"]+)"')
NEXT = re.compile(r'href="/reading/([0-9a-f-]{36})/(?:read/)?" role="button"')
STATIC = re.compile(r'(?:href|src)="(/static/[^"]+)"')
STATIC_SECONDS = 60
"""For as long does a browser keep style sheet and scripts before it asks again."""
PATIENCE = 120
"""Seconds a person tries again before they give up for the day."""
SECONDS_FOR_AN_ANSWER = 60


class NotAnsweredError(Exception):
    """The room is not there, or answers that something is wrong inside it."""


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    body: str


@dataclass
class Window:
    """A browser without scripts. ``local`` is the network address that the proxy in front would report."""

    port: int
    local: str
    tell: Tell
    cookies: dict[str, str] = field(default_factory=dict)
    _spent: float = 0.0
    _static: dict[str, float] = field(default_factory=dict)

    def open(self, name: str, path: str) -> Answer:
        """A page, whatever it redirects to; its time counts from the press that led to it."""
        answer = self._asked("GET", path)
        while answer.status in (301, 302, 303):
            answer = self._asked("GET", answer.location)
        self.tell({"page": name, "status": answer.status, "milliseconds": round(self._spent * 1000, 1)})
        self._spent = 0.0
        self._fetch_static(answer.body)
        return answer

    def send(self, path: str, page: Answer, **fields: str) -> Answer:
        """A form of a page. The answer is often a redirect, which ``open`` then follows."""
        hidden = dict(HIDDEN.findall(page.body))
        return self._asked("POST", path, urlencode({**hidden, **fields}))

    def _asked(self, method: str, path: str, body: str | None = None) -> Answer:
        begun = time.perf_counter()
        try:
            answer = self._exchange(method, path, body)
        except (OSError, http.client.HTTPException) as error:
            self._spent = 0.0
            raise NotAnsweredError(type(error).__name__) from None
        self._spent += time.perf_counter() - begun
        if answer.status >= 500:
            self._spent = 0.0
            raise NotAnsweredError(str(answer.status))
        return answer

    def _exchange(self, method: str, path: str, body: str | None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS_FOR_AN_ANSWER)
        headers = {
            "Host": "127.0.0.1",
            "Referer": "https://127.0.0.1/",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": self.local,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode("utf-8", errors="replace")
            for line in response.headers.get_all("Set-Cookie") or ():
                name, _, rest = line.partition("=")
                self.cookies[name] = rest.partition(";")[0]
            return Answer(response.status, response.headers.get("Location", ""), text)
        finally:
            connection.close()

    def _fetch_static(self, body: str) -> None:
        """Style sheet and scripts, as a browser asks for them again once they are a minute old."""
        now = time.monotonic()
        for path in STATIC.findall(body):
            if now - self._static.get(path, -STATIC_SECONDS) >= STATIC_SECONDS:
                begun = time.perf_counter()
                status = self._asked("GET", path).status
                spent = round((time.perf_counter() - begun) * 1000, 1)
                self.tell({"static": path, "status": status, "milliseconds": spent})
                self._spent = 0.0
                self._static[path] = now


@dataclass
class PersonAtWork:
    """Judges everything that was given to them. ``think`` waits as long as a person would, in seconds."""

    number: int
    email: str
    password: str
    secret: str
    window: Window
    think: Callable[[float, float], None]
    sent: int = 0
    unsigned: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.number)

    def work(self) -> None:
        """Until nothing is left and everything is signed. Raises NotAnsweredError after too long without."""
        self._trying(self._sign_in)
        while self._trying(self._judge_the_next):
            pass

    def _trying(self, act: Callable[[], Any]) -> Any:
        """Again and again, as somebody does whose service is down."""
        gives_up = time.monotonic() + PATIENCE
        while True:
            try:
                return act()
            except NotAnsweredError as error:
                self.window.tell({"not_answered": str(error)})
                if time.monotonic() > gives_up:
                    raise
                time.sleep(1)

    def _sign_in(self) -> None:
        window = self.window
        window.cookies.clear()
        page = window.open("sign in", "/account/sign-in/")
        self.think(2, 4)
        answer = window.send("/account/sign-in/", page, login=self.email, password=self.password)
        page = window.open("second factor", answer.location)
        self.think(2, 4)
        answer = window.send("/account/second-factor/check/", page, code=code_now(self.secret))
        _expect(answer, "/")
        window.open("my work", answer.location)

    def _judge_the_next(self) -> bool:
        """One report from the queue, whatever was left of it; False where everything is judged and signed."""
        queue = self.window.open("queue", "/reading/")
        self.think(1, 3)
        found = NEXT.search(queue.body)
        if found is None:
            return self._sign_off(queue)
        key = found[1]
        self.window.open("before the log", f"/reading/{key}/")
        self.think(1, 3)
        page = self.window.open("log and form", f"/reading/{key}/read/")
        if 'name="requires"' in page.body:
            self._draft(key, page)
            page = self.window.open("log and form", f"/reading/{key}/crime/1/")
            self._answer(key, page)
        elif f'action="/reading/{key}/submit/"' not in page.body:
            page = self.window.open("log and form", f"/reading/{key}/crime/1/")
            self._answer(key, page)
        self._submit(key)
        return True

    def _draft(self, key: str, page: Answer) -> None:
        """Reads, begins, and puts it aside for a moment."""
        self.think(8, 16)
        self._form(key, page, then="draft", to="/reading/")
        self.window.open("queue", "/reading/")
        self.think(1, 3)

    def _answer(self, key: str, page: Answer) -> None:
        self.think(4, 10)
        self._form(key, page, then="check", to=f"/reading/{key}/check/")

    def _form(self, key: str, page: Answer, then: str, to: str) -> None:
        """The form for one crime; each answer carries a number of its own, by which it is found again."""
        self.sent += 1
        said = self._said(page, f"answer {self.sent} of auditor {self.number}")
        told = {"key": key, "said": {**said, "number": self.sent}}
        answer = self._pressed("save", told, f"/reading/{key}/crime/1/", page, **said, then=then)
        _expect(answer, to)

    def _said(self, page: Answer, marker: str) -> dict[str, str]:
        """Nine in ten say that the crime is rightly recorded; the others differ, so that some cases do."""
        record = RECORD.findall(page.body)[0]
        said = {"requires": "crime", "class_code": "8N", "record": record, "in_time": "yes", "victim": "1"}
        if self.chance.random() < 0.1:
            said |= {"in_time": "no", "cause": "limited_supervision"}
        return {**said, "missing": marker}

    def _submit(self, key: str) -> None:
        page = self.window.open("check", f"/reading/{key}/check/")
        self.think(2, 5)
        answer = self._pressed("submit", {"key": key}, f"/reading/{key}/submit/", page)
        _expect(answer, f"/reading/{key}/submitted/")
        self.unsigned.add(key)
        self.window.open("submitted", answer.location)
        self.think(2, 5)

    def _sign_off(self, queue: Answer) -> bool:
        if 'href="/reading/sign-off/"' not in queue.body:
            return False
        page = self.window.open("sign off", "/reading/sign-off/")
        self.think(1, 3)
        told = {"keys": sorted(self.unsigned)}
        answer = self._pressed("sign", told, "/reading/sign-off/", page)
        _expect(answer, "/reading/")
        self.unsigned.clear()
        return True

    def _pressed(self, act: str, told: dict[str, Any], path: str, page: Answer, **fields: str) -> Answer:
        """A form that changes something: told as acknowledged, or as sent without an answer."""
        try:
            answer = self.window.send(path, page, **fields)
        except NotAnsweredError:
            self.window.tell({"act": act, "acknowledged": False, **told})
            raise
        acknowledged = answer.status == 302
        self.window.tell({"act": act, "acknowledged": acknowledged, "status": answer.status, **told})
        return answer


def _expect(answer: Answer, location: str) -> None:
    """Somebody who lands elsewhere (signed out, told that the form was late) begins again from the queue."""
    if answer.status != 302 or html.unescape(answer.location) != location:
        raise NotAnsweredError(f"{answer.status} instead of a way on")


def code_now(secret: str) -> str:
    """What an authenticator app shows at this moment (RFC 6238)."""
    counter = int(time.time()) // 30
    digest = hmac.digest(b32decode(secret), counter.to_bytes(8, "big"), "sha1")
    place = digest[-1] & 15
    return f"{(int.from_bytes(digest[place : place + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"
