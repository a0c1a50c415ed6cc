"""What happened and how it was reported: every fact of an incident but its words.

A row is an incident (0 to ``incidents - 1``) or, from ``incidents`` on, a crime reported straight to the
crime system, of which there is no log.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from opencdi.simulation.draws import Integers, Rows, Truths

NOT_CRIME, CRIME, CRIME_RELATED, OTHER_FORCE, SCHOOL, CONTRARY, AGAIN = range(7)
"""What an incident comes to under the rules."""

LOG, FORM, REFERRAL, OFFICER = range(4)
"""How the first entry is written."""
VICTIM, PARENT, LAY, PROFESSIONAL, POLICE, STAFF = range(6)
"""Who reports: the victim; a parent or carer acting for one; another lay person; a professional."""
NO_MENTION, DENIED, FEARED, LONG_PAST, OTHERS, WITHDRAWN = range(6)
"""How a log mentions a crime that it does not disclose."""


@dataclass(frozen=True)
class Events:
    """One array a fact, one place a row. Instants are UTC seconds; ``-1`` stands for none."""

    rows: Rows
    event: Rows
    """The row whose event this is: itself, or the earlier row that a second log repeats."""
    reported: Integers
    verdict: Integers
    offence: Integers
    topic: Integers
    channel: Integers
    writing: Integers
    reporter: Integers
    tie: Integers
    unseen: Truths
    victims: Integers
    """How many people or bodies suffered the offence; 0 for one against the state."""
    victim: Integers
    victim_kind: Integers
    victim_sex: Integers
    victim_age: Integers
    victim_born: Integers
    """Day of birth, in days since 1970."""
    second_victim: Integers
    third_victim: Integers
    suspect: Integers
    suspect_sex: Integers
    caller: Integers
    anonymous: Truths
    companion: Integers
    """A lesser offence by the same offender against the same victim, told in the same report."""
    extra: Integers
    """An offence to be recorded in addition: a breach of an order, or drugs found."""
    mention: Integers
    mentioned: Integers
    """The offence that a mention of a past crime tells; -1 where it names none."""
    started: Integers
    ended: Integers
    place: Integers
    setting: Integers
    domestic: Truths
    alcohol: Truths
    """The drink is blamed: by words in the log, and by a flag."""
    online: Truths
    """Done, wholly or in part, on a site or by a service that the log names."""
    n100: Integers
    """1 to 3 where a report of rape calls for an N100, else 0."""
    traced: Truths
    """False where nobody could find the victim."""

    def at(self, places: Integers) -> Events:
        """The same facts for some of the rows."""
        return Events(**{field.name: getattr(self, field.name)[places] for field in fields(self)})

    def __len__(self) -> int:
        return len(self.rows)
