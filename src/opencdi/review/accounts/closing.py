"""Closing an account, and helping somebody back in who lost their second factor."""

from __future__ import annotations

import logging

from allauth.mfa.models import Authenticator

from opencdi.errors import UserError
from opencdi.review.accounts.signals import end_sessions_of
from opencdi.review.people.models import Person

log = logging.getLogger("opencdi.review.security")


def close_account(person: Person) -> int:
    """Closes it and ends its sessions (ASVS 7.4.2). Answers how many there were."""
    person.is_active = False
    person.save(update_fields=["is_active"])
    log.warning("account closed", extra={"person": str(person.key)})
    return end_sessions_of(person)


def remove_second_factors(person: Person, checked_by: Person) -> None:
    """Removes all, after somebody else has confirmed who it is (ASVS 6.4.4). Raises UserError for oneself."""
    if person == checked_by:
        raise UserError("Somebody else must check who it is.")
    Authenticator.objects.filter(user=person).delete()
    ended = end_sessions_of(person)
    extra = {"person": str(person.key), "why": f"checked by {checked_by.key}", "sessions_ended": ended}
    log.warning("second factors removed", extra=extra)
