"""What protects the review room, line by line: ``scripts/review_security.py`` writes docs/review-security.md.

Each line is a requirement of OWASP ASVS 5.0.0 (level 2, and a few above it) with what the room does. Its
tests are found by their names: ``test_7_4_2_...`` is a test of 7.4.2. A test that is about something else
first, and holds a line too, is named in ``ELSEWHERE``. ``DOCUMENTS`` are what the standard asks to be
written down.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
TESTS = REPOSITORY / "tests"
PAGE = REPOSITORY / "docs" / "review-security.md"
NAMED = re.compile(r"^ *def test_(\d+(?:_\d+)+)_", re.MULTILINE)
TEST = re.compile(r"^ *def (test_\w+)\(", re.MULTILINE)


@dataclass(frozen=True)
class Line:
    """``does`` is what the room does for it, in a sentence."""

    number: str
    does: str


LINES = (
    Line("1.2.1", "Templates escape everything; no template and no code marks text as safe."),
    Line(
        "1.2.3", "Typed words never reach a script or an attribute: a page has the elements it has without."
    ),
    Line("1.2.4", "The database is asked through Django's own queries; no text is joined into SQL."),
    Line("1.2.10", "A cell that begins like a formula is written as text."),
    Line("1.3.2", "Nothing runs text as code."),
    Line("1.3.7", "No template is made from what somebody typed."),
    Line(
        "1.5.1",
        "Files people send are recognised by their bytes and never opened; archives are only counted.",
    ),
    Line("1.5.2", "No pickle is read."),
    Line("2.3.1", "A case goes only the ways of one table of states."),
    Line("2.3.3", "A change and its event are one transaction: what cannot be told does not happen."),
    Line("2.3.4", "Writers take turns, and each form carries the version it was made from."),
    Line("3.3", "Cookies have the __Host- prefix, and are Secure, HttpOnly and SameSite."),
    Line(
        "3.4",
        "Every answer carries a strict content policy, HSTS, nosniff, referrer policy and frame denial.",
    ),
    Line("3.5.1", "Every form that sends carries a token of its own session."),
    Line("3.5.3", "No GET changes anything; what changes something takes only a form."),
    Line("5.2.1", "Reading stops at the size that may be sent."),
    Line("5.2.2", "A file's kind is what its bytes say, and is on a list."),
    Line("5.2.3", "An archive that unpacks to too much or holds too many entries is refused."),
    Line("5.3.2", "The name a file was sent with is only ever a short line to show."),
    Line("5.4.1", "A file leaves as an attachment that runs nothing."),
    Line("5.4.2", "Its name leaves encoded, without folders, controls or turned writing."),
    Line("5.4.3", "A virus scanner can be put before; what it does not answer for is not kept."),
    Line("6.1.1", "The limits on guessing are documented and hold for an account and for an address."),
    Line("6.2.1", "A password has at least 15 characters."),
    Line("6.2.4", "It is none of the common ones."),
    Line("6.2.5", "There is no rule about which characters it holds."),
    Line("6.2.6", "It can be pasted and shown."),
    Line("6.2.11", "It is not made of the words of this place."),
    Line("6.3.1", "Guessing is throttled over all processes."),
    Line("6.3.2", "There are no accounts to begin with."),
    Line("6.3.3", "Every role needs a second factor."),
    Line("6.3.4", "There are two ways in, password and the organisation's sign-in, and nobody signs up."),
    Line("6.3.8", "No answer tells who has an account."),
    Line("6.4.1", "A link for a new password works once and for an hour."),
    Line("6.4.3", "A new password does not go round the second factor."),
    Line("6.4.4", "A lost factor is removed only when somebody else has checked who it is."),
    Line("6.5.1", "A code works once."),
    Line("6.5.2", "Secrets of second factors lie sealed."),
    Line("6.8.1", "An identity is bound by issuer and subject, never by an e-mail address."),
    Line("6.8.2", "A token whose signature, issuer, audience or nonce does not check signs nobody in."),
    Line("6.8.4", "A second factor at the provider counts only if it is on our list."),
    Line("7.2.4", "A session gets a new name at sign-in."),
    Line("7.3.1", "It ends after 20 minutes without a request."),
    Line("7.3.2", "It ends after 12 hours however busy."),
    Line("7.4.1", "Signing out ends it for good."),
    Line("7.4.2", "A closed account is out at once."),
    Line("7.4.3", "A changed password or second factor ends every other session."),
    Line("7.4.4", "Every page offers to sign out."),
    Line("7.4.5", "An administrator can end every session of somebody."),
    Line("7.5.1", "Changing how one signs in asks who it is again."),
    Line("7.5.2", "One sees and ends one's own sessions and nobody else's."),
    Line("8.1.1", "Who may do what is one table, written out in the documents from the code."),
    Line("8.1.2", "What of a case somebody sees hangs on their part in it; the rest is never sent."),
    Line("8.2.1", "Every address has an access rule, or the room does not start."),
    Line("8.2.2", "Nobody opens anything by somebody else's key."),
    Line("8.2.3", "No field tells of another judgement, the machine or progress before a verdict stands."),
    Line("8.3.1", "Access is decided on the server by one policy; a key that exists is answered like none."),
    Line("8.4.1", "A force finds nothing of another's."),
    Line("10.2.1", "The code of the provider is bound to the browser that asked (PKCE, state)."),
    Line("10.4", "Going to the provider is a press of a button and asks for no more than who."),
    Line("10.5", "Identity tokens are checked in every part."),
    Line("11.1.1", "Keys and cryptography are listed in the documents, and there is no other."),
    Line("11.2.2", "Each sealed text names its key; everything can be moved to a new one."),
    Line("11.3.2", "AES-256 in GCM, a random nonce each."),
    Line("11.3.3", "What was changed, cut short or moved does not open."),
    Line("11.4.1", "Hashes are SHA-256."),
    Line("11.4.2", "Passwords are kept as Argon2id."),
    Line("11.5.1", "Chance comes from the operating system."),
    Line("12.1.1", "Django's own deployment checks have nothing to say of a force's settings."),
    Line("12.2.1", "Plain HTTP leads to HTTPS, and browsers are told to keep to it."),
    Line("12.3.1", "A database on another machine is reached by TLS with its name checked, or not at all."),
    Line("13.2.2", "The room runs as a database role that owns nothing."),
    Line("13.3.1", "Secrets come from files or the environment; a weak one is refused."),
    Line("13.4.2", "DEBUG or settings of tests keep the room from starting."),
    Line("13.4.3", "There is no admin site and no page about the insides."),
    Line("14.1.1", "Kinds of data and their protection are a table in the documents."),
    Line("14.2.1", "Addresses hold opaque keys, never a number or a word of a report."),
    Line("14.2.2", "No server or browser may keep an answer."),
    Line("14.3.1", "Signing out clears what the browser kept."),
    Line("14.3.2", "Every answer says no-store."),
    Line("14.3.3", "Scripts keep nothing in the browser."),
    Line("15.1.1", "How soon a part with a known fault is replaced is written down."),
    Line("15.1.2", "Every part is listed with version and hash."),
    Line("15.2.1", "Installing takes exactly those parts: hashes are required."),
    Line("15.3.1", "An answer holds only what its page needs."),
    Line("15.3.3", "Every form lists its fields."),
    Line("15.3.4", "Only what a trusted proxy saw is believed of an address."),
    Line("16.2.1", "Every line of the log has who, from where, what and when."),
    Line("16.2.2", "Its time is UTC."),
    Line("16.2.5", "No token, password, code or text reaches it."),
    Line("16.3.1", "Signing in and failing to are written."),
    Line("16.3.2", "Refusals are written, and every view of a narrative is an event."),
    Line("16.3.3", "An attempt to go round a control is an event."),
    Line("16.3.4", "A fault is written by kind and place, with the reference that its page shows."),
    Line("16.4.1", "Nobody can write a line of their own."),
    Line("16.4.2", "The database refuses to change, delete or misplace an event."),
    Line("16.4.3", "A signed checkpoint kept elsewhere shows a history written anew."),
    Line("16.5.1", "An error is a plain page that shows nothing of the inside."),
    Line("16.5.3", "A fault fails closed: without its event nothing happens."),
)

REVIEW = "review/test_"
ELSEWHERE: dict[str, tuple[str, ...]] = {
    "1.2.10": (
        "publication/test_tables.py::test_nothing_that_looks_like_a_formula_runs",
        "publication/test_tables.py::test_no_text_begins_like_a_formula_in_a_csv",
    ),
    "1.5.1": ("review/security/test_files.py::test_5_2_3_an_archive_that_unpacks_to_far_more_is_refused",),
    "1.5.2": ("review/security/test_output.py::test_1_3_2_nothing_runs_text_as_code_or_reads_pickles",),
    "2.3.1": (
        f"{REVIEW}way_of_a_case.py::test_a_case_goes_only_the_ways_of_the_table",
        f"{REVIEW}states.py::test_a_settled_case_does_not_move_within_judging",
    ),
    "2.3.3": (f"{REVIEW}events.py::test_what_cannot_be_told_does_not_happen",),
    "2.3.4": (
        f"{REVIEW}races.py::test_of_many_at_once_one_saves_one_submits_and_each_case_is_settled_once",
        f"{REVIEW}judging.py::test_a_draft_is_kept_and_a_stale_form_changes_nothing",
    ),
    "3.5.1": ("review/security/test_output.py::test_every_form_that_sends_carries_the_security_token",),
    "5.4.2": (
        "review/security/test_files.py::test_5_3_2_names_lose_folders_controls_and_turned_writing",
        f"{REVIEW}the_forces_answers.py::test_a_file_given_as_evidence_comes_back_as_an_attachment",
    ),
    "6.8.2": ("review/security/test_identity.py::test_10_5_a_token_that_does_not_check_signs_nobody_in",),
    "8.1.1": (
        f"{REVIEW}policy.py::test_every_action_is_granted_to_somebody_and_said_in_words",
        f"{REVIEW}policy.py::test_who_may_do_what_with_a_case_and_when",
    ),
    "8.1.2": (
        f"{REVIEW}policy.py::test_what_a_reader_may_do_before_a_verdict_stands_does_not_show_the_state_of_the_case",
    ),
    "8.2.3": (
        f"{REVIEW}blindness.py::test_every_answer_is_the_same_byte_for_byte_whatever_the_others_and_the_machine_did",
        f"{REVIEW}blindness.py::test_no_mail_tells_by_its_time_what_the_others_did",
    ),
    "8.3.1": (f"{REVIEW}access.py::test_no_address_is_without_an_access_rule",),
    "8.4.1": (
        f"{REVIEW}actions.py::test_another_force_sees_no_actions",
        f"{REVIEW}the_forces_answers.py::test_another_forces_people_and_auditors_find_nothing",
        f"{REVIEW}desk.py::test_a_lead_of_another_force_is_not_found",
        f"{REVIEW}scrutiny.py::test_nobody_else_finds_the_panel_or_its_cases",
        f"{REVIEW}readers.py::test_in_an_inspection_no_administrator_of_the_audited_force_sees_to_readers",
    ),
    "11.2.2": ("review/security/test_resealing.py::test_after_a_run_the_old_key_can_be_taken_away",),
    "12.2.1": ("review/security/test_headers.py::test_3_4_1_plain_http_leads_to_https",),
    "14.2.2": (
        "review/security/test_headers.py::test_3_4_every_answer_to_everybody_carries_the_safe_headers",
    ),
    "14.3.2": (
        "review/security/test_headers.py::test_3_4_every_answer_to_everybody_carries_the_safe_headers",
    ),
    "14.3.3": (f"{REVIEW}assets.py::test_scripts_keep_nothing_in_the_browser",),
    "15.2.1": ("review/test_deploying.py::test_the_container_installs_exactly_the_parts_of_the_lock",),
    "15.3.1": (
        f"{REVIEW}blindness.py::test_nobody_of_another_role_is_shown_a_judgement_or_a_log_of_a_case_being_judged",
    ),
    "16.2.1": (
        "review/security/test_logging.py::test_16_3_1_signing_in_and_failing_to_are_written_with_who_and_from_where",
    ),
    "16.3.2": (f"{REVIEW}pages_of_judging.py::test_every_view_of_a_log_is_an_event",),
    "16.3.3": ("review/security/test_crawl.py::test_8_3_2_a_refusal_is_an_event",),
    "16.3.4": (
        "review/security/test_logging.py::test_an_error_page_and_the_log_share_a_reference",
        "review/security/test_logging.py::test_16_2_5_an_error_is_told_by_kind_and_place_not_by_its_words",
    ),
    "16.4.2": (
        f"{REVIEW}events.py::test_the_database_itself_refuses_to_change_delete_or_misplace_an_event",
        f"{REVIEW}on_postgresql.py::test_the_role_that_runs_the_room_cannot_touch_the_events",
    ),
    "16.4.3": (f"{REVIEW}events.py::test_a_checkpoint_shows_a_history_written_anew",),
    "16.5.3": (f"{REVIEW}events.py::test_what_cannot_be_told_does_not_happen",),
}

DOCUMENTS = {
    "6.1.1": "deploy.md, Accounts",
    "8.1.1": "review-in-tables.md",
    "11.1.1": "deploy.md, What is protected how",
    "14.1.1": "deploy.md, What is protected how",
    "15.1.1": "deploy.md, Keys, backup, logs",
    "16.4.3": "deploy.md, Keys, backup, logs",
}
OPENING = (
    "Written by `scripts/review_security.py` from the names of the tests. The numbers are requirements",
    "of the OWASP Application Security Verification Standard 5.0.0, level 2, as far as they touch an",
    "application of this kind.",
)
ONLY_WRITTEN = frozenset({"14.1.1", "15.1.1"})
"""What the standard asks to be written down and no program can hold."""


def tests() -> dict[str, set[str]]:
    """Every test of ``tests/review`` and ``tests/publication`` by its file, as ``file::name``."""
    paths = [*TESTS.glob("review/**/test_*.py"), *TESTS.glob("publication/test_*.py")]
    return {
        str(path.relative_to(TESTS)): set(TEST.findall(path.read_text(encoding="utf-8"))) for path in paths
    }


def tests_of(number: str) -> list[str]:
    """Those named after the line, and those named here."""
    found = [
        f"{path}::{name}"
        for path, names in sorted(tests().items())
        for name in sorted(names)
        if _is_of(name, number)
    ]
    return [*found, *(each for each in ELSEWHERE.get(number, ()) if each not in found)]


def _is_of(name: str, number: str) -> bool:
    """``test_6_2_a_weak_password`` is of 6.2.1 as well, ``test_3_4_1_...`` of 3.4 as well."""
    given = re.match(r"test_(\d+(?:_\d+)+)_", name)
    if given is None:
        return False
    said = given[1].replace("_", ".")
    return said == number or number.startswith(f"{said}.") or said.startswith(f"{number}.")


def page() -> str:
    return "\n".join(_written())


def _written() -> Iterator[str]:
    yield "# What protects the review room, line by line"
    yield ""
    yield from OPENING
    yield ""
    yield "| line | what the room does | tests |"
    yield "|---|---|---|"
    for line in LINES:
        yield f"| {line.number} | {line.does} | {'<br>'.join(_shown(line.number))} |"
    yield ""


def _shown(number: str) -> Iterable[str]:
    if number in DOCUMENTS:
        yield DOCUMENTS[number]
    for each in tests_of(number):
        path, _, name = each.partition("::")
        words = re.sub(r"^test_(\d+_)*", "", name).replace("_", " ")
        yield f"{words} (`{path}`)"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
