"""Every kind of event, with what it says. An event that is not listed here cannot be written."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    AUDIT_LOADED = "audit-loaded"
    CASES_ADDED = "cases-added"
    READER_ASSIGNED = "reader-assigned"
    READER_REPLACED = "reader-replaced"
    CASE_HANDED_BACK = "case-handed-back"
    INTEREST_DECLARED = "interest-declared"
    NARRATIVE_OPENED = "narrative-opened"
    JUDGEMENT_SUBMITTED = "judgement-submitted"
    JUDGEMENT_TAKEN_BACK = "judgement-taken-back"
    JUDGEMENT_SIGNED = "judgement-signed"
    CASE_MOVED = "case-moved"
    ADJUDICATOR_ASSIGNED = "adjudicator-assigned"
    CASE_ADJUDICATED = "case-adjudicated"
    CASE_REVEALED = "case-revealed"
    VERDICTS_EXPORTED = "verdicts-exported"
    ROLE_GRANTED = "role-granted"
    ROLE_CONFIRMED = "role-confirmed"
    ROLE_ENDED = "role-ended"
    PERSON_ADDED = "person-added"
    ACCESS_REFUSED = "access-refused"
    EVENTS_READ = "events-read"
    KEYS_CHANGED = "keys-changed"


MEANING = {
    Kind.AUDIT_LOADED: "An audit's drawn sample was loaded; with the hashes it was checked against.",
    Kind.CASES_ADDED: "An extended sample of an audit added cases.",
    Kind.READER_ASSIGNED: "A person is to judge a case.",
    Kind.READER_REPLACED: "A person no longer judges a case, and why: handed back, interest, reassigned.",
    Kind.CASE_HANDED_BACK: "A person gave a case back; no reason is asked for.",
    Kind.INTEREST_DECLARED: "A person declared an interest in a case, a force or a unit.",
    Kind.NARRATIVE_OPENED: "A person opened the log of a case.",
    Kind.JUDGEMENT_SUBMITTED: "A person submitted a judgement; with a keyed digest of it.",
    Kind.JUDGEMENT_TAKEN_BACK: "A person took a judgement back to correct it, before signing.",
    Kind.JUDGEMENT_SIGNED: "A person signed a judgement; it cannot change any more.",
    Kind.CASE_MOVED: "A case went from one state to another.",
    Kind.ADJUDICATOR_ASSIGNED: "A person is to decide between two judgements.",
    Kind.CASE_ADJUDICATED: "A person decided a case; with keyed digests of reason and verdict.",
    Kind.CASE_REVEALED: "A person saw both judgements and what stands.",
    Kind.VERDICTS_EXPORTED: "The verdicts of an audit were written out; with the file's hash.",
    Kind.ROLE_GRANTED: "A role was granted.",
    Kind.ROLE_CONFIRMED: "A second administrator confirmed a role.",
    Kind.ROLE_ENDED: "A role was ended.",
    Kind.PERSON_ADDED: "A person was given an account.",
    Kind.ACCESS_REFUSED: "Somebody asked for what the policy does not grant them.",
    Kind.EVENTS_READ: "A person read the events.",
    Kind.KEYS_CHANGED: "Texts were sealed again under another key.",
}
