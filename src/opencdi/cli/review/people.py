"""``opencdi review people``: the first accounts, and help for somebody who is locked out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from opencdi.cli.help import command_group
from opencdi.cli.review.room import open_room

if TYPE_CHECKING:
    from opencdi.review.people.models import Person
    from opencdi.review.policy import Role

app = command_group("Accounts: add, invite, close, help back in.")

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="Their email address")]
Site = Annotated[str, typer.Option(help="Where the room is reached, such as https://review.force.police.uk")]


@app.command()
def add(
    email: Email,
    name: Annotated[str, typer.Argument(help="Their full name")],
    role: Annotated[list[str], typer.Option(help="A role; may be given several times")],
    force: Annotated[str, typer.Option(help="Their police force, if they belong to one")] = "",
    site: Site = "",
) -> None:
    """Add a person with their roles and print the invitation to send them."""
    open_room()
    from opencdi.review.people.services import add_person, grant

    roles = [_role(one) for one in role]
    person = add_person(email, name, force)
    for one in roles:
        grant(person, one)
    _say_invitation(person, site)


@app.command("list")
def list_people() -> None:
    """Everybody with an account: address, roles, and whether it is open."""
    open_room()
    from opencdi.review.people.models import Person

    for person in Person.objects.order_by("email"):
        state = "open" if person.is_active else "closed"
        typer.echo(f"{person.email}\t{', '.join(sorted(person.roles)) or '-'}\t{state}")


@app.command()
def invite(email: Email, site: Site = "") -> None:
    """Print a new invitation for somebody who has not used theirs, or must begin again."""
    open_room()
    _say_invitation(_person(email), site)


@app.command()
def close(email: Email) -> None:
    """Close an account and end all its sessions. Nothing the person did is removed."""
    open_room()
    from opencdi.review.accounts.closing import close_account

    ended = close_account(_person(email))
    typer.echo(f"The account is closed; {ended} sessions were ended.")


@app.command("end-sessions")
def end_sessions(email: Email) -> None:
    """Sign somebody out everywhere."""
    open_room()
    from opencdi.review.accounts.signals import end_sessions_of

    typer.echo(f"{end_sessions_of(_person(email))} sessions were ended.")


@app.command("reset-second-factor")
def reset_second_factor(
    email: Email,
    identity_checked_by: Annotated[str, typer.Option(help="Email address of whoever checked who it is")],
) -> None:
    """Remove every second factor of somebody who lost theirs. Check their identity first (docs/deploy.md)."""
    open_room()
    from opencdi.review.accounts.closing import remove_second_factors

    remove_second_factors(_person(email), _person(identity_checked_by))
    typer.echo("Their second factors are removed. They set up a new one at their next sign-in.")


def _person(email: str) -> Person:
    from opencdi.errors import UserError
    from opencdi.review.people.models import Person

    person = Person.objects.filter(email__iexact=email).first()
    if person is None:
        raise UserError("Nobody has an account with this address. `opencdi review people list` shows all.")
    return person


def _role(word: str) -> Role:
    from opencdi.errors import UserError
    from opencdi.review.policy import Role

    try:
        return Role(word)
    except ValueError:
        known = ", ".join(sorted(Role))
        raise UserError(f"There is no such role. Roles are: {known}.") from None


def _say_invitation(person: Person, site: str) -> None:
    from django.conf import settings

    from opencdi.review.accounts.invitations import invitation_path

    typer.echo(f"Send them this link yourself. It works once, for {settings.REVIEW_INVITATION_HOURS} hours:")
    typer.echo(site.rstrip("/") + invitation_path(person))
