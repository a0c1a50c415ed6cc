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
    ANSWERS_OPENED = "answers-opened"
    ANSWERS_EXTENDED = "answers-extended"
    FORCE_ANSWERED = "force-answered"
    DISPUTE_DECIDED = "dispute-decided"
    RECORD_CORRECTED = "record-corrected"
    VERDICT_MOVED = "verdict-moved"
    FILE_OPENED = "file-opened"
    RECOMMENDED = "recommended"
    ACTION_STEPPED = "action-stepped"
    EXPLANATION_GIVEN = "explanation-given"
    PANEL_CALLED = "panel-called"
    REDACTION_CONFIRMED = "redaction-confirmed"
    CONFLICT_DECLARED = "conflict-declared"
    CASE_SCORED = "case-scored"
    ADVICE_GIVEN = "advice-given"
    LEADS_LOADED = "leads-loaded"
    LEAD_OPENED = "lead-opened"
    LEAD_DECIDED = "lead-decided"
    TRAINING_NEED_NOTED = "training-need-noted"
    ACCESS_REFUSED = "access-refused"
    EVENTS_READ = "events-read"
    KEYS_CHANGED = "keys-changed"


MEANING = {
    Kind.AUDIT_LOADED: "An audit's drawn sample was loaded; with the hashes it was checked against.",
    Kind.CASES_ADDED: "An extended sample of an audit added cases.",
    Kind.READER_ASSIGNED: "A person is to judge a case.",
    Kind.READER_REPLACED: "A person no longer judges a case, and why: handed back, interest, reassigned.",
    Kind.CASE_HANDED_BACK: "A person gave a case back; no reason is asked for.",
    Kind.INTEREST_DECLARED: "An interest of a person in a case, a force or a unit was declared.",
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
    Kind.ANSWERS_OPENED: "A force was asked for its answers to the adverse verdicts of an audit.",
    Kind.ANSWERS_EXTENDED: "A force was given more time for its answers.",
    Kind.FORCE_ANSWERED: "A force accepted or disputed a verdict; with keyed digests and hashes of files.",
    Kind.DISPUTE_DECIDED: "The reviewer decided a dispute; with a keyed digest of the reason.",
    Kind.RECORD_CORRECTED: "The registrar entered what was put right.",
    Kind.VERDICT_MOVED: "An adverse verdict went from one standing to another.",
    Kind.FILE_OPENED: "A person opened a file given as evidence.",
    Kind.RECOMMENDED: "A recommendation was made; with a keyed digest of it.",
    Kind.ACTION_STEPPED: "An action was given an owner or evidence, said to be done, closed or reopened.",
    Kind.EXPLANATION_GIVEN: "The force gave its written explanation; with a keyed digest of it.",
    Kind.PANEL_CALLED: "A scrutiny panel was called and its cases drawn.",
    Kind.REDACTION_CONFIRMED: "A person confirmed the redaction of a case for a panel; with its digest.",
    Kind.CONFLICT_DECLARED: "A panel member declared whether they have a conflict of interest.",
    Kind.CASE_SCORED: "A panel member scored a case.",
    Kind.ADVICE_GIVEN: "The registrar gave advice on a report; with a keyed digest of it.",
    Kind.LEADS_LOADED: "The findings of a force's nightly audit were taken in.",
    Kind.LEAD_OPENED: "A person opened a finding of the nightly audit with its words.",
    Kind.LEAD_DECIDED: "The registrar decided a finding of the nightly audit; with a digest of the reason.",
    Kind.TRAINING_NEED_NOTED: "A training need of a unit was noted or met.",
    Kind.ACCESS_REFUSED: "Somebody asked for what the policy does not grant them.",
    Kind.EVENTS_READ: "A person read the events.",
    Kind.KEYS_CHANGED: "Texts were sealed again under another key.",
}
