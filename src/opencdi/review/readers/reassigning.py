"""Giving cases of one reader to others: chosen by ticket again, never by whoever asks for it.

What was begun or submitted is kept with the reader's ended assignment and counts no more; what is signed
stays. A case never comes back to somebody who had it, and never goes to somebody with an interest in it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import QuerySet

from opencdi.errors import UserError
from opencdi.review.audits.models import Assignment, Audit
from opencdi.review.audits.services import fill_places, replace_reader
from opencdi.review.events.chain import writing
from opencdi.review.judging.models import Judgement
from opencdi.review.people.models import Interest, Person
from opencdi.review.people.services import declare_interest


def not_begun(audit: Audit, reader: Person) -> list[Assignment]:
    """The reader's cases without a word of an answer."""
    return list(_of(audit, reader).filter(judgement__isnull=True))


def not_signed(audit: Audit, reader: Person) -> list[Assignment]:
    """The reader's cases that can still be given to somebody else."""
    return list(_of(audit, reader).exclude(judgement__stage=Judgement.Stage.SIGNED))


def named(audit: Audit, reader: Person, incidents: Collection[str]) -> list[Assignment]:
    """The reader's cases of these incident numbers.

    Raises ``UserError`` where one is not this reader's, or is signed: then none is taken.
    """
    open_ones = {each.case.incident_id.casefold(): each for each in not_signed(audit, reader)}
    wanted = list(dict.fromkeys(each.casefold() for each in incidents))
    strange = [each for each in incidents if each.casefold() not in open_ones]
    if strange:
        raise UserError(
            f"{reader.name} has no unsigned case of the number {strange[0]}. Check it, or leave it out."
        )
    return [open_ones[each] for each in wanted]


def reassign(audit: Audit, taken: Sequence[Assignment], because: str, by: Person) -> int:
    """Take these cases from their readers and give each to somebody else; how many were given.

    Raises ``UserError`` where one was signed or taken meanwhile, or nobody is left who may read one: then
    nothing has changed.
    """
    with writing():
        for each in taken:
            if because == Assignment.Ended.INTEREST:
                declare_interest(each.person, Interest.About.CASE, str(each.case.key), by)
            replace_reader(each, because, by)
        return fill_places(audit, audit.cases.filter(pk__in=[each.case_id for each in taken]), by)


def _of(audit: Audit, reader: Person) -> QuerySet[Assignment]:
    mine = Assignment.objects.filter(case__audit=audit, person=reader, ended_at__isnull=True)
    return mine.select_related("case", "person").order_by("number")
