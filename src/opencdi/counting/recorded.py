"""A crime already on record: may it be cancelled, transferred or reclassified, and who decides?"""

from __future__ import annotations

from collections.abc import Iterator

from opencdi.counting import classification, traits
from opencdi.counting.alternate import charged_instead
from opencdi.counting.reference import cancelling
from opencdi.counting.report import Recorded, only_code
from opencdi.counting.ruling import Ruling


def rulings(recorded: Recorded) -> list[Ruling]:
    """One ruling for each ground stated; that the record stays where none is."""
    if recorded.is_reported_incident_of_rape:
        return [_of_reported_incident(recorded)]
    class_code, code = _class_of(recorded)
    found = [
        *_transfer(recorded),
        *(
            _cancel(recorded, ground, class_code, code)
            for ground, stated in (
                ("C2", recorded.additional_verifiable_information),
                ("C3", recorded.duplicate),
                ("C4", recorded.recorded_in_error),
                ("C5", recorded.self_defence),
            )
            if stated == "yes"
        ),
        *_reclassify(recorded, class_code),
        *(charged_instead(recorded, class_code) if recorded.charged else ()),
    ]
    return found or [_stays()]


def _class_of(recorded: Recorded) -> tuple[str, str | None]:
    listed = classification.load()
    code = listed.normalise(recorded.code or "") or recorded.code
    class_code = listed.normalise(recorded.class_ or "") or listed.class_of(code or "") or ""
    return class_code, code or only_code(class_code)


def _cancel(recorded: Recorded, ground_code: str, class_code: str, code: str | None) -> Ruling:
    ground = cancelling(ground_code, class_code, code)
    if ground is None:
        return Ruling(
            action=ground_code,
            may=False,
            decided_by="",
            independent_of_investigation=True,
            victim_must_be_told_first=False,
            still_needed=[],
            statement="Self-defence cancels assault occasioning actual bodily harm (008/06) and classes "
            "104 and 105A only: the crime stays recorded.",
            page="26",
        )
    needed = []
    if ground.victim_told and recorded.victim_told != "yes":
        needed.append("the victim is told, with an auditable record of it")
    return Ruling(
        action=ground.code,
        may=not needed,
        decided_by=ground.decided_by,
        independent_of_investigation=ground.independent,
        victim_must_be_told_first=ground.victim_told,
        still_needed=needed,
        statement=f"{ground.title}. Needs {ground.needs}.",
        page=ground.page,
    )


def _transfer(recorded: Recorded) -> Iterator[Ruling]:
    if recorded.committed_elsewhere != "yes":
        return
    ground = cancelling("C1", _class_of(recorded)[0])
    needed = []
    if recorded.receiving_force_reference != "yes":
        needed.append("a crime or incident number from the receiving force")
    if recorded.victim_told != "yes":
        needed.append("the victim is told the new number")
    yield Ruling(
        action="C1",
        may=not needed,
        decided_by=ground.decided_by if ground else "",
        independent_of_investigation=False,
        victim_must_be_told_first=True,
        still_needed=needed,
        statement="Committed in another force's area: transferred to that force.",
        page="25, 26",
    )


def _reclassify(recorded: Recorded, class_code: str) -> Iterator[Ruling]:
    if recorded.reported_incident_only == "yes":
        yield _to_reported_incident(class_code)
    elif recorded.classified_wrongly == "yes":
        yield Ruling(
            action="reclassify",
            may=True,
            decided_by="registrar or designated decision maker",
            independent_of_investigation=False,
            victim_must_be_told_first=False,
            still_needed=[],
            statement="The class was wrong, or more has become known: it may be reclassified, with the "
            "justification on the record.",
            page="13",
        )


def _to_reported_incident(class_code: str) -> Ruling:
    """Page 63: before any substantive investigation, and by an accredited registrar alone."""
    rape = bool(class_code) and classification.load().subgroup_of(class_code) == traits.RAPE
    return Ruling(
        action="reclassify as N100",
        may=rape,
        decided_by="registrar on the professional register" if rape else "",
        independent_of_investigation=False,
        victim_must_be_told_first=False,
        still_needed=[],
        statement="A rape that should have been a reported incident from the start may become one (N100), "
        "before any substantive investigation and by an accredited registrar only."
        if rape
        else "Only a rape can become a reported incident of rape: the crime stays recorded.",
        page="63",
    )


def _of_reported_incident(recorded: Recorded) -> Ruling:
    """Page 63: only a genuine error of the person who took the report cancels it."""
    error = recorded.recorded_in_error == "yes"
    return Ruling(
        action="C4" if error else "stays recorded",
        may=True,
        decided_by="registrar" if error else "",
        independent_of_investigation=error,
        victim_must_be_told_first=False,
        still_needed=[],
        statement="A reported incident of rape taken down by a genuine error may be cancelled."
        if error
        else "A reported incident of rape is cancelled only for a genuine error of the person who took the "
        "report; confirmed, it becomes a crime at once. The registrar oversees all that stay.",
        page="63",
    )


def _stays() -> Ruling:
    return Ruling(
        action="stays recorded",
        may=True,
        decided_by="",
        independent_of_investigation=False,
        victim_must_be_told_first=False,
        still_needed=[],
        statement="No ground for cancelling or transferring it: it stays recorded and gets an outcome.",
        page="7, 25",
    )
