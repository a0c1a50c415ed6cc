"""Accounts, roles and interests, each with its event."""

from __future__ import annotations

from django.utils import timezone

from opencdi.errors import UserError
from opencdi.review.events.chain import digest, record, writing
from opencdi.review.events.kinds import Kind
from opencdi.review.people.models import Interest, Membership, Person
from opencdi.review.policy import KEPT_APART, Role

NEED_A_SECOND = frozenset({Role.REGISTRAR, Role.ADJUDICATOR, Role.ADMINISTRATOR})
"""Roles that count only once a second administrator has confirmed them."""


def add_person(
    email: str, name: str, force: str = "", password: str | None = None, by: Person | None = None
) -> Person:
    """Raises ``UserError`` where the address has an account already."""
    with writing():
        if Person.objects.filter(email__iexact=email).exists():
            raise UserError("There is an account with this email address already. Give another address.")
        person = Person.objects.create_user(email, password, name=name, force=force)
        record(Kind.PERSON_ADDED, by, person=person.key)
    return person


def grant(person: Person, role: Role, by: Person | None = None) -> Membership:
    """Grant a role. From the command line (``by`` is None) it counts at once, so that there can be a first.

    Raises ``UserError`` where they have it already, grant it to themselves, or hold what is kept apart.
    """
    if by == person:
        raise UserError("Nobody grants a role to themselves. Ask another administrator.")
    with writing():
        held = {Role(each) for each in person.memberships.open().values_list("role", flat=True)}
        if role in held:
            raise UserError("This person has the role already.")
        _refuse_what_is_kept_apart(role, held)
        counts_now = by is None or role not in NEED_A_SECOND
        membership = Membership.objects.create(
            person=person, role=role, granted_by=by, confirmed_at=timezone.now() if counts_now else None
        )
        record(Kind.ROLE_GRANTED, by, person=person.key, role=role.value)
    return membership


def _refuse_what_is_kept_apart(role: Role, held: set[Role]) -> None:
    apart = held & KEPT_APART if role == Role.AUDITOR else held & {Role.AUDITOR}
    if apart and (role == Role.AUDITOR or role in KEPT_APART):
        raise UserError(
            f"This person is {', '.join(sorted(each.value.replace('_', ' ') for each in apart))}, and an "
            "auditor may learn nothing of verdicts or of what a machine found. End that role first, or ask "
            "somebody else."
        )


def confirm(membership: Membership, by: Person) -> None:
    """Raises ``UserError`` for the person themselves and for whoever granted it."""
    if by in (membership.person, membership.granted_by):
        raise UserError("A role is confirmed by a second administrator. Ask another one.")
    with writing():
        changed = Membership.objects.filter(pk=membership.pk, confirmed_at__isnull=True).update(
            confirmed_at=timezone.now(), confirmed_by=by
        )
        if changed:
            record(Kind.ROLE_CONFIRMED, by, person=membership.person.key, role=membership.role)


def end(membership: Membership, by: Person | None = None) -> None:
    with writing():
        changed = Membership.objects.filter(pk=membership.pk, ended_at__isnull=True).update(
            ended_at=timezone.now()
        )
        if changed:
            record(Kind.ROLE_ENDED, by, person=membership.person.key, role=membership.role)


def declare_interest(person: Person, about: str, value: str, by: Person | None = None) -> None:
    """By themselves, or by whoever organises the reading. Declaring the same twice changes nothing."""
    with writing():
        interest, new = Interest.objects.get_or_create(person=person, about=about, value=value)
        if new:
            record(
                Kind.INTEREST_DECLARED,
                by or person,
                person=person.key,
                about=interest.about,
                value=digest(person.key, interest.value),
            )
