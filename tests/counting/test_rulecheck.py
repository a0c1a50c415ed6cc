"""All rules together: the shipped ones are sound, and each kind of fault is found and said."""

from __future__ import annotations

from pathlib import Path

import pytest

from opencdi.counting import classification, rulebook, rulecheck
from opencdi.counting.rulebook import Rule, Rulebook, Version


def rule(rule_id: str = "flow-9", **changes: object) -> Rule:
    version: dict[str, object] = {
        "from": "2015-04-01",
        "status": "verified",
        "cite": {"document": "recording-rules-2026-27", "page": "11"},
        "when": {"class": ["8N"]},
        "effect": {"outcome": "not_recorded", "step": 2},
        "statement": "An example of a rule.",
    }
    whole = {"id": rule_id, "title": "x", "kind": "flow", "order": 900, "judgement": "none"}
    for name, value in changes.items():
        (version if name in {*Version.model_fields, "from", "to"} else whole)[name] = value
    return Rule.model_validate({**whole, "version": [version]})


def faults(*rules: Rule) -> list[str]:
    """Faults of these rules alone; gaps are left aside, since a few rules always leave them."""
    found = rulecheck.check(Rulebook(rules), classification.load())
    return [f"{fault.rule_id} {fault.sentence}" for fault in found if fault.rule_id]


def test_the_shipped_rules_have_no_fault() -> None:
    assert rulecheck.check(rulebook.load(), classification.load()) == ()


def test_a_sound_rule_has_no_fault() -> None:
    assert faults(rule()) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"when": {"mood": ["bad"]}}, "asks for the fact `mood`, which does not exist"),
        ({"when": {"class": ["8Z"]}}, "asks whether `class` is `8Z`, which it can never be"),
        ({"when": {"subcode": ["008/99"]}}, "`008/99`, which it can never be"),
        ({"when": {"victim_traced": ["maybe"]}}, "`maybe`, which it can never be"),
        ({"cite": {"document": "hearsay", "page": "1"}}, "cites `hearsay`"),
        ({"effect": {"flag": "purple"}}, "raises the flag `purple`"),
        ({"effect": {"to_class": "8Z"}}, "speaks of `8Z`"),
        ({"effect": {"count": "not_additional", "over": ["Nothing"]}}, "speaks of `Nothing`"),
        ({"exceptions": ["flow-0"]}, "names the exception `flow-0`"),
        ({"when": {"class": []}}, "with no value and can never hold"),
        ({"unless": [{"class": ["8N", "8P"]}]}, "barred by its own exception"),
        ({"when": {"class": ["39"], "subcode": ["008/06"]}}, "of none of the classes"),
        ({"when": {"class": ["28A"]}, "from": "2023-05-15"}, "none of which exists while it is in force"),
    ],
)
def test_a_fault_of_one_rule_is_found(changes: dict[str, object], sentence: str) -> None:
    assert any(sentence in fault for fault in faults(rule(**changes)))


def test_a_rule_that_an_earlier_one_always_decides_is_never_reached() -> None:
    earlier = rule("flow-1", order=1)
    later = rule("flow-2", when={"class": ["8N"], "victim_traced": ["no"]}, order=2)
    assert any("flow-2 is never reached in 2026-04: `flow-1`" in fault for fault in faults(earlier, later))
    assert faults(later, rule("flow-3", order=3)) == []


def test_two_rules_at_one_place_that_can_hold_together_overlap() -> None:
    one = rule("flow-1", when={"class": ["8N", "8P"]})
    other = rule("flow-2", when={"victim_traced": ["no"]}, effect={"outcome": "record", "step": 8})
    assert any("can hold together with `flow-1`" in fault for fault in faults(one, other))
    apart = rule("flow-3", when={"class": ["39"]}, effect={"outcome": "record", "step": 8})
    assert faults(one, apart) == []


def test_crimes_that_take_each_other_in_would_be_lost() -> None:
    def merging(name: str, guest: str, *hosts: str) -> Rule:
        effect = {"count": "not_additional", "over": hosts}
        return rule(name, kind="count", when={"class": [guest]}, effect=effect)

    into_itself = faults(merging("merge-1", "41", "41"))
    assert any("takes 41 into 41" in fault for fault in into_itself)
    book = Rulebook((merging("merge-1", "41", "46"), merging("merge-2", "46", "41")))
    sentences = [fault.sentence for fault in rulecheck.check(book, classification.load())]
    assert "in 2026-04 41 and 46 take each other in: both are lost." in sentences
    chain = Rulebook((merging("merge-1", "41", "46"), merging("merge-2", "46", "49")))
    sentences = [fault.sentence for fault in rulecheck.check(chain, classification.load())]
    assert not any("take each other in" in sentence for sentence in sentences)


def test_an_edition_without_a_rule_at_a_step_is_a_gap() -> None:
    found = rulecheck.check(Rulebook((rule(),)), classification.load())
    sentences = [fault.sentence for fault in found if not fault.rule_id]
    assert "no rule of 2015-04 stands at step 1 of the flow chart." in sentences
    assert "2026-04 has no rule of the kind `count`." in sentences
    assert not any("step 2" in sentence for sentence in sentences)


def test_every_document_cited_by_data_is_named_in_the_sources() -> None:
    documents = (classification.HOCR / "sources.toml").read_text(encoding="utf-8")
    cited = {entry.source for entry in classification.load().rows}
    cited |= {entry.source for entry in classification.load().classes.values()}
    assert all(f"[{name}]" in documents for name in cited)


def test_no_data_file_is_forgotten_by_the_readme() -> None:
    readme = (classification.HOCR / "README.md").read_text(encoding="utf-8")
    for path in Path(classification.HOCR).glob("*.csv"):
        assert path.name in readme
