"""Nothing typed is lost with a session: what was being sent is kept, sealed, and given back to its author.

Every form carries a token that names its author (the ``post`` macro of ``shell/parts.html`` puts it there). A
form that arrives without a live session, or with the security token of an ended one, is kept only if that
token is genuine, so that nobody can put words into somebody else's form. A view fills its form with
``sent_or_kept(request)``, which gives the answer back, and calls ``forget_answer`` once it is saved.
"""

from __future__ import annotations

from datetime import timedelta

from django.core import signing
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from opencdi.review.accounts.models import KeptAnswer
from opencdi.review.accounts.person import signed_in_person
from opencdi.review.people.models import Person
from opencdi.review.sealing import SealBrokenError, seal, unseal

FIELD = "written_by"
PURPOSE = "opencdi.review.kept"
KEEP_FOR = timedelta(hours=24)
LARGEST = 1_000_000
VERSION = "version"
NEVER = frozenset({FIELD, "csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword", "code"})


def author_token(person: Person) -> str:
    """Names the author of a form; put into each form that takes more than a press of a button."""
    return signing.dumps(str(person.key), salt=PURPOSE)


def keep_answer(request: HttpRequest) -> bool:
    """Keeps what was sent, if its author is certain. Answers whether anything was kept.

    A form that says nothing but which version it was made from is the press of a button, and is not kept.
    """
    person = _author(request)
    fields = {name: values for name, values in request.POST.lists() if name not in NEVER}
    if person is None or not any(any(values) for name, values in fields.items() if name != VERSION):
        return False
    sent = QueryDict(mutable=True)
    for name, values in fields.items():
        sent.setlist(name, values)
    encoded = sent.urlencode()
    if len(encoded) > LARGEST or len(request.path) > 300:
        return False
    KeptAnswer.objects.update_or_create(
        person=person,
        path=request.path,
        defaults={"sealed": seal(encoded, place_of(person, request.path)), "kept_at": timezone.now()},
    )
    return True


def kept_answer(request: HttpRequest) -> QueryDict | None:
    """What this person was sending to this address when their session ended; None where nothing was kept."""
    if not isinstance(request.user, Person):
        return None
    kept = KeptAnswer.objects.filter(person=request.user, path=request.path).first()
    if kept is None or kept.kept_at < timezone.now() - KEEP_FOR:
        return None
    try:
        return QueryDict(unseal(bytes(kept.sealed), place_of(request.user, request.path)))
    except SealBrokenError:
        return None


def sent_or_kept(request: HttpRequest, version: int | None = None) -> QueryDict | None:
    """What a form is filled in with: what is being sent, or what could not be saved; None at a first visit.

    What was kept is given back under the ``version`` of now, so that it can be sent once it was looked at.
    The page says so by itself (``page.gives_back``).
    """
    if request.method == "POST":
        return request.POST
    kept = kept_answer(request)
    if kept is None:
        return None
    request.gives_back = True  # type: ignore[attr-defined]
    given = kept.copy()
    if version is not None:
        given[VERSION] = str(version)
    return given


def forget_answer(request: HttpRequest) -> None:
    """Called when the answer has been sent after all."""
    KeptAnswer.objects.filter(person=signed_in_person(request), path=request.path).delete()


def forget_old_answers() -> int:
    """Removes what nobody came back for. Answers how many."""
    return KeptAnswer.objects.filter(kept_at__lt=timezone.now() - KEEP_FOR).delete()[0]


def _author(request: HttpRequest) -> Person | None:
    try:
        key = signing.loads(request.POST.get(FIELD, ""), salt=PURPOSE, max_age=KEEP_FOR)
    except signing.BadSignature:
        return None
    person = Person.objects.filter(key=key, is_active=True).first()
    user = request.user
    if user.is_authenticated and user != person:
        return None
    return person


def place_of(person: Person, path: str) -> str:
    """Where an answer to this address stands, for its seal."""
    return f"accounts/kept/{person.key}{path}"
