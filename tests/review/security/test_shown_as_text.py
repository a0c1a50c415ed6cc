"""Whatever somebody types, the page has the elements it has without it (ASVS 1.2.1, 1.2.3)."""

from __future__ import annotations

from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.review.browsing import address, signed_in
from tests.review.made_up import (
    auditors,
    crimes,
    judge,
    loaded,
    missing,
    person,
    readings,
    recorded_sample,
    sign,
)

from opencdi.review.actions import services as actions
from opencdi.review.answers import services as answers
from opencdi.review.answers.models import AdverseVerdict
from opencdi.review.judging.answers import CrimeAnswer
from opencdi.review.judging.reading import case_to_read
from opencdi.review.judging.services import save
from opencdi.review.people.models import Person
from opencdi.review.policy import Role

pytestmark = pytest.mark.django_db

MARKUP = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</textarea><script>1</script>",
    '"><svg/onload=alert(1)>',
    "' autofocus onfocus='alert(1)",
    "{{ 7*7 }}{% for x in y %}",
    "<!--",
    "]]></title>",
    "javascript:alert(1)",
)
TYPED = st.lists(
    st.sampled_from(MARKUP)
    | st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n"), max_size=20),
    min_size=1,
    max_size=4,
).map("x".join)


class Elements(HTMLParser):
    """The elements of a page in order, each with the names of its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attrs)))


def elements(content: bytes) -> list[tuple[str, tuple[str, ...]]]:
    parser = Elements()
    parser.feed(content.decode())
    return parser.found


class WhateverIsTyped(TestCase):
    """One room; each example types into it anew."""

    def setUp(self) -> None:
        pair = auditors("anna", "ben")
        self.audit = loaded(recorded_sample(2))
        first, second, *rest = readings(self.audit)
        for each in (first, second):
            judge(each.person, each.key, crimes(missing(cause="workload")))
        sign(*pair)
        self.reading = rest[0]
        self.inspector = person("iris", Role.INSPECTOR)
        self.lead = person("luca", Role.FORCE_LEAD, force="Testshire")

    def pages(self, typed: str) -> list[bytes]:
        """Kinds of places in which typed words are shown: name, draft, recommendation, owner, evidence."""
        reader = self.reading.person
        Person.objects.filter(pk=reader.pk).update(name=typed)
        case = case_to_read(reader, self.reading.key)
        assert case is not None
        draft = crimes(CrimeAnswer(requires="cannot_tell", missing=typed))
        save(reader, self.reading.key, case.version, draft)
        action = actions.recommend(self.audit, typed, self.inspector, "workload")
        actions.take_on(self.lead, action.key, 1, typed[:120], timezone.localdate() + timedelta(days=9))
        actions.add_evidence(self.lead, action.key, 2, typed, [])
        actions.explain(self.audit, typed, self.lead)
        reading = signed_in(Person.objects.get(pk=reader.pk))
        inspecting = signed_in(self.inspector)
        return [
            reading.get(address("judge_crime", self.reading.key, number=1)).content,
            reading.get(address("check_case", self.reading.key)).content,
            inspecting.get(address("action", action.key)).content,
        ]

    @settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(typed=TYPED)
    def test_1_2_1_markup_that_is_typed_adds_no_element_and_no_attribute(self, typed: str) -> None:
        plain = [elements(page) for page in self.pages("plain words")]
        assert [elements(page) for page in self.pages(typed or "x")] == plain


def test_1_2_3_words_in_a_dispute_and_a_reason_stay_words() -> None:
    pair = auditors("anna", "ben")
    audit = loaded(recorded_sample(1))
    for each in readings(audit):
        judge(each.person, each.key, crimes(missing(cause="workload")))
    sign(*pair)
    lead, inspector = person("luca", Role.FORCE_LEAD, force="Testshire"), person("iris", Role.INSPECTOR)
    answers.open_answers(audit, timezone.localdate() + timedelta(days=9), inspector)
    adverse = AdverseVerdict.objects.get()
    words = "".join(MARKUP)
    answers.dispute(lead, adverse.key, 1, words)
    answers.decide(inspector, adverse.key, 2, "correct", words)
    page = signed_in(lead).get(address("adverse_verdict", adverse.key)).content
    shown = {tag for tag, _ in elements(page)}
    assert "img" not in shown and "svg/onload" not in shown
    assert not any(name.startswith("on") for _, names in elements(page) for name in names)
    assert page.count(b"alert(1)") == 2 * words.count("alert(1)")
    assert b"<script>alert" not in page and b"&lt;script&gt;alert(1)" in page
